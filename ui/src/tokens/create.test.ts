// Creating a token: choosing, the expiry, sending once, and what survives a failure.
import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { alertDialog, announced, dialog, expectAccessible, noDialog, startApp, type Bench } from "../fixtures/bench";
import { all } from "../fixtures/catalogue";
import { aToken } from "../fixtures/tokens";
import { clock } from "../controls/clock.svelte";
import type { FakeNms } from "../fixtures/nms";
import type { NewToken } from "../ipc/generated/NewToken";

async function openCreate(prepare?: (nms: FakeNms) => void): Promise<Bench> {
  const bench = await startApp(prepare);
  await bench.press("Create token");
  await dialog();
  return bench;
}
const send = async ({ user }: Bench) =>
  user.click(within(await dialog()).getByRole("button", { name: "Create token" }));
const sent = (bench: Bench) => bench.nms.called("create_token").map((call) => call["request"] as NewToken);
const chosen = async () =>
  (await screen.findAllByText(/^\d+ of \d+ chosen$/)).map((one) => one.textContent?.trim()).join();
const chip = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-pressed");

test("what was typed and chosen is sent, with the instant that was shown", async () => {
  const bench = await openCreate();
  expect(document.activeElement).toBe(screen.getByLabelText("Name"));
  await bench.type("Name", "  poller-03 ");
  await bench.type("Description", "rack 4");
  await bench.press("Collector");
  expect(screen.getByText("Sunday, 21 February 2027 at 23:59, Berlin time (GMT+1).", { exact: false })).toBeTruthy();
  expect(screen.getByText("3 write · 1 read · 90 days")).toBeTruthy();
  await send(bench);
  await screen.findByRole("dialog", { name: "Token created" });
  expect(sent(bench)).toEqual([
    {
      name: "  poller-03 ",
      description: "rack 4",
      permissions: ["devices:read", "metrics:ingest", "events:ingest", "collectors:enroll"],
      expires_at: "2027-02-21T22:59:59.000Z",
    },
  ]);
});

test("no permission: it is said before anything is sent", async () => {
  const bench = await openCreate();
  await send(bench);
  expect((await screen.findByText("Choose at least one permission.")).getAttribute("role")).toBe("alert");
  expect(sent(bench)).toEqual([]);
});

test("what is not held or not grantable is not offered", async () => {
  await openCreate((nms) => (nms.held = ["devices:read", "metrics:read", "tokens:review"]));
  expect(await chosen()).toBe("0 of 2 chosen");
  expect(screen.queryByRole("checkbox", { name: /Tokens/ })).toBeNull();
  expect(screen.queryByRole("checkbox", { name: /Alerts/ })).toBeNull();
});

test("a preset takes what is held, and says what it left out", async () => {
  const bench = await openCreate((nms) => (nms.held = all.filter((name) => name !== "events:ingest")));
  await bench.press("Collector");
  expect(chip("Collector")).toBe("true");
  const note = "Collector: 3 chosen. Left out, because you do not hold it: events:ingest.";
  expect(screen.getByText(note)).toBeTruthy();
  await waitFor(() => expect(announced()).toBe(note));
  await bench.press("More");
  await bench.press("On-call bot", "menuitemcheckbox");
  await waitFor(() => expect(chip("Collector")).toBe("false"));
  expect(await chosen()).toBe("2 of 35 chosen");
});

