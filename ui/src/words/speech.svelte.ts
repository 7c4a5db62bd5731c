// What is spoken now: one value for all that depends on the language, exchanged at once, so that no sentence is half in
// one language. Whatever says something reads it, and is said anew when it changes: no reload.
import { ENGLISH, READ, type Catalogue } from "./catalogue";
import { LANGUAGES, languageFor, localeFor, type Language, type LanguagePreference, type Traits } from "./languages";

export interface Speech {
  /** A BCP 47 tag. */
  language: string;
  /** The language as it is written where the person is; see `localeFor`. */
  locale: string;
  traits: Traits;
  messages: Catalogue;
  plurals: Intl.PluralRules;
  numbers: Intl.NumberFormat;
  lists: Intl.ListFormat;
}

/** `tag` may be more than the language: the tests speak English that is marked as such. */
export function speechOf(language: Language, messages: Catalogue, tag: string = language): Speech {
  const locale = localeFor(language, navigator.languages);
  return {
    language: tag,
    locale,
    traits: LANGUAGES[language],
    messages,
    plurals: new Intl.PluralRules(language),
    numbers: new Intl.NumberFormat(locale),
    lists: new Intl.ListFormat(locale, { type: "conjunction" }),
  };
}

/** A catalogue that cannot be read is no reason for an empty window. */
async function read(language: Language): Promise<Speech> {
  try {
    return speechOf(language, await READ[language]());
  } catch {
    return speechOf("en", ENGLISH);
  }
}

class Speaker {
  now = $state.raw<Speech>(speechOf("en", ENGLISH));
  #preference: LanguagePreference = "system";
  /** Grows with each choice; a catalogue that comes after the next choice is dropped. */
  #asked = 0;

  /** Speaks what was chosen; done when it is on screen. */
  async choose(preference: LanguagePreference): Promise<void> {
    const asked = ++this.#asked;
    this.#preference = preference;
    const speech = await read(languageFor(preference, navigator.languages));
    if (asked === this.#asked) this.speak(speech);
  }

  speak(speech: Speech): void {
    this.now = speech;
    document.documentElement.lang = speech.language;
    document.documentElement.dir = speech.traits.direction;
  }

  /** The system's languages may change while the app runs. */
  start(): () => void {
    const whenChanged = () => void this.choose(this.#preference);
    window.addEventListener("languagechange", whenChanged);
    return () => window.removeEventListener("languagechange", whenChanged);
  }
}

export const speaker = new Speaker();
