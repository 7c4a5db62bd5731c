// Which language a person gets, and what becomes of the page when it changes.
import { screen, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startApp } from "../fixtures/bench";
import { languageFor, localeFor, LANGUAGES } from "./languages";
import { languageTag, locale } from "./locale";
import { speaker } from "./speech.svelte";
import { say } from "./words";

const system = navigator.languages;
const setSystem = (...languages: readonly string[]) =>
  Object.defineProperty(navigator, "languages", { value: languages, configurable: true });

afterEach(async () => {
  setSystem(...system);
  await speaker.choose("en");
});

test.each([
  [["de-AT", "en"], "de"],
  [["ar-EG"], "ar"],
  [["en-GB", "de"], "en"],
  // The first that is spoken here, not the first.
  [["fr-FR", "it", "de-CH", "en"], "de"],
  [["fr-FR"], "en"],
  [["C", "POSIX", "de_DE.UTF-8"], "en"],
  [[], "en"],
])("a system that speaks %j gets %s", (languages, expected) => {
  expect(languageFor("system", languages)).toBe(expected);
});

test("what was chosen counts, whatever the system speaks", () => {
  for (const language of ["en", "de", "ar"] as const) expect(languageFor(language, ["fr-FR"])).toBe(language);
});

test.each([
  ["de", ["de-AT", "en"], "de-AT"],
  ["de", ["en-US", "de-CH"], "de-CH"],
  // English words, and the order of day and month that people are used to there.
  ["en", ["de-DE"], "en-DE"],
  ["en", ["de"], "en-DE"],
  ["ar", ["de-DE"], "ar-DE"],
  ["en", [], "en"],
  ["en", ["C"], "en"],
])("%s on a system that speaks %j is written as in %s", (language, languages, expected) => {
  expect(localeFor(language, languages)).toBe(`${expected}-u-ca-gregory`);
});

test("each language is called as its speakers call it", () => {
  const names = Object.entries(LANGUAGES).map(([tag, { endonym }]) => [tag, endonym]);
  const intl = (tag: string) => new Intl.DisplayNames(tag, { type: "language" }).of(tag);
  expect(names).toEqual(names.map(([tag = ""]) => [tag, intl(tag)]));
});

describe("the page", () => {
  const root = document.documentElement;

  test("says its language and its direction", async () => {
    setSystem("ar-EG", "en");
    await speaker.choose("system");
    expect([root.lang, root.dir, languageTag(), locale()]).toEqual(["ar", "rtl", "ar", "ar-EG-u-ca-gregory"]);
    await speaker.choose("de");
    expect([root.lang, root.dir, languageTag(), locale()]).toEqual(["de", "ltr", "de", "de-EG-u-ca-gregory"]);
  });

  test("is said anew when another language is chosen, and keeps what was typed", async () => {
    const { press, type } = await startApp();
    await press("Create token");
    await type(/^Name/, "collector-berlin-02");
    await press("Collector");
    await speaker.choose("de");
    await screen.findByRole("dialog", { name: "Token erstellen" });
    expect(screen.getByLabelText<HTMLInputElement>(/^Name/).value).toBe("collector-berlin-02");
    expect(screen.getByText("4 von 36 ausgewählt")).toBeTruthy();
    await press("Abbrechen");
    await screen.findByRole("button", { name: "collector-berlin-02 bearbeiten" });
    await speaker.choose("en");
    await screen.findByRole("button", { name: "Edit collector-berlin-02" });
  });

  test("follows the system while nothing is chosen, and only then", async () => {
    await startApp();
    await speaker.choose("system");
    setSystem("de-DE");
    window.dispatchEvent(new Event("languagechange"));
    await screen.findByRole("heading", { name: "API-Token" });
    await speaker.choose("en");
    setSystem("ar");
    window.dispatchEvent(new Event("languagechange"));
    await waitFor(() => expect(screen.getByRole("heading", { name: "API tokens" })).toBeTruthy());
    expect(root.lang).toBe("en");
  });

  test("speaks the language that was chosen last, however long the one before takes to come", async () => {
    const first = speaker.choose("ar");
    const second = speaker.choose("en");
    await Promise.all([first, second]);
    expect(root.lang).toBe("en");
  });

  test("speaks English when a catalogue cannot be read", async () => {
    vi.doMock("./de.json", () => {
      throw new Error("damaged");
    });
    await speaker.choose("ar");
    await speaker.choose("de");
    expect([root.lang, root.dir, say("close")]).toEqual(["en", "ltr", "Close"]);
    vi.doUnmock("./de.json");
  });
});

test("in Arabic the arrow keys move to where they point, also in the calendar", async () => {
  const { press, user } = await startApp();
  await press("Create token");
  await speaker.choose("ar");
  await press(/تاريخ الانتهاء/);
  await waitFor(() => expect(document.activeElement?.getAttribute("data-value")).toBe("2027-02-21"));
  await user.keyboard("{ArrowLeft}");
  expect(document.activeElement?.getAttribute("data-value")).toBe("2027-02-22");
  await user.keyboard("{ArrowRight}{ArrowRight}");
  expect(document.activeElement?.getAttribute("data-value")).toBe("2027-02-20");
});