test("permissions are taken over from another token, as far as they are held, and given back", async () => {
  const bench = await openCreate((nms) => {
    nms.held = nms.held.filter((name) => name !== "events:ingest");
  });
  await bench.press("Read-only");
  const before = await chosen();
  const open = async () => {
    await bench.press("More");
    await bench.press("Like another token…", "menuitem");
    return screen.findByRole("region", { name: "Take over the permissions of" });
  };
  const panel = within(await open());
  expect(document.activeElement).toBe(panel.getByRole("searchbox"));
  await panel.findByRole("button", { name: /on-call bot/ });
  await expectAccessible(await dialog());
  await bench.user.keyboard("no such thing");
  await panel.findByText(/Nothing fits/);
  // Escape empties the search, then ends the choice; the dialog stays.
  await bench.user.keyboard("{Escape}{Escape}");
  await waitFor(() => expect(screen.queryByRole("region", { name: /Take over/ })).toBeNull());
  await dialog();

  await bench.user.click(await within(await open()).findByRole("button", { name: /collector-wien-01.*4 permissions/ }));
  expect(await chosen()).toBe("3 of 35 chosen");
  const note = "collector-wien-01: 3 chosen. Left out, because you do not hold it: events:ingest.";
  expect(screen.getByText(note)).toBeTruthy();
  await waitFor(() => expect(announced()).toBe(note));
  expect(document.activeElement?.textContent).toContain("Take it back");
  await bench.press("Take it back");
  expect(await chosen()).toBe(before);
});

test("why no token can be found is said", async () => {
  const bench = await openCreate();
  bench.nms.failNext("list_tokens", { kind: "timed_out" });
  await bench.press("More");
  await bench.press("Like another token…", "menuitem");
  await screen.findByText(/did not answer in time/);
});

test("read-only is what reads and is not confidential", async () => {
  const bench = await openCreate();
  await bench.press("Read-only");
  expect(screen.getByText("10 read · 90 days")).toBeTruthy();
});

test("select all, select none, and a group that is all, part or none", async () => {
  const bench = await openCreate();
  const inventory = () => screen.getByRole<HTMLInputElement>("checkbox", { name: "Inventory, all of it" });
  await bench.press("Select all");
  expect(await chosen()).toBe("36 of 36 chosen");
  expect(inventory().checked).toBe(true);
  expect(screen.getByText(/^This token could do all that you can\./)).toBeTruthy();
  await bench.press("Select none");
  expect(inventory().checked).toBe(false);
  await bench.press("Inventory: 0 of 7 chosen");
  await bench.press(/^topology:read/, "checkbox");
  expect(inventory().indeterminate).toBe(true);
  await bench.user.click(inventory());
  expect(await chosen()).toBe("7 of 36 chosen");
  await bench.user.click(inventory());
  expect(await chosen()).toBe("0 of 36 chosen");
});

test("what goes with a permission is added visibly, and can be taken back", async () => {
  const bench = await openCreate();
  await bench.press("Inventory: 0 of 7 chosen");
  await bench.press(/^devices:write/, "checkbox");
  expect(await chosen()).toBe("2 of 36 chosen");
  await waitFor(() => expect(announced()).toBe("Added devices:read, which goes with devices:write."));
  await bench.press("Take it back");
  expect(await chosen()).toBe("1 of 36 chosen");
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /^devices:write/ }).checked).toBe(true);
});

test("the search finds by name, description, group and risk, and selects what it found", async () => {
  const bench = await openCreate();
  const search = screen.getByRole("searchbox", { name: "Search permissions" });
  await bench.user.type(search, "sensitive telemetry");
  expect(screen.getByRole("checkbox", { name: /^flows:read/ })).toBeTruthy();
  await bench.press("Select the 2 found");
  expect(await chosen()).toBe("2 of 36 chosen");
  expect(screen.getByText(/Includes confidential content \(flows:read and logs:read\)/)).toBeTruthy();
  await bench.user.clear(search);
  await bench.user.type(search, "no such thing");
  expect(screen.getByText(/No permission matches/).textContent).toBe("No permission matches “no such thing”.");
  await bench.user.keyboard("{Escape}");
  expect(search).toHaveProperty("value", "");
  await dialog();
});

