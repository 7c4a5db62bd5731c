// Editing and deleting: only what was changed is sent, more power is confirmed, and nobody's work is lost.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, announced, dialog, noDialog, row, startApp, type Bench } from "../fixtures/bench";
import { all } from "../fixtures/catalogue";
import type { FakeNms } from "../fixtures/nms";
import { aToken } from "../fixtures/tokens";
import type { Token } from "../ipc/generated/Token";

async function openEdit(name: string, prepare?: (nms: FakeNms) => void): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press(`Edit ${name}`);
  await dialog();
  return bench;
}
const sent = (bench: Bench) => bench.nms.called("update_token");
const rename = async ({ user }: Bench, text: string) => {
  const field = screen.getByLabelText("Name");
  await user.clear(field);
  await user.type(field, text);
};

test("only what was changed is sent, against the version that was read", async () => {
  const bench = await openEdit("Grafana dashboards");
  const { id, etag } = bench.nms.tokens[1] as Token;
  expect((await screen.findByRole("button", { name: "Save" })).getAttribute("aria-disabled")).toBe("true");
  await rename(bench, "Grafana (EU)");
  expect(screen.getByText("Changes: name")).toBeTruthy();
  await bench.press("Save");
  await noDialog();
  expect(sent(bench)).toEqual([{ id, etag, changes: { name: "Grafana (EU)" } }]);
  await row("Grafana \\(EU\\)");
  await waitFor(() => expect(announced()).toBe("Changes saved."));
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Edit Grafana (EU)"));
});

test("Escape asks before it loses a change, and not where there is none", async () => {
  const bench = await openEdit("Grafana dashboards");
  await rename(bench, "Grafana (EU)");
  await bench.user.keyboard("{Escape}");
  expect((await alertDialog()).textContent).toContain("Discard what you changed?");
  await bench.press("Go back");
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "Grafana (EU)");
  await rename(bench, "Grafana dashboards");
  await bench.user.keyboard("{Escape}");
  await noDialog();
  expect(sent(bench)).toEqual([]);
});

test("an emptied name is cleared, and what comes back to its old value is not sent", async () => {
  const bench = await openEdit("collector-berlin-02");
  await bench.user.clear(screen.getByLabelText("Description"));
  await rename(bench, "x");
  await rename(bench, "collector-berlin-02");
  await bench.press("Save");
  await waitFor(() => expect(sent(bench)[0]?.["changes"]).toEqual({ description: null }));
});

test("more power is named and confirmed", async () => {
  const bench = await openEdit("Grafana dashboards");
  await bench.press("Alerts: 0 of 5 chosen");
  await bench.press(/^alerts:read/, "checkbox");
  await bench.press("180 days");
  await bench.press("Save");
  const question = await alertDialog();
  expect(question.textContent).toContain("Give “Grafana dashboards” more power?");
  expect(within(question).getByText("alerts:read")).toBeTruthy();
  expect(within(question).queryByText("devices:read")).toBeNull();
  expect(question.textContent).toContain("It works until 22 May 2027, 23:59 instead of 23 Jan 2027, 10:00.");
  expect(sent(bench)).toEqual([]);
  await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("Go back"));
  await bench.press("Go back");
  await bench.press("Save");
  await bench.press("Save with more power");
  await noDialog();
  expect(sent(bench)[0]?.["changes"]).toEqual({
    permissions: ["devices:read", "metrics:read", "alerts:read"],
    expires_at: "2027-05-22T21:59:59.000Z",
  });
});

test("narrowing what nobody uses asks nothing", async () => {
  const bench = await openEdit("Grafana dashboards", (nms) => nms.uses.clear());
  await bench.press(/^metrics:read/, "checkbox");
  await bench.press("7 days");
  await bench.press("Save");
  await noDialog();
  expect(sent(bench)[0]?.["changes"]).toEqual({
    permissions: ["devices:read"],
    expires_at: "2026-11-30T22:59:59.000Z",
  });
});

test("a token without permissions is not sent", async () => {
  const bench = await openEdit("Grafana dashboards");
  await bench.press("Select none");
  await bench.press("Save");
  await screen.findByText("Choose at least one permission.");
  expect(sent(bench)).toEqual([]);
});

