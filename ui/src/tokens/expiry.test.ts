// Days and the instants that they mean: in zones that change their clocks, in leap years, and at the server's limit.
import { afterAll, describe, expect, test } from "vitest";
import { dayOf, endOf, instantOf, quickChoices, YEAR, type ExpiryChoice } from "./expiry";

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Kiritimati"];
const before = process.env["TZ"];
afterAll(() => {
  process.env["TZ"] = before;
});

const far = Date.parse("2100-01-01T00:00:00Z");

function check(zone: string, now: string, choice: ExpiryChoice, expected: string, latest = far): void {
  process.env["TZ"] = zone;
  expect(new Date(instantOf(choice, Date.parse(now), latest)).toISOString()).toBe(expected);
}

const days = (count: number): ExpiryChoice => ({ kind: "days", days: count });
const on = (year: number, month: number, day: number): ExpiryChoice => ({ kind: "on", day: { year, month, day } });

describe("a day means its end where the person is", () => {
  test("in winter and over the change of clocks", () => {
    check("Europe/Berlin", "2026-11-23T09:00:00Z", days(90), "2027-02-21T22:59:59.000Z");
    // 28 March 2027: the clocks go forward; the end of the day is in summer time.
    check("Europe/Berlin", "2027-03-21T09:00:00Z", days(7), "2027-03-28T21:59:59.000Z");
    check("Europe/Berlin", "2026-10-18T09:00:00Z", days(7), "2026-10-25T22:59:59.000Z");
    check("America/New_York", "2026-11-23T09:00:00Z", days(7), "2026-12-01T04:59:59.000Z");
    check("Asia/Kathmandu", "2026-11-23T09:00:00Z", on(2026, 12, 1), "2026-12-01T18:14:59.000Z");
  });

  test("where midnight is skipped, the day still ends before the next begins", () => {
    // Cairo goes forward at 00:00 on Friday 30 April 2027: that Friday begins at 01:00.
    check("Africa/Cairo", "2027-04-20T09:00:00Z", on(2027, 4, 29), "2027-04-29T21:59:59.000Z");
    // And back at 24:00 on Thursday 28 October 2027: that day has 25 hours.
    check("Africa/Cairo", "2027-10-20T09:00:00Z", on(2027, 10, 28), "2027-10-28T21:59:59.000Z");
  });

  test("late in the evening, when elsewhere it is tomorrow already", () => {
    check("America/New_York", "2026-11-24T03:00:00Z", days(7), "2026-12-01T04:59:59.000Z");
    check("Pacific/Kiritimati", "2026-11-23T11:00:00Z", days(7), "2026-12-01T09:59:59.000Z");
  });
});

describe("a year", () => {
  test("is the same day of the next year", () => {
    check("Europe/Berlin", "2026-11-23T09:00:00Z", days(YEAR), "2027-11-23T22:59:59.000Z");
  });

  test("from 29 February ends on 28 February", () => {
    check("Europe/Berlin", "2028-02-29T09:00:00Z", days(YEAR), "2029-02-28T22:59:59.000Z");
  });

  test("to a leap year keeps its day", () => {
    check("Europe/Berlin", "2027-02-28T09:00:00Z", days(YEAR), "2028-02-28T22:59:59.000Z");
  });
});

describe("the server's limit", () => {
  test("holds where it is earlier than the end of the day", () => {
    const latest = "2027-11-23T09:00:00.000Z";
    check("Europe/Berlin", "2026-11-23T09:00:00Z", days(YEAR), latest, Date.parse(latest));
    check("Europe/Berlin", "2026-11-23T09:00:00Z", days(180), "2027-05-22T21:59:59.000Z", Date.parse(latest));
  });

  test("offers only the quick choices whose day begins before it", () => {
    process.env["TZ"] = "Europe/Berlin";
    const now = Date.parse("2026-11-23T09:00:00Z");
    expect(quickChoices(now, Date.parse("2027-11-23T09:00:00Z"))).toEqual([7, 30, 60, 90, 180, YEAR]);
    expect(quickChoices(now, Date.parse("2027-02-23T09:00:00Z"))).toEqual([7, 30, 60, 90]);
    expect(quickChoices(now, Date.parse("2026-11-25T09:00:00Z"))).toEqual([]);
  });
});

test("what is kept stays as it is, to the microsecond's end", () => {
  check("UTC", "2026-11-23T09:00:00Z", { kind: "keep", at: "2026-12-02T17:00:00Z" }, "2026-12-02T17:00:00.000Z");
});

test.each(ZONES)("in %s every day of four years ends one second before the next begins", (zone) => {
  process.env["TZ"] = zone;
  for (let at = Date.UTC(2026, 0, 1, 12); at < Date.UTC(2030, 0, 1); at += 86_400_000) {
    const end = endOf(dayOf(at));
    expect(dayOf(end)).toEqual(dayOf(at));
    expect(dayOf(end + 1000)).not.toEqual(dayOf(at));
  }
});
