// The picture of time: every expiry of the next twelve months, what lapses together, and what lapses when nobody is there.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { expectAccessible, names, row, startApp } from "../../fixtures/bench";
import { NOW } from "../../fixtures/setup";
import { aToken } from "../../fixtures/tokens";
import { BASE, barsOf, WIDTH } from "./bars";
import { hourOf, lapsesOf, monthsOf, placeOf } from "./lapses";

const region = () => screen.findByRole("region", { name: "What lapses in the next 12 months" });

test("a strip and a table tell the same, and a choice in it is a choice in the list", async () => {
  const day = "2026-12-05T13:00:00+01:00";
  const { press, user } = await startApp((nms) => {
    nms.tokens = [
      aToken(nms.now, { name: "first", expires_at: day }),
      aToken(nms.now, { name: "second", expires_at: day }),
      aToken(nms.now, { name: "third", expires_at: "2027-03-10T12:00:00+01:00" }),
      aToken(nms.now, { name: "lapsed", expires_at: "2026-11-01T12:00:00+01:00", state: "expired" }),
    ];
  });
  await row("first");
  await press("Timeline");
  const strip = within(await region());
  await strip.findByRole("img", { name: "3 expiries in the next 12 months, the most on one day: 2" });
  await press("As a table");
  const together = strip.getByText("5 Dec 2026").closest("tr") as HTMLElement;
  expect(together.textContent).toContain("on a weekend");
  expect(together.textContent).toContain("first · 13:00 · on a weekend");
  expect(together.textContent).toContain("second · 13:00 · on a weekend");
  for (const word of ["Today", "Latest allowed", "Lapses at night or on a weekend"]) strip.getByText(word);
  expect((strip.getByText("10 Mar 2027").closest("tr") as HTMLElement).textContent).toContain("in working hours");
  await expectAccessible(await region());
  await user.click(within(together).getByRole("button", { name: "Select 2 tokens" }));
  await screen.findByRole("group", { name: "2 selected" });
  expect((await names()).length).toBe(4);
  await press("Timeline");
  expect(screen.queryByRole("region", { name: /lapses/ })).toBeNull();
});

test.each([
  ["2026-11-25T12:00:00+01:00", "work"],
  ["2026-11-25T02:00:00+01:00", "night"],
  ["2026-11-25T22:30:00+01:00", "night"],
  // The end of a day that was picked as a day.
  ["2026-11-25T23:59:59+01:00", "end"],
  ["2026-11-28T12:00:00+01:00", "weekend"],
  ["2026-11-29T23:59:59+01:00", "weekend"],
  // Sunday in UTC already ends while it is Monday in Berlin.
  ["2026-11-29T23:30:00Z", "night"],
] as const)("%s is %s where the person is", (at, hour) => {
  expect(hourOf(Date.parse(at))).toBe(hour);
});

const token = (expires_at: string) => aToken(NOW.getTime(), { expires_at });
const DAY = 86_400_000;
/** So many tokens on each of so many days from tomorrow on, at noon. */
const many = (days: number, each = 1) =>
  Array.from({ length: days * each }, (_, at) =>
    token(new Date(NOW.getTime() + ((at % days) + 1) * DAY + 2 * 3_600_000).toISOString()),
  );

test("days are those of the person's zone", () => {
  const { by, all } = lapsesOf(
    [token("2026-12-01T23:30:00Z"), token("2026-12-02T11:00:00Z"), token("2030-01-01T00:00:00Z")],
    NOW.getTime(),
  );
  expect(by).toBe("day");
  expect(all.map(({ at, tokens }) => [new Date(at).toDateString(), tokens.length])).toEqual([["Wed Dec 02 2026", 2]]);
});

test("of a day each token has its own hour, and so has each part of its bar", async () => {
  const { press } = await startApp((nms) => {
    nms.tokens = [
      aToken(nms.now, { name: "by day", expires_at: "2026-12-02T14:00:00+01:00" }),
      aToken(nms.now, { name: "by night", expires_at: "2026-12-02T23:10:00+01:00" }),
      aToken(nms.now, { name: "chosen day", expires_at: "2026-12-02T23:59:59+01:00" }),
    ];
  });
  await press("Timeline");
  await press("As a table");
  const line = within(await region())
    .getByText("2 Dec 2026")
    .closest("tr") as HTMLElement;
  expect(line.textContent).toContain("1 in working hours, 1 at the end of the day and 1 at night");
  expect(line.textContent).toContain("by day · 14:00 · in working hours");
  expect(line.textContent).toContain("by night · 23:10 · at night");
  expect(line.textContent).toContain("chosen day · 23:59 · at the end of the day");
  const [bar] = barsOf(
    lapsesOf([token("2026-12-02T14:00:00+01:00"), token("2026-12-02T23:10:00+01:00")], NOW.getTime()).all,
  );
  expect((bar?.off ?? 0) / (bar?.height ?? 1)).toBeCloseTo(0.5);
});

