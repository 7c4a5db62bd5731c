// Finding and reviewing many tokens: filters that combine, rows that are chosen, and what is done to many at once.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import {
  alertDialog,
  announced,
  expectAccessible,
  names,
  noDialog,
  row,
  startApp,
  type Bench,
} from "../fixtures/bench";
import type { Wrong } from "../fixtures/nms";
import { countsOf } from "../fixtures/review";
import { anEvent } from "../fixtures/stopped";
import { aToken } from "../fixtures/tokens";
import type { Token } from "../ipc/generated/Token";
import type { TokenQuery } from "../ipc/generated/TokenQuery";

const lastQuery = (bench: Bench) => bench.nms.called("list_tokens").at(-1)?.["query"] as TokenQuery;
const choose = async (bench: Bench, ...wanted: string[]) => {
  for (const name of wanted) await bench.press(`Select ${name}`, "checkbox");
};

const askToDelete = async (bench: Bench, ...wanted: string[]) => {
  await choose(bench, ...wanted);
  await bench.press("Delete…");
  return alertDialog();
};

test("filters combine, tell how many they leave, and go one by one or all at once", async () => {
  const bench = await startApp();
  await bench.press("Filter");
  const popover = within(await screen.findByRole("dialog", { name: "Show only tokens that fit all of these" }));
  await bench.user.click(popover.getByRole("checkbox", { name: "Can write, 5 tokens" }));
  await bench.user.click(popover.getByRole("checkbox", { name: "Lost permissions, 1 token" }));
  await waitFor(async () => expect(await names()).toEqual(["on-call bot"]));
  expect(lastQuery(bench)).toMatchObject({ risk: "write", lost: true });
  // Risks hold together; a token has one state: the later takes the place of the earlier.
  await bench.user.click(popover.getByRole("checkbox", { name: "Can administer, 1 token" }));
  await waitFor(() => expect(lastQuery(bench)).toMatchObject({ risk: "write,admin", lost: true }));
  await bench.user.click(popover.getByRole("checkbox", { name: "Can write, 5 tokens" }));
  await waitFor(() => expect(lastQuery(bench)).toMatchObject({ risk: "admin", lost: true }));
  for (const [state, name] of [
    ["paused", /^Paused,/],
    ["active", /^Active,/],
  ] as const) {
    await bench.user.click(popover.getByRole("checkbox", { name }));
    await waitFor(() => expect(lastQuery(bench).state).toBe(state));
  }
  await bench.user.click(popover.getByRole("checkbox", { name: /^Active,/ }));
  await expectAccessible(screen.getByRole("dialog"));
  await bench.user.keyboard("{Escape}");

  await bench.press("Remove the filter Lost permissions");
  await waitFor(async () => expect(await names()).toEqual(["test from laptop"]));
  expect(screen.getByRole("button", { name: "Filter, 1 on" })).toBeTruthy();
  await bench.press("All 7");
  await waitFor(async () => expect((await names()).length).toBe(7));
});

test("each quick filter asks for what it says", async () => {
  const bench = await startApp();
  await bench.press("Expiring 2");
  await waitFor(async () => expect(await names()).toEqual(["collector-berlin-02", "pnms_pat_Hh30vvLc…2mQx"]));
  expect(lastQuery(bench).expires_within_days).toBe(14);
  await bench.press("Never used 2");
  await waitFor(async () => expect(await names()).toEqual(["pnms_pat_Hh30vvLc…2mQx"]));
  expect(lastQuery(bench)).toMatchObject({ expires_within_days: 14, never_used: true });
});

test("many are deleted after one question that lists them; each has its result, and a failure can be tried again", async () => {
  const bench = await startApp();
  await choose(bench, "config backup", "test from laptop", "collector-wien-01");
  expect(screen.getByRole("group", { name: "3 selected" })).toBeTruthy();
  await bench.press("Delete…");
  const question = await alertDialog();
  expect(question.textContent).toContain("Delete 3 tokens?");
  expect(question.textContent).toContain("1 of them was used in the last 30 days: what uses it will stop.");
  expect(
    within(question)
      .getAllByRole("listitem")
      .map((one) => one.querySelector("bdi")?.textContent),
  ).toEqual(["config backup", "test from laptop", "collector-wien-01"]);
  expect(document.activeElement?.textContent?.trim()).toBe("Cancel");
  await expectAccessible(question);

  bench.nms.failNext("delete_token", { kind: "rate_limited", retry_after_s: 1 });
  await bench.press("Delete 3 tokens");
  await waitFor(() => expect(question.textContent).toContain("2 tokens done. 1 failed."));
  await waitFor(() => expect(announced()).toContain("2 tokens done. 1 failed."));
  await bench.press("Try 1 again");
  await waitFor(() => expect(question.textContent).toContain("3 tokens done."));
  await bench.press("Done");
  await noDialog();
  await waitFor(async () => expect((await names()).length).toBe(4));
  expect(screen.queryByRole("group", { name: /selected/ })).toBeNull();
});