test("quick choices are those within the limit, and the limit holds for a year", async () => {
  const bench = await openCreate();
  await bench.press("1 year");
  expect(screen.getByText(/^Tuesday, 23 November 2027 at 10:00/).textContent).toContain("the latest that this NMS");
  await bench.press("Select all");
  await send(bench);
  await waitFor(() => expect(sent(bench)[0]?.expires_at).toBe("2027-11-23T09:00:00.000Z"));
});

test("a short limit leaves out what lies beyond it", async () => {
  await openCreate((nms) => (nms.latest = () => "2027-01-10T09:00:00Z"));
  expect(screen.getByRole("button", { name: "30 days" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "60 days" })).toBeNull();
  // The default lies beyond: what is shown and sent is the limit.
  expect(screen.getByText(/^Sunday, 10 January 2027 at 10:00/)).toBeTruthy();
});

test("a day is chosen in the calendar with the arrow keys", async () => {
  const bench = await openCreate();
  await bench.press(/^Expiry date: 21 Feb 2027/);
  await screen.findByRole("dialog", { name: "Expiry date" });
  await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe("21"));
  await bench.user.keyboard("{ArrowRight}{ArrowDown}{Enter}");
  await screen.findByRole("button", { name: "Expiry date: 1 Mar 2027" });
  expect(screen.getByText(/^Monday, 1 March 2027 at 23:59/)).toBeTruthy();
  expect(screen.getByText(/until 1 Mar 2027$/)).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Expiry date" })).toBeNull());
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Expiry date: 1 Mar 2027");
});

test("pressed twice, sent once", async () => {
  const bench = await openCreate();
  const release = bench.nms.hold("create_token");
  await bench.press("Collector");
  const button = within(await dialog()).getByRole("button", { name: "Create token" });
  await bench.user.dblClick(button);
  expect(button.getAttribute("aria-disabled")).toBe("true");
  release();
  await screen.findByRole("dialog", { name: "Token created" });
  expect(sent(bench).length).toBe(1);
});

test("cancelling while it is sent stops the wait, and keeps what was typed", async () => {
  const bench = await openCreate();
  let stop: () => void = () => undefined;
  bench.nms.answer(
    "create_token",
    () => new Promise((_, reject) => (stop = () => reject({ kind: "cancelled", request_id: null }))),
  );
  bench.nms.answer("cancel_create_token", () => (stop(), null));
  await bench.type("Name", "poller-03");
  await bench.press("Collector");
  await send(bench);
  await bench.press("Cancel");
  expect((await screen.findByRole("alert")).textContent).toContain("No token was created, and what you typed is kept.");
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "poller-03");
  await bench.press("Cancel");
  await noDialog();
});

test.each(["name", "description", "permissions", "expires_at"] as const)(
  "a refused %s is told at the field, and the focus goes there",
  async (field) => {
    const bench = await openCreate((nms) => nms.failNext("create_token", { kind: "invalid", field }));
    await bench.type("Name", "kept");
    await bench.press("Collector");
    await send(bench);
    const place = await waitFor(() => {
      const found = document.activeElement?.closest("[data-field]");
      expect(found?.getAttribute("data-field")).toBe(field);
      return found as HTMLElement;
    });
    const told = place.closest(".field, [data-field]:not(input, textarea)")?.textContent;
    expect(told).toContain("The server does not take this");
    expect(screen.getByLabelText("Name")).toHaveProperty("value", "kept");
    await send(bench);
    await screen.findByRole("dialog", { name: "Token created" });
  },
);

test("no answer: it is found out whether the token exists before anything is sent again", async () => {
  const bench = await openCreate((nms) => nms.failNext("create_token", { kind: "outcome_unknown", action: "create" }));
  await bench.type("Name", "poller-03");
  await bench.press("Collector");
  await send(bench);
  expect((await screen.findByRole("alert")).textContent).toContain("nobody knows yet whether the token was created");
  expect((await dialog()).querySelector("form")).toHaveProperty("inert", true);
  bench.nms.failNext("find_out", { kind: "unreachable", reason: "refused" });
  await bench.press("Find out");
  await screen.findByText("Nothing answers at the NMS’s address.");
  await bench.press("Find out");
  await screen.findByText("The token was not created.");
  expect(sent(bench).length).toBe(1);
  // To the letter: the key under which it was sent goes with it, and there can be no second token.
  clock.setAhead(-86_400);
  await send(bench);
  await screen.findByRole("dialog", { name: "Token created" });
  expect(sent(bench)[1]).toEqual(sent(bench)[0]);
});

