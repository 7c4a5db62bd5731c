// The one-time step: what is said of the secret is what was observed, and it is never lost by a slip.
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import {
  button,
  createOne,
  alertDialog,
  announced,
  dialog,
  expectAccessible,
  noDialog,
  row,
  startApp,
  type Bench,
} from "../fixtures/bench";
import { ON_CLIPBOARD } from "../fixtures/nms";
import { NOW } from "../fixtures/setup";
import type { VaultState } from "../ipc/generated/VaultState";
import type { VaultView } from "../ipc/generated/VaultView";

const text = async () => (await dialog()).textContent?.replace(/\s+/g, " ") ?? "";
/** Without layout everything lies at 0, 0: beside it is elsewhere. */
const besideDialog = () => ({
  keys: "[MouseLeft]",
  target: document.querySelector(".dialog-veil") as HTMLElement,
  coords: { clientX: 900, clientY: 700 },
});
/** So long after it opened that no press belongs to the double click that opened it. */
const later = () => vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000);
const state = async () => (await dialog()).querySelector(".state")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
const calls = (bench: Bench, command: string) => bench.nms.called(command).length;

test("it opens on Copy token, says that nothing is copied, and the row stands behind it", async () => {
  await createOne();
  expect(document.activeElement).toBe(await button("Copy token"));
  expect(await state()).toBe("Not copied yet");
  expect(await text()).toContain("Copy it now. It is kept only here, and only until you close this window.");
  expect(screen.getAllByText("pnms_pat_a1b2c3d4", { exact: false }).length).toBeGreaterThan(0);
  await waitFor(() => expect(document.querySelector("[role=table]")?.textContent).toContain("poller-03"));
});

test("copied: said once it was checked, with the time that is left, and there is no second copy", async () => {
  const bench = await createOne();
  const release = bench.nms.hold("copy_token");
  await bench.press("Copy token");
  // Never before the answer.
  expect(await state()).toBe("Not copied yet");
  release();
  await waitFor(async () => expect(await state()).toContain("Copied and checked. The clipboard is emptied in 60 s."));
  await waitFor(() => expect(announced()).toBe("Copied and checked."));
  expect(document.activeElement).toBe(await button("Copied"));
  await bench.press("Copied");
  expect(calls(bench, "copy_token")).toBe(1);
  expect(screen.queryByRole("button", { name: "Reveal" })).toBeNull();
  vi.setSystemTime(NOW.getTime() + 13_000);
  await waitFor(async () => expect(await state()).toContain("47 s"));
  await bench.press("Empty now");
  await waitFor(async () => expect(await state()).toBe("Clipboard emptied."));
  await bench.press("Done");
  await noDialog();
  expect(calls(bench, "close_vault")).toBe(1);
});

test.each([
  ["refused", "The clipboard did not take it."],
  ["differs", "Another program read something else from the clipboard."],
  ["timed_out", "The clipboard did not answer in time."],
  ["no_display", "No display could be found to copy on."],
  ["needs_focus", "This desktop lets only the window in front copy."],
] as const)("a copy that fails (%s) loses nothing, and can be tried again", async (reason, sentence) => {
  const bench = await createOne((nms) => nms.failNext("copy_token", { kind: "copy_failed", reason }));
  await bench.press("Copy token");
  await waitFor(async () => expect(await state()).toContain(sentence));
  expect(await state()).toContain("Nothing is lost. Try again, save it to a file or the system keychain");
  await bench.press("Copy token");
  await waitFor(async () => expect(await state()).toContain("Copied and checked."));
});

