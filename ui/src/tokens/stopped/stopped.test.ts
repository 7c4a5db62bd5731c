// Somebody comes because a service stopped: finds the token, a deleted one too, learns the cause, and mends it.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, dialog, expectAccessible, noDialog, startApp, type Bench } from "../../fixtures/bench";
import type { FakeNms } from "../../fixtures/nms";
import { anEvent, refusedCalls, stopSome } from "../../fixtures/stopped";
import { aToken } from "../../fixtures/tokens";
import type { Event } from "../../ipc/generated/Event";
import type { Token } from "../../ipc/generated/Token";
import { factsOf } from "./sentences";
import { suspectsOf } from "./suspects";

const OPEN = "A service stopped working";

async function open(prepare: (nms: FakeNms) => void = stopSome): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press(OPEN);
  await dialog();
  return bench;
}

async function look(bench: Bench, token: RegExp): Promise<ReturnType<typeof within>> {
  const shown = within(await dialog());
  await bench.user.click(await shown.findByRole("button", { name: token }));
  await shown.findByRole("heading", { name: "Likely cause" });
  return within(await dialog());
}

test("a deleted token is offered first, its end is proven, and one like it is made", async () => {
  const bench = await open();
  const shown = within(await dialog());
  await shown.findByRole("button", { name: /syslog relay/ });
  const [first] = within(shown.getByRole("region", { name: "Lately" })).getAllByRole("button");
  expect(first?.textContent).toMatch(/syslog relay.*12 calls refused.*deleted 1 hour ago/s);
  const found = await look(bench, /syslog relay/);
  await found.findByText("The token was deleted.");
  expect(document.activeElement?.textContent).toBe("Likely cause");
  const proof = within(found.getByRole("region", { name: "What was recorded" }));
  expect(proof.getAllByRole("listitem").map((one) => one.querySelector("strong")?.textContent)).toEqual([
    "12 calls refused",
    "Deleted",
  ]);
  await expectAccessible(await dialog());
  await bench.press("Create one like it…");
  const form = within(await screen.findByRole("dialog", { name: "Create token" }));
  expect(form.getByLabelText("Name")).toHaveProperty("value", "syslog relay");
  expect(form.getByRole("checkbox", { name: /^events:ingest/ })).toHaveProperty("checked", true);
});

test("what was looked for in the list is looked for here at once", async () => {
  const bench = await startApp(stopSome);
  await bench.user.type(screen.getByRole("searchbox", { name: "Search tokens" }), "syslog");
  await screen.findByText("No token matches");
  await bench.user.click(screen.getAllByRole("button", { name: OPEN }).at(-1) as HTMLElement);
  const shown = within(await dialog());
  expect(shown.getByRole("searchbox")).toHaveProperty("value", "syslog");
  await shown.findByRole("button", { name: /syslog relay/ });
  expect(shown.queryByRole("button", { name: /collector-wien-01/ })).toBeNull();
});

test("another one is chosen: nothing of the first is left, and the search has the focus", async () => {
  const bench = await open();
  await (await look(bench, /syslog relay/)).findByText("The token was deleted.");
  await bench.press("Choose another");
  const shown = within(await screen.findByRole("dialog", { name: OPEN }));
  expect(shown.queryByRole("button", { name: "Create one like it…" })).toBeNull();
  expect(document.activeElement).toBe(shown.getByRole("searchbox"));
  await (await look(bench, /collector-wien-01/)).findByText("The token expired.");
});

test("an expired token gets a later expiry, asked about as every one that widens", async () => {
  const bench = await open();
  const found = await look(bench, /collector-wien-01/);
  await found.findByText("The token expired.");
  await bench.press("Extend its expiry…");
  await screen.findByRole("dialog", { name: /Edit/ });
  expect(screen.getByRole("button", { name: "90 days" }).getAttribute("aria-pressed")).toBe("true");
  await bench.press("Save");
  await alertDialog();
  await bench.press("Save with more power");
  await noDialog();
  const { changes } = bench.nms.called("update_token")[0] as { changes: { expires_at: string } };
  expect(Object.keys(changes)).toEqual(["expires_at"]);
  expect(Date.parse(changes.expires_at)).toBeGreaterThan(bench.nms.now + 89 * 86_400_000);
});