test("no answer, and something else is wanted by then: that is what is sent", async () => {
  const bench = await openCreate((nms) => nms.failNext("create_token", { kind: "outcome_unknown", action: "create" }));
  await bench.press("Collector");
  await send(bench);
  await bench.press("Find out");
  await screen.findByText("The token was not created.");
  await bench.press("30 days");
  await send(bench);
  await screen.findByRole("dialog", { name: "Token created" });
  const [first, second] = sent(bench);
  expect(second?.expires_at).not.toBe(first?.expires_at);
});

test("no answer, and the token exists: it is offered to be replaced or deleted", async () => {
  const bench = await openCreate();
  bench.nms.answer("create_token", ({ request }) => {
    const { name, permissions, expires_at } = request as Required<NewToken>;
    const made = aToken(bench.nms.now, { name: name.trim(), permissions: [...permissions].sort(), expires_at });
    bench.nms.tokens.unshift(made);
    bench.nms.answer("find_out", () => ({ kind: "lost", token: made }));
    throw { kind: "outcome_unknown", action: "create", request_id: null };
  });
  await bench.type("Name", " poller-03");
  await bench.press("Collector");
  await send(bench);
  await bench.press("Find out");
  expect((await alertDialog()).textContent).toContain("The token “poller-03” exists, nobody holds its value");
});

test("a lost answer says that the token exists, and offers to replace or delete it", async () => {
  const bench = await openCreate((nms) =>
    nms.answer("create_token", () => {
      const token = aToken(nms.now, { name: "poller-03" });
      nms.tokens = [token, ...nms.tokens];
      return { kind: "lost", token };
    }),
  );
  await bench.press("Collector");
  await send(bench);
  const lost = await alertDialog();
  expect(lost.textContent).toContain("The token “poller-03” exists, nobody holds its value");
  bench.nms.failNext("replace_token", { kind: "timed_out" });
  await bench.press("Replace it");
  expect((await screen.findByRole("alert")).textContent).toContain("did not answer in time");
  await bench.press("Replace it");
  await screen.findByRole("dialog", { name: "Token created" });
  expect(
    screen.getByText("The old token is kept until this one was copied or saved. Then it is deleted."),
  ).toBeTruthy();
});

test("Escape closes at once what nobody has changed", async () => {
  const bench = await openCreate();
  await bench.user.keyboard("{Escape}");
  await noDialog();
});

test("Escape asks before it loses what was typed; the focus goes back, and the next dialog starts empty", async () => {
  const bench = await openCreate();
  await bench.type("Name", "poller-03");
  await bench.user.keyboard("{Escape}");
  expect((await alertDialog()).textContent).toContain("Discard what you changed?");
  expect(document.activeElement?.textContent?.trim()).toBe("Go back");
  await bench.user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "poller-03");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Name")));
  await bench.user.keyboard("{Escape}");
  await alertDialog();
  await bench.press("Discard");
  await noDialog();
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Create token"));
  expect(document.body.style.pointerEvents).toBe("");
  await bench.press("Create token");
  expect(await screen.findByLabelText("Name")).toHaveProperty("value", "");
});

test("a press beside the dialog loses nothing", async () => {
  const bench = await openCreate();
  await bench.type("Name", "poller-03");
  const target = document.querySelector(".dialog-veil") as HTMLElement;
  await bench.user.pointer({ keys: "[MouseLeft]", target, coords: { clientX: 900, clientY: 700 } });
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "poller-03");
});