const told: [VaultState, string, VaultView["clipboard"]?][] = [
  [
    { step: "copied_not_checked", wiped_in_ms: null },
    "Copied, not checked: paste it now. The clipboard is emptied",
    ON_CLIPBOARD,
  ],
  [{ step: "copied" }, "Copied and checked. Empty now", { by: "us", emptied_in_ms: null }],
  [{ step: "arrived" }, "Copied, and you said that it arrived. Empty now", { by: "us", emptied_in_ms: null }],
  [{ step: "arrived" }, "said that it arrived. A token may still be on the clipboard.", { by: "desktop" }],
  [
    { step: "holding", asks_in_ms: null, wiped_in_ms: null },
    "Not copied yet A token may still be on the clipboard. It is emptied as soon as this window is in front again.",
    { by: "desktop" },
  ],
  [{ step: "clipboard_emptied" }, "Clipboard emptied."],
  [{ step: "clipboard_taken" }, "Copied and checked. Something else was copied since; that was left alone."],
  [{ step: "clipboard_kept_by_others" }, "Another program keeps a copy"],
  [{ step: "clipboard_unknown" }, "What the clipboard holds now cannot be told."],
  [{ step: "wiped_by_time" }, "Wiped: nobody took it in time."],
  [{ step: "empty" }, "The value is not here any more."],
];
test.each(told)("the vault's state %o is told in words", async (vault, sentence, clipboard = null) => {
  const bench = await createOne();
  await bench.nms.setVault({ state: vault, clipboard });
  await waitFor(async () => expect(await state()).toContain(sentence));
  await expectAccessible(await dialog());
});

test("copied but not checked: it stays until the person says that it arrived", async () => {
  const bench = await createOne();
  bench.nms.answer("copy_token", () =>
    bench.nms.setVault({ state: { step: "copied_not_checked", wiped_in_ms: null }, clipboard: ON_CLIPBOARD }),
  );
  await bench.press("Copy token");
  await bench.press("Close");
  expect((await alertDialog()).textContent).toContain("Nothing could check whether the copy arrived.");
  await bench.press("Go back");
  await bench.press("It arrived");
  await button("Copied");
  expect(await state()).not.toContain("checked");
  await bench.press("Done");
  await noDialog();
});

test("revealed is a picture with words for those who cannot see it, and it hides in every way", async () => {
  const bench = await createOne();
  await bench.press("Reveal");
  const picture = await screen.findByRole("img");
  expect(picture.getAttribute("alt")).toContain("use Copy token, Save to a file or Save to system keychain.");
  expect(picture.getAttribute("src")).toBe("reveal.svg");
  expect(await fireEvent.contextMenu(picture)).toBe(false);
  expect(picture.getAttribute("draggable")).toBe("false");
  await bench.press("Hide");
  await waitFor(() => expect(screen.queryByRole("img")).toBeNull());
  expect(document.activeElement).toBe(await button("Reveal"));

  await bench.press("Reveal");
  await screen.findByRole("img");
  await fireEvent.blur(window);
  await waitFor(() => expect(screen.queryByRole("img")).toBeNull());
  expect(calls(bench, "hide_token")).toBe(2);

  await bench.press("Reveal");
  await screen.findByRole("img");
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await fireEvent(document, new Event("visibilitychange"));
  await waitFor(() => expect(screen.queryByRole("img")).toBeNull());

  await bench.press("Reveal");
  await screen.findByRole("img");
  // Rust's own time limit.
  await bench.nms.setVault({ is_revealed: false });
  await waitFor(() => expect(screen.queryByRole("img")).toBeNull());
});

test("a picture that cannot be drawn is told, and the secret stays", async () => {
  const bench = await createOne((nms) => nms.failNext("reveal_token", { kind: "reveal_failed" }));
  await bench.press("Reveal");
  await waitFor(async () => expect(await state()).toContain("The picture could not be drawn. Nothing is lost."));
});

test.each(["Escape", "Close", "a press beside it"])(
  "leaving by %s asks first, and the safe answer has the focus",
  async (way) => {
    const bench = await createOne();
    if (way === "Escape") await bench.user.keyboard("{Escape}");
    else if (way === "Close") await bench.press("Close");
    else {
      later();
      await bench.user.pointer(besideDialog());
    }
    const question = await alertDialog();
    expect(question.textContent).toContain("This token has not been copied. Nobody can show it again.");
    await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("Go back"));
    expect(calls(bench, "close_vault")).toBe(0);
    await bench.user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(await state()).toBe("Not copied yet");
  },
);

