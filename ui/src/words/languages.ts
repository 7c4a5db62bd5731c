// Which languages the app speaks, and which of them a person gets: the one that was chosen, else the first of the
// system's that is spoken here, else English. Not here: the words (en.json and its siblings), and which language is
// spoken now (speech.svelte.ts).

export interface Traits {
  /** As those call it who speak it. */
  endonym: string;
  direction: "ltr" | "rtl";
  /** How the head of a calendar names its days: the short names of Arabic are whole words. */
  weekday: "short" | "narrow";
  /** What a time zone is called: by its city, which the zone database knows in English only, or as Intl says. */
  zone: "city" | "intl";
}

/** In the order in which a list offers them. */
export const LANGUAGES = {
  en: { endonym: "English", direction: "ltr", weekday: "short", zone: "city" },
  de: { endonym: "Deutsch", direction: "ltr", weekday: "short", zone: "intl" },
  ar: { endonym: "العربية", direction: "rtl", weekday: "narrow", zone: "intl" },
} as const satisfies Record<string, Traits>;

export type Language = keyof typeof LANGUAGES;
/** What a person chose: a language, or whatever the system speaks. */
export type LanguagePreference = "system" | Language;

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

/** The tags that are ones: a system may well call its language `C`. */
function locales(tags: readonly string[]): Intl.Locale[] {
  return tags.flatMap((tag) => {
    try {
      return [new Intl.Locale(tag)];
    } catch {
      return [];
    }
  });
}

/** `system`: the system's languages, the best first. */
export function languageFor(preference: LanguagePreference, system: readonly string[]): Language {
  if (preference !== "system") return preference;
  const spoken = locales(system).map((one) => one.language);
  return spoken.find(isLanguage) ?? "en";
}

/**
 * What Intl is asked in. The language is the spoken one, since "Used vor 4 Minuten" is no sentence; the order of day and
 * month, the clock and the first day of the week are those of where the person is: `de-AT` stays so, and English in
 * Germany is `en-DE`. The calendar is always the one in which the server counts its months.
 */
export function localeFor(language: string, system: readonly string[]): string {
  const known = locales(system);
  const same = known.find((one) => one.language === language);
  const region = known[0]?.maximize().region;
  const regional = same ?? new Intl.Locale(language, region === undefined ? {} : { region });
  return new Intl.Locale(regional, { calendar: "gregory" }).toString();
}
