// The catalogues as the program reads them. English is the source and a part of the program, so that there is always
// something to say; the others are read when they are chosen.
// A message that is missing in one of them does not compile; what the compiler cannot see, catalogue.test.ts does.
import english from "./en.json";
import type { Messages } from "./generated/messages";
import type { Language } from "./languages";

/** The name of a message. */
export type Key = keyof Messages;
/** A text, or one for each plural form that the language has. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Catalogue = Readonly<Record<Key, Message>>;

type Subjects = Record<string, Record<string, Message>>;
type KeyIn<S> = { [Subject in keyof S]: keyof S[Subject] }[keyof S];

/** Without the subjects, which are there for whoever reads the file: a key stands in one of them only. */
export function flat<S extends Subjects>(subjects: S): Record<KeyIn<S>, Message> {
  return Object.assign({}, ...Object.values(subjects)) as Record<KeyIn<S>, Message>;
}

export const ENGLISH: Catalogue = flat(english);

/** One file for each, so that nobody loads a language that is not spoken. */
export const READ: Record<Language, () => Promise<Catalogue>> = {
  en: () => Promise.resolve(ENGLISH),
  de: async () => flat((await import("./de.json")).default),
  ar: async () => flat((await import("./ar.json")).default),
};
