// Why a token is refused, out of what the NMS recorded: its state, its events, its refused uses. Pure: what is known comes
// in, the likely cause goes out, with the events that prove it and the one thing that mends it. No words, no questions.
import type { Event } from "../../ipc/generated/Event";
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { isWithin } from "../details/addresses";
import { canRotate } from "../rotation";

/** What somebody comes with. */
export type TroubleKind = "stopped" | "unauthorized" | "lost";

export type CauseKind =
  | "deleted"
  | "replaced"
  | "paused"
  | "expired"
  | "expired_paused"
  /** A permission that it needs was taken from it. */
  | "narrowed"
  /** A permission that it needs was never in it. */
  | "missing"
  /** Its owner no longer holds a permission that it needs. */
  | "lost"
  | "address"
  /** Only a person may do what it was used for. */
  | "session"
  | "other"
  /** No call with it was ever accepted, and none is refused. */
  | "silent"
  | "works"
  /** Nobody holds its value. */
  | "value_lost";

/** The one thing to do. */
export type Mend =
  | { act: "create" }
  | { act: "replace"; token: Token }
  /** Its successor has the value that the service needs. */
  | { act: "details"; token: Token }
  /** Nobody kept the successor's value; whoever has it goes on with it meanwhile. */
  | { act: "rotate"; token: Token }
  | { act: "resume" }
  | { act: "extend" }
  | { act: "permissions"; add: string[] }
  | { act: "addresses"; add: string[] }
  /** Somebody else must act. */
  | { act: "grant"; permissions: string[] }
  | { act: "test" }
  | { act: "nothing" };

export interface Finding {
  cause: CauseKind;
  /** Permissions or addresses that the cause is about. */
  names: string[];
  /** What proves it, the newest first. */
  evidence: Event[];
  /** Calls that are refused for another reason as well. */
  others: Event[];
  /** Calls that were refused before the same caller was accepted again. */
  past: Event[];
  /** Calls that were refused before what refused them was mended, and what mended it, the newest first. */
  mended: Event[];
  /** No call was accepted since that was mended. */
  isUntried: boolean;
  mend: Mend;
}

export interface Known {
  trouble: TroubleKind;
  /** As it is now, or as it was when it was deleted. */
  token: Token;
  /** The newest first. */
  events: readonly Event[];
  /** Calls that were accepted. */
  uses: readonly UseRecord[];
  /** What its owner holds now. */
  held: readonly string[];
  /** The address of the service, where it is known: what others were refused does not count then. */
  from: string | null;
  /** The last of those that were made in its place, while there is one. */
  successor: Token | null;
}

export function findingOf(known: Known): Finding {
  const { token, events, trouble } = known;
  const ended = events.find(({ kind }) => kind === "deleted" || kind === "revoked");
  if (ended) return ofEnded(known, ended);
  if (trouble === "lost") return proven("value_lost", of(events, "created"), { act: "replace", token });
  if (token.state === "expired") return ofExpired(known);
  if (token.state === "paused") {
    return proven("paused", [...latest(events, "paused"), ...refusedAs(events, "paused")], { act: "resume" });
  }
  return ofActive(known);
}

function ofEnded({ trouble, token, events, successor }: Known, ended: Event): Finding {
  const evidence = [...refusedAs(events, "deleted"), ended];
  // Whoever ends the old value early deletes it: its last record alone says then that there is another one.
  if (ended.reason !== "replaced" && token.replaced_by === null) return proven("deleted", evidence, { act: "create" });
  if (!successor) return proven("replaced", evidence, { act: "create" });
  const act = trouble === "lost" && canRotate(successor) ? "rotate" : "details";
  return proven("replaced", evidence, { act, token: successor });
}