const LOST: Wrong[] = [
  { kind: "outcome_unknown", action: "delete" },
  { kind: "timed_out" },
  { kind: "server_failed", status: 500 },
];

test("of a deletion whose answer is lost nobody says that it failed, and a token that is gone counts as deleted", async () => {
  const bench = await startApp();
  const question = await askToDelete(bench, "config backup", "test from laptop", "collector-wien-01");
  for (const wrong of LOST) bench.nms.failNext("delete_token", wrong);
  const read = bench.nms.called("list_tokens").length;
  await bench.press("Delete 3 tokens");
  await waitFor(() =>
    expect(question.textContent).toContain("0 tokens done. Of 3 nobody knows yet whether it happened."),
  );
  expect(question.textContent).not.toContain("unchanged");
  expect(question.textContent).toContain("it may have been made");
  await waitFor(() => expect(bench.nms.called("list_tokens").length).toBe(read + 1));
  // All were deleted after all.
  for (let once = 0; once < 3; once += 1) bench.nms.failNext("delete_token", { kind: "not_found" });
  await bench.press("Try 3 again");
  await waitFor(() => expect(question.textContent).toContain("3 tokens done."));
});

test("what became of a token whose answer was lost is asked of the NMS", async () => {
  const bench = await startApp();
  const question = await askToDelete(bench, "config backup", "test from laptop");
  let calls = 0;
  bench.nms.answer("delete_token", ({ id }) => {
    bench.nms.tokens = bench.nms.tokens.filter((one) => one.id !== id);
    calls += 1;
    if (calls === 1) throw { kind: "cut", request_id: null };
    return null;
  });
  await bench.press("Delete 2 tokens");
  await waitFor(() => expect(question.textContent).toContain("2 tokens done."));
  expect(question.textContent).not.toContain("nobody knows");
});

test("what was put into the keychain goes with each of many, a file only when that is wished, and what stays is tried again", async () => {
  const bench = await startApp();
  const [kept, gone, nowhere] = ["config backup", "test from laptop", "collector-wien-01"].map(
    (name) => bench.nms.tokens.find((one) => one.name === name)?.id ?? "",
  );
  bench.nms.places.set(kept ?? "", { file: null, in_keychain: true });
  bench.nms.places.set(gone ?? "", { file: "/home/mk/laptop.token", in_keychain: true });
  const question = await askToDelete(bench, "config backup", "test from laptop", "collector-wien-01");
  await within(question).findByText("/home/mk/laptop.token");
  const file = within(question).getByRole("checkbox", { name: /Delete the files to which this app saved them/ });
  const keychain = within(question).getByRole("checkbox", { name: /in the system keychain, too/ });
  expect([keychain, file].map((box) => (box as HTMLInputElement).checked)).toEqual([true, false]);
  await expectAccessible(question);
  await bench.user.click(file);
  bench.nms.failNext("remove_places", { kind: "keychain_not_cleared", reason: "locked" });
  await bench.press("Delete 3 tokens");
  const left = "The token is deleted. Its entry in the system keychain may still be there.";
  await waitFor(() => expect(question.textContent).toContain(left));
  await waitFor(() => expect(question.textContent).toContain("3 tokens done."));
  await bench.press("Try 1 again");
  await waitFor(() => expect(question.textContent).not.toContain("may still be there"));
  const removed = bench.nms.called("remove_places");
  expect(removed.map(({ id }) => id)).toEqual([kept, gone, kept]);
  expect(removed.map(({ id, file, keychain }) => [id === gone, file, keychain])).toEqual([
    [false, false, true],
    [true, true, true],
    [false, false, true],
  ]);
  expect(removed.some(({ id }) => id === nowhere)).toBe(false);
  expect(bench.nms.called("delete_token").length).toBe(3);
});

