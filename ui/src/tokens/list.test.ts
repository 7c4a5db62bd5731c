// The list: what a row tells, how it is searched, sorted and paged, and what stands there when there is nothing to show.
import { readFileSync } from "node:fs";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { announced, expectAccessible, names, row, startApp } from "../fixtures/bench";
import { NOW } from "../fixtures/setup";
import { aToken } from "../fixtures/tokens";
import type { TokenQuery } from "../ipc/generated/TokenQuery";
import MatchCount from "./MatchCount.svelte";
import type { Tokens } from "./tokens.svelte";

const lastQuery = (calls: Record<string, unknown>[]) => calls.at(-1)?.["query"] as TokenQuery;

test("a row answers which, what it may do, is it alive, when it dies", async () => {
  await startApp();
  const berlin = within(await row("collector-berlin-02"));
  expect(berlin.getByText("3 write · 1 read")).toBeTruthy();
  expect(berlin.getByText("4 minutes ago")).toBeTruthy();
  expect(berlin.getByRole("cell", { name: /from 10.2.0.7/ })).toBeTruthy();
  expect(berlin.getByRole("button", { name: "in 9 days" })).toBeTruthy();
  expect(berlin.getByText("2 Dec 2026, 10:00")).toBeTruthy();

  expect(within(await row("on-call bot")).getByText("1 lost")).toBeTruthy();
  expect(within(await row("test from laptop")).getByText("all")).toBeTruthy();
  expect(within(await row("test from laptop")).getByText("never")).toBeTruthy();
  const vienna = within(await row("collector-wien-01"));
  expect(vienna.getByText("expired")).toBeTruthy();
  // Without a name the masked value comes first.
  expect(within(await row("pnms_pat_Hh30vvLc…2mQx")).getByText("Token without a name")).toBeTruthy();
});

test("a row shows its calls a day, asked for together and again only when it was used again", async () => {
  const { nms } = await startApp();
  const berlin = within(await row("collector-berlin-02"));
  await berlin.findByRole("img", { name: /^Calls a day over the last 30 days, the most on one day: \d/ });
  expect(within(await row("test from laptop")).queryByRole("img", { name: /^Calls a day/ })).toBeNull();
  const asked = () => nms.called("list_use_days").map((call) => (call["ids"] as string[]).length);
  expect(asked()).toEqual([nms.tokens.filter((one) => one.last_used_at !== null).length]);
  const used = nms.tokens.find((one) => one.name === "collector-berlin-02");
  nms.tokens = nms.tokens.map((one) => (one === used ? { ...one, last_used_at: NOW.toISOString() } : one));
  await fireEvent.focus(window);
  await waitFor(() => expect(asked().length).toBe(2));
  expect(asked()[1]).toBe(1);
});

test("the exact instant is told by hover and by keyboard focus, and Escape takes it away", async () => {
  const { user } = await startApp();
  const time = within(await row("Grafana dashboards")).getByRole("button", { name: "in 61 days" });
  expect(time.querySelector("time")?.getAttribute("datetime")).toBe("2027-01-23T09:00:00.000Z");
  await user.hover(time);
  const tip = await screen.findByRole("tooltip");
  expect(tip.textContent?.trim()).toBe("Saturday, 23 January 2027 at 10:00, Berlin time (GMT+1)");
  expect(time.getAttribute("aria-describedby")).toBe(tip.id);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("tooltip")).toBeNull();

  // jsdom takes no element for reached by keyboard.
  vi.spyOn(time, "matches").mockReturnValue(true);
  time.focus();
  expect((await screen.findByRole("tooltip")).textContent).toContain("Berlin time");
});

test("all permissions of a token stand in a list by group, with their risk and what is lost", async () => {
  const { press, user } = await startApp();
  await press("2 permissions of on-call bot, show all");
  const list = within(await screen.findByRole("dialog", { name: "Permissions of on-call bot" }));
  expect(list.getByRole("heading", { name: "Alerts" })).toBeTruthy();
  const lost = list.getByText("alerts:acknowledge").closest("li") as HTMLElement;
  expect(within(lost).getByText("lost")).toBeTruthy();
  expect(within(lost).getByText("write")).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement?.getAttribute("aria-label")).toBe("2 permissions of on-call bot, show all");
});

test("the search waits for a pause and drops the answer to an older question", async () => {
  const { nms, user } = await startApp();
  await row("collector-berlin-02");
  const before = nms.called("list_tokens").length;
  // The first question is answered after the second.
  let answerFirst: (page: unknown) => void = () => undefined;
  nms.answer("list_tokens", ({ query }) =>
    (query as TokenQuery).q === "graf"
      ? new Promise((resolve) => (answerFirst = resolve))
      : { tokens: [nms.tokens[2]], counts: { all: 7, active: 6, paused: 0, expired: 1 }, matching: 1, next: null },
  );
  const search = await screen.findByRole("searchbox", { name: "Search tokens" });
  await user.type(search, "graf");
  await waitFor(() => expect(lastQuery(nms.called("list_tokens")).q).toBe("graf"));
  expect(nms.called("list_tokens").length).toBe(before + 1);
  await user.clear(search);
  await user.type(search, "on-call");
  await waitFor(async () => expect(await names()).toEqual(["on-call bot"]));
  answerFirst({ tokens: [], counts: { all: 7, active: 6, paused: 0, expired: 1 }, matching: 0, next: null });
  await Promise.resolve();
  expect(await names()).toEqual(["on-call bot"]);
});

