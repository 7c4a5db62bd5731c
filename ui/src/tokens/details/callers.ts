// Who uses a token, out of its recorded use: one caller is one address and one program. And which of them a change would
// refuse. Nothing here asks the server.
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { isWithin } from "./addresses";

/** What the records reach back to, in days. */
export const KEPT_DAYS = 30;

export interface Caller {
  key: string;
  /** Null: the server counted it without (too many different ones). */
  address: string | null;
  agent: string | null;
  calls: number;
  permissions: string[];
  /** In UTC, as in 2026-11-23. */
  firstDay: string;
  lastAt: string;
}

export const keyOf = ({ address, agent }: Pick<UseRecord, "address" | "agent">) => `${address ?? ""} ${agent ?? ""}`;

/** The busiest first. */
export function callersOf(use: readonly UseRecord[]): Caller[] {
  const callers = new Map<string, Caller>();
  for (const { day, address, agent, permission, count, last_at } of use) {
    const key = keyOf({ address, agent });
    const known = callers.get(key) ?? {
      key,
      address,
      agent,
      calls: 0,
      permissions: [],
      firstDay: day,
      lastAt: last_at,
    };
    known.calls += count;
    if (permission !== null && !known.permissions.includes(permission)) known.permissions.push(permission);
    if (day < known.firstDay) known.firstDay = day;
    if (last_at > known.lastAt) known.lastAt = last_at;
    callers.set(key, known);
  }
  for (const caller of callers.values()) caller.permissions.sort();
  return [...callers.values()].sort((one, other) => other.calls - one.calls);
}

/** How many calls a day since its first: whoever came yesterday is not thinned out over a month. */
function callsADay({ calls, firstDay }: Caller, now: number): number {
  const days = Math.floor((now - Date.parse(firstDay)) / 86_400_000) + 1;
  return calls / Math.max(days, 1);
}

/** Calls a day where that can be said: null for what calls now and then, and for what came on one day only. */
export function rateOf(caller: Caller, now: number): number | null {
  const rate = callsADay(caller, now);
  return rate < 2 || rate === caller.calls ? null : Math.round(rate);
}

/** Calls of each day, the oldest first, today last. */
export function daysOf(use: readonly UseRecord[], now: number): { day: string; calls: number }[] {
  const calls = new Map<string, number>();
  for (const { day, count } of use) calls.set(day, (calls.get(day) ?? 0) + count);
  return Array.from({ length: KEPT_DAYS }, (_, place) => {
    const day = new Date(now - (KEPT_DAYS - 1 - place) * 86_400_000).toISOString().slice(0, 10);
    return { day, calls: calls.get(day) ?? 0 };
  });
}

/** On how many days it was used at all. */
export function daysUsed(use: readonly UseRecord[]): number {
  return new Set(use.map((one) => one.day)).size;
}

/** A change that takes something away. */
export type Narrowing =
  | { kind: "all" }
  | { kind: "permissions"; kept: readonly string[] }
  | { kind: "addresses"; allowed: readonly string[] };

/** The calls that the token would still answer today, or, while it is paused, once it is resumed: an earlier narrowing, or
    a permission that its owner lost, may have refused the others since. */
export function answeredNow(use: readonly UseRecord[], token: Token): UseRecord[] {
  if (token.state === "expired") return [];
  const today: Narrowing[] = [
    { kind: "permissions", kept: token.effective_permissions },
    { kind: "addresses", allowed: token.allowed_addresses },
  ];
  return use.filter((record) => !today.some((narrowing) => isRefused(record, narrowing)));
}

/** The calls that would be refused after the change. */
export function refusedBy(use: readonly UseRecord[], narrowings: readonly Narrowing[]): UseRecord[] {
  return use.filter((record) => narrowings.some((narrowing) => isRefused(record, narrowing)));
}

function isRefused({ permission, address }: UseRecord, narrowing: Narrowing): boolean {
  if (narrowing.kind === "all") return true;
  if (narrowing.kind === "permissions") return permission !== null && !narrowing.kept.includes(permission);
  if (narrowing.allowed.length === 0 || address === null) return false;
  return !narrowing.allowed.some((range) => isWithin(address, range));
}
