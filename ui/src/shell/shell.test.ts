// The frame: menu, tabs, profile, banners, theme, and the end of the app.
import { screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { alertDialog, names, row, startApp } from "../fixtures/bench";
import { catalogue } from "../fixtures/catalogue";
import type { FakeNms } from "../fixtures/nms";
import type { KeyringReason } from "../ipc/generated/KeyringReason";
import type { PortHolderView } from "../ipc/generated/PortHolderView";
import { applyAppearance } from "../theme/appearance";
import { speaker } from "../words/speech.svelte";

afterEach(async () => {
  applyAppearance(undefined);
  await speaker.choose("en");
});

const server = (usual_port_taken: PortHolderView | null) => ({
  is_built_in: true,
  address: "http://127.0.0.1:8717",
  data_dir: "/home/mk/.local/share/palpabl-nms",
  usual_port_taken,
});

test("the app opens on API tokens, and the menu of the avatar leads to Settings and Profile", async () => {
  const { press } = await startApp();
  expect(await screen.findByRole("tab", { name: "API tokens", selected: true })).toBeTruthy();
  await screen.findByText("On this computer");
  await press("MK: Mara Kowalski, Northwind Networks, account menu");
  await press("Profile", "menuitem");
  await screen.findByRole("heading", { name: "Profile" });
  await press(/account menu/);
  await press("Settings", "menuitem");
  await screen.findByRole("heading", { name: "API tokens" });
  expect(document.body.style.pointerEvents).toBe("");
});

test("what the server says of permissions follows the language of the window", async () => {
  const inLanguage = ({ language }: Record<string, unknown>) => {
    const group = language === "de" ? "Bestand" : "Inventory";
    return { ...catalogue, permissions: catalogue.permissions.map((one) => ({ ...one, group })) };
  };
  const bench = await startApp((nms) => nms.answer("list_permissions", inLanguage));
  expect(bench.nms.called("list_permissions")[0]).toEqual({ language: "en" });
  await bench.press("Profile", "tab");
  await screen.findByText("Inventory");
  await speaker.choose("de");
  await screen.findByText("Bestand");
  // Looked at again, it is asked for in that language too; and what there is stays when nothing comes.
  window.dispatchEvent(new Event("focus"));
  await waitFor(() => expect(bench.nms.called("list_permissions").length).toBeGreaterThan(2));
  expect(bench.nms.called("list_permissions").at(-1)).toEqual({ language: "de" });
  bench.nms.failAlways("list_permissions", { kind: "server_failed", status: 500 });
  await speaker.choose("ar");
  await waitFor(() => expect(bench.nms.called("list_permissions").at(-1)).toEqual({ language: "ar" }));
  expect(screen.getByText("Bestand")).toBeTruthy();
});

test("a reminder that was clicked opens its token, also one that the list does not show, and says how many expire", async () => {
  const bench = await startApp();
  const account = await screen.findByRole("button", { name: /account menu · 2 tokens expire within 14 days/ });
  expect(account.textContent).toContain("2");
  await bench.press("Expired 1");
  await waitFor(async () => expect(await names()).toEqual(["collector-wien-01"]));
  await bench.press("Profile", "tab");
  const berlin = bench.nms.tokens.find((one) => one.name === "collector-berlin-02");
  await bench.nms.tell("open_token", { id: berlin?.id });
  const pane = within(await screen.findByRole("complementary", { name: "collector-berlin-02" }));
  expect(pane.getByText(/Expires/)).toBeTruthy();
});

test("tabs are moved by the arrow keys", async () => {
  const { user } = await startApp();
  (await screen.findByRole("tab", { name: "API tokens" })).focus();
  await user.keyboard("{ArrowRight}");
  await screen.findByRole("heading", { name: "Profile" });
});

test("the profile tells who, where, and what may be done there", async () => {
  const { press } = await startApp();
  await press("Profile", "tab");
  await screen.findByText("Northwind Networks");
  expect(screen.getByText("http://127.0.0.1:8716")).toBeTruthy();
  expect(screen.getByText("/home/mk/.local/share/palpabl-nms")).toBeTruthy();
  expect(screen.getByText(/^38 of 38/).textContent).toContain("9 admin · 6 sensitive · 13 write · 10 read");
  const review = screen.getByText("tokens:review").closest("li") as HTMLElement;
  expect(within(review).getByText("yours only, never in a token")).toBeTruthy();
});

const keyring: [KeyringReason, string][] = [
  ["no_service", "No keychain service runs here."],
  ["locked", "The keychain is locked."],
  ["timed_out", "The keychain did not answer in time; it may still be asking you something."],
  ["no_collection", "The keychain has no default collection to keep it in."],
  ["other", "The keychain did not take it."],
];
test.each(keyring)("without a keychain (%s) the app works and says so; Retry mends it", async (reason, sentence) => {
  const { press } = await startApp((nms) => (nms.session = { keyring: { state: "unavailable", reason } }));
  const note = await screen.findByRole("note");
  expect(note.textContent).toContain(sentence);
  expect(note.textContent).toContain("the session is kept in memory and ends with this app");
  await press("Retry");
  await waitFor(() => expect(screen.queryByRole("note")).toBeNull());
});

test("a retry that fails leaves the banner, and an event takes it away", async () => {
  const { nms, press } = await startApp((nms) => {
    nms.session = { keyring: { state: "unavailable", reason: "locked" } };
    nms.answer("retry_keyring", () => ({ state: "unavailable", reason: "timed_out" }));
  });
  await press("Retry");
  await screen.findByText(/did not answer in time/);
  await nms.tell("keyring", { state: "kept" });
  await waitFor(() => expect(screen.queryByRole("note")).toBeNull());
});

test.each([
  [{ port: 8716, is_held: true, pid: 4711, program: "python3" }, "It is python3, process 4711."],
  [{ port: 8716, is_held: true, pid: null, program: "python3" }, "It is python3."],
  [{ port: 8716, is_held: true, pid: 4711, program: null }, "It is process 4711."],
  [{ port: 8716, is_held: true, pid: null, program: null }, "Which one could not be found out."],
])("a taken port is told with whoever has it: %o", async (taken, sentence) => {
  await startApp((nms) => (nms.session = { server: server(taken) }));
  const note = await screen.findByRole("note");
  expect(note.textContent).toContain("Another program has the usual port 8716.");
  expect(note.textContent).toContain(sentence);
  expect(note.textContent).toContain("This NMS is at http://127.0.0.1:8717.");
});

test("a port that was taken at the start and is free again is no threat, and is told so when the window is looked at", async () => {
  const taken = { port: 8716, is_held: true, pid: 4711, program: "python3" };
  const bench = await startApp((nms) => (nms.session = { server: server(taken) }));
  expect((await screen.findByRole("note")).textContent).toContain("process 4711");
  bench.nms.session = { server: server({ port: 8716, is_held: false, pid: null, program: null }) };
  window.dispatchEvent(new Event("focus"));
  await screen.findByText("The usual port 8716 was taken when this NMS started.");
  expect(screen.getByRole("note").textContent).toContain("close the app and open it again");
  expect(screen.queryByText(/that program would receive them/)).toBeNull();
});

test.each([
  [60, null],
  [-60, null],
  [95, "95 seconds ahead"],
  [-7200, "120 minutes behind"],
])("a clock that is %i s ahead", async (clock_ahead_s, sentence) => {
  await startApp((nms) => (nms.session = { clock_ahead_s }));
  await row("collector-berlin-02");
  if (sentence) expect((await screen.findByRole("note")).textContent).toContain(sentence);
  else expect(screen.queryByRole("note")).toBeNull();
});

test("times follow the server's clock", async () => {
  await startApp((nms) => (nms.session = { clock_ahead_s: 3600 }));
  await waitFor(async () =>
    expect(within(await row("config backup")).getByRole("button", { name: "in 120 days" })).toBeTruthy(),
  );
  // Four minutes ago by this computer's clock lie ahead of the server's: never said to be in the future.
  await waitFor(async () => expect((await row("collector-berlin-02")).textContent).toContain("just now"));
});

test("no session: the list stands, the reason is told, and Retry mends it", async () => {
  const { nms, press } = await startApp((nms) => nms.failAlways("describe_session", { kind: "signed_out" }));
  await row("collector-berlin-02");
  expect((await screen.findByRole("alert")).textContent).toContain("Your session has ended.");
  nms.answer("describe_session", null);
  await press("Retry");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("quitting while the clipboard holds a token asks first", async () => {
  const { nms, press, user } = await startApp();
  await row("collector-berlin-02");
  await nms.tell("close_requested", { unsaved: false, clipboard_pending: true, form_unsaved: false });
  expect((await alertDialog()).textContent).toContain("Quitting empties it");
  await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("Go back"));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  await nms.tell("close_requested", { unsaved: false, clipboard_pending: true, form_unsaved: false });
  await press("Quit");
  expect(nms.called("quit").length).toBe(1);
});

test("quitting while a form holds something unsaved asks first", async () => {
  const { nms, press, type, user } = await startApp();
  const told = () => nms.called("set_form_unsaved").map((call) => call["unsaved"]);
  await press("Create token");
  expect(told()).toEqual([]);
  await type("Name", "poller-03");
  await waitFor(() => expect(told()).toEqual([true]));
  await nms.tell("close_requested", { unsaved: false, clipboard_pending: false, form_unsaved: true });
  expect((await alertDialog()).textContent).toContain("Quitting loses it.");
  await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("Go back"));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "poller-03");
  expect(nms.called("quit").length).toBe(0);
  await press("Cancel");
  await waitFor(() => expect(told()).toEqual([true, false]));
});

