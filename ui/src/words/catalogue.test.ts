// The catalogues are whole: each says the same, each sentence is used, each use has its sentence, and the types are
// those of en.json. `npm run words` runs this and writes the types anew.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flat, type Message } from "./catalogue";
import { LANGUAGES, type Language } from "./languages";

const SRC = join(import.meta.dirname, "..");
const FORMS: Intl.LDMLPluralRule[] = ["zero", "one", "two", "few", "many", "other"];
/** Forms for one number each: these may say it in a word. */
const SINGLE = new Set(["zero", "one", "two"]);

type Subjects = Record<string, Record<string, Message>>;
const textOf = (language: Language) => readFileSync(join(import.meta.dirname, `${language}.json`), "utf8");
const read = (language: Language) => JSON.parse(textOf(language)) as Subjects;

const english = read("en");
const messages = flat(english);
const all = Object.keys(LANGUAGES) as Language[];
const others = all.filter((language) => language !== "en");

const textsOf = (message: Message) => (typeof message === "string" ? [message] : Object.values(message));
const holes = (text: string) => [...new Set(Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name ?? ""))].sort();
/** `{30}`: the same number always, in the digits of where the person is. */
const isNumber = (name: string) => /^\d+$/.test(name);
/** Up to twelve a language may say it in a word. */
const isWord = (name: string) => isNumber(name) && Number(name) <= 12;
const holesOf = (message: Message) => holes(textsOf(message).join(" "));
const isPlural = (message: Message) => typeof message !== "string";

function typeOf(message: Message): string {
  const asked = holesOf(message).filter((name) => !isNumber(name));
  const names = new Set([...(isPlural(message) ? ["count"] : []), ...asked]);
  const values = [...names].map((name) => `${name}: ${name === "count" ? "number" : "Value"}`);
  return values.length ? `{ ${values.join("; ")} }` : "null";
}

test("the types are those of en.json", async () => {
  const lines = Object.entries(messages).map(([key, message]) => `  ${key}: ${typeOf(message)};`);
  const head = [
    "// Written from en.json by `npm run words`. Do not edit.",
    'import type { Value } from "../words";',
    "",
    "/** What each sentence needs filled in; `null` for nothing. */",
    "export interface Messages {",
  ];
  await expect([...head, ...lines, "}", ""].join("\n")).toMatchFileSnapshot("generated/messages.ts");
});

test("a key stands in one subject only", () => {
  const keys = Object.values(english).flatMap((subject) => Object.keys(subject));
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
});