test("what an edit took is put back in the edit dialog, and nothing is saved by itself", async () => {
  const bench = await open();
  const found = await look(bench, /Grafana dashboards/);
  await found.findByText(/it no longer has/);
  expect(found.getByText(/removed/).textContent).toContain("alerts:read");
  await bench.press("Edit its permissions…");
  const form = within(await screen.findByRole("dialog", { name: /Edit/ }));
  expect(form.getByRole("checkbox", { name: /^alerts:read/ })).toHaveProperty("checked", true);
  expect(bench.nms.called("update_token")).toEqual([]);
});

test("a paused token is resumed", async () => {
  const bench = await open((nms) => {
    const token = aToken(nms.now, { name: "resting", state: "paused" });
    nms.tokens = [token];
    nms.events.set(token.id, [
      refusedCalls(token, nms.now, 1, { reason: "paused" }),
      anEvent(token, nms.now, 30, { kind: "paused" }),
    ]);
  });
  await (await look(bench, /resting/)).findByText("The token is paused.");
  await bench.press("Resume it…");
  await alertDialog();
  await bench.press(/^Resume/);
  await waitFor(() => expect(bench.nms.called("update_token").at(-1)?.["changes"]).toEqual({ paused: false }));
});

test("an address that is not in the list is added to it, not put in its place", async () => {
  const bench = await open((nms) => {
    const token = aToken(nms.now, { name: "bounded", allowed_addresses: ["10.3.0.0/16"] });
    nms.tokens = [token];
    nms.events.set(token.id, [refusedCalls(token, nms.now, 1, { reason: "address-not-allowed" })]);
  });
  await (await look(bench, /bounded/)).findByText(/not accepted from/);
  await bench.press("Edit its addresses…");
  const form = within(await screen.findByRole("dialog", { name: /Edit/ }));
  expect(form.getByLabelText("Accept only from (optional)")).toHaveProperty("value", "10.2.0.7\n10.3.0.0/16");
});

test("what the owner lost: who must grant it is said, and it is looked at again", async () => {
  const bench = await open((nms) => {
    const token = aToken(nms.now, { name: "bot", permissions: ["alerts:read"], effective_permissions: [] });
    nms.tokens = [token];
    nms.events.set(token.id, [
      refusedCalls(token, nms.now, 1, { reason: "permission-lost", permission: "alerts:read" }),
    ]);
  });
  const found = await look(bench, /bot/);
  const who = "Ask an administrator of Northwind Networks to grant alerts:read to Mara Kowalski.";
  await waitFor(() => expect(found.getByText(/Ask an administrator/).textContent).toBe(who));
  bench.nms.tokens = bench.nms.tokens.map((one) => ({ ...one, effective_permissions: one.permissions }));
  await bench.press("Look again");
  await found.findByText(/The token works/);
  await bench.user.click(found.getByRole("button", { name: "Test a token" }));
  await screen.findByRole("dialog", { name: "Test a token" });
  await bench.press("Close");
  await screen.findByRole("dialog", { name: OPEN });
});

test("what was granted meanwhile is seen by looking again", async () => {
  const bench = await open((nms) => {
    const token = aToken(nms.now, { name: "bot", permissions: ["devices:read"] });
    nms.tokens = [token];
    nms.held = nms.held.filter((name) => name !== "alerts:read");
    nms.events.set(token.id, [
      refusedCalls(token, nms.now, 1, { reason: "permission-missing", permission: "alerts:read" }),
    ]);
  });
  const found = await look(bench, /bot/);
  await waitFor(() => expect(found.getByText(/Ask an administrator/)).toBeTruthy());
  bench.nms.held = [...bench.nms.held, "alerts:read"];
  await bench.press("Look again");
  await found.findByRole("button", { name: "Edit its permissions…" });
});

/** One that was rotated, and whose old value somebody ended before the service had the new one. */
function endOld(nms: FakeNms): void {
  const young = aToken(nms.now, { name: "relay anew" });
  const old = aToken(nms.now, { name: "relay", replaced_by: young.id });
  nms.tokens = [{ ...young, replaces: old.id }];
  nms.gone = [old];
  nms.events.set(old.id, [
    refusedCalls(old, nms.now, 2, { reason: "deleted" }),
    anEvent(old, nms.now, 9, { kind: "deleted", to: old as unknown as Record<string, unknown> }),
  ]);
}

