// Instants and spans as a person reads them. Instants come as RFC 3339 text or as milliseconds; what is said is in the
// person's zone.
import { locale, traits, zone } from "./locale";
import { say } from "./words";

type At = string | number;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function millis(at: At): number {
  return typeof at === "number" ? at : Date.parse(at);
}

function format(at: At, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), options).format(millis(at));
}

/** "2 Dec 2026, 18:00". */
export function shortInstant(at: At): string {
  return format(at, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

/** "18:00". */
export function shortTime(at: At): string {
  return format(at, { hour: "2-digit", minute: "2-digit" });
}

/** "2 Dec 2026". */
export function shortDay(at: At): string {
  return format(at, { day: "numeric", month: "short", year: "numeric" });
}

function zoneName(at: At, timeZoneName: "shortOffset" | "longGeneric"): string {
  const named = new Intl.DateTimeFormat(locale(), { timeZoneName }).formatToParts(millis(at));
  return named.find((part) => part.type === "timeZoneName")?.value ?? "";
}

/**
 * "Berlin time (GMT+1)", "Mitteleuropäische Zeit (GMT+1)": what people call it, and the offset that holds on that day.
 */
export function zoneAt(at: At): string {
  const name = zone();
  const offset = zoneName(at, "shortOffset").replace(/[+-][0٠]$/, "");
  if (!name.includes("/") || name.startsWith("Etc/")) return offset;
  const city = name.split("/").at(-1)?.replaceAll("_", " ") ?? name;
  return say("zone_of_place", { place: traits().zone === "city" ? city : zoneName(at, "longGeneric"), offset });
}

/** "Wednesday, 2 December 2026 at 18:00, Berlin time (GMT+1)". */
export function exactInstant(at: At): string {
  const day = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  const when = format(at, { ...day, hour: "2-digit", minute: "2-digit" });
  return say("instant_in_zone", { instant: when, zone: zoneAt(at) });
}

function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);
}

/** How many midnights of the person's zone lie between; negative when `at` is past. */
export function daysBetween(now: number, at: At): number {
  return dayNumber(millis(at)) - dayNumber(now);
}

/** "in 12 days", "4 minutes ago", "just now". Days are those of the calendar, as people count them. What is past
    counts by what is over; what is to come is rounded: what was chosen to end in 24 hours does not end "in 23 hours" a
    second later. */
export function relativeInstant(at: At, now: number): string {
  const away = millis(at) - now;
  const span = Math.abs(away);
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  const whole = (unit: number) => (away < 0 ? -Math.floor(span / unit) : Math.round(span / unit));
  if (span < MINUTE) return away <= 0 ? say("just_now") : say("within_a_minute");
  // 60 of them are an hour.
  if (span < HOUR && Math.abs(whole(MINUTE)) < 60) return words.format(whole(MINUTE), "minute");
  if (span < DAY) return words.format(whole(HOUR), "hour");
  const days = daysBetween(now, at);
  if (days > -60) return words.format(days, "day");
  if (days > -730) return words.format(Math.ceil(days / 30.44), "month");
  return words.format(Math.ceil(days / 365.25), "year");
}

/** The same of what has happened: never said to be ahead, however the clocks stand to each other. */
export function pastInstant(at: At, now: number): string {
  return relativeInstant(Math.min(millis(at), now), now);
}

/** "47 s", "9 min": what is left of a delay, never less than nothing. */
export function remaining(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return seconds < 100 ? say("seconds_left", { seconds }) : say("minutes_left", { minutes: Math.round(seconds / 60) });
}

/** "1 minute", "30 seconds": how long something may take. */
export function duration(seconds: number): string {
  return seconds < 100
    ? say("for_seconds", { count: seconds })
    : say("for_minutes", { count: Math.ceil(seconds / 60) });
}
