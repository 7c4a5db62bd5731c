// Expiries over the next twelve months, gathered by the days of the person's zone: a day on which many lapse is one place,
// and so is what lapses when nobody is there.
import type { Token } from "../../ipc/generated/Token";
import { dayOf } from "../expiry";

const DAY = 86_400_000;
/** Twelve months, with the leap day that one of them may have. */
const SPAN_DAYS = 366;
const NIGHT_ENDS = 6;
const NIGHT_BEGINS = 22;

/** `night` and `weekend`: at that instant, where the person is. */
export type Hour = "work" | "night" | "weekend";

export interface Lapse {
  /** "2026-12-02", in the person's zone. */
  day: string;
  /** From 0, today, to 1, twelve months ahead. */
  place: number;
  /** The worst hour of those that lapse on this day. */
  hour: Hour;
  tokens: Token[];
}

export function hourOf(at: number): Hour {
  const date = new Date(at);
  if (date.getDay() === 0 || date.getDay() === 6) return "weekend";
  // The end of a day is its last second: whoever chose a day meant no hour of the night.
  if (date.getHours() === 23 && date.getMinutes() === 59) return "work";
  return date.getHours() < NIGHT_ENDS || date.getHours() >= NIGHT_BEGINS ? "night" : "work";
}

const WORSE: readonly Hour[] = ["work", "night", "weekend"];

/** Where an instant lies on the strip; below 0 and above 1 it lies beside it. */
export function placeOf(at: number, now: number): number {
  return (at - startOfDay(now)) / (SPAN_DAYS * DAY);
}

function startOfDay(now: number): number {
  const { year, month, day } = dayOf(now);
  return new Date(year, month - 1, day).getTime();
}

/** What lapses from today on, by day, the next first. */
export function lapsesOf(tokens: readonly Token[], now: number): Lapse[] {
  const days = new Map<string, Lapse>();
  for (const token of tokens) {
    const at = Date.parse(token.expires_at);
    const place = placeOf(at, now);
    if (at <= now || place > 1) continue;
    const { year, month, day } = dayOf(at);
    const key = [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
    const lapse = days.get(key) ?? { day: key, place, hour: "work" as Hour, tokens: [] };
    lapse.tokens.push(token);
    const hour = hourOf(at);
    if (WORSE.indexOf(hour) > WORSE.indexOf(lapse.hour)) lapse.hour = hour;
    days.set(key, lapse);
  }
  return [...days.values()].sort((one, other) => one.place - other.place);
}

/** The firsts of the months that lie on the strip. */
export function monthsOf(now: number): { at: number; place: number }[] {
  const { year, month } = dayOf(now);
  return Array.from({ length: 12 }, (_, ahead) => {
    const at = new Date(year, month + ahead, 1).getTime();
    return { at, place: placeOf(at, now) };
  });
}