function ofExpired({ events }: Known): Finding {
  const shortened = events
    .filter(({ kind, to }) => kind === "narrowed" && to?.["expires_at"] !== undefined)
    .slice(0, 1);
  // An expired token's state hides that it is paused, which a later expiry does not end.
  const pausing = events.filter(({ kind }) => kind === "paused" || kind === "resumed").slice(0, 1);
  const paused = of(pausing, "paused");
  const evidence = [...refusedAs(events, "expired"), ...latest(events, "expired"), ...paused, ...shortened];
  return proven(paused.length ? "expired_paused" : "expired", evidence, { act: "extend" });
}

/** It works as such: what of its refused calls would be refused again today? */
function ofActive(known: Known): Finding {
  const refused = of(known.events, "refused");
  const isMended = (event: Event) => kindOf(event, known.token) === null;
  const mended = refused.filter(isMended);
  const past = refused.filter((event) => !isMended(event) && isPast(event, known));
  const before = { past, ...mendingOf(known, mended) };
  const open = refused.filter((event) => !past.includes(event) && !mended.includes(event));
  const own = open.filter(({ address }) => known.from !== null && address === known.from);
  const counted = own.length ? own : open;
  const first = counted[0];
  if (!first) return { ...ofUnrefused(known, mended.length > 0), ...before };
  const cause = kindOf(first, known.token) ?? "other";
  const alike = counted.filter((event) => kindOf(event, known.token) === cause);
  return { ...ofRefused(known, cause, alike), others: counted.filter((event) => !alike.includes(event)), ...before };
}

/**
 * It gave what the call was refused for. Whether that was taken again is asked of the token; and what its owner got back is
 * no event of it.
 */
export function mends({ kind, to = {} }: Event, { reason, permission }: Event): boolean {
  if (reason === "paused") return kind === "resumed";
  if (kind !== "widened") return false;
  const { permissions } = to;
  switch (reason) {
    case "expired":
      return to["expires_at"] !== undefined;
    case "address-not-allowed":
      return to["allowed_addresses"] !== undefined;
    case "permission-missing":
      return Array.isArray(permissions) && permissions.includes(permission);
    default:
      return false;
  }
}

/** With what mended them, and whether anybody tried since. */
function mendingOf({ token, events }: Known, mended: Event[]): Pick<Finding, "mended" | "isUntried"> {
  const [last] = mended;
  if (!last) return { mended: [], isUntried: false };
  const acts = events.filter((act) => mended.some((refusal) => mends(act, refusal) && isLater(act.at, refusal.at)));
  const since = acts.reduce((latest, { at }) => (isLater(at, latest) ? at : latest), last.at);
  const isUntried = token.last_used_at === null || !isLater(token.last_used_at, since);
  return { mended: newestFirst([...mended, ...acts]), isUntried };
}

/**
 * The same caller was accepted since, for so long that it would have been refused again: it does not need what it was
 * refused once. Not so where the token could do it before, or where it is the caller's address that is refused.
 */
function isPast(event: Event, { token, events, uses }: Known): boolean {
  const { reason, permission, address, agent } = event;
  if (reason === "address-not-allowed" || address === undefined) return false;
  const couldOnce = token.used_permissions.some((one) => one.permission === permission);
  if (couldOnce || (permission !== undefined && events.some((edit) => takes(edit, permission)))) return false;
  const again = Date.parse(event.at) + 2 * pauseOf(event);
  return uses.some((use) => {
    const isSame = use.address === address && (agent === undefined || use.agent === null || use.agent === agent);
    return isSame && Date.parse(use.last_at) > again;
  });
}

/** How long it took from one refused call to the next, on average. */
function pauseOf({ at, first_at, count = 1 }: Event): number {
  return first_at === undefined || count < 2 ? 0 : (Date.parse(at) - Date.parse(first_at)) / (count - 1);
}

type OpenKind = "missing" | "lost" | "address" | "session" | "other";