test("Escape empties the search", async () => {
  const { nms, user } = await startApp();
  const search = await screen.findByRole("searchbox", { name: "Search tokens" });
  await user.type(search, "grafana");
  await waitFor(async () => expect(await names()).toEqual(["Grafana dashboards"]));
  await user.type(search, "{Escape}");
  await waitFor(async () => expect((await names()).length).toBe(7));
  expect(lastQuery(nms.called("list_tokens")).q).toBeUndefined();
});

test("chips ask for a state and show how many there are", async () => {
  const { nms, press } = await startApp();
  await press("Expired 1");
  await waitFor(async () => expect(await names()).toEqual(["collector-wien-01"]));
  expect(lastQuery(nms.called("list_tokens")).state).toBe("expired");
  expect(screen.getByRole("button", { name: "Expired 1", pressed: true })).toBeTruthy();
  expect(screen.getByRole("button", { name: "All 7", pressed: false })).toBeTruthy();
});

test("heads sort, tell their order, and turn it", async () => {
  const { nms, press } = await startApp();
  const sortOf = (name: string) => screen.getByRole("columnheader", { name }).getAttribute("aria-sort");
  await row("collector-berlin-02");
  expect(sortOf("Created")).toBe("descending");
  await press("Expires");
  await waitFor(() => expect(lastQuery(nms.called("list_tokens")).sort).toBe("expires_at"));
  expect([sortOf("Expires"), sortOf("Created")]).toEqual(["ascending", "none"]);
  await press("Expires");
  await waitFor(() => expect(lastQuery(nms.called("list_tokens")).sort).toBe("-expires_at"));
  await press(/^Sort:/);
  await press("Used most", "menuitemcheckbox");
  await waitFor(() => expect(lastQuery(nms.called("list_tokens")).sort).toBe("-use_count"));
});

test("more rows come by cursor, and a cursor that lapsed starts the list anew", async () => {
  const now = NOW.getTime();
  const { nms, press } = await startApp((nms) => {
    nms.tokens = Array.from({ length: 95 }, (_, place) => aToken(now, { name: `token ${String(place)}` }));
  });
  await waitFor(async () => expect((await names()).length).toBe(50));
  nms.failNext("list_tokens", { kind: "cursor_invalid" });
  await press("Show more");
  await waitFor(() => expect(lastQuery(nms.called("list_tokens")).cursor).toBeUndefined());
  expect(screen.queryByRole("alert")).toBeNull();
  await press("Show more");
  await waitFor(async () => expect((await names()).length).toBe(95));
  expect(lastQuery(nms.called("list_tokens")).cursor).toBe("50");
  // Read anew, it keeps what was shown.
  await nms.tell("tokens_changed", null);
  await waitFor(() => expect(lastQuery(nms.called("list_tokens")).limit).toBe(95));
  expect((await names()).length).toBe(95);
});

test("whoever scrolls to the end gets the next page without a press", async () => {
  let see: (seen: { isIntersecting: boolean }[]) => void = () => undefined;
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(seen: typeof see) {
        see = seen;
      }
      observe(): void {}
      disconnect(): void {}
    },
  );
  const { nms } = await startApp((nms) => {
    nms.tokens = Array.from({ length: 60 }, (_, place) => aToken(nms.now, { name: `token ${String(place)}` }));
  });
  await screen.findByRole("button", { name: "Show more" });
  see([{ isIntersecting: false }]);
  expect(lastQuery(nms.called("list_tokens")).cursor).toBeUndefined();
  see([{ isIntersecting: true }]);
  await waitFor(() => expect(document.querySelectorAll("[data-place]").length).toBe(60));
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  // Nobody pressed the button: the focus stays where it was.
  expect(document.activeElement).toBe(document.body);
});

test("the heads stay in view: what sticks stands in the table itself, not in a group as high as itself", async () => {
  await startApp();
  const heads = (await screen.findByRole("columnheader", { name: "Created" })).closest("[role=rowgroup]");
  expect(heads?.parentElement).toBe(screen.getByRole("table"));
  expect(heads?.classList).toContain("stays");
  const css = readFileSync("src/tokens/rows.css", "utf8");
  expect(/^\.stays \{[^}]*position: sticky/m.test(css)).toBe(true);
  expect(/^\.row\.heads \{[^}]*position: sticky/m.test(css)).toBe(false);
});

