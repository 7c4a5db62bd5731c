// The ways in which a value is kept elsewhere than on the clipboard: a file, the system's keychain.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, announced, createOne, dialog, noDialog, type Bench } from "../fixtures/bench";

const state = async () => (await dialog()).querySelector(".state")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
const calls = (bench: Bench, command: string) => bench.nms.called(command).length;

test("saved to a file: said with its path, and closing asks nothing", async () => {
  const bench = await createOne();
  await bench.press("Save to a file…");
  await waitFor(async () => expect(await state()).toContain("Not copied, saved to a file"));
  expect(await state()).toContain("Saved, readable only by you: /home/mk/nms-token");
  expect(bench.nms.called("save_token_to_file")[0]?.["words"]).toEqual({
    title: "Save the token to a file",
    save: "Save",
    cancel: "Cancel",
    file_name: "poller-03.token",
  });
  await bench.press("Close");
  await noDialog();
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("a dialog for files that was dismissed changes nothing", async () => {
  const bench = await createOne((nms) => nms.answer("save_token_to_file", () => ({ kind: "dismissed" })));
  await bench.press("Save to a file…");
  await waitFor(() => expect(calls(bench, "save_token_to_file")).toBe(1));
  expect(await state()).toBe("Not copied yet");
});

test("saved to the system keychain: closing needs no question, and a failure keeps it and names another way", async () => {
  const bench = await createOne();
  bench.nms.failNext("save_token_to_keychain", { kind: "keychain_not_saved", reason: "locked" });
  await bench.press("Save to system keychain");
  await waitFor(async () => expect(await state()).toContain("The keychain is locked."));
  expect(await state()).toContain("save to a file, or copy it");
  await bench.press("Close");
  await bench.user.click(within(await alertDialog()).getByRole("button", { name: "Go back" }));
  await bench.press("Save to system keychain");
  await waitFor(async () => expect(await state()).toBe("In the system keychain, not copied"));
  await waitFor(() => expect(announced()).toBe("Saved to the system keychain."));
  await bench.press("Save to a file…");
  await waitFor(async () => expect(await state()).toContain("In the system keychain and in a file, not copied"));
  await bench.press("Close");
  await noDialog();
});
