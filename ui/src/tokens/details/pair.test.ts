// Who has moved to a new value: only what is known is called moved.
import { screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { rotateFirst } from "../../fixtures/rotated";
import { startApp } from "../../fixtures/bench";
import { NOW } from "../../fixtures/setup";
import type { Event } from "../../ipc/generated/Event";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { pairOf } from "./pair";

const now = NOW.getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (ago: number) => new Date(now - ago).toISOString();
const use = (ago: number, own: Partial<UseRecord> = {}): UseRecord => {
  return {
    day: at(ago).slice(0, 10),
    address: "10.2.0.7",
    agent: "x",
    permission: null,
    count: 3,
    last_at: at(ago),
    ...own,
  };
};
const first = (ago: number, own: Partial<Event> = {}): Event => {
  return { id: "1", token_id: "t", at: at(ago), kind: "first_used", actor: { kind: "token" }, ...own };
};

test.each([
  ["an old call a second before the only new one", use(10_000), [use(9_000, { count: 1 })], [first(9_000)], false],
  ["the same, and another new call since", use(10_000), [use(5_000, { count: 2 })], [first(9_000)], true],
  ["the same, and a quarter of an hour of silence", use(15 * MINUTE), [use(14 * MINUTE, { count: 1 })], [], true],
  ["old calls after the first new one", use(5 * MINUTE), [use(MINUTE)], [first(HOUR)], false],
  ["that, however long ago", use(5 * HOUR), [use(MINUTE)], [first(6 * HOUR)], false],
  ["nothing is known of the first new call", use(5 * MINUTE), [use(MINUTE)], [], false],
  ["new calls since yesterday, old ones before", use(40 * HOUR), [use(11 * HOUR), use(MINUTE)], [], true],
  ["new calls before the last old one", use(2 * HOUR), [use(30 * HOUR), use(MINUTE)], [], false],
  [
    "it came first from its address, later than others",
    use(HOUR),
    [use(MINUTE)],
    [first(9 * HOUR), first(30 * MINUTE, { kind: "new_source", address: "10.2.0.7" })],
    true,
  ],
  ["another program", use(2 * HOUR), [use(MINUTE, { agent: "y" })], [first(HOUR)], false],
  [
    "addresses that are not told apart",
    use(2 * HOUR, { address: null }),
    [use(MINUTE, { address: null })],
    [first(HOUR)],
    false,
  ],
] as const)("%s: has moved %#", (_, old, young, events, hasMoved) => {
  expect(pairOf([old], young, events, now).hasAllMoved).toBe(hasMoved);
});

test("who came never is no reason to end the old value", () => {
  expect(pairOf([], [use(MINUTE)], [], now).hasAllMoved).toBe(false);
});

test("while it is not known, it says when the old value was used last, and names who uses the new one", async () => {
  await startApp((nms) => rotateFirst(nms, ["Telegraf/1.30"], "just now"));
  const [details] = await screen.findAllByRole("button", { name: "collector-berlin-02, details" });
  details?.click();
  const pane = within(await screen.findByRole("complementary"));
  await pane.findByText("The last call with the old value was 4 minutes ago.");
  expect(pane.getByText("2 callers may still use the old value:")).toBeTruthy();
  const moved = pane.getByText("1 caller uses the new value:");
  expect(within(moved.nextElementSibling as HTMLElement).getByText("Telegraf/1.30")).toBeTruthy();
  expect(pane.queryByText(/All callers have moved/)).toBeNull();
});