test("a search says how many tokens it fits, and says it aloud once the typing has paused", async () => {
  const { user } = await startApp();
  const search = await screen.findByRole("searchbox");
  await user.type(search, "grafana");
  expect(await screen.findByText("1 of 7 match")).toBeTruthy();
  expect(announced()).toBe("");
  await waitFor(() => expect(announced()).toBe("1 of 7 match"));
  await user.clear(search);
  await waitFor(() => expect(screen.queryByText("1 of 7 match", { selector: ".quiet" })).toBeNull());
});

test.each<[string, Partial<Tokens>, string | null]>([
  ["what the NMS counts", { matching: 312 }, "312 of 9.998 match"],
  ["what an NMS does not say of the pages to come", { matching: null }, "more than 50 of 9.998 match"],
  ["a filter that only the NMS can judge, without it", { waiting: ["writes"] }, null],
  ["what is here", { matching: 50, here: 1_000 }, "50 of 1.000 match"],
])("%s: the count is as exact as what is known", (_, part, says) => {
  const list = { isFiltered: true, isSettled: true, tokens: Array(50), here: 9_998, waiting: [] };
  const { container } = render(MatchCount, { tokens: { ...list, ...part } as unknown as Tokens });
  expect(container.textContent.replace(/\D(?=\d{3})/g, ".")).toMatch(says ?? /^$/);
});

test("no tokens yet: what they are for, and the way to the first", async () => {
  const { press } = await startApp((nms) => (nms.tokens = []));
  await screen.findByRole("heading", { name: "No tokens yet" });
  await press("Create token");
  await screen.findByRole("dialog", { name: "Create token" });
});

test("nothing fits: one press shows all again", async () => {
  const { user, press } = await startApp();
  await user.type(await screen.findByRole("searchbox", { name: "Search tokens" }), "zzz");
  await screen.findByRole("heading", { name: "No token matches" });
  await press("Show all tokens");
  await waitFor(async () => expect((await names()).length).toBe(7));
});

test("a failure says what happened, what is safe and what to do, and Retry mends it", async () => {
  const { nms, press } = await startApp((nms) => nms.failAlways("list_tokens", { kind: "server_failed", status: 503 }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The NMS failed (status 503).");
  expect(alert.textContent).toContain("Nothing was changed.");
  expect(alert.textContent).toContain("Request req-7f3a");
  await expectAccessible(alert);
  nms.answer("list_tokens", null);
  await press("Retry");
  expect((await names()).length).toBe(7);
});

test("offline: the last list stays readable with its age, and nothing in it can be changed", async () => {
  const { nms, press } = await startApp();
  await row("collector-berlin-02");
  nms.failAlways("list_tokens", { kind: "unreachable", reason: "refused" });
  vi.setSystemTime(NOW.getTime() + 5 * 60_000);
  await fireEvent.focus(window);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The NMS cannot be reached.");
  expect((await names()).length).toBe(7);
  for (const name of ["Create token", "Edit collector-berlin-02", "Delete collector-berlin-02"]) {
    const button = await screen.findByRole("button", { name });
    expect(button.getAttribute("aria-disabled")).toBe("true");
    await fireEvent.click(button);
  }
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.queryByRole("alertdialog")).toBeNull();
  nms.answer("list_tokens", null);
  await press("Retry");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("offline from the start: the list of an earlier run stands there with its age, until the NMS answers", async () => {
  const { nms, press } = await startApp((nms) => {
    nms.failAlways("list_tokens", { kind: "built_in_server", reason: { reason: "no_port" } });
    nms.remember();
  });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The NMS cannot be reached.");
  expect(alert.textContent).toContain("The data is untouched.");
  expect(alert.textContent).toContain("You see the list as it was 3 hours ago.");
  expect((await names()).length).toBe(7);
  expect((await screen.findByRole("button", { name: "Create token" })).getAttribute("aria-disabled")).toBe("true");
  nms.answer("list_tokens", null);
  await press("Retry");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("offline from the start, and nothing is remembered: the failure is told", async () => {
  await startApp((nms) => nms.failAlways("list_tokens", { kind: "unreachable", reason: "refused" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Nothing answers at the NMS’s address.");
  expect(screen.queryByRole("table")).toBeNull();
});

test("the list is read anew when the old token of a replacement is gone", async () => {
  const { nms } = await startApp();
  await row("config backup");
  nms.tokens = nms.tokens.filter((one) => one.name !== "config backup");
  await nms.tell("tokens_changed", null);
  await waitFor(async () => expect(await names()).not.toContain("config backup"));
});

test("names of other people stand alone, and a masked value cannot be selected", async () => {
  await startApp((nms) => {
    nms.tokens = [aToken(nms.now, { name: "\u05d0\u05d1 (prod)", prefix: "pnms_pat_Aa0Bb1Cc" })];
  });
  const head = await screen.findByRole("rowheader");
  expect(head.querySelector("bdi")?.textContent).toBe("\u05d0\u05d1 (prod)");
  expect(head.querySelector(".masked")?.textContent).toBe("pnms_pat_Aa0Bb1Cc…f9g0");
});
