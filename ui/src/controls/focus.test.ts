// What had the focus goes by itself, and somebody near it has it then: never the window as a whole.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { createOne, names, noDialog, startApp, type Bench } from "../fixtures/bench";
import type { FakeNms } from "../fixtures/nms";
import { aToken } from "../fixtures/tokens";

const isFocused = (of: () => Element | null) => waitFor(() => expect(document.activeElement).toBe(of()));
const heading = () => screen.getByRole("heading", { name: "API tokens" });
const named = (count: number) => (nms: FakeNms) => {
  nms.tokens = Array.from({ length: count }, (_, place) => aToken(nms.now, { name: `token ${String(place)}` }));
};

async function press(bench: Bench, name: string): Promise<void> {
  (await screen.findByRole("button", { name })).focus();
  await bench.user.keyboard("{Enter}");
}

test("the clipboard is emptied, and its notice goes", async () => {
  const bench = await createOne();
  await bench.press("Copy token");
  await bench.press("Done");
  await noDialog();
  // The dialog looks after the focus once more when it has gone.
  await new Promise((done) => setTimeout(done));
  await press(bench, "Empty now");
  await waitFor(() => expect(screen.queryByText(/clipboard still holds/)).toBeNull());
  await isFocused(heading);
});

test("the NMS answers again, and the notice that it did not goes", async () => {
  const bench = await startApp();
  await screen.findByRole("table");
  bench.nms.failAlways("list_tokens", { kind: "unreachable", reason: "refused" });
  window.dispatchEvent(new Event("focus"));
  await screen.findByText("The NMS cannot be reached.");
  bench.nms.answer("list_tokens", null);
  await press(bench, "Retry");
  await waitFor(() => expect(screen.queryByText("The NMS cannot be reached.")).toBeNull());
  await isFocused(heading);
});

test("the last rows are there, and the button for more goes", async () => {
  const bench = await startApp(named(60));
  await press(bench, "Show more");
  await waitFor(async () => expect((await names()).length).toBe(60));
  await isFocused(() => document.querySelector('[data-place="50"] .which button'));
});

test("everything that fits is chosen, and the button for that goes", async () => {
  const bench = await startApp(named(60));
  await bench.press("Select all that are shown", "checkbox");
  await press(bench, "Select everything that fits");
  await screen.findByRole("group", { name: "60 selected" });
  await isFocused(() => document.querySelector("[role=columnheader] input"));
});

test("a rotated token has ended: the one that took its place has the focus, not its neighbour", async () => {
  const bench = await startApp(named(5));
  const old = bench.nms.tokens.find((one) => one.name === "token 2");
  (await screen.findByRole("button", { name: "token 2, details" })).focus();
  const young = aToken(bench.nms.now, { name: "token 2", replaces: old?.id ?? null });
  bench.nms.tokens = [young, ...bench.nms.tokens.filter((one) => one !== old)];
  await bench.nms.tell("tokens_changed", null);
  await isFocused(() => document.querySelector(`[data-token="${young.id}"] .which button`));
});
