// What a token could do without, judged by what it did: only after enough use, since what runs once a month is not seen in
// a week.
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
  /** From where it was used, when it is accepted from anywhere. */
  addresses: string[] | null;
  days: number;
}

export function suggestionsOf(token: Token, use: readonly UseRecord[]): Suggestions {
  const days = daysUsed(use);
  if (days < ENOUGH_DAYS || token.state === "expired") return { permissions: null, addresses: null, days };
  const needed = token.permissions.filter((name) => use.some((one) => one.permission === name));
  const isLess = needed.length > 0 && needed.length < token.permissions.length;
  const addresses = [...new Set(use.map((one) => one.address))].sort();
  const isKnown = addresses.length <= MOST_ADDRESSES && !addresses.includes(null);
  return {
    permissions: isLess ? needed : null,
    addresses: token.allowed_addresses.length === 0 && isKnown ? (addresses as string[]) : null,
    days,
  };
}
