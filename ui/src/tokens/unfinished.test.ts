// What an earlier run left unfinished is told above the list, and nothing is decided without the person.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, noDialog, startApp, type Bench } from "../fixtures/bench";
import type { FakeNms } from "../fixtures/nms";

function leave(nms: FakeNms, may_be_held = true): void {
  const [token] = nms.tokens;
  if (token) nms.unfinished = { ...nms.unfinished, tokens: [{ token, may_be_held }] };
}

async function decide(bench: Bench): Promise<HTMLElement> {
  await bench.press("Decide…");
  return alertDialog();
}

const TITLE = "The value of “collector-berlin-02” was not handed over";
/** The notice that says this: names stand isolated in it. */
const note = (words: string) => {
  return screen.queryAllByRole("note").find((one) => one.textContent?.includes(words)) ?? null;
};
const until = (words: string) => waitFor(() => expect(note(words)).not.toBeNull());
const gone = (words: string) => waitFor(() => expect(note(words)).toBeNull());

test("a token whose value was not handed over is told without a dialog, and stays when it is left", async () => {
  const bench = await startApp(leave);
  await until(TITLE);
  expect(note(TITLE)?.textContent).toContain("Unless you copied it just before");
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect((await decide(bench)).textContent).toContain(TITLE);
  await bench.press("Decide later");
  await noDialog();
  expect(bench.nms.calls.map((call) => call.command)).not.toContain("delete_token");
  await until(TITLE);
});

test("a value that never came is nobody's", async () => {
  const bench = await startApp((nms) => leave(nms, false));
  expect((await decide(bench)).textContent).toContain("Nobody holds it, and nobody can show it.");
});

test.each([
  ["Replace it", "replace_token"],
  ["Delete it", "delete_token"],
  ["Keep it as it is", "keep_unfinished"],
])("%s: it is no longer told", async (name, command) => {
  const bench = await startApp(leave);
  const id = bench.nms.tokens[0]?.id;
  await decide(bench);
  if (command !== "keep_unfinished") bench.nms.unfinished = { ...bench.nms.unfinished, tokens: [] };
  await bench.press(name);
  await gone(TITLE);
  expect(bench.nms.called(command)).toEqual([{ id }]);
  if (command === "replace_token") await screen.findByRole("dialog", { name: "Token created" });
  else await noDialog();
});

test("what could not be asked at the start is asked when the NMS answers again", async () => {
  const bench = await startApp((nms) => {
    leave(nms);
    nms.failAlways("list_tokens", { kind: "unreachable", reason: "refused" });
  });
  await screen.findByText(/cannot be reached/);
  expect(bench.nms.called("list_unfinished")).toEqual([]);
  bench.nms.answer("list_tokens", null);
  await bench.press("Retry");
  await until(TITLE);
});

test("a replacement that was completed and notes that were set aside are told until they are noticed", async () => {
  const bench = await startApp((nms) => {
    nms.unfinished = {
      tokens: [],
      ended: nms.tokens.slice(0, 1),
      set_aside: { path: "/home/mk/journal.json.damaged-1", why: "damaged" },
    };
  });
  const title = "The old token of “collector-berlin-02” was deleted";
  await until(title);
  await until("The notes about unfinished tokens could not be read");
  await bench.user.click(within(note(title) as HTMLElement).getByRole("button", { name: "Understood" }));
  await gone(title);
  await bench.press("Understood");
  // Also after it was asked for again.
  window.dispatchEvent(new Event("focus"));
  await waitFor(() => expect(bench.nms.called("list_unfinished").length).toBeGreaterThan(1));
  expect(note("The notes about unfinished tokens")).toBeNull();
});
