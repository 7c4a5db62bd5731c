// The picture of time: every expiry of the next twelve months, what lapses together, and what lapses when nobody is there.
import { screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { expectAccessible, names, row, startApp } from "../../fixtures/bench";
import { NOW } from "../../fixtures/setup";
import { aToken } from "../../fixtures/tokens";
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
  expect(together.textContent).toContain("first and second");
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
  ["2026-11-25T23:59:59+01:00", "work"],
  ["2026-11-28T12:00:00+01:00", "weekend"],
  ["2026-11-29T23:59:59+01:00", "weekend"],
  // Sunday in UTC already ends while it is Monday in Berlin.
  ["2026-11-29T23:30:00Z", "night"],
] as const)("%s is %s where the person is", (at, hour) => {
  expect(hourOf(Date.parse(at))).toBe(hour);
});

test("days are those of the person's zone, and the worst hour of a day counts", () => {
  const token = (expires_at: string) => aToken(NOW.getTime(), { expires_at });
  const lapses = lapsesOf(
    [token("2026-12-01T23:30:00Z"), token("2026-12-02T11:00:00Z"), token("2030-01-01T00:00:00Z")],
    NOW.getTime(),
  );
  expect(lapses.map(({ day, hour, tokens }) => [day, hour, tokens.length])).toEqual([["2026-12-02", "night", 2]]);
});

test("twelve months lie on the strip, and its end is a year ahead", () => {
  const months = monthsOf(NOW.getTime());
  expect(months.length).toBe(12);
  expect(months.every(({ place }) => place > 0 && place <= 1)).toBe(true);
  expect(placeOf(NOW.getTime() + 366 * 86_400_000, NOW.getTime())).toBeGreaterThan(0.99);
});
