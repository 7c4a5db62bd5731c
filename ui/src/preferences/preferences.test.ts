// Preferences: each choice holds at once and is kept; what could not be kept or read is said.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { dialog, expectAccessible, names, row, startApp, type Bench } from "../fixtures/bench";
import type { Settings } from "../ipc/generated/Settings";
import type { TokenQuery } from "../ipc/generated/TokenQuery";

const lastSettings = (bench: Bench) => bench.nms.called("change_settings").at(-1)?.["settings"] as Settings;

async function open(prepare?: Parameters<typeof startApp>[0]): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press("Preferences", "tab");
  await screen.findByRole("heading", { name: "Preferences" });
  return bench;
}
const choose = async (bench: Bench, group: string, option: string) =>
  bench.user.click(within(screen.getByRole("group", { name: group })).getByRole("radio", { name: option }));

test("every choice is sent whole, at once, and the page follows", async () => {
  const bench = await open();
  await choose(bench, "Theme", "Dark");
  await waitFor(() => expect(lastSettings(bench).theme).toBe("dark"));
  await choose(bench, "Rows of the list", "Compact");
  await waitFor(() => expect(lastSettings(bench)).toMatchObject({ theme: "dark", density: "compact" }));
  expect(document.documentElement.dataset["density"]).toBe("compact");
  await choose(bench, "Empty the clipboard after", "Never");
  await waitFor(() => expect(lastSettings(bench).clipboard_delay_s).toBe(0));
  expect(screen.getByText(/stays there until you copy something else or quit/)).toBeTruthy();
  await bench.press(/Remind me before a token expires/, "checkbox");
  await waitFor(() => expect(lastSettings(bench).reminders).toBe(false));
  await expectAccessible();
});

test("a new token starts from the preferred expiry", async () => {
  const bench = await open();
  await choose(bench, "Expiry to start from", "30 days");
  await waitFor(() => expect(lastSettings(bench).default_expiry_days).toBe(30));
  await bench.press(/^API tokens/, "tab");
  await bench.press("Create token");
  expect(within(await dialog()).getByRole("button", { name: "30 days", pressed: true })).toBeTruthy();
});

test("single keys can be switched off; Ctrl+K stays", async () => {
  const bench = await open();
  await bench.press(/Shortcuts with a single key/, "checkbox");
  await bench.press(/^API tokens/, "tab");
  await row("collector-berlin-02");
  (document.activeElement as HTMLElement).blur();
  await bench.user.keyboard("n?/");
  expect(screen.queryByRole("dialog")).toBeNull();
  await bench.user.keyboard("{Control>}k{/Control}");
  await screen.findByRole("dialog", { name: "Command palette" });
});

test("what could not be kept is said, and holds all the same", async () => {
  const bench = await open();
  bench.nms.failNext("change_settings", { kind: "settings_not_saved", reason: "no_space" });
  await choose(bench, "Theme", "Light");
  expect((await screen.findByRole("alert")).textContent).toContain("Request req-7f3a");
  expect(screen.getByRole("radio", { name: "Light", checked: true })).toBeTruthy();
  await choose(bench, "Theme", "Dark");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("a file that could not be read was set aside, and is named once", async () => {
  const bench = await startApp((nms) => {
    nms.setAside = { path: "/home/mk/.config/x/settings.json.damaged-2026", why: "damaged" };
  });
  await screen.findByText("Your earlier preferences could not be read. They were set aside and the defaults hold.");
  expect(screen.getByText("/home/mk/.config/x/settings.json.damaged-2026")).toBeTruthy();
  await bench.press("Understood");
  expect(screen.queryByText(/set aside/)).toBeNull();
});

test("the list opens as it was left, without what this version does not know", async () => {
  const bench = await startApp((nms) => {
    nms.settings = { ...nms.settings, list: { sort: "expires_at", filters: "expiring of_tomorrow never_used" } };
  });
  await waitFor(async () => expect(await names()).toEqual(["pnms_pat_Hh30vvLc…2mQx"]));
  const query = bench.nms.called("list_tokens")[0]?.["query"] as TokenQuery;
  expect(query).toMatchObject({ sort: "expires_at", expires_within_days: 14, never_used: true });
  await bench.press("All 7");
  await waitFor(() => expect(lastSettings(bench).list).toMatchObject({ sort: "expires_at", filters: "" }));
});

test("the list opens with the search that was left, and no token that was pasted into it is written down", async () => {
  const bench = await startApp((nms) => {
    nms.settings = { ...nms.settings, list: { search: "grafana" } };
  });
  await waitFor(async () => expect(await names()).toEqual(["Grafana dashboards"]));
  const search = screen.getByRole<HTMLInputElement>("searchbox", { name: "Search tokens" });
  expect(search.value).toBe("grafana");
  await bench.user.clear(search);
  await bench.user.type(search, "backup");
  await waitFor(() => expect(lastSettings(bench).list["search"]).toBe("backup"));
  await bench.user.clear(search);
  await bench.user.type(search, `pnms_pat_a1b2c3d4${"x".repeat(30)}`);
  await waitFor(() => expect(lastSettings(bench).list["search"]).toBe(""));
  expect(JSON.stringify(bench.nms.called("change_settings"))).not.toContain("xxxx");
});