test("before many are deleted or paused it is said who uses each of them, and answered only then", async () => {
  const bench = await startApp();
  const release = bench.nms.hold("list_uses");
  const question = await askToDelete(bench, "collector-berlin-02", "test from laptop");
  const doIt = () => within(question).getByRole("button", { name: "Delete 2 tokens" });
  expect(doIt().ariaDisabled).toBe("true");
  expect(question.textContent).toContain("1 of them was used in the last 30 days");
  release();
  await within(question).findByText("Telegraf/1.30");
  const [berlin, laptop] = within(question)
    .getAllByRole("listitem")
    .filter((one) => one.querySelector(".name"));
  expect(berlin?.textContent).toContain("10.2.0.7");
  expect(berlin?.textContent).toContain("308 calls a day");
  expect(laptop?.textContent).not.toContain("calls a day");
  expect(doIt().ariaDisabled).not.toBe("true");
  await expectAccessible(question);
  await bench.press("Cancel");
  await bench.press("Pause");
  expect((await alertDialog()).textContent).toContain("Pause 2 tokens?");
  await within(await alertDialog()).findByText("Telegraf/1.30");
});

test("what has not begun can be stopped, and stays as it is", async () => {
  const bench = await startApp();
  await choose(bench, "collector-berlin-02", "Grafana dashboards", "on-call bot");
  const release = bench.nms.hold("update_token");
  await bench.press("Pause");
  await bench.press("Pause 3 tokens");
  await bench.press("Stop");
  release();
  await waitFor(async () =>
    expect((await alertDialog()).textContent).toContain("1 token done. 2 were not begun and are unchanged."),
  );
  expect(bench.nms.called("update_token").map((call) => call["changes"])).toEqual([{ paused: true }]);
  await bench.press("Try 2 again");
  await waitFor(() => expect(bench.nms.called("update_token").length).toBe(3));
});

test("a token that changed since the list was read is paused all the same", async () => {
  const bench = await startApp();
  await choose(bench, "on-call bot");
  const now = bench.nms.tokens.find((one) => one.name === "on-call bot");
  if (!now) throw new Error("no such token");
  bench.nms.failNext("update_token", { kind: "stale", token: { ...now, etag: '"77"' } });
  await bench.press("Pause");
  await bench.press("Pause 1 token");
  await waitFor(async () => expect((await alertDialog()).textContent).toContain("1 token done."));
  expect(bench.nms.called("update_token").at(-1)?.["etag"]).toBe('"77"');
});

test("Shift chooses a range, the head chooses all that are shown and none", async () => {
  const bench = await startApp();
  await choose(bench, "Grafana dashboards");
  await bench.user.keyboard("{Shift>}");
  await choose(bench, "test from laptop");
  await bench.user.keyboard("{/Shift}");
  await screen.findByRole("group", { name: "4 selected" });
  await bench.press("Select all that are shown", "checkbox");
  await screen.findByRole("group", { name: "7 selected" });
  await bench.press("Select all that are shown", "checkbox");
  await waitFor(() => expect(screen.queryByRole("group", { name: /selected/ })).toBeNull());
});

test("up and down go from row to row within a column", async () => {
  const bench = await startApp();
  const edit = within(await row("collector-berlin-02")).getByRole("button", { name: "Edit collector-berlin-02" });
  edit.focus();
  const focused = () => document.activeElement?.getAttribute("aria-label");
  for (const [key, name] of [
    ["ArrowDown", "Edit Grafana dashboards"],
    ["ArrowDown", "Edit on-call bot"],
    ["ArrowUp", "Edit Grafana dashboards"],
    ["PageDown", "Edit collector-wien-01"],
  ] as const) {
    await bench.user.keyboard(`{${key}}`);
    await waitFor(() => expect(focused()).toBe(name));
  }
  await fireEvent.keyDown(document.activeElement as Element, { key: "Home", ctrlKey: true });
  await waitFor(() => expect(focused()).toBe("Edit collector-berlin-02"));
});

