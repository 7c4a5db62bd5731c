// Who has moved from an old value to its successor. Only what is known is called moved: one address and program may be two
// services, of which one still comes with the old value.
import type { Event } from "../../ipc/generated/Event";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { callersOf, keyOf, type Caller } from "./callers";

/** After so long without a call the old value is held to be given up. */
const SILENT_MS = 15 * 60_000;
/** So long, where it is not known which of the two values was used when on the day of the change. */
const UNSURE_MS = 24 * 60 * 60_000;

export interface Pair {
  /** Who has come with the new value. */
  young: Caller[];
  /** Who may still use the old value. */
  still: Caller[];
  /** Some used the old value, and all of them have moved. */
  hasAllMoved: boolean;
  /** The last call with the old value. */
  lastOldAt: string | null;
}

/** `events`: of the successor; they tell when it was used first. */
export function pairOf(
  old: readonly UseRecord[],
  young: readonly UseRecord[],
  events: readonly Event[],
  now: number,
): Pair {
  const callers = callersOf(old);
  const still = callers.filter((one) => !hasMoved(one, young, events, now));
  const lasts = callers.map((one) => one.lastAt).sort();
  return {
    young: callersOf(young),
    still,
    hasAllMoved: callers.length > 0 && still.length === 0,
    lastOldAt: lasts.at(-1) ?? null,
  };
}

/** Its last call with the old value came before its first with the new one, and the old value is silent since: for long
    enough, or while the new one was used again. */
function hasMoved(caller: Caller, young: readonly UseRecord[], events: readonly Event[], now: number): boolean {
  const came = young.filter((record) => keyOf(record) === caller.key);
  // Further addresses are not told apart: whoever comes from one of them may be anybody.
  if (came.length === 0 || caller.address === null) return false;
  const lastOld = Date.parse(caller.lastAt);
  const first = firstOf(came, caller.address, events);
  const silent = now - lastOld;
  if (lastOld >= first.until) return false;
  if (lastOld >= first.from) return silent >= UNSURE_MS;
  return silent >= SILENT_MS || came.reduce((sum, { count }) => sum + count, 0) > 1;
}

/** Between which instants the first call with the new value lies: a record tells its day and its last call, the history
    when the value was used first, and when first from a new address. */
function firstOf(
  came: readonly UseRecord[],
  address: string,
  events: readonly Event[],
): { from: number; until: number } {
  const starts = came.map(({ day, count, last_at }) => Date.parse(count === 1 ? last_at : day));
  const firsts = events.filter(
    ({ kind, address: from }) => kind === "first_used" || (kind === "new_source" && from === address),
  );
  return {
    from: Math.max(Math.min(...starts), ...firsts.map(({ at }) => Date.parse(at))),
    until: Math.min(...came.map(({ last_at }) => Date.parse(last_at))),
  };
}
