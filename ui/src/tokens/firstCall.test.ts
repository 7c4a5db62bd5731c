// The wait for the first call of a token that was handed over, in the one-time step.
import { fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { announced, createOne, dialog, noDialog, type Bench } from "../fixtures/bench";

const text = () => screen.getByRole("dialog").textContent?.replace(/\s+/g, " ") ?? "";
const asked = (bench: Bench) => bench.nms.called("list_token_events").length;
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

/** Hands the token over; from then on time passes only as told. */
async function handOver(bench: Bench, button = "Copy token"): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await fireEvent.click(screen.getByRole("button", { name: button }));
  await pass(1);
  expect(text()).toContain("Waiting for its first call");
  expect(asked(bench)).toBe(1);
}

afterEach(() => vi.useRealTimers());

test("the first call is waited for after the hand-over only, told once, and no longer asked for", async () => {
  const bench = await createOne();
  expect((await dialog()).textContent).not.toContain("Waiting for its first call");
  expect(asked(bench)).toBe(0);
  await handOver(bench);
  bench.nms.refuseToken({ reason: "permission-missing", permission: "devices:write", address: "10.2.0.31" });
  await pass(3);
  expect(text()).toContain("devices:write was missing");
  expect(announced()).toContain("A call was refused: devices:write was missing.");
  bench.nms.useToken({ agent: "Telegraf/1.30", permission: "metrics:read", address: "10.2.0.7" });
  await pass(3);
  expect(text()).toContain("It works: it was used for the first time.");
  expect(announced()).toContain("It works: it was used for the first time.");
  expect(text()).toContain("from 10.2.0.7 · Telegraf/1.30 · needs metrics:read");
  const before = asked(bench);
  await pass(60);
  expect(asked(bench)).toBe(before);
});

test("nobody is asked after the dialog has gone, nor faster than every two seconds", async () => {
  const bench = await createOne();
  await handOver(bench);
  await pass(0.9);
  expect(asked(bench)).toBe(1);
  await pass(1);
  expect(asked(bench)).toBe(2);
  vi.useRealTimers();
  await bench.press("Done");
  await noDialog();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await pass(60);
  expect(asked(bench)).toBe(2);
});

test("an NMS that does not answer meanwhile is asked again", async () => {
  const bench = await createOne((nms) => nms.failNext("list_token_events", { kind: "unreachable", reason: "refused" }));
  await handOver(bench, "Save to a file…");
  bench.nms.useToken({ agent: null, permission: null, address: "10.2.0.7" });
  await pass(3);
  expect(text()).toContain("It works: it was used for the first time.");
});

test("when no call comes for a while, it says how the value can be tested", async () => {
  const bench = await createOne();
  await handOver(bench);
  await pass(28);
  expect(text()).toContain("Waiting for its first call");
  await pass(2);
  expect(text()).toMatch(/Nothing yet\..*choose “Test a token”\./);
  expect(announced()).toMatch(/^Nothing yet/);
  bench.nms.useToken({ agent: "curl/8.9", permission: "metrics:read", address: "10.2.0.7" });
  await pass(3);
  expect(text()).toContain("It works: it was used for the first time.");
});