test("the second press of the double click that created it, which falls beside it, asks nothing", async () => {
  const bench = await createOne();
  await bench.user.pointer(besideDialog());
  expect(screen.queryByRole("alertdialog")).toBeNull();
  const close = await button("Close");
  // Or on what came to lie under the pointer.
  await fireEvent.click(close, { detail: 2 });
  expect(screen.queryByRole("alertdialog")).toBeNull();
  // Nor when a busy machine comes to it late.
  const late = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 2 });
  Object.defineProperty(late, "timeStamp", { value: performance.now() });
  later();
  await fireEvent(close, late);
  expect(screen.queryByRole("alertdialog")).toBeNull();
  await fireEvent.click(close, { detail: 2 });
  await alertDialog();
});

test("closing anyway wipes the vault, and the focus goes back to where it all began", async () => {
  const bench = await createOne();
  await bench.press("Close");
  await bench.press("Close anyway");
  await noDialog();
  expect(calls(bench, "close_vault")).toBe(1);
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Create token"));
  expect(document.body.style.pointerEvents).toBe("");
});

test("deleting wipes only after the server confirmed; a failure keeps everything", async () => {
  const bench = await createOne();
  bench.nms.failNext("delete_token", { kind: "unreachable", reason: "refused" });
  await bench.press("Close");
  await bench.press("Delete this token");
  expect((await screen.findByRole("alert")).textContent).toContain("Nothing answers at the NMS’s address.");
  expect(calls(bench, "close_vault")).toBe(0);
  await bench.press("Delete this token");
  await noDialog();
  const order = bench.nms.calls.map((call) => call.command).filter((name) => /delete_token|close_vault/.test(name));
  expect(order).toEqual(["delete_token", "delete_token", "close_vault"]);
  await waitFor(() => expect(announced()).toBe("Token deleted."));
});

test.each([
  { step: "holding", asks_in_ms: null, wiped_in_ms: 60_000 } as const,
  { step: "copied_not_checked", wiped_in_ms: 60_000 } as const,
])("after ten minutes it asks whether to stay, and stays when told so: %j", async (asking) => {
  const bench = await createOne();
  await bench.nms.setVault({ state: asking });
  expect((await screen.findByRole("alert")).textContent).toContain("Do you still need the token?");
  await bench.press("Keep 10 more minutes");
  await waitFor(async () => expect(await state()).toBe("Not copied yet"));
  expect(calls(bench, "keep_vault")).toBe(1);
});

test("wiped by time: it can be replaced or deleted", async () => {
  const bench = await createOne();
  await bench.nms.setVault({ state: { step: "wiped_by_time" } });
  await waitFor(async () => expect(await text()).toContain("Nobody holds the value any more. The token itself"));
  await button("Delete this token");
  await bench.press("Replace this token…");
  await bench.press("Replace token");
  await screen.findByText("The old token is kept until this one was copied or saved. Then it is deleted.");
});

test("the window's own close asks the same, and quits after the answer", async () => {
  const bench = await createOne();
  await bench.nms.tell("close_requested", { unsaved: true, clipboard_pending: false, form_unsaved: false });
  await alertDialog();
  await bench.press("Go back");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(calls(bench, "quit")).toBe(0);
  await bench.nms.tell("close_requested", { unsaved: true, clipboard_pending: false, form_unsaved: false });
  await bench.press("Quit anyway");
  await waitFor(() => expect(calls(bench, "quit")).toBe(1));
  expect(calls(bench, "close_vault")).toBe(1);
});

test("after the dialog the page says how long the clipboard still holds the token", async () => {
  const bench = await createOne();
  await bench.press("Copy token");
  await bench.press("Done");
  await noDialog();
  await screen.findByText(/The clipboard still holds a token\. It is emptied in/);
  await bench.press("Empty now");
  await waitFor(() => expect(screen.queryByText(/clipboard still holds/)).toBeNull());
});

