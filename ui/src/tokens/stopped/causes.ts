// Why a token is refused, out of what the NMS recorded: its state, its events, its refused uses. Pure: what is known comes
// in, the likely cause goes out, with the events that prove it and the one thing that mends it. No words, no questions.
import type { Event } from "../../ipc/generated/Event";
import type { Token } from "../../ipc/generated/Token";
import { isWithin } from "../details/addresses";

/** What somebody comes with. */
export type TroubleKind = "stopped" | "unauthorized" | "lost";

export type CauseKind =
  | "deleted"
  | "replaced"
  | "paused"
  | "expired"
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
  mend: Mend;
}

export interface Known {
  trouble: TroubleKind;
  /** As it is now, or as it was when it was deleted. */
  token: Token;
  /** The newest first. */
  events: readonly Event[];
  /** What its owner holds now. */
  held: readonly string[];
  /** The address of the service, where it is known: what others were refused does not count then. */
  from: string | null;
  /** The token that was made in its place, while there is one. */
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

function ofEnded({ events, successor }: Known, ended: Event): Finding {
  const evidence = [...refusedAs(events, "deleted"), ended];
  if (ended.reason !== "replaced") return proven("deleted", evidence, { act: "create" });
  return proven("replaced", evidence, successor ? { act: "replace", token: successor } : { act: "create" });
}

function ofExpired({ events }: Known): Finding {
  const shortened = events
    .filter(({ kind, to }) => kind === "narrowed" && to?.["expires_at"] !== undefined)
    .slice(0, 1);
  const evidence = [...refusedAs(events, "expired"), ...latest(events, "expired"), ...shortened];
  return proven("expired", evidence, { act: "extend" });
}

/** It works as such: what of its refused calls would be refused again today? */
function ofActive(known: Known): Finding {
  const open = known.events.filter((event) => kindOf(event, known.token) !== null);
  const own = open.filter(({ address }) => known.from !== null && address === known.from);
  const counted = own.length ? own : open;
  const first = counted[0];
  if (!first) return ofUnrefused(known);
  const cause = kindOf(first, known.token) ?? "other";
  const alike = counted.filter((event) => kindOf(event, known.token) === cause);
  return { ...ofRefused(known, cause, alike), others: counted.filter((event) => !alike.includes(event)) };
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
function ofUnrefused(known: Known): Finding {
  const { token, events } = known;
  const used = token.used_permissions.map((one) => one.permission);
  const cut = used.filter((name) => !token.effective_permissions.includes(name));
  const lost = cut.filter((name) => token.permissions.includes(name));
  if (lost.length) return { ...proven("lost", [], { act: "grant", permissions: lost }), names: lost };
  const taken = cut.filter((name) => events.some((event) => takes(event, name)));
  if (taken.length) return ofMissing(known, taken, []);
  return proven(token.use_count === 0 ? "silent" : "works", latest(events, "first_used"), { act: "test" });
}

const proven = (cause: CauseKind, evidence: Event[], mend: Mend): Finding => {
  return { cause, names: [], evidence, others: [], mend };
};

const of = (events: readonly Event[], kind: Event["kind"]) => events.filter((event) => event.kind === kind);
const latest = (events: readonly Event[], kind: Event["kind"]) => of(events, kind).slice(0, 1);
const refusedAs = (events: readonly Event[], reason: string) =>
  of(events, "refused").filter((event) => event.reason === reason);
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
