// Days and the instants that they mean. A person picks a day and means its end where they are; the limit is the
// server's and holds where it is earlier.

/** A day of the calendar in the person's zone. */
export interface Day {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
}

/** What was chosen, not yet the instant: that depends on when it is asked. */
export type ExpiryChoice = { kind: "keep"; at: string } | { kind: "days"; days: number } | { kind: "on"; day: Day };

/** A year is a quick choice of its own kind: twelve calendar months, whatever number of days they have. */
export const YEAR = 366;
const QUICK = [7, 30, 60, 90, 180, YEAR] as const;

export function dayOf(at: number): Day {
  const date = new Date(at);
  return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
}

/** The first instant of the day; where the clock skips midnight, the first that exists. */
function startOf({ year, month, day }: Day): number {
  return new Date(year, month - 1, day).getTime();
}

/** 23:59:59: one second before the next day begins, however long the day was. */
export function endOf({ year, month, day }: Day): number {
  return startOf({ year, month, day: day + 1 }) - 1000;
}

function dayAfter(now: number, days: number): Day {
  const { year, month, day } = dayOf(now);
  if (days !== YEAR) return dayOf(new Date(year, month - 1, day + days).getTime());
  const next = { year: year + 1, month, day };
  // 29 February has no next year: the day before 1 March.
  return dayOf(startOf(next)).month === month ? next : { year: year + 1, month, day: 28 };
}

/** The quick choices whose day begins before the limit. */
export function quickChoices(now: number, latest: number): number[] {
  return QUICK.filter((days) => startOf(dayAfter(now, days)) <= latest);
}

/** The instant that a choice means, in milliseconds. */
export function instantOf(choice: ExpiryChoice, now: number, latest: number): number {
  if (choice.kind === "keep") return Date.parse(choice.at);
  const day = choice.kind === "on" ? choice.day : dayAfter(now, choice.days);
  return Math.min(endOf(day), latest);
}

/** As it is sent. */
export function toInstant(at: number): string {
  return new Date(at).toISOString();
}
