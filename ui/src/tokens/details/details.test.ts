// One token in full, what a change would break, and what it could do without.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, announced, dialog, expectAccessible, noDialog, row, startApp } from "../../fixtures/bench";
import { anEvent } from "../../fixtures/stopped";
import { aToken } from "../../fixtures/tokens";
import { isWithin } from "./addresses";
import { callersOf, rateOf, refusedBy } from "./callers";
import { suggestionsOf } from "./suggestions";
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";

const pane = (name: string) => screen.findByRole("complementary", { name });

test("the details stand beside the list: snapshot and what works, callers, history", async () => {
  const { press } = await startApp();
  await press("collector-berlin-02, details");
  const berlin = within(await pane("collector-berlin-02"));
  await waitFor(() => expect(berlin.getAllByText("Telegraf/1.30").length).toBe(1));
  expect(berlin.getByRole("img", { name: /Calls a day over the last 30 days/ })).toBeTruthy();
  const ingest = berlin.getByRole("rowheader", { name: /metrics:ingest/ }).closest("tr") as HTMLElement;
  expect(within(ingest).getByText("4 minutes ago")).toBeTruthy();
  const enroll = berlin.getByRole("rowheader", { name: /collectors:enroll/ }).closest("tr") as HTMLElement;
  expect(within(enroll).getByText("never")).toBeTruthy();
  expect(berlin.getByText("3 calls refused")).toBeTruthy();
  expect(berlin.getByText(/devices:write was missing · from/)).toBeTruthy();
  expect(berlin.getByText(/removed/).textContent).toContain("devices:write");
  await expectAccessible(await pane("collector-berlin-02"));
  // The list can be used meanwhile, and another row shows its own.
  await press("on-call bot, details");
  const bot = within(await pane("on-call bot"));
  expect(
    within(bot.getByRole("rowheader", { name: /alerts:acknowledge/ }).closest("tr") as HTMLElement).getByText("lost"),
  ).toBeTruthy();
  await bot.findByText("Nobody used it in the last 30 days.");
  await press("Close details");
  expect(screen.queryByRole("complementary")).toBeNull();
});

test("one like this begins with what it has, and with an expiry of its own", async () => {
  const bench = await startApp((nms) => {
    nms.held = nms.held.filter((name) => name !== "events:ingest");
  });
  await bench.press("collector-wien-01, details");
  await bench.press("Create one like this");
  const form = within(await screen.findByRole("dialog", { name: "Create token" }));
  expect(form.getByLabelText("Name")).toHaveProperty("value", "collector-wien-01");
  const left = "collector-wien-01: 3 chosen. Left out, because you do not hold it: events:ingest.";
  await waitFor(() => expect(announced()).toBe(left));
  expect(form.getByText(/Left out, because/, { selector: ".note *" }).textContent).toBe(left);
  await bench.user.click(form.getByRole("button", { name: "Create token" }));
  await screen.findByRole("dialog", { name: "Token created" });
  const request = bench.nms.called("create_token")[0]?.["request"] as { permissions: string[]; expires_at: string };
  expect(request.permissions).toEqual(["devices:read", "metrics:ingest", "collectors:enroll"]);
  expect(Date.parse(request.expires_at)).toBeGreaterThan(Date.now());
});

test("it is deleted from its details, by the last button, after the usual question", async () => {
  const bench = await startApp();
  await bench.press("on-call bot, details");
  const pane = within(await screen.findByRole("complementary", { name: "on-call bot" }));
  const acts = pane.getByRole("button", { name: "Edit" }).parentElement as HTMLElement;
  expect(within(acts).getAllByRole("button").at(-1)?.textContent?.trim()).toBe("Delete…");
  await bench.user.click(within(acts).getByRole("button", { name: "Delete…" }));
  expect((await alertDialog()).textContent).toContain("Delete “on-call bot”?");
});

