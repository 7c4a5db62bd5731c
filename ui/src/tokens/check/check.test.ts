// A value that somebody holds is looked at, and what is wrong with it is said; the value itself never comes here.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, dialog, expectAccessible, noDialog, startApp, type Bench } from "../../fixtures/bench";
import type { Finding } from "../../ipc/generated/Finding";
import type { FindingForm } from "../../ipc/generated/FindingForm";
import type { Token } from "../../ipc/generated/Token";
import { aroundOf, formOf } from "./findings";

const NONE = { blanks: false, line_breaks: false, invisible: false, quotes: false, other_text: false } as const;

async function open(prepare?: Parameters<typeof startApp>[0]): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press("Test a token");
  return bench;
}

const told = (sentence: string) =>
  waitFor(async () => expect((await dialog()).textContent?.replace(/\s+/g, " ")).toContain(sentence));

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

test.each([
  ["active", "and it works."],
  ["paused", "and it is paused: every call is refused until you resume it."],
  ["expired", "and it has expired: every call is refused until it gets a later expiry."],
] as const)("a token of mine that is %s is told as such", async (state, sentence) => {
  const bench = await open((nms) => {
    const token = nms.tokens.find((one) => one.name === "collector-berlin-02");
    if (token) nms.whose = { is: "mine", token: { ...token, state } };
  });
  await bench.press("Test the clipboard");
  await told(`It is your token collector-berlin-02, ${sentence}`);
  const may = "It may do this now: collectors:enroll, devices:read, events:ingest and metrics:ingest.";
  if (state === "active") await told(may);
  else expect((await dialog()).textContent).not.toContain("It may do this now");
  await expectAccessible(await dialog());
});

test("what its owner no longer holds is named beside what it may do", async () => {
  const bench = await open((nms) => {
    const token = nms.tokens.find((one) => one.name === "on-call bot");
    if (token) nms.whose = { is: "mine", token };
  });
  await bench.press("Test the clipboard");
  await told("It cannot use this, which you no longer hold: alerts:acknowledge.");
});

test.each(["active", "deleted"] as const)("the old value of a rotation, %s, leads to the new one", async (state) => {
  const bench = await open((nms) => {
    const old = nms.tokens.find((one) => one.name === "collector-berlin-02");
    const young = nms.tokens.find((one) => one.name === "on-call bot");
    if (old && young)
      nms.whose = {
        is: "mine",
        token: { ...old, state, replaced_by: young.id, ends_at: state === "deleted" ? old.expires_at : null },
      };
  });
  await bench.press("Test the clipboard");
  await told("It is the old value of a token that was rotated: another one took its place.");
  const shown = within(await dialog());
  await shown.findByRole("button", { name: "Show its successor" });
  expect(shown.queryByRole("button", { name: /replace|like this/i })).toBeNull();
  await bench.press("Show its successor");
  await screen.findByRole("complementary", { name: "on-call bot" });
});

test.each<[string, Partial<Token>, string]>([
  [
    "limited to addresses",
    { allowed_addresses: ["10.2.0.0/16", "192.0.2.7"] },
    "It is your token collector-berlin-02. It works, but only from 10.2.0.0/16 and 192.0.2.7.",
  ],
  [
    "the old value of a pair",
    { replaced_by: "young", ends_at: "2026-11-30T12:00:00Z" },
    "It is the old value of a token that was rotated, and ends Monday, 30 November 2026 at 13:00",
  ],
  [
    "the old value until the new one is handed over",
    { replaced_by: "young" },
    "It is the old value of a token that was rotated: another one took its place.",
  ],
  ["the new value of a pair", { replaces: "old" }, "It is the new value: it was made in the place of an older one."],
])("a token of mine that is %s is told with that limit, and in green only without one", async (_, own, sentence) => {
  const bench = await open((nms) => {
    const token = nms.tokens.find((one) => one.name === "collector-berlin-02");
    if (token) nms.whose = { is: "mine", token: { ...token, ...own } };
  });
  await bench.press("Test the clipboard");
  await told(sentence);
  const [shown] = screen.getAllByText(/your token/).map((one) => one.closest(".whose"));
  expect(shown?.classList.contains("good")).toBe(own.replaces !== undefined);
});

test("a token that was found is deleted and replaced in two clicks", async () => {
  const bench = await open((nms) => {
    const token = nms.tokens.find((one) => one.name === "collector-berlin-02");
    if (token) nms.whose = { is: "mine", token };
  });
  await bench.press("Test the clipboard");
  await bench.press("Delete and replace…");
  await alertDialog();
  await bench.press("Replace token");
  await screen.findByRole("dialog", { name: "Token created" });
  const berlin = bench.nms.tokens.find((one) => one.name === "collector-berlin-02");
  expect(bench.nms.called("replace_token").length).toBe(1);
  expect(berlin).toBeDefined();
});