test("lost permissions stay as long as the permissions are left alone", async () => {
  const bench = await openEdit(
    "on-call bot",
    (nms) => (nms.held = all.filter((name) => name !== "alerts:acknowledge")),
  );
  await screen.findByText(/You no longer hold alerts:acknowledge\. It stays in the token/);
  await rename(bench, "on-call");
  await bench.press("Save");
  await waitFor(() => expect(sent(bench)[0]?.["changes"]).toEqual({ name: "on-call" }));
});

test("they drop when the permissions are changed, and that is said before", async () => {
  const bench = await openEdit(
    "on-call bot",
    (nms) => (nms.held = all.filter((name) => name !== "alerts:acknowledge")),
  );
  await bench.press("Inventory: 0 of 7 chosen");
  await bench.press(/^devices:read/, "checkbox");
  await screen.findByText(/Saving removes alerts:acknowledge from the token for good/);
  await bench.press("Save");
  await bench.press("Save with more power");
  await waitFor(() => expect(sent(bench)[0]?.["changes"]).toEqual({ permissions: ["devices:read", "alerts:read"] }));
});

test("an expired token is revived by a new date, which is more power", async () => {
  const bench = await openEdit("collector-wien-01");
  await screen.findByText(/It has expired\. Choose a new date/);
  await bench.press("30 days");
  await bench.press("Save");
  expect((await alertDialog()).textContent).toContain("It works again, until 23 Dec 2026, 23:59.");
  await bench.press("Save with more power");
  await noDialog();
  await waitFor(async () => expect((await row("collector-wien-01")).textContent).toContain("in 30 days"));
});

test("how long a change takes to count is the server's word", async () => {
  await openEdit("config backup", (nms) => {
    nms.answer("describe_session", null);
    const limits = { default_days: 90, max_months: 12, max_tokens: null, propagation_max_s: 300 };
    nms.session = { me: { ...me(nms), limits } };
  });
  await screen.findByText("A change may take up to 5 minutes to count everywhere.");
});

function me(nms: FakeNms) {
  return {
    user: { id: "u", name: "Mara Kowalski" },
    organization: { id: "o", name: "Northwind" },
    organizations: [],
    permissions: nms.held,
    server_time: new Date(nms.now).toISOString(),
    limits: { default_days: 90, max_months: 12, max_tokens: null, propagation_max_s: 0 },
    policy: {},
  };
}

/** Somebody renamed it and took a permission while the dialog was open. */
function whileOpen(bench: Bench, said: "with the token" | "without it"): Token {
  const old = bench.nms.tokens[1] as Token;
  const theirs: Token = { ...old, name: "Theirs", permissions: ["devices:read"], etag: '"new"' };
  theirs.effective_permissions = theirs.permissions;
  bench.nms.tokens = bench.nms.tokens.map((one) => (one.id === old.id ? theirs : one));
  bench.nms.failNext("update_token", { kind: "stale", token: said === "with the token" ? theirs : null });
  return theirs;
}

test("somebody was first: both versions are shown, and mine goes on top of theirs", async () => {
  const bench = await openEdit("Grafana dashboards");
  const { id } = whileOpen(bench, "with the token");
  await rename(bench, "Mine");
  await bench.press("Save");
  const notice = within(await screen.findByRole("alert"));
  expect(notice.getByRole("row", { name: "Name Mine Theirs" })).toBeTruthy();
  expect(notice.getByRole("row", { name: "Permissions not changed by you devices:read" })).toBeTruthy();
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "Mine");
  await bench.press("Use mine on top of the new version");
  // What I left alone is as they left it.
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /Telemetry/ }).checked).toBe(false);
  await bench.press("Save");
  await noDialog();
  expect(sent(bench)[1]).toEqual({ id, etag: '"new"', changes: { name: "Mine" } });
});

test("or theirs is taken", async () => {
  const bench = await openEdit("Grafana dashboards");
  whileOpen(bench, "with the token");
  await rename(bench, "Mine");
  await bench.press("Save");
  await bench.press("Take theirs");
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "Theirs");
  expect(screen.getByText("Nothing changed yet", { selector: ".start" })).toBeTruthy();
});

test("when the server does not say what is there now, it is looked for", async () => {
  const bench = await openEdit("Grafana dashboards");
  whileOpen(bench, "without it");
  await rename(bench, "Mine");
  await bench.press("Save");
  await screen.findByRole("row", { name: "Name Mine Theirs" });
});

