// The catalogue is whole: each sentence is used, each use has its sentence, and no markup holds words of its own.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "svelte/compiler";
import { afterEach, describe, expect, test } from "vitest";
import { catalogue } from "./en/catalogue";
import { duration, exactInstant, relativeInstant, remaining, shortInstant, zoneAt } from "./instants";
import { parts, say } from "./words";

const ROOT = join(import.meta.dirname, "..");
const sources = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !/\.test\.ts$|^fixtures\/|generated\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

test("each sentence is said somewhere", () => {
  const said = sources.filter(({ path }) => !path.startsWith("words/en/")).map(({ text }) => text);
  // Sentences that name a token have a second form, which naming.ts puts together.
  const isUsed = (key: string) => said.some((text) => text.includes(`"${key.replace(/_unnamed$/, "")}"`));
  expect(Object.keys(catalogue).filter((key) => !isUsed(key))).toEqual([]);
});

test("no key stands in two files", () => {
  const keys = sources
    .filter(({ path }) => path.startsWith("words/en/") && !path.endsWith("catalogue.ts"))
    .flatMap(({ text }) => [...text.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1]));
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
  expect(new Set(keys)).toEqual(new Set(Object.keys(catalogue)));
});

test("the forms of a plural say the same with the same placeholders", () => {
  const holes = (text: string) =>
    [...new Set(text.match(/\{\w+\}/g) ?? [])].filter((name) => name !== "{count}").sort();
  for (const [key, entry] of Object.entries(catalogue)) {
    if (typeof entry === "string") continue;
    expect({ key, forms: Object.keys(entry) }).toEqual({ key, forms: ["one", "other"] });
    expect({ key, holes: holes(entry.one) }).toEqual({ key, holes: holes(entry.other) });
  }
});

test("sentences use the signs of print, and no exclamation", () => {
  const texts = Object.values(catalogue).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  expect(texts.filter((text) => /\.\.\.|!|'|"|\bsimply\b|\bplease\b|\bsorry\b/i.test(text))).toEqual([]);
});

const SPOKEN = new Set(["aria-label", "alt", "title", "placeholder", "label", "hint", "lead", "body"]);

test.each(sources.filter(({ path }) => path.endsWith(".svelte")))("$path holds no words of its own", ({ text }) => {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node !== "object" || node === null) return;
    const { type, data, name, value } = node as { type?: string; data?: string; name?: string; value?: unknown };
    if (type === "Text" && /\p{L}/u.test(data ?? "")) found.push(data ?? "");
    if (type === "Attribute" && !SPOKEN.has(name ?? "")) return walk(Array.isArray(value) ? [] : value);
    Object.entries(node).forEach(([key, child]) => key !== "parent" && walk(child));
  };
  walk(parse(text, { modern: true }).fragment);
  expect(found).toEqual([]);
});

test("what was filled in is told apart from what is ours", () => {
  expect(parts("delete_title", { name: "a{when}b" })).toEqual([
    { text: "Delete “", isForeign: false },
    { text: "a{when}b", isForeign: true },
    { text: "”?", isForeign: false },
  ]);
  expect(say("permission_count", { count: 1 })).toBe("1 permission");
  expect(say("permission_count", { count: 0 })).toBe("0 permissions");
});

describe("instants", () => {
  const now = Date.parse("2026-11-23T09:00:00Z");
  const before = process.env["TZ"];
  afterEach(() => {
    process.env["TZ"] = before;
  });

  test.each([
    ["2026-11-23T09:00:00Z", "just now"],
    ["2026-11-23T08:59:01Z", "just now"],
    ["2026-11-23T09:00:30Z", "in less than a minute"],
    ["2026-11-23T08:56:00Z", "4 minutes ago"],
    ["2026-11-23T02:00:00Z", "7 hours ago"],
    ["2026-11-22T08:00:00Z", "yesterday"],
    ["2026-11-25T08:00:00Z", "in 2 days"],
    // Ninety midnights away, whatever the hour.
    ["2027-02-21T22:59:59Z", "in 90 days"],
    ["2027-11-23T09:00:00Z", "in 365 days"],
    ["2026-08-01T09:00:00Z", "3 months ago"],
    ["2023-08-01T09:00:00Z", "3 years ago"],
  ])("%s is %s", (at, expected) => {
    expect(relativeInstant(at, now)).toBe(expected);
  });

  test("the exact instant has day, time, place and offset, in summer and in winter", () => {
    expect(exactInstant("2027-02-21T22:59:59Z")).toBe("Sunday, 21 February 2027 at 23:59, Berlin time (GMT+1)");
    expect(exactInstant("2027-07-01T10:00:00Z")).toBe("Thursday, 1 July 2027 at 12:00, Berlin time (GMT+2)");
    expect(shortInstant("2026-12-02T17:00:00Z")).toBe("2 Dec 2026, 18:00");
  });

  test.each([
    ["America/New_York", "New York time (GMT-5)"],
    ["Asia/Kolkata", "Calcutta time (GMT+5:30)"],
    ["America/Argentina/Buenos_Aires", "Buenos Aires time (GMT-3)"],
    ["UTC", "GMT"],
    ["Etc/GMT+5", "GMT-5"],
  ])("the zone %s is called %s", (zone, expected) => {
    process.env["TZ"] = zone;
    expect(zoneAt("2026-11-23T09:00:00Z")).toBe(expected);
  });

  test("what is left is never less than nothing", () => {
    expect([remaining(46_200), remaining(0), remaining(-5), remaining(540_000)]).toEqual([
      "47\u00a0s",
      "0\u00a0s",
      "0\u00a0s",
      "9\u00a0min",
    ]);
    expect([duration(1), duration(95), duration(300)]).toEqual(["1 second", "95 seconds", "5 minutes"]);
  });
});
