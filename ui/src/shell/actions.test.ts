// Shortcuts, the list of them, and the command palette: one table, heard only where no typing and no dialog is meant.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { rotateFirst } from "../fixtures/rotated";
import { alertDialog, announced, dialog, expectAccessible, names, noDialog, row, startApp } from "../fixtures/bench";
import { caps, isPressed } from "./keys";

test("each key does what the list of shortcuts says", async () => {
  const { user } = await startApp();
  await row("collector-berlin-02");
  await user.keyboard("n");
  expect((await dialog()).textContent).toContain("Create token");
  await user.keyboard("{Escape}");
  await noDialog();

  await user.keyboard("/");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Search tokens"));
  // In a field a letter is a letter.
  await user.keyboard("n?");
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{Escape}");

  const edit = within(await row("on-call bot")).getByRole("button", { name: "Edit on-call bot" });
  edit.focus();
  await user.keyboard("e");
  expect((await dialog()).textContent).toContain("Edit “on-call bot”");
  await user.keyboard("{Escape}");
  await noDialog();
  edit.focus();
  await user.keyboard("{Delete}");
  expect((await alertDialog()).textContent).toContain("Delete “on-call bot”?");
  await user.keyboard("{Escape}");
  await noDialog();
  edit.focus();
  await user.keyboard("x");
  expect(screen.getByRole("group", { name: "1 selected" })).toBeTruthy();
  edit.focus();
  await user.keyboard("d");
  expect(screen.getByRole("complementary", { name: "on-call bot" })).toBeTruthy();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
});

test("Escape closes what is on top: a dialog over the details first; then the focus is on their row", async () => {
  const { press, user } = await startApp();
  await press("on-call bot, details");
  const pane = () => within(screen.getByRole("complementary", { name: "on-call bot" }));
  pane().getByRole("button", { name: "Close details" }).focus();
  await user.keyboard("?");
  await dialog();
  await user.keyboard("{Escape}");
  await noDialog();
  const close = pane().getByRole("button", { name: "Close details" });
  // The dialog looks after the focus once more when it has gone.
  await new Promise((done) => setTimeout(done));
  expect(document.activeElement).toBe(close);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
  const details = screen.getByRole("button", { name: "on-call bot, details" });
  await waitFor(() => expect(document.activeElement).toBe(details));
});

test("keys of rows do nothing where no row is meant", async () => {
  const { user } = await startApp();
  await row("collector-berlin-02");
  await user.keyboard("e{Delete}x");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(screen.queryByRole("group", { name: /selected/ })).toBeNull();
});

test("a key that can do nothing says why, and shows it beside the row", async () => {
  const { nms, user } = await startApp((nms) => rotateFirst(nms, []));
  const on = async (name: string, keys: string, why: RegExp) => {
    const [details] = await screen.findAllByRole("button", { name });
    details?.focus();
    await user.keyboard(keys);
    await waitFor(() => expect(announced()).toMatch(why));
    expect(screen.getByRole("tooltip").textContent).toMatch(why);
    expect(screen.queryByRole("alertdialog")).toBeNull();
  };
  const old = (await screen.findByText("old value")).closest("[role=row]");
  old?.querySelector<HTMLElement>("button.details")?.focus();
  await user.keyboard("r");
  await waitFor(() => expect(announced()).toMatch(/^It was rotated already: this old value ends in 22 hours\./));
  expect(screen.getByRole("tooltip").textContent).toMatch(/rotated already/);
  await on("collector-wien-01, details", "r", /^An expired token cannot be rotated: create one like it\./);
  nms.failAlways("list_tokens", { kind: "unreachable", reason: "refused" });
  window.dispatchEvent(new Event("focus"));
  await screen.findByText("The NMS cannot be reached.");
  for (const keys of ["e", "r", "{Delete}", "n"]) {
    await on("on-call bot, details", keys, /^Not possible while the NMS cannot be reached/);
    await user.keyboard("{Shift}");
    expect(screen.queryByRole("tooltip")).toBeNull();
  }
});

test("? lists every key that is heard", async () => {
  const { user, press } = await startApp();
  await row("collector-berlin-02");
  await user.keyboard("?");
  const list = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  for (const [what, keys] of [
    ["Create token", "N"],
    ["Command palette", "CtrlK"],
    ["Edit the token", "E"],
    ["Delete the token", "Delete"],
  ] as const) {
    const line = within(list).getByText(what).closest("div");
    expect(line?.querySelector("dd")?.textContent?.replace(/\s/g, "")).toBe(keys);
  }
  await expectAccessible(list);
  // While it is open, its page hears nothing.
  await user.keyboard("n");
  expect(screen.queryByRole("dialog", { name: "Create token" })).toBeNull();
  await press("Close");
  await noDialog();
});

test("the palette finds commands, filters and tokens, and does what is chosen", async () => {
  const { user } = await startApp();
  await row("collector-berlin-02");
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "Search commands and tokens" });
  await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("combobox"));
  await user.type(field, "expiring");
  const options = () => screen.getAllByRole("option").map((one) => one.textContent?.trim());
  expect(options()).toEqual(["Show only: Expiring"]);
  await expectAccessible(await dialog());
  await user.keyboard("{Enter}");
  await noDialog();
  await waitFor(async () => expect(await names()).toEqual(["collector-berlin-02", "pnms_pat_Hh30vvLc…2mQx"]));

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox"), "open berlin");
  await user.keyboard("{Enter}");
  await screen.findByRole("complementary", { name: "collector-berlin-02" });
});