test("what was deleted keeps its name and what can be done, also after another tab", async () => {
  const bench = await startApp();
  await bench.press("Grafana dashboards, details");
  await pane("Grafana dashboards");
  const token = bench.nms.tokens.find((one) => one.name === "Grafana dashboards") as Token;
  bench.nms.tokens = bench.nms.tokens.filter((one) => one !== token);
  const to = token as unknown as Record<string, unknown>;
  bench.nms.events.set(token.id, [anEvent(token, bench.nms.now, 1, { kind: "deleted", to })]);
  bench.nms.gone.push(token);
  await bench.nms.tell("tokens_changed", null);
  await bench.press("Profile", "tab");
  await bench.press(/^API tokens/, "tab");
  const gone = within(await pane("Grafana dashboards"));
  expect(await gone.findByText("This token was deleted.")).toBeTruthy();
  await bench.press("Create one like this");
  expect(await screen.findByLabelText("Name")).toHaveProperty("value", "Grafana dashboards");
});

test("what could not be read of it is read by one press", async () => {
  const bench = await startApp((nms) => nms.failAlways("list_uses", { kind: "server_failed", status: 500 }));
  await bench.press("collector-berlin-02, details");
  const berlin = within(await pane("collector-berlin-02"));
  const retry = await berlin.findByRole("button", { name: "Retry" });
  bench.nms.answer("list_uses", null);
  await bench.user.click(retry);
  await berlin.findByText("Telegraf/1.30");
  expect(berlin.queryByRole("button", { name: "Retry" })).toBeNull();
});

test("the palette opens a token, and the keys for a row then mean that one", async () => {
  const bench = await startApp();
  (await screen.findByRole("button", { name: "Edit on-call bot" })).focus();
  await bench.user.keyboard("{Control>}k{/Control}");
  await bench.user.type(await screen.findByRole("combobox"), "open config backup");
  await bench.user.keyboard("{Enter}");
  await pane("config backup");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("config backup, details"));
  await bench.user.keyboard("e");
  await screen.findByRole("dialog", { name: "Edit “config backup”" });
});

test("a chain of replacements is told from the newest to the first, over what was deleted", async () => {
  const names = ["third", "second", "first"];
  const bench = await startApp((nms) => {
    const [third, second, first] = names.map((name) => aToken(nms.now, { name })) as [Token, Token, Token];
    const ended = { ...second, replaces: first.id, replaced_by: third.id };
    nms.tokens = [
      { ...third, replaces: second.id },
      { ...first, replaced_by: second.id, ends_at: new Date(nms.now + 3_600_000).toISOString() },
    ];
    const to = ended as unknown as Record<string, unknown>;
    nms.events.set(second.id, [anEvent(second, nms.now, 60, { kind: "deleted", to })]);
  });
  const links = async (name: string) => {
    const heading = await within(await pane(name)).findByRole("heading", { name: "Replacements" });
    const items = () => within(heading.parentElement as HTMLElement).getAllByRole("listitem");
    await waitFor(() => expect(items().length).toBe(3));
    return items();
  };
  await bench.press("third, details");
  const [newest, middle, oldest] = (await links("third")) as [HTMLElement, HTMLElement, HTMLElement];
  expect(newest.getAttribute("aria-current")).toBe("true");
  expect(middle.textContent).toContain("deleted 1 hour ago");
  expect(within(middle).queryByRole("button", { name: /^Details of/ })).toBeNull();
  expect(oldest.textContent).toContain("ends in 1 hour");
  await bench.user.click(within(oldest).getByRole("button", { name: /^Details of pnms_pat_/ }));
  expect(within(await pane("first")).getByText(/it was rotated/)).toBeTruthy();
  expect((await links("first")).map((one) => one.getAttribute("aria-current"))).toEqual([null, null, "true"]);
});

test("a chain is walked through a filter, and what no record is kept of is told as that", async () => {
  const bench = await startApp((nms) => {
    const [old, young, lone] = ["old one", "young one", "lone one"].map((name) => aToken(nms.now, { name }));
    if (!old || !young || !lone) return;
    const replaced = { ...old, replaced_by: young.id, ends_at: new Date(nms.now + 3_600_000).toISOString() };
    nms.tokens = [{ ...young, replaces: old.id, state: "paused" }, replaced, { ...lone, replaces: "gone" }];
  });
  await bench.press("Filter");
  await bench.press("Paused, 1 token", "checkbox");
  await bench.press("young one, details");
  await bench.user.click(await within(await pane("young one")).findByRole("button", { name: /^Details of/ }));
  const old = within(await pane("old one"));
  expect(old.getByText("Who has moved to the new value")).toBeTruthy();
  await bench.press("Filter, 1 on");
  await bench.press("Paused, 1 token", "checkbox");
  await bench.press("lone one, details");
  await within(await pane("lone one")).findByText("A token of which no record is kept any more");
});

