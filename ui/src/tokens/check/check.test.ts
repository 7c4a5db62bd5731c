// A value that somebody holds is looked at, and what is wrong with it is said; the value itself never comes here.
import { screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { dialog, expectAccessible, noDialog, startApp, type Bench } from "../../fixtures/bench";
import type { Finding } from "../../ipc/generated/Finding";
import type { FindingForm } from "../../ipc/generated/FindingForm";
import { aroundOf, formOf } from "./findings";

const NONE = { blanks: false, line_breaks: false, invisible: false, quotes: false, other_text: false } as const;

async function open(prepare?: Parameters<typeof startApp>[0]): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press("Test a token");
  return bench;
}

test("the clipboard is tested without a field to type into", async () => {
  const bench = await open((nms) => {
    nms.finding = { ...nms.finding, around: { ...NONE, header: "without_scheme", line_breaks: true } };
  });
  const shown = within(await dialog());
  expect(shown.queryByRole("textbox")).toBeNull();
  await bench.press("Test the clipboard");
  await shown.findByText(/its checksum is right/);
  expect(shown.getByText("pnms_pat_a1b2c3d4…f9g0")).toBeTruthy();
  expect(shown.getByText(/lacks the word Bearer/)).toBeTruthy();
  expect(shown.getByText(/A line break stands around it/)).toBeTruthy();
  expect(bench.nms.called("test_token")[0]?.["from"]).toBe("clipboard");
  await expectAccessible(await dialog());
  await bench.press("Close");
  await noDialog();
});

test("a file that was not chosen leaves what was found; one that cannot be read is said", async () => {
  const bench = await open();
  await bench.press("Test the clipboard");
  await screen.findByText(/its checksum is right/);
  bench.nms.answer("test_token", () => ({ kind: "dismissed" }));
  await bench.press("Test a file…");
  expect(screen.getByText(/its checksum is right/)).toBeTruthy();
  bench.nms.answer("test_token", null);
  bench.nms.failNext("test_token", { kind: "file_not_read", reason: "not_allowed" });
  await bench.press("Test a file…");
  expect((await screen.findByRole("alert")).textContent).toContain("you may not read it");
});

const forms: [FindingForm, string][] = [
  [{ is: "empty" }, "It is empty."],
  [{ is: "masked" }, "It is the masked value from the list, not the token. Nobody can make the token out of it."],
  [{ is: "mistyped" }, "Its checksum is wrong: at least one character is mistyped."],
  [{ is: "cut_off", at_start: false, length: 54, missing: 1 }, "It is cut off: 1 character is missing."],
  [{ is: "too_long", surplus: 3 }, "It has 3 characters too many."],
  [{ is: "several", count: 2 }, "There are 2 tokens in it. Test one at a time."],
];
test.each(forms)("%o is told in words", (form, sentence) => {
  expect(formOf(form)).toBe(sentence);
});

test("what stands around it is right or wrong", () => {
  const told = (around: Partial<Finding["around"]>) =>
    aroundOf({ form: { is: "token" }, masked: null, around: { ...NONE, header: "none", ...around } });
  expect(told({})).toEqual([]);
  expect(told({ header: "bearer" }).map((one) => one.isWrong)).toEqual([false]);
  expect(told({ header: "other_scheme", quotes: true }).map((one) => one.isWrong)).toEqual([true, true]);
});