test("nothing at stake: it quits", async () => {
  const { nms } = await startApp();
  await nms.tell("close_requested", { unsaved: false, clipboard_pending: false, form_unsaved: false });
  await waitFor(() => expect(nms.called("quit").length).toBe(1));
});

const root = document.documentElement;
test("the theme is the desktop's, and changes with it", async () => {
  const { nms } = await startApp();
  await nms.tell("appearance", { dark: true, more_contrast: true });
  await waitFor(() => expect({ ...root.dataset }).toMatchObject({ theme: "dark", contrast: "more" }));
  await nms.tell("appearance", { dark: false, more_contrast: false });
  await waitFor(() => expect({ ...root.dataset }).toMatchObject({ theme: "light", contrast: "normal" }));
  // The desktop does not say: the media queries decide.
  await nms.tell("appearance", { dark: null, more_contrast: null });
  await waitFor(() => expect(root.dataset["theme"]).toBeUndefined());
  expect(root.dataset["contrast"]).toBeUndefined();
});

test("initials are characters, not bytes", async () => {
  const session = (name: string) => (nms: FakeNms) => {
    nms.session = {
      me: {
        user: { id: "u", name },
        organization: { id: "o", name: "Northwind" },
        organizations: [],
        permissions: nms.held,
        server_time: new Date(nms.now).toISOString(),
        limits: { default_days: 90, max_months: 12, max_tokens: null, propagation_max_s: 0 },
        policy: {},
      },
    };
  };
  await startApp(session("émile de la \u{1F600}"));
  expect((await screen.findByRole("button", { name: /account menu/ })).textContent?.trim()).toBe("É\u{1F600}");
});
