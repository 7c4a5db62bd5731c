// The server's time over a clock of this computer that somebody sets, and over a sleep.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startApp } from "../fixtures/bench";
import { clock } from "./clock.svelte";

const HOUR = 3_600_000;
let steady = 1_000;
let calendar = Date.parse("2026-11-23T10:00:00Z");

/** Time goes on; the calendar may be set besides. */
function pass(ms: number, set = 0): void {
  steady += ms;
  calendar += ms + set;
}

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => steady);
  vi.spyOn(Date, "now").mockImplementation(() => calendar);
  clock.setAhead(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("the server's time goes on, by whatever this computer's clock is wrong", () => {
  clock.setAhead(90);
  const then = clock.exactly();
  expect(then).toBe(calendar - 90_000);
  pass(HOUR);
  expect(clock.exactly()).toBe(then + HOUR);
});

test("a clock that is set back does not take the server's time back", () => {
  clock.setAhead(0);
  const then = clock.exactly();
  pass(60_000, -48 * HOUR);
  clock.tick();
  expect(clock.now).toBe(then + 60_000);
});

test("a clock that leaps ahead is believed: the computer may have slept", () => {
  clock.setAhead(0);
  const then = clock.exactly();
  pass(1_000, 9 * HOUR);
  expect(clock.exactly()).toBe(then + 9 * HOUR + 1_000);
});

test("after a jump, back or ahead, the server is asked anew, and after a drift it is not", async () => {
  const { nms } = await startApp();
  const asked = () => nms.called("describe_session").length;
  await vi.waitFor(() => expect(asked()).toBe(1));
  for (const set of [-HOUR, HOUR]) {
    const before = asked();
    pass(HOUR, 2_000);
    clock.tick();
    expect(asked()).toBe(before);
    pass(1_000, set);
    clock.tick();
    expect(asked()).toBe(before + 1);
    // What it says is what counts from then on.
    await vi.waitFor(() => {
      const asking = asked();
      clock.tick();
      expect(asked()).toBe(asking);
    });
    expect(clock.exactly()).toBe(calendar);
  }
});
