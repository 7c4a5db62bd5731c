// Expiries over the next twelve months, gathered by the days of the person's zone, or by weeks where days would be a wall:
// what lapses together is one place, and so is told what lapses when nobody is there.
import type { Token } from "../../ipc/generated/Token";
import { dayOf } from "../expiry";

const DAY = 86_400_000;
/** Twelve months, with the leap day that one of them may have. */
const SPAN_DAYS = 366;
const NIGHT_ENDS = 6;
const NIGHT_BEGINS = 22;
/** More days than these stand too close to each other to be told apart and to be hit. */
const MOST_DAYS = 40;

/** At that instant, where the person is. `end`: the last minute of a day, which is what whoever chose a day means. */
export type Hour = "work" | "end" | "night" | "weekend";

/** What lapses on one day, or in one week. */
export interface Lapse {
  /** Its first instant. */
  at: number;
  /** Its stretch of the strip: 0 is today, 1 twelve months ahead. */
  from: number;
  until: number;
  tokens: Token[];
}

export interface Lapses {
  by: "day" | "week";
  /** The next first. */
  all: Lapse[];
}

export function hourOf(at: number): Hour {
  const date = new Date(at);
  if (date.getDay() === 0 || date.getDay() === 6) return "weekend";
  if (date.getHours() === 23 && date.getMinutes() === 59) return "end";
  return date.getHours() < NIGHT_ENDS || date.getHours() >= NIGHT_BEGINS ? "night" : "work";
}

/** When it stops working: an old value that was replaced may end before its expiry. */
export const lapsesAt = ({ expires_at, ends_at }: Token): number =>
  Math.min(Date.parse(expires_at), ends_at === null ? Infinity : Date.parse(ends_at));

/** Nobody may be there. */
export const isOff = (token: Token): boolean => ["night", "weekend"].includes(hourOf(lapsesAt(token)));

/** Where an instant lies on the strip; below 0 and above 1 it lies beside it. */
export function placeOf(at: number, now: number): number {
  return (at - startOfDay(now, 0)) / (SPAN_DAYS * DAY);
}

/** The first instant of the day that is so many days after that of an instant. */
function startOfDay(of: number, ahead: number): number {
  const { year, month, day } = dayOf(of);
  return new Date(year, month - 1, day + ahead).getTime();
}

/** Weeks begin on Monday, as ISO 8601 has it: they are named by that day. */
const startOfWeek = (of: number): number => startOfDay(of, -((new Date(of).getDay() + 6) % 7));

/** What lapses from today on: by day, or by week where that would be too many. */
export function lapsesOf(tokens: readonly Token[], now: number): Lapses {
  const ahead = tokens.filter((token) => {
    const at = lapsesAt(token);
    return at > now && placeOf(at, now) <= 1;
  });
  const days = gathered(ahead, now, (at) => startOfDay(at, 0), 1);
  if (days.length <= MOST_DAYS) return { by: "day", all: days };
  return { by: "week", all: gathered(ahead, now, startOfWeek, 7) };
}

function gathered(tokens: readonly Token[], now: number, startOf: (at: number) => number, days: number): Lapse[] {
  const all = new Map<number, Lapse>();
  for (const token of tokens) {
    const at = startOf(lapsesAt(token));
    const from = Math.max(placeOf(at, now), 0);
    const lapse = all.get(at) ?? { at, from, until: placeOf(startOfDay(at, days), now), tokens: [] };
    lapse.tokens.push(token);
    all.set(at, lapse);
  }
  return [...all.values()].sort((one, other) => one.at - other.at);
}

/** The firsts of the months that lie on the strip. */
export function monthsOf(now: number): { at: number; place: number }[] {
  const { year, month } = dayOf(now);
  return Array.from({ length: 12 }, (_, ahead) => {
    const at = new Date(year, month + ahead, 1).getTime();
    return { at, place: placeOf(at, now) };
  });
}
