// The person's locale and zone. The words are English, and so is the grammar of dates; the order of day and month, the
// clock of 12 or 24 hours and the first day of the week are those of the person's region ("en" as spoken in "DE").
// Mixing whole languages instead would say "Used vor 4 Minuten".

const LANGUAGE = "en";

function personsLocale(): string {
  const asked = typeof navigator === "undefined" ? LANGUAGE : navigator.language || LANGUAGE;
  try {
    const region = new Intl.Locale(asked).maximize().region;
    return region ? `${LANGUAGE}-${region}` : LANGUAGE;
  } catch {
    return LANGUAGE;
  }
}

let known: string | undefined;

export function locale(): string {
  known ??= personsLocale();
  return known;
}

/** The IANA name of the person's zone, for instance `Europe/Berlin`. */
export function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** English has two forms; a language with more brings its own type. */
export function pluralForm(count: number): "one" | "other" {
  return new Intl.PluralRules(LANGUAGE).select(count) === "one" ? "one" : "other";
}

/** "a, b and c". */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(items);
}