test("an old value is ended: only who still uses it would be refused", async () => {
  const bench = await startApp((nms) => {
    const permissions = ["metrics:read"];
    const old = aToken(nms.now, { name: "old one", permissions });
    const young = aToken(nms.now, { name: "young one", permissions });
    nms.tokens = [
      { ...young, replaces: old.id },
      { ...old, replaced_by: young.id, ends_at: new Date(nms.now + 3_600_000).toISOString() },
    ];
    const use = (agent: string, ago: number): UseRecord => {
      const last_at = new Date(nms.now - ago).toISOString();
      return { day: last_at.slice(0, 10), address: "10.2.0.7", agent, permission: "metrics:read", count: 3, last_at };
    };
    nms.uses.set(old.id, [use("Telegraf/1.30", 3_600_000), use("Grafana/11", 60_000)]);
    nms.uses.set(young.id, [use("Telegraf/1.30", 5_000), use("Grafana/11", 5_000)]);
    const at = new Date(nms.now - 1_800_000).toISOString();
    nms.events.set(young.id, [{ id: "1", token_id: young.id, at, kind: "first_used", actor: { kind: "token" } }]);
  });
  await bench.press("Delete old one");
  const question = within(await alertDialog());
  await question.findByText("1 caller of the last 30 days:");
  expect(question.getByText("Grafana/11")).toBeTruthy();
  expect(question.queryByText("Telegraf/1.30")).toBeNull();
});

test("whom the token refuses already would not be refused by a deletion: that is counted apart", async () => {
  const bench = await startApp((nms) => {
    const narrowed = aToken(nms.now, {
      name: "narrowed",
      permissions: ["metrics:read", "devices:read"],
      effective_permissions: ["metrics:read"],
      allowed_addresses: ["10.2.0.0/24"],
    });
    nms.tokens = [narrowed];
    const last_at = new Date(nms.now - 60_000).toISOString();
    const use = (agent: string, permission: string, address: string): UseRecord => {
      return { day: last_at.slice(0, 10), address, agent, permission, count: 3, last_at };
    };
    nms.uses.set(narrowed.id, [
      use("Telegraf/1.30", "metrics:read", "10.2.0.7"),
      use("inventory-sync", "devices:read", "10.2.0.7"),
      use("Grafana/11", "metrics:read", "10.9.0.7"),
    ]);
  });
  await bench.press("Delete narrowed");
  const question = within(await alertDialog());
  await question.findByText("1 caller of the last 30 days:");
  expect(question.getByText("Telegraf/1.30")).toBeTruthy();
  expect(question.queryByText("inventory-sync")).toBeNull();
  expect(question.queryByText("Grafana/11")).toBeNull();
  expect(question.getByText("2 callers used it before and are refused already.")).toBeTruthy();
});

test("before a token is paused it is said who would be refused; its value stays", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Pause");
  const question = within(await alertDialog());
  await question.findByText("2 callers of the last 30 days:");
  expect(question.getByText("Telegraf/1.30")).toBeTruthy();
  expect(document.activeElement?.textContent?.trim()).toBe("Keep it working");
  await bench.press("Pause token");
  await noDialog();
  expect(bench.nms.called("update_token").at(-1)?.["changes"]).toEqual({ paused: true });
});

test("a token that was changed meanwhile is paused by the second press, and the list is read anew when that is left", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Pause");
  const question = within(await alertDialog());
  await question.findByText("2 callers of the last 30 days:");
  const [berlin] = bench.nms.tokens;
  const newer = { ...(berlin as Token), etag: '"newer"' };
  bench.nms.failNext("update_token", { kind: "stale", token: newer });
  await bench.press("Pause token");
  await question.findByText(/Retry\./);
  expect(question.queryByText(/Compare/)).toBeNull();
  await bench.press("Pause token");
  await noDialog();
  expect(bench.nms.called("update_token").map(({ etag }) => etag)).toEqual([berlin?.etag, '"newer"']);

  bench.nms.failNext("update_token", { kind: "not_found" });
  const looks = bench.nms.called("list_tokens").length;
  await bench.press("Grafana dashboards, details");
  await bench.press("Pause");
  await within(await alertDialog()).findByText("1 caller of the last 30 days:");
  await bench.press("Pause token");
  await within(await alertDialog()).findByText(/the list is read anew/);
  await bench.press("Keep it working");
  await waitFor(() => expect(bench.nms.called("list_tokens").length).toBeGreaterThan(looks));
});

