// Instants and spans as they are said, in each language and where the person is.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { duration, exactInstant, relativeInstant, remaining, shortInstant, zoneAt } from "./instants";
import type { Language } from "./languages";
import { speaker } from "./speech.svelte";
import { say } from "./words";

const now = Date.parse("2026-11-23T09:00:00Z");
const before = { zone: process.env["TZ"], languages: navigator.languages };

/** Speaks it on a system with these languages. */
async function speak(language: Language, ...system: string[]): Promise<void> {
  Object.defineProperty(navigator, "languages", { value: system, configurable: true });
  await speaker.choose(language);
}

afterEach(async () => {
  process.env["TZ"] = before.zone;
  await speak("en", ...before.languages);
});

describe("in English", () => {
  test.each([
    ["2026-11-23T09:00:00Z", "just now"],
    ["2026-11-23T08:59:01Z", "just now"],
    ["2026-11-23T09:00:30Z", "in less than a minute"],
    ["2026-11-23T08:56:00Z", "4 minutes ago"],
    ["2026-11-23T02:00:00Z", "7 hours ago"],
    ["2026-11-24T08:59:58Z", "in 24 hours"],
    ["2026-11-23T09:59:58Z", "in 1 hour"],
    ["2026-11-23T10:20:00Z", "in 1 hour"],
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

describe("in German", () => {
  beforeEach(() => speak("de", "de-AT"));

  test("instants are written as Austria writes them", () => {
    expect(shortInstant("2027-01-21T22:59:00Z")).toBe("21. Jän. 2027, 23:59");
    expect(exactInstant("2027-07-01T10:00:00Z")).toBe(
      "Donnerstag, 1. Juli 2027 um 12:00, Mitteleuropäische Zeit (GMT+2)",
    );
    expect(relativeInstant("2026-11-23T08:56:00Z", now)).toBe("vor 4 Minuten");
    expect(relativeInstant("2026-11-23T08:59:50Z", now)).toBe("gerade eben");
    expect([duration(1), duration(300)]).toEqual(["1 Sekunde", "5 Minuten"]);
  });
});

describe("in Arabic", () => {
  // The marks of direction are not seen.
  const seen = (text: string) => text.replace(/[\u2066-\u2069]/g, "");

  test("instants and spans are Arabic, and counted as Arabic counts", async () => {
    await speak("ar", "ar");
    expect(shortInstant("2027-02-21T22:59:00Z")).toBe("21 فبراير 2027، 11:59 م");
    expect(seen(exactInstant("2027-07-01T10:00:00Z"))).toBe(
      "الخميس، 1 يوليو 2027 في 12:00 م، توقيت وسط أوروبا (غرينتش+2)",
    );
    // Day and zone stand in the order of Arabic wherever the instant is filled in.
    expect(say("expiry_at", { instant: exactInstant("2027-07-01T10:00:00Z") })).toMatch(/^\u2067\u2067.*\u2069\.$/);
    expect(relativeInstant("2026-11-23T08:56:00Z", now)).toBe("قبل 4 دقائق");
    expect([duration(1), duration(2), duration(7), duration(90), duration(300)]).toEqual([
      "ثانية واحدة",
      "ثانيتين",
      "7 ثوانٍ",
      "90 ثانية",
      "5 دقائق",
    ]);
  });

  test("digits are those of the place, and the calendar is the server's", async () => {
    await speak("ar", "ar-EG");
    expect(shortInstant("2027-02-21T22:59:00Z")).toBe("٢١ فبراير ٢٠٢٧، ١١:٥٩ م");
    await speak("ar", "ar-SA-u-ca-islamic-umalqura");
    expect(shortInstant("2027-02-21T22:59:00Z")).toContain("فبراير");
  });
});