test("a page that was loaded anew finds the secret that is still held", async () => {
  await startApp((nms) => {
    const token = nms.tokens[0];
    nms.vault = {
      revision: 1,
      handle: 7,
      token_id: token?.id ?? null,
      state: { step: "holding", asks_in_ms: 300_000, wiped_in_ms: null },
      saved_path: null,
      is_in_keychain: false,
      is_revealed: false,
      replaces: null,
      replaced: null,
      clipboard: null,
    };
  });
  await screen.findByRole("dialog", { name: "Token created" });
  expect(await state()).toBe("Not copied yet");
});

test("what was told earlier and arrives later changes nothing: an answer may be behind the events", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Rotate…");
  await bench.press("Rotate token");
  await screen.findByRole("button", { name: "Copy token" });
  const replaces = bench.nms.tokens[1]?.id ?? null;
  const copied = { state: { step: "copied" }, replaces, clipboard: ON_CLIPBOARD } as const;
  const behind = { ...bench.nms.vault, ...copied, replaced: { step: "waiting" } as const };
  bench.nms.answer("copy_token", async () => {
    await bench.nms.setVault({ ...copied, replaced: { step: "deleting" } });
    await bench.nms.setVault({ replaced: { step: "deleted" } });
    return behind;
  });
  await bench.press("Copy token");
  await waitFor(() => expect(announced()).toBe("Copied and checked."));
  expect(await text()).toContain("The old token was deleted: the new value was handed over.");
  expect(await text()).not.toContain("was not handed over");
});

test("leaving a rotation whose value nobody has offers to keep the old one", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Rotate…");
  await bench.press("Rotate token");
  await screen.findByRole("button", { name: "Copy token" });
  await bench.press("Close");
  const question = within(await alertDialog());
  expect(question.getByText(/Undo the rotation, and the old one stays as it was/)).toBeTruthy();
  const [young] = bench.nms.tokens;
  await bench.press("Undo the rotation");
  await waitFor(() => expect(bench.nms.called("delete_token")).toEqual([{ id: young?.id }]));
});

test("one that was handed over before shows no secret again", async () => {
  await startApp((nms) => {
    nms.vault = { ...nms.vault, handle: 7, token_id: nms.tokens[0]?.id ?? null, state: { step: "clipboard_emptied" } };
  });
  await row("collector-berlin-02");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("after the dialog the page says when another program kept the token, until that was read", async () => {
  const bench = await createOne();
  await bench.press("Copy token");
  const kept = { step: "clipboard_kept_by_others" } as const;
  await bench.nms.setVault({ state: kept, clipboard: { by: "others" } });
  await bench.press("Done");
  await noDialog();
  await screen.findByText("Another program still holds a token that was copied here.");
  await bench.press("Understood");
  await waitFor(() => expect(screen.queryByText(/Another program still holds/)).toBeNull());
  // Told again of the same, it stays quiet; of another, it speaks.
  await bench.nms.setVault({ clipboard: { by: "others" } });
  expect(screen.queryByText(/Another program still holds/)).toBeNull();
  await bench.nms.setVault({ clipboard: ON_CLIPBOARD });
  await bench.nms.setVault({ clipboard: { by: "others" } });
  await screen.findByText(/Another program still holds/);
});

test("after a rotation it says whose new value it is, and until when the old one works", async () => {
  const bench = await startApp();
  await bench.press("collector-berlin-02, details");
  await bench.press("Rotate…");
  await bench.press("Rotate token");
  const shown = within(await screen.findByRole("dialog", { name: "New value of “collector-berlin-02”" }));
  await shown.findByText("The old token is kept until this one was copied or saved. Then it is deleted.");
  expect(shown.queryByText(/The old value works until/)).toBeNull();
  await bench.nms.setVault({ replaces: null, replaced: null });
  await shown.findByText(/^The old value works until .*\(GMT[+]\d\)\.$/);
});