test("a rotation without an answer is asked for again, and nothing is said of a form", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Rotate…");
  bench.nms.failNext("rotate_token", { kind: "outcome_unknown", action: "create" });
  await bench.press("Rotate token");
  const question = within(await alertDialog());
  await question.findByText(/it is the same request, and makes no second token/);
  expect(question.queryByText(/What you typed/)).toBeNull();
});

test("who used it cannot be read: it is said, and nothing is called unused", async () => {
  const bench = await startApp((nms) => nms.failAlways("list_uses", { kind: "server_failed", status: 500 }));
  await bench.press("Delete collector-berlin-02");
  const question = within(await alertDialog());
  await question.findByText("Who used it could not be read. Decide as if it were in use.");
  expect(question.queryByText(/Nobody used it/)).toBeNull();
});

test("taking permissions away shows only the callers that need them", async () => {
  const bench = await startApp();
  await bench.press("Edit collector-berlin-02");
  const edit = within(await dialog());
  await bench.user.click(edit.getByRole("checkbox", { name: /^devices:read/ }));
  await edit.findByText("1 caller of the last 30 days:");
  expect(edit.getByText("curl/7.88.1")).toBeTruthy();
  expect(edit.queryByText("Telegraf/1.30")).toBeNull();
});

test("what it needed is offered after enough use, and opens the edit dialog with just that", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  const berlin = within(await pane("collector-berlin-02"));
  await berlin.findByText("Needed 2 of 4 permissions, on 28 of the last 30 days.");
  expect(bench.nms.called("update_token")).toEqual([]);
  await bench.press("Edit with just these");
  await bench.press("Save");
  await noDialog();
  expect(bench.nms.called("update_token").at(-1)?.["changes"]).toEqual({
    permissions: ["devices:read", "metrics:ingest"],
  });
  await bench.press("Allow only these");
  expect(within(await dialog()).getByLabelText("Accept only from (optional)")).toHaveProperty(
    "value",
    "10.2.0.31\n10.2.0.7",
  );
});

test("addresses: sent one by one, and letting in more is asked about", async () => {
  const bench = await startApp((nms) => {
    nms.tokens = [aToken(nms.now, { name: "bounded", allowed_addresses: ["10.2.0.0/16"] })];
  });
  await row("bounded");
  await bench.press("Edit bounded");
  const field = within(await dialog()).getByLabelText("Accept only from (optional)");
  await bench.user.clear(field);
  await bench.user.type(field, "10.2.0.0/16{Enter}2001:db8::/32");
  await bench.press("Save");
  expect((await alertDialog()).textContent).toContain("It is then accepted from 10.2.0.0/16 and 2001:db8::/32.");
  await bench.press("Save with more power");
  await noDialog();
  expect(bench.nms.called("update_token").at(-1)?.["changes"]).toEqual({
    allowed_addresses: ["10.2.0.0/16", "2001:db8::/32"],
  });
});

test.each([
  ["10.2.0.7", "10.2.0.0/16", true],
  ["10.3.0.7", "10.2.0.0/16", false],
  ["10.2.0.7", "10.2.0.7", true],
  ["10.2.0.7", "0.0.0.0/0", true],
  ["2001:db8::1", "2001:db8::/32", true],
  ["2001:db9::1", "2001:db8::/32", false],
  ["::1", "::1/128", true],
  ["10.2.0.7", "2001:db8::/32", false],
  ["no address", "10.0.0.0/8", false],
  ["10.2.0.7", "10.2.0.0/255.255.0.0", false],
  ["10.2.0.7", "10.2.0.0/33", false],
  ["10.2.0.7", "10.2.0.0/-1", false],
  ["10.2.0.7", "10.2.0.0/", false],
  ["10.2.0.7", "10.2.0.0/16/8", false],
  ["10.2.0.7", "anything", false],
  ["::ffff:10.2.0.7", "::ffff:10.2.0.0/112", true],
  ["1:2:3:4:5:6:7:8", "1:2::/32", true],
] as const)("%s lies in %s: %s", (address, range, isIn) => {
  expect(isWithin(address, range)).toBe(isIn);
});

