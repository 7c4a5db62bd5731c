// The language that is spoken now, and what Intl writes in it. Each of these is read anew when the language changes, as
// long as it is called where something is said and not kept.
import type { Traits } from "./languages";
import { speaker } from "./speech.svelte";

/** What Intl is asked in: the language, and where it is read. */
export function locale(): string {
  return speaker.now.locale;
}

/** The BCP 47 tag of the language alone, for whoever else speaks to the person: a server's `Accept-Language`. */
export function languageTag(): string {
  return speaker.now.language;
}

/** In which direction it is written, and what else is peculiar to it. */
export function traits(): Traits {
  return speaker.now.traits;
}

/** The IANA name of the person's zone, for instance `Europe/Berlin`. */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function formatNumber(value: number): string {
  return speaker.now.numbers.format(value);
}
