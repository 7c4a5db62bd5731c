// What a day or a week of the picture of time is called, and when on it something lapses.
import type { Token } from "../../ipc/generated/Token";
import { shortDay, shortInstant, shortTime } from "../../words/instants";
import { formatNumber } from "../../words/locale";
import { foreign, joined, listed, say, type Part } from "../../words/words";
import { called, masked } from "../naming";
import { hourOf, lapsesAt, type Hour, type Lapse, type Lapses } from "./lapses";

const HOURS: Record<Hour, () => string> = {
  work: () => say("timeline_work"),
  end: () => say("timeline_end"),
  night: () => say("timeline_night"),
  weekend: () => say("timeline_weekend"),
};

const hourOfToken = (token: Token): Hour => hourOf(lapsesAt(token));

/** "2 Dec 2026", "week of 30 Nov 2026". */
export function spanTold({ at }: Lapse, by: Lapses["by"]): string {
  return by === "day" ? shortDay(at) : say("timeline_week_of", { day: shortDay(at) });
}

/** "at night"; "2 in working hours and 1 at night" where they differ. */
export function hoursTold({ tokens }: Lapse): string {
  const counts = (Object.keys(HOURS) as Hour[])
    .map((hour) => ({ hour, count: tokens.filter((one) => hourOfToken(one) === hour).length }))
    .filter(({ count }) => count > 0);
  const [only, another] = counts;
  if (only && !another) return HOURS[only.hour]();
  const told = counts.map(({ hour, count }) => say("timeline_of_hour", { number: count, hour: HOURS[hour]() }));
  return listed(told)
    .map((part) => part.text)
    .join("");
}

/** "poller-03 · 14:00 · in working hours": each has its own hour, whatever lapses on the same day. */
export function tokenTold(token: Token, by: Lapses["by"]): Part[] {
  const at = lapsesAt(token);
  const when = by === "day" ? shortTime(at) : shortInstant(at);
  // The old value of a pair has the name of the new one.
  const name = token.replaced_by === null ? called(token) : `${called(token)} · ${masked(token)}`;
  return joined([foreign(name), foreign(when), HOURS[hourOfToken(token)]()]);
}

const SHOWN_NAMES = 3;

/** For the tip at a bar. */
export function barTold(lapse: Lapse, by: Lapses["by"]): string {
  const more = lapse.tokens.length - SHOWN_NAMES;
  const shown = lapse.tokens.slice(0, SHOWN_NAMES).map(called);
  const names = listed(more > 0 ? [...shown, say("more_tokens", { count: more })] : shown);
  const told = { when: spanTold(lapse, by), hours: hoursTold(lapse), names: names.map((part) => part.text).join("") };
  return say("timeline_bar", told);
}

export function stripTold({ by, all }: Lapses): string {
  const sizes = all.map(({ tokens }) => tokens.length);
  const told = { count: sizes.reduce((sum, one) => sum + one, 0), most: formatNumber(Math.max(1, ...sizes)) };
  return by === "day" ? say("timeline_label", told) : say("timeline_label_weeks", told);
}