/** Subjects, keys and the blank lines between them, in their order. */
function layout(language: Language): string[] {
  return textOf(language)
    .split("\n")
    .filter((line) => line === "" || /^ {2,4}"/.test(line))
    .map((line) => line.replace(/^( +"\w+").*/, "$1"));
}

describe.each(others)("%s", (language) => {
  test("has the keys of English, in the same order", () => {
    expect(layout(language)).toEqual(layout("en"));
  });

  const pairs = Object.entries(flat(read(language))).map(([key, own]) => ({ key, own, source: messages[key] ?? "" }));

  test("counts what English counts, and fills in the same", () => {
    const told = (message: Message) => {
      return { isPlural: isPlural(message), holes: holesOf(message).filter((name) => !isWord(name)) };
    };
    const of = (which: "own" | "source") => Object.fromEntries(pairs.map((pair) => [pair.key, told(pair[which])]));
    expect(of("own")).toEqual(of("source"));
  });

  test("ends each sentence as English does", () => {
    const end = (message: Message) =>
      textsOf(message).map((text) => /[.?؟:…]$/.exec(text)?.[0].replace("؟", "?") ?? "");
    const wrong = pairs.filter(({ own, source }) => new Set([...end(own), ...end(source)]).size > 1);
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  test("is translated", () => {
    // Words that are the same in German; names of products; what holds no words.
    const PRODUCTS = ["Palpabl NMS", "curl", "Python", "Prometheus", "OpenTelemetry Collector", "Telegraf"];
    const SAME = new Set(["Name", "Organisation", "Server", "Token", ...PRODUCTS]);
    const isSame = (text: string, source: Message) => textsOf(source).includes(text) && !SAME.has(text);
    const wordless = (text: string) => !/\p{L}{2}/u.test(text.replace(/\{\w+\}/g, ""));
    const left = pairs.filter(({ own, source }) =>
      textsOf(own).some((text) => isSame(text, source) && !wordless(text)),
    );
    // Keys are what stands on keyboards; a filter is one in German too.
    const alike = {
      de: ["minutes_left", "key_escape", "filter"],
      ar: ["key_ctrl", "key_escape", "key_delete", "key_home", "key_end"],
    };
    expect(left.map(({ key }) => key)).toEqual(language === "de" ? alike.de : alike.ar);
  });
});

describe.each(all)("%s", (language) => {
  const own = Object.entries(flat(read(language)));
  const texts = own.flatMap(([, message]) => textsOf(message));

  test("has just the plural forms of its language", () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const needed = FORMS.filter((form) => pluralCategories.includes(form));
    const wrong = own.filter(([, message]) => isPlural(message) && Object.keys(message).join() !== needed.join());
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test("says the same in each plural form, and the number wherever there are several", () => {
    for (const [key, message] of own) {
      if (typeof message === "string") continue;
      const wanted = holes(message.other);
      for (const [form, text] of Object.entries(message)) {
        const names = SINGLE.has(form) ? wanted.filter((name) => name !== "count") : wanted;
        expect({ key, form, holes: holes(text) }).toEqual({ key, form, holes: expect.arrayContaining(names) });
      }
    }
  });

  test("is written in the signs of print, without exclamation", () => {
    expect(texts.filter((text) => /\.\.\.|!|'|"|^\s|\s$| {2}/.test(text))).toEqual([]);
  });

  test("writes no digit itself, which would stand in another script than those of Intl", () => {
    // Names of protocols and keys, an address as an example, modes of files.
    const NAMES = /\{\w+\}|IPv[46]|\b\d+(\.\d+){3}(\/\d+)?|Pos1|\b0[0-7]{3}\b/g;
    expect(texts.filter((text) => /\p{Nd}/u.test(text.replace(NAMES, "")))).toEqual([]);
  });

  test("hides no character from whoever reads the file", () => {
    // Blanks that do not break and marks of direction are written as \u escapes.
    expect(/[\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2066-\u2069\ufeff]/.exec(textOf(language))).toBeNull();
  });
});

test.each([
  ["en", /\bsimply\b|\bplease\b|\bsorry\b/i],
  ["de", /\bbitte\b|\beinfach\b|\bleider\b|[“”](?=\w)|\b(du|dein|dich|dir)\b/i],
  ["ar", /[,;?]|[“”„]|عذر|فضلك|ببساطة/],
] as const)("%s keeps its tone", (language, wrong) => {
  const texts = Object.values(flat(read(language))).flatMap(textsOf);
  expect(texts.filter((text) => wrong.test(text))).toEqual([]);
});

describe("in the source", () => {
  const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(svelte|ts)$/.test(path) && !/\.test\.ts$|^fixtures\/|generated\//.test(path))
    .map((path) => readFileSync(join(SRC, path), "utf8"))
    .filter((text) => /words\/words"|"\.\/(words|speech\.svelte)"|\/naming"/.test(text));

  test("each sentence is said somewhere", () => {
    // Sentences that name a token have a second form, which naming.ts puts together.
    const isUsed = (key: string) => sources.some((text) => text.includes(`"${key.replace(/_unnamed$/, "")}"`));
    expect(Object.keys(messages).filter((key) => !isUsed(key))).toEqual([]);
  });

  test("each sentence that is said is in the catalogue", () => {
    const said = sources.flatMap((text) => [...text.matchAll(/\b(?:say|parts|naming)\(\s*"(\w+)"/g)]);
    expect(said.length).toBeGreaterThan(300);
    expect(said.map(([, key]) => key ?? "").filter((key) => !(key in messages))).toEqual([]);
  });
});