/** Why the call would be refused again; null when that was mended since, or is no refused call. */
function kindOf({ kind, reason, permission, address }: Event, token: Token): OpenKind | null {
  if (kind !== "refused") return null;
  if (reason === "permission-missing" || reason === "permission-lost") {
    if (permission === undefined) return "other";
    if (token.effective_permissions.includes(permission)) return null;
    return token.permissions.includes(permission) ? "lost" : "missing";
  }
  if (reason === "address-not-allowed") {
    const allowed = token.allowed_addresses;
    const isMended = allowed.length === 0 || (address && allowed.some((range) => isWithin(address, range)));
    return isMended ? null : "address";
  }
  if (reason === "session-required") return "session";
  return reason === "expired" || reason === "paused" || reason === "deleted" ? null : "other";
}

function ofRefused(known: Known, cause: OpenKind, refused: Event[]): Finding {
  const permissions = unique(refused.map((event) => event.permission));
  switch (cause) {
    case "missing":
      return ofMissing(known, permissions, refused);
    case "lost":
      return { ...proven("lost", refused, { act: "grant", permissions }), names: permissions };
    case "address": {
      // The last one only: others may be strangers, and nobody lets those in by mistake.
      const add = unique([refused[0]?.address]);
      const edits = known.events.filter(
        ({ kind, to }) => kind === "narrowed" && to?.["allowed_addresses"] !== undefined,
      );
      const mend: Mend = { act: "addresses", add };
      return { ...proven("address", newestFirst([...refused, ...edits.slice(0, 1)]), mend), names: add };
    }
    case "session":
    case "other":
      return proven(cause, refused, { act: "nothing" });
  }
}

function ofMissing({ events, held }: Known, permissions: string[], refused: Event[]): Finding {
  const edits = events.filter((event) => permissions.some((name) => takes(event, name)));
  const notHeld = permissions.filter((name) => !held.includes(name));
  const mend: Mend = notHeld.length ? { act: "grant", permissions: notHeld } : { act: "permissions", add: permissions };
  const evidence = newestFirst([...refused, ...edits]);
  return { ...proven(edits.length ? "narrowed" : "missing", evidence, mend), names: permissions };
}

/** Nothing is refused: what did it use that it can no longer? */
function ofUnrefused(known: Known, wasMended: boolean): Finding {
  const { token, events } = known;
  const used = token.used_permissions.map((one) => one.permission);
  const cut = used.filter((name) => !token.effective_permissions.includes(name));
  const lost = cut.filter((name) => token.permissions.includes(name));
  if (lost.length) return { ...proven("lost", [], { act: "grant", permissions: lost }), names: lost };
  const taken = cut.filter((name) => events.some((event) => takes(event, name)));
  if (taken.length) return ofMissing(known, taken, []);
  return proven(token.use_count === 0 && !wasMended ? "silent" : "works", latest(events, "first_used"), {
    act: "test",
  });
}

const proven = (cause: CauseKind, evidence: Event[], mend: Mend): Finding => {
  return { cause, names: [], evidence, others: [], past: [], mended: [], isUntried: false, mend };
};

const of = (events: readonly Event[], kind: Event["kind"]) => events.filter((event) => event.kind === kind);
const latest = (events: readonly Event[], kind: Event["kind"]) => of(events, kind).slice(0, 1);
const refusedAs = (events: readonly Event[], reason: string) =>
  of(events, "refused").filter((event) => event.reason === reason);
const isLater = (one: string, other: string) => Date.parse(one) > Date.parse(other);
const newestFirst = (events: Event[]) => events.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
const unique = (names: (string | undefined)[]) => [...new Set(names.filter((name) => name !== undefined))].sort();

/** An edit that took this permission away. */
function takes({ kind, from, to }: Event, permission: string): boolean {
  const has = (members: Event["from"]) => {
    const names = members?.["permissions"];
    return Array.isArray(names) && names.includes(permission);
  };
  return (kind === "narrowed" || kind === "widened") && has(from) && !has(to);
}