test("of a token that was rotated the successor has the value: it is shown, or rotated, and never cut off", async () => {
  const bench = await open(endOld);
  const found = await look(bench, /^relay/);
  await found.findByText(/rotated, and its old value has ended/);
  expect(found.getByText(/Give it the value of/).textContent).toContain("relay anew");
  expect(found.queryByRole("button", { name: /Replace|Create/ })).toBeNull();
  await bench.press("Rotate the successor…");
  expect((await alertDialog()).textContent).toContain("relay anew");
  await bench.user.keyboard("{Escape}");
  await noDialog();
  await bench.press(OPEN);
  await look(bench, /^relay/);
  await bench.press("Show its successor");
  await screen.findByRole("complementary", { name: "relay anew" });
});

test("whoever knows only the program or the address finds the token by it", async () => {
  const bench = await open();
  await bench.press("Its address or program", "radio");
  await bench.type("Search address or program", "telegraf");
  const shown = within(await dialog());
  await shown.findByRole("region", { name: "Found" });
  await shown.findByText(/Telegraf\/1.30/);
  expect(bench.nms.called("list_callers").at(-1)).toEqual({ q: "telegraf" });
  const region = within(shown.getByRole("region", { name: "Found" }));
  expect(region.getAllByRole("button").map((one) => one.querySelector("strong")?.textContent)).toEqual([
    "collector-berlin-02",
  ]);
});

test("whoever is refused as unauthorized is led to the test of the value", async () => {
  const bench = await open();
  await bench.press("Refused as unauthorized", "radio");
  const shown = within(await dialog());
  expect(shown.getByRole("radio", { name: "The value that it has" })).toHaveProperty("checked", true);
  await bench.user.click(shown.getByRole("button", { name: "Test a token" }));
  await screen.findByRole("dialog", { name: "Test a token" });
  await bench.press("Close");
  const back = within(await screen.findByRole("dialog", { name: OPEN }));
  expect(back.getByRole("radio", { name: "Refused as unauthorized" })).toHaveProperty("checked", true);
});

test("whoever lost the value replaces the token", async () => {
  const bench = await open();
  await bench.press("The value was lost", "radio");
  await (await look(bench, /config backup/)).findByText(/nobody can show it again/);
  await bench.press("Replace it…");
  expect((await alertDialog()).textContent).toContain("config backup");
});

test("it is found in the palette and in an empty search, and says when nothing fits or cannot be read", async () => {
  const bench = await startApp();
  await screen.findByRole("table");
  await bench.user.keyboard("{Control>}k{/Control}");
  await bench.user.keyboard("stopped{Enter}");
  await screen.findByRole("dialog", { name: OPEN });
  await bench.type(/deleted ones too/, "no such thing");
  await screen.findByText(/Nothing fits/);
  bench.nms.failNext("list_events", { kind: "server_failed", status: 500 });
  await bench.type(/deleted ones too/, "x");
  await bench.press("Retry");
  await screen.findByText(/Nothing fits/);
  await bench.press("Close");
  await noDialog();
  await bench.type("Search tokens", "nothing like it");
  await screen.findByText("No token matches");
  await bench.user.click((await screen.findAllByRole("button", { name: OPEN })).at(-1) as HTMLElement);
  await screen.findByRole("dialog", { name: OPEN });
});

test("of many with a name it is said that there are more", async () => {
  const bench = await open((nms) => {
    nms.tokens = Array.from({ length: 25 }, (_, number) => aToken(nms.now, { name: `svc-${number + 10}` }));
  });
  await bench.user.type(within(await dialog()).getByRole("searchbox"), "svc");
  await screen.findByText("There are more. Search for more of the name to find fewer.");
  expect(within(await dialog()).getAllByRole("button", { name: /^svc-/ }).length).toBe(20);
});

test("of two with a name the one that is there comes before the one that has ended", () => {
  const now = Date.now();
  const there = aToken(now, { name: "svc", last_used_at: new Date(now - 86_400_000).toISOString() });
  const gone = aToken(now, { name: "svc" });
  const event = { ...anEvent(gone, now, 1, { kind: "deleted" }), token_name: "svc", token_masked: "pnms_pat_x…y" };
  expect(suspectsOf({ tokens: [there], events: [event], callers: [], made: [], held: [] }).map(({ id }) => id)).toEqual(
    [there.id, gone.id],
  );
});

