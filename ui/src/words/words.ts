// How sentences are said: catalogues of texts with `{placeholders}` and plural forms, one file for each language.
//
// To add a sentence: write it under its subject in en.json, de.json and ar.json, at the same place in each, and run
// `npm run words`, which writes generated/messages.ts anew. Until all of that is done the compiler or
// catalogue.test.ts says what is missing. A text that counts something is an object with the plural forms of that
// language ("one", "other"; Arabic has six), chosen by `{count}`. Names, addresses and the like are filled in as they
// are, several of them as an array. A number that is always the same is written `{30}`: it is filled in as well, in the
// digits of where the person is, so that a sentence never mixes those of two scripts.
//
// No library: what is needed of one is these lines. Keys and arguments are checked by the compiler, a language is
// data (no code is made of it, so the content security policy may stay strict) and is loaded when it is chosen, and a
// sentence can be had in parts, which libraries that answer with a string do not offer: what was filled in stands in
// `<bdi>`, or a name in Latin letters would turn an Arabic sentence around.
import type { Key } from "./catalogue";
import type { Messages } from "./generated/messages";
import { formatNumber } from "./locale";
import { speaker } from "./speech.svelte";

export type { Key };

/** What stands in a placeholder; an array is a list: "a, b and c". */
export type Value = string | number | readonly string[];
/** What a sentence needs besides its name. */
export type Args<K extends Key> = [Messages[K]] extends [null] ? [] : [values: Messages[K]];

/** A stretch of a sentence; `isForeign` ones are other people's text and stand in `<bdi>`. */
export interface Part {
  text: string;
  isForeign: boolean;
}

type Values = Readonly<Record<string, Value | Part[]>>;

function textOf(key: Key, values: Values): string {
  const { messages, plurals } = speaker.now;
  const message = messages[key];
  if (typeof message === "string") return message;
  return message[plurals.select(Number(values["count"]))] ?? message.other;
}

/** Somebody's text, alone: for `<Sentence>` where no words of ours stand around it. */
export function foreign(text: string): Part[] {
  return [{ text, isForeign: true }];
}

/** "a, b and c", in which only the "and" is ours. */
export function listed(items: readonly string[]): Part[] {
  return speaker.now.lists
    .formatToParts(items)
    .map(({ type, value }) => ({ text: value, isForeign: type === "element" }));
}

function ours(text: string): Part[] {
  return [{ text, isForeign: false }];
}

const areParts = (value: readonly string[] | Part[]): value is Part[] => typeof value[0] === "object";

function filled(value: Value | Part[]): Part[] {
  if (typeof value === "number") return ours(formatNumber(value));
  if (typeof value === "string") return foreign(value);
  return areParts(value) ? value : listed(value);
}

/** What is ours in one stretch, as it is read. */
function merged(of: readonly Part[]): Part[] {
  const line: Part[] = [];
  for (const part of of) {
    const last = line.at(-1);
    if (last && !last.isForeign && !part.isForeign) last.text += part.text;
    else line.push({ ...part });
  }
  return line;
}

const isNumber = (name: string) => /^\d+$/.test(name);

function fill(key: Key, values: Values): Part[] {
  const filledIn = textOf(key, values)
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== "")
    .flatMap((piece) => {
      if (!piece.startsWith("{")) return ours(piece);
      const name = piece.slice(1, -1);
      const value = isNumber(name) ? Number(name) : values[name];
      return value === undefined ? ours(piece) : filled(value);
    });
  return merged(filledIn);
}

/** A sentence in parts, for `<Sentence>`: what was filled in can be told from what is ours. */
export function parts<K extends Key>(key: K, ...args: Args<K>): Part[] {
  return fill(key, args[0] ?? {});
}

/**
 * Side by side in a line, each for itself: "poller-03 · 4 permissions · 90 days". What stands between is the language's:
 * beside the digits of Arabic a dot is a zero.
 */
export function joined(pieces: readonly (string | Part[])[]): Part[] {
  const [head = [], ...rest] = pieces.map((piece) => (typeof piece === "string" ? ours(piece) : piece));
  return rest.reduce((first, second) => fill("joined", { first, second }), head);
}

/** Letters that run from right to left: Hebrew, Arabic and their neighbours. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/**
 * What `<bdi>` does, for text that cannot hold elements: it keeps its direction to itself. That is the direction of its
 * first letter, also of one that is isolated already: U+2068 would look past those, and turn "day, zone" around.
 */
export function isolated(text: string): string {
  const runsLeft = RIGHT_TO_LEFT.test(/\p{L}/u.exec(text)?.[0] ?? "");
  const isMixed = speaker.now.traits.direction === "rtl" || RIGHT_TO_LEFT.test(text);
  return isMixed ? `${runsLeft ? "\u2067" : "\u2066"}${text}\u2069` : text;
}

function asText(of: readonly Part[]): string {
  return of.map(({ text, isForeign }) => (isForeign ? isolated(text) : text)).join("");
}

/** A sentence as one string, for names, descriptions and announcements. */
export function say<K extends Key>(key: K, ...args: Args<K>): string {
  return asText(parts(key, ...args));
}

/** The same of `joined`. */
export function sayJoined(pieces: readonly string[]): string {
  return asText(joined(pieces));
}