const use = (own: Partial<Parameters<typeof callersOf>[0][number]>) => ({
  day: "2026-11-20",
  address: "10.0.0.1",
  agent: "x",
  permission: "a:read",
  count: 1,
  last_at: "2026-11-20T10:00:00Z",
  ...own,
});

test("callers are told apart by address and program; the busiest comes first", () => {
  const callers = callersOf([use({}), use({ permission: "b:read", count: 5 }), use({ agent: "y", count: 2 })]);
  expect(callers.map(({ agent, calls, permissions }) => [agent, calls, permissions])).toEqual([
    ["x", 6, ["a:read", "b:read"]],
    ["y", 2, ["a:read"]],
  ]);
});

test("calls a day count from the caller's first day on", () => {
  const now = Date.parse("2026-11-21T08:00:00Z");
  const [one] = callersOf([use({ day: "2026-11-20", count: 5 }), use({ day: "2026-11-21", count: 19 })]);
  const [other] = callersOf([use({ day: "2026-10-23", count: 60 })]);
  // Now and then, and on this day only: no rate can be told of them.
  const [rare] = callersOf([use({ day: "2026-10-23", count: 20 })]);
  const [today] = callersOf([use({ day: "2026-11-21", count: 500 })]);
  expect([one, other, rare, today].map((caller) => caller && rateOf(caller, now))).toEqual([12, 2, null, null]);
});

test("a change refuses what it takes away, and no more", () => {
  const all = [use({}), use({ permission: "b:read" }), use({ permission: null, address: "10.9.0.1" })];
  expect(refusedBy(all, [{ kind: "permissions", kept: ["a:read"] }])).toEqual([all[1]]);
  expect(refusedBy(all, [{ kind: "addresses", allowed: ["10.0.0.0/24"] }])).toEqual([all[2]]);
  expect(refusedBy(all, [{ kind: "addresses", allowed: [] }])).toEqual([]);
  expect(refusedBy(all, [{ kind: "all" }])).toEqual(all);
});

test("nothing is suggested before there was enough use", () => {
  const token = aToken(Date.now(), { permissions: ["a:read", "b:read"] });
  const on = (days: number) => Array.from({ length: days }, (_, day) => use({ day: `2026-11-${String(day + 10)}` }));
  expect(suggestionsOf(token, on(6), [])).toMatchObject({ permissions: null, addresses: null });
  expect(suggestionsOf(token, on(7), [])).toMatchObject({ permissions: ["a:read"], addresses: ["10.0.0.1"] });
});

test("while its owner lost what it needs nothing less is proposed", () => {
  const own = { permissions: ["a:read", "b:read", "c:read"], effective_permissions: ["b:read", "c:read"] };
  const days = Array.from({ length: 8 }, (_, day) => use({ day: `2026-11-${String(day + 10)}` }));
  expect(suggestionsOf(aToken(Date.now(), own), days, [])).toMatchObject({ permissions: null });
});

test("an address that came after the first days is named and not proposed, and none before that is known", () => {
  const token = aToken(Date.now(), { permissions: ["a:read"] });
  const days = Array.from({ length: 8 }, (_, day) => use({ day: `2026-11-${String(day + 10)}` }));
  const all = [...days, use({ day: "2026-11-18", address: "203.0.113.9" })];
  const came = { id: "1", token_id: "t", at: "2026-11-18T10:00:00Z", actor: { kind: "server" } } as const;
  const history = [{ ...came, kind: "new_source", address: "203.0.113.9" } as const];
  expect(suggestionsOf(token, all, history)).toMatchObject({ addresses: ["10.0.0.1"], later: ["203.0.113.9"] });
  expect(suggestionsOf(token, all, null)).toMatchObject({ addresses: null, later: [] });
  expect(suggestionsOf(token, all, [])).toMatchObject({ addresses: ["10.0.0.1", "203.0.113.9"], later: [] });
});
