// The texts that put a token to use, and the wait for its first call: in the one-time step and in the details.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { announced, button, createOne, dialog, noDialog, startApp, type Bench } from "../../fixtures/bench";

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

test("the first call is waited for after the hand-over only, told once, and no longer asked for", async () => {
  const bench = await createOne();
  expect(await text()).not.toContain("Waiting for its first call");
  expect(calls(bench, "list_token_events")).toEqual([]);
  await bench.press("Copy token");
  await screen.findByText(/^Waiting for its first call/);
  bench.nms.refuseToken({ reason: "permission-missing", permission: "devices:write", address: "10.2.0.31" });
  await screen.findByText(/devices:write was not granted/);
  await waitFor(() => expect(announced()).toContain("A call was refused: devices:write was not granted."));
  bench.nms.useToken({ agent: "Telegraf/1.30", permission: "metrics:read", address: "10.2.0.7" });
  await screen.findByText("It works: it was used for the first time.");
  await waitFor(() => expect(announced()).toContain("It works: it was used for the first time."));
  expect(await text()).toContain("from 10.2.0.7 · Telegraf/1.30 · needs metrics:read");
  const asked = calls(bench, "list_token_events").length;
  await new Promise((resolve) => setTimeout(resolve, 2_700));
  expect(calls(bench, "list_token_events").length).toBe(asked);
}, 20_000);

test("nobody is asked after the dialog has gone, nor faster than every two seconds", async () => {
  const bench = await createOne();
  bench.nms.refuseToken({ reason: "paused", address: "10.2.0.31" });
  await bench.press("Copy token");
  await screen.findByText(/A call was refused: while it was paused/);
  await new Promise((resolve) => setTimeout(resolve, 1_900));
  expect(calls(bench, "list_token_events").length).toBe(1);
  await waitFor(() => expect(calls(bench, "list_token_events").length).toBe(2));
  await bench.press("Done");
  await noDialog();
  await new Promise((resolve) => setTimeout(resolve, 2_700));
  expect(calls(bench, "list_token_events").length).toBe(2);
}, 20_000);

test("an NMS that does not answer meanwhile is asked again", async () => {
  const bench = await createOne((nms) => nms.failNext("list_token_events", { kind: "unreachable", reason: "refused" }));
  await bench.press("Save to a file…");
  await screen.findByText(/^Waiting for its first call/);
  bench.nms.useToken({ agent: null, permission: null, address: "10.2.0.7" });
  await screen.findByText("It works: it was used for the first time.");
}, 20_000);

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
