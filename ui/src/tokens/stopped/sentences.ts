// The causes and what mends them, in words: what it is, what that means, what the button says.
import { parts, say, type Part } from "../../words/words";
import { pastInstant } from "../../words/instants";
import { reasonOf } from "../details/events";
import { called } from "../naming";
import { canRotate } from "../rotation";
import type { CauseKind, Finding, Mend, TroubleKind } from "./causes";
import type { Suspect } from "./suspects";

const CAUSE: Record<CauseKind, (names: string[]) => Part[]> = {
  deleted: () => parts("cause_deleted"),
  replaced: () => parts("cause_replaced"),
  paused: () => parts("cause_paused"),
  expired: () => parts("cause_expired"),
  expired_paused: () => parts("cause_expired_paused"),
  narrowed: (permissions) => parts("cause_narrowed", { permissions }),
  missing: (permissions) => parts("cause_missing", { permissions }),
  lost: (permissions) => parts("cause_lost", { permissions }),
  address: (addresses) => (addresses.length ? parts("cause_address", { addresses }) : parts("cause_address_unknown")),
  session: () => parts("cause_session"),
  other: () => parts("cause_other"),
  silent: () => parts("cause_silent"),
  works: () => parts("cause_works"),
  value_lost: () => parts("cause_value_lost"),
};

const MEANING: Record<Exclude<CauseKind, "replaced">, () => string> = {
  deleted: () => say("means_deleted"),
  paused: () => say("means_paused"),
  expired: () => say("means_expired"),
  expired_paused: () => say("means_expired_paused"),
  narrowed: () => say("means_narrowed"),
  missing: () => say("means_missing"),
  lost: () => say("means_lost"),
  address: () => say("means_address"),
  session: () => say("means_session"),
  other: () => say("means_other"),
  silent: () => say("means_silent"),
  works: () => say("means_works"),
  value_lost: () => say("means_value_lost"),
};

/** What the button says; null where nothing can be done from here but to look again. */
const MEND: Record<Mend["act"], () => string | null> = {
  create: () => say("mend_create"),
  replace: () => say("mend_replace"),
  details: () => say("mend_details"),
  rotate: () => say("mend_rotate"),
  resume: () => say("mend_resume"),
  extend: () => say("mend_extend"),
  permissions: () => say("mend_permissions"),
  addresses: () => say("mend_addresses"),
  test: () => say("check_open"),
  grant: () => null,
  nothing: () => null,
};

export function causeOf({ cause, names, past, mended, isUntried }: Finding): Part[] {
  if (cause === "works" && mended.length) return parts(isUntried ? "cause_mended_untried" : "cause_mended");
  return cause === "works" && past.length ? parts("cause_works_again") : CAUSE[cause](names);
}

export function meaningOf({ cause, mend, past, mended, isUntried }: Finding): Part[] {
  if (cause === "works" && mended.length) return parts(isUntried ? "means_mended_untried" : "means_works");
  if (cause === "works" && past.length) return parts("means_works_again");
  if (cause !== "replaced") return [{ text: MEANING[cause](), isForeign: false }];
  if (mend.act !== "details" && mend.act !== "rotate") return parts("means_replaced_gone");
  const name = called(mend.token);
  return mend.act === "rotate" ? parts("means_replaced_lost", { name }) : parts("means_replaced", { name });
}

export const wordOf = ({ act }: Mend): string | null => MEND[act]();

/** Beside the one thing to do: for whoever finds that nobody kept the successor's value. */
export function elseOf({ mend }: Finding): Mend | null {
  return mend.act === "details" && canRotate(mend.token) ? { act: "rotate", token: mend.token } : null;
}

export const troubleHint: Record<TroubleKind, () => string> = {
  stopped: () => say("trouble_stopped_hint"),
  unauthorized: () => say("trouble_unauthorized_hint"),
  lost: () => say("trouble_lost_hint"),
};

/** Why this token may be it, in short. */
export function factsOf(
  { refused, mended, isHeldAgain, ended, remade, caller, token }: Suspect,
  now: number,
): (string | Part[])[] {
  const when = (at: string) => pastInstant(at, now);
  const facts: (string | Part[])[] = [];
  if (refused) {
    facts.push(say("suspect_refused", { count: refused.count ?? 1, when: when(refused.at) }));
    if (refused.address) facts.push(parts("event_from", { address: refused.address }));
    if (refused.agent) facts.push(parts("event_with", { agent: refused.agent }));
    if (!ended) facts.push(reasonOf(refused) ?? say("event_reason_other"));
    if (mended) facts.push(say("suspect_mended", { when: when(mended.at) }));
    if (isHeldAgain) facts.push(say("suspect_held_again"));
  }
  if (ended) facts.push(say("suspect_deleted", { when: when(ended.at) }));
  if (remade) facts.push(say("suspect_remade", { when: when(remade.at) }));
  if (caller) {
    const { agent, address } = caller;
    facts.push(parts("suspect_caller", { agent: agent ?? say("caller_unknown"), address: address ?? "…" }));
    facts.push(say("suspect_used", { when: when(caller.last_at) }));
  }
  if (token?.state === "expired") facts.push(say("expired"));
  if (token?.state === "paused") facts.push(say("paused"));
  if (token && !refused && !caller) {
    facts.push(token.last_used_at ? say("suspect_used", { when: when(token.last_used_at) }) : say("suspect_never"));
  }
  return facts;
}
