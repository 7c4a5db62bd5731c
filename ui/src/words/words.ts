// How sentences are said: a catalogue of strings with `{placeholders}` and plural forms, keys and arguments checked by
// the compiler. The catalogue is data and no code, so that it can become one message file for each language.
import { catalogue } from "./en/catalogue";
import { formatNumber, pluralForm } from "./locale";

type Catalogue = typeof catalogue;
/** The name of a sentence. */
export type Key = keyof Catalogue;

type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Names<Entry> = Entry extends string ? Placeholders<Entry> : "count" | Placeholders<Entry[keyof Entry]>;
type Values<K extends Key> = { [Name in Names<Catalogue[K]>]: Name extends "count" ? number : string | number };
/** What a sentence needs besides its name. */
export type Args<K extends Key> = [Names<Catalogue[K]>] extends [never] ? [] : [values: Values<K>];

/** A stretch of a sentence; `isForeign` ones are other people's text and stand in `<bdi>`. */
export interface Part {
  text: string;
  isForeign: boolean;
}

function textOf(key: Key, values: Record<string, string | number>): string {
  const entry: string | { one: string; other: string } = catalogue[key];
  return typeof entry === "string" ? entry : entry[pluralForm(Number(values["count"]))];
}

/** A sentence in parts, for `<Sentence>`: what was filled in can be told from what is ours. */
export function parts<K extends Key>(key: K, ...args: Args<K>): Part[] {
  const values: Record<string, string | number> = args[0] ?? {};
  return textOf(key, values)
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const value = piece.startsWith("{") ? values[piece.slice(1, -1)] : undefined;
      if (value === undefined) return { text: piece, isForeign: false };
      return typeof value === "number"
        ? { text: formatNumber(value), isForeign: false }
        : { text: value, isForeign: true };
    });
}

/** A sentence as one string, for names, descriptions and announcements. */
export function say<K extends Key>(key: K, ...args: Args<K>): string {
  return parts(key, ...args)
    .map((part) => part.text)
    .join("");
}
