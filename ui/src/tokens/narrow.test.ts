// Taking something away: whoever uses it is named before it is saved, and nobody is asked when nobody would notice.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, dialog, expectAccessible, noDialog, startApp, type Bench } from "../fixtures/bench";
import type { FakeNms } from "../fixtures/nms";
import { aToken } from "../fixtures/tokens";
import type { Token } from "../ipc/generated/Token";

const sent = (bench: Bench) => bench.nms.called("update_token").map((call) => call["changes"]);

/** One token that one program uses, from one address, for devices:read. */
function oneUsed(nms: FakeNms, own: Partial<Token> = {}): void {
  const token = aToken(nms.now, { name: "poller", permissions: ["devices:read", "metrics:read"], ...own });
  nms.tokens = [token];
  const last_at = new Date(nms.now - 60_000).toISOString();
  nms.uses.set(token.id, [
    { day: last_at.slice(0, 10), address: "10.2.0.7", agent: "sync/2", permission: "devices:read", count: 24, last_at },
  ]);
}

async function openEdit(prepare: (nms: FakeNms) => void): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press("Edit poller");
  await dialog();
  return bench;
}

async function acceptOnly(bench: Bench, addresses: string): Promise<void> {
  const field = within(await dialog()).getByLabelText("Accept only from (optional)");
  await bench.user.clear(field);
  await bench.user.type(field, addresses);
}

test("a permission that somebody uses: who would be refused is asked before it is saved", async () => {
  const bench = await openEdit((nms) => oneUsed(nms));
  await bench.press(/^devices:read/, "checkbox");
  await bench.press("Save");
  const question = await alertDialog();
  expect(question.textContent).toContain("Give “poller” less power?");
  const list = within(question);
  expect(list.getByText("10.2.0.7")).toBeTruthy();
  expect(list.getByText("sync/2")).toBeTruthy();
  expect(list.getByText("devices:read")).toBeTruthy();
  expect(list.getByText("24 calls in the last 30 days")).toBeTruthy();
  await expectAccessible(question);
  await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("Go back"));
  expect(sent(bench)).toEqual([]);
  await bench.press("Go back");
  await bench.press("Save");
  await bench.press("Save all the same");
  await noDialog();
  expect(sent(bench)).toEqual([{ permissions: ["metrics:read"] }]);
});

test("one that nobody uses just saves", async () => {
  const bench = await openEdit((nms) => oneUsed(nms));
  await bench.press(/^metrics:read/, "checkbox");
  await bench.press("Save");
  await noDialog();
  expect(sent(bench)).toEqual([{ permissions: ["devices:read"] }]);
});

test("more and less together are one question", async () => {
  const bench = await openEdit((nms) => oneUsed(nms));
  await bench.press(/^devices:read/, "checkbox");
  await bench.press("180 days");
  await bench.press("Save");
  const question = await alertDialog();
  expect(question.textContent).toContain("Change what “poller” can do?");
  expect(question.textContent).toContain("It works until 22 May 2027");
  expect(within(question).getByText("sync/2")).toBeTruthy();
  await bench.press("Save all the same");
  await noDialog();
  expect(sent(bench).length).toBe(1);
});

test("an earlier end is asked about, with its day", async () => {
  const bench = await openEdit((nms) => oneUsed(nms));
  await bench.press("7 days");
  await bench.press("Save");
  const question = await alertDialog();
  expect(question.textContent).toContain("From 30 Nov 2026, 23:59 on:");
  expect(within(question).getByText("sync/2")).toBeTruthy();
});

test("Save waits until it is known who would be refused, and can be left meanwhile", async () => {
  const bench = await openEdit((nms) => oneUsed(nms));
  const release = bench.nms.hold("list_uses");
  await bench.press(/^metrics:read/, "checkbox");
  await bench.press("Save");
  await screen.findByText("Looking at who used it", { selector: ".start" });
  expect(sent(bench)).toEqual([]);
  await bench.press("Cancel");
  release();
  await noDialog();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(sent(bench)).toEqual([]);
});

test("what could not be read is asked about as if it were in use", async () => {
  const bench = await openEdit((nms) => {
    oneUsed(nms);
    nms.failAlways("list_uses", { kind: "server_failed", status: 500 });
  });
  await bench.press(/^metrics:read/, "checkbox");
  await bench.press("Save");
  expect((await alertDialog()).textContent).toContain("Who used it could not be read.");
});

test.each([
  ["from anywhere to elsewhere", [], "10.9.0.0/16", true],
  ["from anywhere to where it is used", [], "10.2.0.0/16", false],
  ["to a smaller range that still fits", ["10.0.0.0/8"], "10.2.0.0/16", false],
] as const)("addresses, %s", async (_, before, after, isAsked) => {
  const bench = await openEdit((nms) => oneUsed(nms, { allowed_addresses: [...before] }));
  await acceptOnly(bench, after);
  await bench.press("Save");
  if (before.length) return expect((await alertDialog()).textContent).not.toContain("sync/2");
  if (isAsked) expect((await alertDialog()).textContent).toContain("sync/2");
  else await noDialog();
});

test("what is no range is the server's to refuse: nothing is foreseen of it", async () => {
  const bench = await openEdit((nms) => {
    oneUsed(nms);
    nms.failNext("update_token", { kind: "invalid", field: "allowed_addresses" });
  });
  await acceptOnly(bench, "10.2.0.0/255.255.0.0");
  expect(screen.queryByText("Looking at who used it")).toBeNull();
  expect(screen.queryByText("What would be refused")).toBeNull();
  await bench.press("Save");
  await screen.findByText(/At least one of them is no address or range/);
});

test("callers of a paused token are refused already; it is said what resuming could not bring back", async () => {
  const bench = await startApp((nms) => oneUsed(nms, { state: "paused" }));
  await bench.press("Delete poller");
  const question = within(await alertDialog());
  await question.findByText("It is paused: they are refused already. After this, resuming it cannot bring them back.");
  expect(question.getByRole("heading", { name: "What resuming could not bring back" })).toBeTruthy();
  expect(question.getByText("sync/2")).toBeTruthy();
  const text = (await alertDialog()).textContent;
  expect(text).toContain("Its requests are refused already, because it is paused.");
  expect(text).not.toContain("would be refused");
});