test("what was mended since comes behind what is refused still, and only where that is what was mended", () => {
  const now = Date.now();
  const [open, mended, otherwise] = ["open", "mended", "otherwise"].map((name) => aToken(now, { name })) as [
    Token,
    Token,
    Token,
  ];
  const named = (event: Event) => ({ ...event, token_name: null, token_masked: "pnms_pat_x…y" });
  const refusal = { reason: "permission-missing", permission: "alerts:read" };
  const widened = (token: Token, to: NonNullable<Event["to"]>) => anEvent(token, now, 1, { kind: "widened", to });
  const events = [
    widened(mended, { permissions: ["alerts:read"] }),
    widened(otherwise, { expires_at: "2027-01-01T00:00:00Z" }),
    refusedCalls(mended, now, 5, refusal),
    refusedCalls(otherwise, now, 6, refusal),
    refusedCalls(open, now, 7, refusal),
  ].map(named);
  const found = suspectsOf({ tokens: [], events, callers: [], made: [], held: ["alerts:read"] });
  expect(found.map(({ id, mended: act }) => [id, act?.kind])).toEqual([
    [otherwise.id, undefined],
    [open.id, undefined],
    [mended.id, "widened"],
  ]);
});

test("a deleted one of whose name another was made since comes behind, and says so", () => {
  const now = Date.now();
  const [still, again, young] = ["still", "again", "again"].map((name) => aToken(now, { name })) as [
    Token,
    Token,
    Token,
  ];
  const named = (token: Token) => ({ token_name: token.name, token_masked: "pnms_pat_x…y" });
  const ended = (token: Token, minutes: number) => [
    { ...refusedCalls(token, now, minutes, { reason: "deleted" }), ...named(token) },
    { ...anEvent(token, now, minutes + 9, { kind: "deleted" }), ...named(token) },
  ];
  const made = [again, young].map((token, place) => ({
    ...anEvent(token, now, place === 0 ? 500 : 1, { kind: "created" }),
    ...named(token),
  }));
  const found = suspectsOf({
    tokens: [],
    events: [...ended(again, 3), ...ended(still, 5)],
    callers: [],
    made,
    held: [],
  });
  expect(found.map(({ id }) => id)).toEqual([still.id, again.id]);
  expect(found.map((one) => factsOf(one, now).includes("one of that name was made 1 minute ago"))).toEqual([
    false,
    true,
  ]);
});

test("one that was rotated and has ended comes behind: its successor is there", () => {
  const now = Date.now();
  const [still, old, young] = ["still", "pair", "pair"].map((name) => aToken(now, { name })) as [Token, Token, Token];
  const named = (token: Token) => ({ token_name: token.name, token_masked: "pnms_pat_x…y" });
  const to = { replaced_by: young.id };
  const events = [
    { ...anEvent(old, now, 1, { kind: "deleted", to }), ...named(old) },
    { ...refusedCalls(old, now, 3, { reason: "paused" }), ...named(old) },
    { ...refusedCalls(still, now, 5, { reason: "paused" }), ...named(still) },
  ];
  const made = [{ ...anEvent(young, now, 2, { kind: "created" }), ...named(young) }];
  const found = suspectsOf({ tokens: [], events, callers: [], made, held: [] });
  expect(found.map(({ id }) => id)).toEqual([still.id, old.id]);
});

test("what its owner had lost and holds again comes behind what is refused still, and says so", () => {
  const now = Date.now();
  const [still, again] = ["still", "again"].map((name) => aToken(now, { name })) as [Token, Token];
  const lost = (token: Token, hours: number, permission: string) => ({
    ...refusedCalls(token, now, hours, { reason: "permission-lost", permission }),
    token_name: token.name,
    token_masked: "pnms_pat_x…y",
  });
  const events = [lost(again, 1, "alerts:read"), lost(still, 2, "devices:write")];
  const found = suspectsOf({ tokens: [], events, callers: [], made: [], held: ["alerts:read"] });
  expect(found.map(({ name }) => name)).toEqual(["still", "again"]);
  expect(found.map((one) => factsOf(one, now).includes("you hold it again"))).toEqual([false, true]);
});