test("many days are gathered by weeks, each named by its Monday", async () => {
  expect(lapsesOf(many(40), NOW.getTime()).by).toBe("day");
  const { by, all } = lapsesOf(many(360, 3), NOW.getTime());
  expect(by).toBe("week");
  expect(all.length).toBeLessThanOrEqual(53);
  expect(new Date(all[1]?.at ?? 0).getDay()).toBe(1);
  const { press } = await startApp((nms) => void (nms.tokens = many(60)));
  await press("Timeline");
  const strip = within(await region());
  await strip.findByRole("img", { name: "60 expiries in the next 12 months, the most in one week: 7" });
  await press("As a table");
  strip.getByText("week of 30 Nov 2026");
});

test.each([
  ["adjacent days", many(40)],
  ["weeks", many(360, 28)],
  ["one", many(1)],
])("%s: what is pressed is what is under the pointer, and nothing is cut off", (_, tokens) => {
  const bars = barsOf(lapsesOf(tokens, NOW.getTime()).all);
  bars.forEach((bar, place) => {
    const next = bars[place + 1];
    // Its own stretch is its own, and no other's.
    expect(bar.left).toBeLessThanOrEqual(bar.lapse.from * WIDTH + 1e-6);
    expect(bar.right).toBeGreaterThanOrEqual(Math.min(bar.lapse.until, 1) * WIDTH - 1e-6);
    if (next) expect(bar.right).toBeLessThanOrEqual(next.left + 1e-6);
    expect(BASE - bar.height).toBeGreaterThanOrEqual(14);
  });
  const numbers = bars.filter((bar) => bar.hasNumber);
  numbers.slice(1).forEach(({ numberAt, lapse }, place) => {
    const before = numbers[place]?.numberAt ?? 0;
    expect(numberAt - before).toBeGreaterThanOrEqual(String(lapse.tokens.length).length * 6);
  });
});

test("a press selects, one as many; through a filter too", async () => {
  const { nms, press, user } = await startApp((fake) => {
    fake.tokens = [
      aToken(fake.now, { name: "lone", expires_at: "2027-03-10T12:00:00+01:00" }),
      aToken(fake.now, { name: "paused one", state: "paused", expires_at: "2026-12-10T12:00:00+01:00" }),
      aToken(fake.now, { name: "other", expires_at: "2026-12-10T15:00:00+01:00" }),
    ];
  });
  await press("Timeline");
  const bars = () => (document.querySelector("section svg")?.querySelectorAll("g") ?? []) as ArrayLike<SVGGElement>;
  await waitFor(() => expect(bars().length).toBe(2));
  await user.click(bars()[1] as Element);
  await screen.findByRole("group", { name: "1 selected" });
  expect(screen.queryByRole("complementary")).toBeNull();
  await press("Filter");
  await press("Paused, 1 token", "checkbox");
  await waitFor(async () => expect(await names()).toEqual(["paused one"]));
  await user.keyboard("{Escape}");
  // As a server that takes its time.
  const release = nms.hold("list_tokens");
  await user.click(bars()[0] as Element);
  release();
  await screen.findByRole("group", { name: "2 selected" });
  expect((await names()).length).toBe(3);
});

test("twelve months lie on the strip, and its end is a year ahead", () => {
  const months = monthsOf(NOW.getTime());
  expect(months.length).toBe(12);
  expect(months.every(({ place }) => place > 0 && place <= 1)).toBe(true);
  expect(placeOf(NOW.getTime() + 366 * 86_400_000, NOW.getTime())).toBeGreaterThan(0.99);
});

test("an old value lapses when it ends, not when it would expire", () => {
  const ends_at = new Date(NOW.getTime() + 3 * 3_600_000).toISOString();
  const old = aToken(NOW.getTime(), { expires_at: "2027-01-27T12:00:00+01:00", replaced_by: "young", ends_at });
  expect(lapsesOf([old], NOW.getTime()).all.map(({ at }) => new Date(at).toDateString())).toEqual([NOW.toDateString()]);
});

test("where bars stand close to each other the highest have their numbers", () => {
  const on = (day: number, count: number) =>
    Array.from({ length: count }, () =>
      aToken(NOW.getTime(), { expires_at: `2026-12-${String(day).padStart(2, "0")}T12:00:00Z` }),
    );
  const { all } = lapsesOf([...on(7, 9), ...on(8, 4), ...on(9, 8), ...on(20, 2)], NOW.getTime());
  const numbered = barsOf(all, 600).filter((bar) => bar.hasNumber);
  expect(numbered.map(({ lapse }) => lapse.tokens.length)).toContain(9);
  expect(numbered.map(({ lapse }) => lapse.tokens.length)).toContain(2);
});