test("what is chosen stays chosen when another order takes it out of the list; bar, question and deeds agree", async () => {
  const bench = await startApp((nms) => {
    nms.tokens = Array.from({ length: 90 }, (_, place) =>
      aToken(nms.now, { name: `token ${String(place).padStart(3, "0")}` }),
    );
  });
  await choose(bench, "token 000", "token 001");
  const page = {
    tokens: bench.nms.tokens.slice(40, 90),
    counts: countsOf(bench.nms.tokens, bench.nms.now),
    matching: 90,
    next: "x",
  };
  bench.nms.answer("list_tokens", () => page);
  await bench.press("Created");
  await waitFor(async () => expect((await names())[0]).toBe("token 040"));
  const bar = within(await screen.findByRole("group", { name: "2 selected" }));
  expect(bar.getByText("2 of them are not in the list now")).toBeTruthy();
  expect(bar.getByRole("button", { name: "Pause" })).toBeTruthy();
  await bench.press("Delete…");
  const question = await alertDialog();
  expect(question.textContent).toContain("Delete 2 tokens?");
  await bench.press("Delete 2 tokens");
  await waitFor(() => expect(question.textContent).toContain("2 tokens done."));
  await bench.press("Done");
  await noDialog();
  // The page does not hold them and does not have to: they were deleted here.
  expect(screen.queryByRole("group", { name: /selected/ })).toBeNull();
});

test("what is chosen stays chosen over a search that nothing fits", async () => {
  const bench = await startApp();
  await choose(bench, "on-call bot", "config backup");
  await bench.type("Search tokens", "nothing like it");
  await screen.findByText("No token matches");
  await bench.press("Show all tokens");
  await waitFor(async () => expect((await names()).length).toBe(7));
  expect(screen.getByRole("group", { name: "2 selected" })).toBeTruthy();
});

test("a chosen token is as new as the list", async () => {
  const bench = await startApp();
  await choose(bench, "on-call bot");
  const bar = () => within(screen.getByRole("group", { name: "1 selected" }));
  expect(bar().queryByRole("button", { name: "Resume" })).toBeNull();
  bench.nms.tokens = bench.nms.tokens.map((one) =>
    one.name === "on-call bot" ? { ...one, state: "paused", etag: '"9"' } : one,
  );
  await bench.nms.tell("tokens_changed", null);
  await waitFor(() => expect(bar().getByRole("button", { name: "Resume" })).toBeTruthy());
  expect(bar().queryByRole("button", { name: "Pause" })).toBeNull();
});

test("a value that was found in public is told above the list, and replaced from there", async () => {
  const bench = await startApp((nms) => {
    const reported_at = new Date(nms.now - 3_600_000).toISOString();
    nms.tokens = nms.tokens.map((one) => (one.name === "on-call bot" ? { ...one, reported_at } : one));
  });
  expect((await row("on-call bot")).textContent).toContain("found in public");
  const notice = (await screen.findByRole("button", { name: "Delete and replace…" })).closest(".notice");
  expect(notice?.textContent).toContain("The value of “on-call bot” was found in public");
  expect(notice?.textContent).toContain("Whoever finds it can use it.");
  await bench.press("Delete and replace…");
  expect((await alertDialog()).textContent).toContain("Replace “on-call bot”?");
});

test("also one that the list does not show is told above it, until it was deleted", async () => {
  let id = "";
  const bench = await startApp((nms) => {
    const reported_at = new Date(nms.now - 3_600_000).toISOString();
    const found = nms.tokens.find((one) => one.name === "on-call bot") as Token;
    id = found.id;
    nms.tokens = nms.tokens.map((one) => (one === found ? { ...one, reported_at } : one));
    nms.events.set(id, [anEvent(found, nms.now, 60, { kind: "reported", actor: { kind: "server" } })]);
  });
  const isIt = (_: string, one: Element | null) =>
    one?.localName === "strong" && one.textContent === "The value of “on-call bot” was found in public";
  const notice = () => screen.findByText(isIt);
  await notice();
  expect(bench.nms.called("list_events")).toEqual([]);
  await bench.user.type(screen.getByRole("searchbox"), "grafana");
  await waitFor(async () => expect(await names()).toEqual(["Grafana dashboards"]));
  await waitFor(() => expect(bench.nms.called("read_token")).toEqual([{ id }]));
  await notice();
  await bench.press("Delete and replace…");
  expect((await alertDialog()).textContent).toContain("Replace “on-call bot”?");
  await bench.user.keyboard("{Escape}");
  await noDialog();
  bench.nms.tokens = bench.nms.tokens.filter((one) => one.id !== id);
  await bench.nms.tell("tokens_changed", null);
  await waitFor(() => expect(screen.queryByText(isIt)).toBeNull());
});
