// The texts that put a token to use: in the one-time step and in the details.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { announced, button, createOne, dialog, startApp, type Bench } from "../../fixtures/bench";

const shown = () => document.querySelector("pre")?.textContent ?? "";
const text = async () => (await dialog()).textContent?.replace(/\s+/g, " ") ?? "";
const calls = (bench: Bench, command: string) => bench.nms.called(command);

test("curl asks until the token is saved, then reads that file, and waits for the clipboard", async () => {
  const bench = await createOne();
  await bench.press("Use this token");
  await screen.findByText(/it asks for it, without showing what you paste/);
  await bench.press("Copy for curl");
  await waitFor(() => expect(announced()).toBe("The text for curl is on the clipboard."));
  await bench.press("Save to a file…");
  await screen.findByText(/it reads the file in which the token was saved/);
  expect(shown()).toContain("/home/mk/nms-token");
  await bench.press("Copy token");
  await waitFor(async () => expect((await button("Copy for curl")).getAttribute("aria-disabled")).toBe("true"));
  await bench.press("Copy for curl");
  const handle = bench.nms.tokens.length;
  expect(calls(bench, "copy_snippet")).toEqual([{ form: "curl", wanted: { handle, name: "poller-03" } }]);
  expect(
    screen.getAllByText("The clipboard still holds the token; this text would push it out.").length,
  ).toBeGreaterThan(0);
});

test("a file that is still to be saved is a placeholder", async () => {
  const bench = await createOne();
  await bench.press("Use this token");
  await bench.press("Python", "radio");
  await screen.findByText(/Save the token to a file, and its path stands here in place of/);
  expect(shown()).toContain("/path/to/nms-token");
});

test("what carries the token is filled in by Rust, and is then the one copy", async () => {
  const bench = await createOne();
  await bench.press("Use this token");
  await bench.press("Environment file", "radio");
  expect(shown()).toContain("PNMS_TOKEN=PUT_THE_TOKEN_HERE");
  await bench.press("Copy for Environment file, with the token");
  await waitFor(() => expect(announced()).toBe("Copied and checked."));
  const [copied] = calls(bench, "copy_filled_snippet");
  expect(copied).toMatchObject({ form: "environment", wanted: { name: "poller-03" } });
  await button("Copied");
  expect(screen.queryByRole("button", { name: /with the token$/ })).toBeNull();
  await screen.findByText(/Nobody can show it again: take it from where you keep it/);
});

test("a filled copy that fails loses nothing", async () => {
  const bench = await createOne((nms) =>
    nms.failNext("copy_filled_snippet", { kind: "copy_failed", reason: "does_not_fit" }),
  );
  await bench.press("Use this token");
  await bench.press("Kubernetes Secret", "radio");
  await bench.press("Copy for Kubernetes Secret, with the token");
  await screen.findByText("The value does not fit into this text. Copy the token alone.");
  await bench.press("Copy token");
  await waitFor(async () => expect(await text()).toContain("Copied and checked."));
});

test("a token that may not read the figures is not promised to collectors", async () => {
  const bench = await startApp();
  await bench.press("config backup, details");
  await bench.press("Use this token");
  await bench.press("Prometheus", "radio");
  await screen.findByText(/This token lacks/);
  await bench.press("curl", "radio");
  await waitFor(() => expect(screen.queryByText(/This token lacks/)).toBeNull());
});

test("in the details no text holds a token, and none offers to fill one in", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Use this token");
  await bench.press("Environment file", "radio");
  await bench.press("Copy for Environment file");
  await waitFor(() => expect(announced()).toBe("The text for Environment file is on the clipboard."));
  expect(calls(bench, "copy_snippet")).toEqual([
    { form: "environment", wanted: { handle: null, name: "collector-berlin-02" } },
  ]);
  bench.nms.failNext("copy_snippet", { kind: "clipboard_holds_token" });
  await bench.press("Copy for Environment file");
  await screen.findByRole("alert");
});

test("a look at the list leaves the texts in the details as they are", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Use this token");
  await waitFor(() => expect(shown()).toContain("curl"));
  const before = document.querySelector("pre");
  const looks = calls(bench, "list_tokens").length;
  // The same once more, as it comes over the bridge.
  bench.nms.tokens = structuredClone(bench.nms.tokens);
  await fireEvent.focus(window);
  await waitFor(() => expect(calls(bench, "list_tokens").length).toBe(looks + 1));
  await waitFor(() => expect(calls(bench, "list_uses").length).toBeGreaterThan(1));
  expect(calls(bench, "describe_snippets").length).toBe(1);
  expect(document.querySelector("pre")).toBe(before);
});
