// The store of the built-in NMS is damaged: the page says so, offers the last backup, and goes on with it.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, announced, button, noDialog, row, startApp, type Bench } from "../fixtures/bench";
import { BACKUP } from "../fixtures/damagedScenes";
import type { FakeNms } from "../fixtures/nms";
import { exactInstant } from "../words/instants";

const WHEN = exactInstant(BACKUP.made_at ?? "");
const isDamaged = (nms: FakeNms) => nms.damage(BACKUP);
const goes = () => button("Restore the backup");

/** The question, opened by the keyboard. */
async function ask({ nms, user }: Bench): Promise<void> {
  // The session may fail before the list does, which then has the notice.
  await waitFor(() => expect(nms.called("remembered_tokens").length).toBe(1));
  await waitFor(() => expect(screen.getAllByRole("alert").length).toBe(1));
  (await button("Restore the backup…")).focus();
  await user.keyboard("{Enter}");
  await alertDialog();
}

test("it says what happened, that what is damaged is kept, and when the last backup was made", async () => {
  await startApp(isDamaged);
  const told = (await screen.findByRole("alert")).textContent;
  expect(told).toContain("cannot be read, so it did not start");
  expect(told).toContain("What is damaged is kept as it is.");
  expect(told).toContain(`Last backup: ${WHEN}.`);
});

test("the question names what works again, what is lost and what is kept; the safe answer has the focus and does nothing", async () => {
  const bench = await startApp(isDamaged);
  await ask(bench);
  const question = (await alertDialog()).textContent;
  for (const said of [WHEN, "deleted, paused or given less power since then work again", "made since then no longer"]) {
    expect(question).toContain(said);
  }
  expect(question).toContain("“damaged-…”, in /home/mk/.local/share/palpabl-nms");
  expect(question).toContain("Look through the list afterwards");
  expect(document.activeElement).toBe(await button("Leave it as it is"));
  await bench.user.keyboard("{Escape}");
  await noDialog();
  await waitFor(async () => expect(document.activeElement).toBe(await button("Restore the backup…")));
  expect(bench.nms.called("restore_backup")).toEqual([]);
});

test("after the answer the list is there, what to look for is said and stays until noticed, and the focus is on the page", async () => {
  const bench = await startApp(isDamaged);
  await ask(bench);
  const answer = bench.nms.hold("restore_backup");
  await bench.user.click(await goes());
  // Nothing goes under while it is at work, and nothing is asked twice.
  await bench.user.keyboard("{Escape}");
  await bench.user.click(await goes());
  await alertDialog();
  answer();
  await noDialog();
  await row("collector-berlin-02");
  expect(bench.nms.called("restore_backup")).toEqual([{ day: BACKUP.day }]);
  const [notice] = await screen.findAllByRole("note");
  expect(notice?.textContent).toContain(`The backup is in place, as it was made on ${WHEN}.`);
  expect(notice?.textContent).toContain("/damaged-2026-11-28T183000.000000Z");
  await waitFor(() => expect(announced()).toContain("The backup is in place"));
  expect(screen.queryByRole("alert")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { name: "API tokens" })));
  await bench.press("Understood");
  expect(screen.queryByText(/The backup is in place/, { selector: "strong" })).toBeNull();
});

test("where it cannot be restored it is said why and that nothing is lost, and it can be tried again", async () => {
  const bench = await startApp((nms) => {
    isDamaged(nms);
    nms.failNext("restore_backup", { kind: "not_restored", reason: { reason: "locked", pid: 4711 } });
  });
  await ask(bench);
  await bench.user.click(await goes());
  await screen.findByText("No backup was restored: process 4711 works with this NMS’s data.");
  await screen.findByText(/Nothing was changed: the data and the backups are as they were/);
  await bench.user.click(await goes());
  await row("collector-berlin-02");
});

test("a store that is gone is said to be, and nothing is said to be kept", async () => {
  const bench = await startApp((nms) => nms.damage(BACKUP, "gone"));
  const told = (await screen.findByRole("alert")).textContent;
  expect(told).toContain("The data of the built-in NMS is gone, so it did not start.");
  expect(told).toContain("The automatic backups are untouched.");
  await ask(bench);
  expect((await alertDialog()).textContent).not.toContain("kept");
  await bench.user.click(await goes());
  await noDialog();
  const [notice] = await screen.findAllByRole("note");
  expect(notice?.textContent).toContain("The backup is in place");
  expect(notice?.textContent).not.toContain("kept");
});

test("damage that the NMS meets while it runs is said at once on every tab, and the same question puts the backup in place", async () => {
  const bench = await startApp();
  await row("collector-berlin-02");
  await bench.nms.meetDamage(BACKUP);
  const told = (await screen.findByRole("alert")).textContent;
  expect(told).toContain("has found damage in its data");
  expect(told).toContain(`Last backup: ${WHEN}. The NMS stops for a moment while it is restored.`);
  await bench.press("Profile", "tab");
  await bench.press("Restore the backup…");
  expect((await alertDialog()).textContent).toContain("“damaged-…”, in /home/mk/.local/share/palpabl-nms");
  await bench.user.click(await goes());
  await noDialog();
  expect(bench.nms.called("restore_backup")).toEqual([{ day: BACKUP.day }]);
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("where the list fails for that damage, one notice tells of it and offers the backup", async () => {
  const bench = await startApp();
  await row("collector-berlin-02");
  bench.nms.damage(BACKUP, "in_use");
  bench.nms.answer("describe_session", null);
  bench.nms.answer("list_permissions", null);
  await bench.nms.meetDamage(BACKUP);
  await screen.findByRole("alert");
  await bench.nms.tell("tokens_changed", null);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("req-7f3a"));
  expect(screen.getAllByRole("button", { name: "Restore the backup…" }).length).toBe(1);
  await row("collector-berlin-02");
  await bench.press("Profile", "tab");
  expect((await screen.findByRole("alert")).textContent).toContain("has found damage in its data");
});

test("without a backup it says what to do, and offers nothing", async () => {
  await startApp((nms) => nms.damage(null));
  const told = (await screen.findByRole("alert")).textContent;
  expect(told).toContain("There is no automatic backup that could take its place.");
  expect(told).toContain("Put a copy of your own into /home/mk/.local/share/palpabl-nms");
  expect(screen.queryByRole("button", { name: "Restore the backup…" })).toBeNull();
});

test("it is offered on every tab, and beside the list of an earlier run", async () => {
  const { press } = await startApp((nms) => {
    isDamaged(nms);
    nms.remember();
  });
  await row("collector-berlin-02");
  await button("Restore the backup…");
  await press("Profile", "tab");
  await press("Restore the backup…");
  await alertDialog();
});
