// What a token could do without, judged by what it did: only after enough use, since what runs once a month is not seen in
// a week.
import type { Event } from "../../ipc/generated/Event";
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { daysUsed } from "./callers";

/** On so many days it must have been used. */
const ENOUGH_DAYS = 7;
/** More places than a service has: a list of them would only break things. */
const MOST_ADDRESSES = 8;

export interface Suggestions {
  /** What it needed, when that is less than it has. */
  permissions: string[] | null;
  /** From where it was used from the first, when it is accepted from anywhere; null as long as that is not known. */
  addresses: string[] | null;
  /** From where besides, since its first days. Who finds a token comes late. */
  later: string[];
  days: number;
}

/** `history`: what happened to it, as far as it was read; null while it is not known. */
export function suggestionsOf(token: Token, use: readonly UseRecord[], history: readonly Event[] | null): Suggestions {
  const days = daysUsed(use);
  // Nor of one that goes: its successor is what stays.
  const goes = token.state === "expired" || token.replaced_by !== null;
  if (days < ENOUGH_DAYS || goes) return { permissions: null, addresses: null, later: [], days };
  const needed = token.permissions.filter((name) => use.some((one) => one.permission === name));
  const isLess = needed.length > 0 && needed.length < token.permissions.length;
  // What it needs and its owner lost could not be given back: an edit would drop it for good.
  const isWhole = needed.every((name) => token.effective_permissions.includes(name));
  return { permissions: isLess && isWhole ? needed : null, ...addressesOf(token, use, history), days };
}

function addressesOf(token: Token, use: readonly UseRecord[], history: readonly Event[] | null) {
  const all = [...new Set(use.map((one) => one.address))].sort();
  const isNew = new Set(history?.filter((one) => one.kind === "new_source").map((one) => one.address));
  const first = all.filter((one) => one !== null && !isNew.has(one)) as string[];
  const isKnown = history !== null && !all.includes(null) && first.length > 0 && first.length <= MOST_ADDRESSES;
  if (token.allowed_addresses.length > 0 || !isKnown) return { addresses: null, later: [] };
  return { addresses: first, later: all.filter((one) => one !== null && isNew.has(one)) as string[] };
}