test("the palette opens a token that the list does not show, found by what no label says", async () => {
  const { user, press } = await startApp();
  await press("Expired 1");
  await waitFor(async () => expect(await names()).toEqual(["collector-wien-01"]));
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox"), "alerts:acknowledge");
  await screen.findByRole("option", { name: "Open on-call bot" });
  await user.keyboard("{Enter}");
  const pane = within(await screen.findByRole("complementary", { name: "on-call bot" }));
  pane.getByRole("rowheader", { name: /alerts:acknowledge/ });
  // The list stays as it was narrowed.
  expect(await names()).toEqual(["collector-wien-01"]);
});

test("the palette is walked with the arrow keys, offers what the row allows, and says when nothing fits", async () => {
  const { user } = await startApp();
  const edit = within(await row("on-call bot")).getByRole("button", { name: "Edit on-call bot" });
  edit.focus();
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox");
  await user.type(field, "the token");
  expect(screen.getAllByRole("option").map((one) => one.textContent?.replace(/\s+/g, " ").trim())).toEqual([
    expect.stringContaining("Edit the token: on-call bot"),
    expect.stringContaining("Rotate the token: on-call bot"),
    expect.stringContaining("Pause the token: on-call bot"),
    expect.stringContaining("Delete the token: on-call bot"),
  ]);
  await user.keyboard("{ArrowUp}");
  const active = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
  expect(active?.textContent).toContain("Delete the token");
  await user.keyboard("{ArrowDown}{Enter}");
  expect((await screen.findByRole("dialog", { name: /Edit/ })).textContent).toContain("on-call bot");
  await user.keyboard("{Escape}");
  await noDialog();

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox"), "zzz");
  expect((await dialog()).textContent).toContain("Nothing fits “zzz”.");
});

const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...more });
test.each([
  ["n", press("n"), true],
  ["n", press("n", { ctrlKey: true }), false],
  ["n", press("n", { altKey: true }), false],
  ["?", press("?", { shiftKey: true }), true],
  ["Mod+k", press("k", { ctrlKey: true }), true],
  ["Mod+k", press("K", { ctrlKey: true, shiftKey: true }), true],
  ["Mod+k", press("k"), false],
  ["Mod+k", press("k", { metaKey: true }), false],
  ["Delete", press("Delete"), true],
  // Layouts without Latin letters: the place of the key counts.
  ["n", press("ى", { code: "KeyN" }), true],
  ["n", press("т", { code: "KeyN" }), true],
  ["n", press("Т", { code: "KeyN", shiftKey: true }), false],
  ["Mod+k", press("ن", { code: "KeyK", ctrlKey: true }), true],
  ["Mod+k", press("κ", { code: "KeyK", ctrlKey: true }), true],
  ["Mod+a", press("ش", { code: "KeyA", ctrlKey: true }), true],
  ["/", press("ظ", { code: "Slash" }), true],
  ["?", press("؟", { code: "Slash", shiftKey: true }), true],
  // Latin layouts: what is written counts, wherever the key is.
  ["n", press("b", { code: "KeyN" }), false],
  ["n", press("n", { code: "KeyL" }), true],
  ["Mod+a", press("q", { code: "KeyA", ctrlKey: true }), false],
  ["Mod+a", press("a", { code: "KeyQ", ctrlKey: true }), true],
  ["/", press("!", { code: "Slash" }), false],
  ["?", press("§", { code: "Slash", shiftKey: true }), false],
  ["/", press("-", { code: "Slash" }), false],
] as const)("%s is meant by what the keyboard sends, or not", (keys, event, isMeant) => {
  expect(isPressed(keys, event)).toBe(isMeant);
});

test("Ctrl+A selects what stands in a field, never the page", async () => {
  const { user, type } = await startApp();
  await row("collector-berlin-02");
  expect(await fireEvent.keyDown(document.body, { key: "a", ctrlKey: true })).toBe(false);
  await user.keyboard("n");
  await type("Name", "poller-03");
  expect(await fireEvent.keyDown(screen.getByLabelText("Name"), { key: "a", ctrlKey: true })).toBe(true);
});

test("caps read as they stand on a keyboard", () => {
  expect(caps("Mod+k")).toEqual(["Ctrl", "K"]);
  expect(caps("?")).toEqual(["?"]);
  expect(caps("Mod+Home")).toEqual(["Ctrl", "Home"]);
});

test("on another tab no key acts on a token that is not on screen", async () => {
  const { press, user } = await startApp();
  await press("on-call bot, details");
  await screen.findByRole("complementary", { name: "on-call bot" });
  await press("Profile", "tab");
  await user.keyboard("e{Delete}x");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.queryByRole("alertdialog")).toBeNull();
  await press(/^API tokens/, "tab");
  expect(screen.queryByRole("group", { name: /selected/ })).toBeNull();
});

test("what the palette shows only is shown only, however often it is chosen", async () => {
  const { press, user } = await startApp();
  await press("Never used 2");
  for (let time = 0; time < 2; time += 1) {
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox"), "show only expiring");
    await user.keyboard("{Enter}");
    await waitFor(async () => expect(await names()).toEqual(["collector-berlin-02", "pnms_pat_Hh30vvLc…2mQx"]));
  }
});