test("a failure keeps what was typed", async () => {
  const bench = await openEdit("Grafana dashboards", (nms) =>
    nms.failNext("update_token", { kind: "storage_unavailable" }),
  );
  await rename(bench, "Mine");
  await bench.press("Save");
  expect((await screen.findByRole("alert")).textContent).toContain("its disk is full or read-only");
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "Mine");
  await bench.press("Save");
  await noDialog();
});

test("deleting names the token, its last use, and what will stop", async () => {
  const bench = await startApp();
  await bench.press("Delete collector-berlin-02");
  const question = await alertDialog();
  expect(question.textContent).toContain("Delete “collector-berlin-02”?");
  expect(question.textContent).toContain(
    "Used 4 minutes ago from 10.2.0.7. Its requests will be refused at once and for good.",
  );
  expect(within(question).getByText("metrics:ingest")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("Keep it"));
  await bench.user.keyboard("{Enter}");
  await noDialog();
  expect(bench.nms.called("delete_token")).toEqual([]);
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Delete collector-berlin-02"));
});

test("deleted: the row goes, it is said, and the focus is not lost", async () => {
  const bench = await startApp((nms) => nms.failNext("delete_token", { kind: "server_failed", status: 500 }));
  await bench.press("Delete config backup");
  await bench.press("Delete token");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The NMS failed (status 500).");
  // It may have failed after it had written.
  expect(alert.textContent).toContain("it may have been made; the list shows what is true");
  await bench.press("Delete token");
  await noDialog();
  await waitFor(() => expect(screen.queryByRole("rowheader", { name: /config backup/ })).toBeNull());
  await waitFor(() => expect(announced()).toBe("Token deleted."));
  // On what stands in its place, or on the heading, by which of them is there first.
  await waitFor(() => expect(document.activeElement?.closest("[data-rows], h1")).toBeTruthy());
});

/** The value of the first token was put there. */
function put(nms: FakeNms): void {
  const [token] = nms.tokens;
  if (token) nms.places.set(token.id, { file: "/home/mk/berlin.token", in_keychain: true });
}

test("what was put into the keychain goes with the token, and a file only when that is wished", async () => {
  const bench = await startApp(put);
  const id = bench.nms.tokens[0]?.id;
  await bench.press("Delete collector-berlin-02");
  const keychain = await screen.findByRole("checkbox", { name: "Remove it from the system keychain, too" });
  const file = screen.getByRole("checkbox", { name: /Delete the file with it, too:.*berlin\.token/ });
  expect([keychain, file].map((box) => (box as HTMLInputElement).checked)).toEqual([true, false]);
  await bench.press("Delete token");
  await noDialog();
  expect(bench.nms.called("remove_places")).toEqual([{ id, file: false, keychain: true }]);
});

test("a token that is gone while its keychain entry is not: that is said, and tried again", async () => {
  const bench = await startApp((nms) => {
    put(nms);
    nms.failNext("remove_places", { kind: "keychain_not_cleared", reason: "locked" });
  });
  await bench.press("Delete collector-berlin-02");
  await bench.press(/Delete the file/, "checkbox");
  await bench.press("Delete token");
  expect((await screen.findByRole("alert")).textContent).toContain("The token is deleted.");
  expect(screen.queryByRole("checkbox", { name: /keychain/ })).toBeNull();
  await bench.press("Retry");
  await noDialog();
  expect(bench.nms.called("delete_token").length).toBe(1);
  expect(bench.nms.called("remove_places").at(-1)).toMatchObject({ file: true, keychain: true });
  await waitFor(() => expect(screen.queryByRole("rowheader", { name: /collector-berlin-02/ })).toBeNull());
});

test.each([
  ["test from laptop", "Never used. Nothing that runs now will stop."],
  ["collector-wien-01", "It expired 12 days ago: its requests are refused already."],
])("deleting %s says what that means", async (name, sentence) => {
  const bench = await startApp();
  await bench.press(`Delete ${name}`);
  expect((await alertDialog()).textContent).toContain(sentence);
});

test("a token without a name is called by its masked value", async () => {
  const bench = await startApp((nms) => (nms.tokens = [aToken(nms.now, { name: null, prefix: "pnms_pat_Aa0Bb1Cc" })]));
  await bench.press("Delete pnms_pat_Aa0Bb1Cc…f9g0");
  expect((await alertDialog()).textContent).toContain("Delete pnms_pat_Aa0Bb1Cc…f9g0?");
});