test("of a token that was deleted another one like it is made; its details and a refusal to tell are reached, too", async () => {
  const bench = await open((nms) => {
    const token = nms.tokens.find((one) => one.name === "collector-berlin-02");
    const deleted_at = new Date(nms.now - 3 * 3_600_000).toISOString();
    if (token) nms.whose = { is: "mine", token: { ...token, state: "deleted", deleted_at } };
  });
  await bench.press("Test the clipboard");
  await told("It was your token collector-berlin-02, and it was deleted 3 hours ago: every call is refused, for good.");
  await bench.press("Create one like this");
  expect(await screen.findByLabelText("Name")).toHaveProperty("value", "collector-berlin-02");
});

test("whose it is cannot be told: the form is told all the same", async () => {
  const bench = await open((nms) => {
    nms.whose = { is: "unknown", failure: { kind: "timed_out", request_id: null } };
  });
  await bench.press("Test the clipboard");
  await screen.findByText(/its checksum is right/);
  await screen.findByText(/did not answer in time/);
  bench.nms.whose = { is: "not_mine" };
  await bench.press("Test the clipboard");
  await screen.findByText(/It is none of your tokens at this NMS/);
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
  [{ is: "header_alone" }, "Behind the header stands no token. Most often the variable that should hold it is empty."],
  [{ is: "placeholder" }, "It is a placeholder, not a token: nothing has put the value in its place."],
  [{ is: "masked" }, "It is the masked value from the list, not the token. Nobody can make the token out of it."],
  [{ is: "mistyped" }, "Its checksum is wrong: at least one character is mistyped."],
  [{ is: "cut_off", at_start: false, length: 54, missing: 1 }, "It is cut off: 1 character is missing."],
  [{ is: "too_long", surplus: 3 }, "It has 3 characters too many."],
  [{ is: "several", count: 2 }, "There are 2 tokens in it. Test one at a time."],
];
test.each(forms)("%o is told in words", (form, sentence) => {
  expect(formOf(form)).toBe(sentence);
});

const REFUSED = "As it stands here, it is refused: what is named above has to be mended first.";
const PERHAPS = "As it stands here, it may be refused: see what is named above.";
test.each<[string, Partial<Finding>, string]>([
  ["with a line break inside", { form: { is: "broken" } }, REFUSED],
  ["with two blanks behind Bearer", { around: { ...NONE, header: "bearer_apart" } }, REFUSED],
  ["in a header that is none", { around: { ...NONE, header: "malformed", other_text: true } }, REFUSED],
  ["with Bearer twice", { around: { ...NONE, header: "bearer_twice" } }, REFUSED],
  ["without Bearer", { around: { ...NONE, header: "without_scheme" } }, REFUSED],
  ["with what cannot be seen", { around: { ...NONE, header: "none", invisible: true } }, REFUSED],
  ["with quotation marks", { around: { ...NONE, header: "bearer", quotes: true } }, PERHAPS],
  ["with blanks", { around: { ...NONE, header: "bearer", blanks: true } }, PERHAPS],
])("a working token %s is not said to work as it stands", async (_, wrong, sentence) => {
  const bench = await open((nms) => {
    nms.finding = { ...nms.finding, ...wrong };
    const token = nms.tokens.find((one) => one.name === "collector-berlin-02");
    if (token) nms.whose = { is: "mine", token };
  });
  await bench.press("Test the clipboard");
  await told(sentence);
  expect((await dialog()).textContent).not.toMatch(/it works|as it should/);
  const shown = screen.getByText(/your token/).closest(".whose");
  expect(shown?.classList.contains("good")).toBe(false);
});

test("what stands around it is right or wrong", () => {
  const told = (around: Partial<Finding["around"]>) =>
    aroundOf({ form: { is: "token" }, masked: null, around: { ...NONE, header: "none", ...around } });
  expect(told({})).toEqual([]);
  expect(told({ header: "bearer" }).map((one) => one.isWrong)).toEqual([false]);
  expect(told({ header: "bearer_twice" })[0]?.sentence).toMatch(/Bearer stands before it twice/);
  expect(told({ header: "bearer_joined" })[0]?.sentence).toMatch(/No blank stands between/);
  // A server strips them where they end the header, and not elsewhere: not every one is refused.
  expect(told({ blanks: true })[0]?.sentence).toMatch(/some servers then refuse it/);
  expect(told({ header: "other_scheme", quotes: true }).map((one) => one.isWrong)).toEqual([true, true]);
});
