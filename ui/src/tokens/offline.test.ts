// The list while the NMS does not answer: what is here stays, and is searched, filtered and put in order by the page.
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { names, row, startApp, type Bench } from "../fixtures/bench";
import type { FakeNms } from "../fixtures/nms";
import { countsOf } from "../fixtures/review";
import { aToken } from "../fixtures/tokens";

const search = (bench: Bench, text: string) => bench.type("Search tokens", text);
/** Roles of many rows take jsdom long. */
const rowsInPage = () => document.querySelectorAll("[data-place]").length;
const silence = (nms: FakeNms) => nms.failAlways("list_tokens", { kind: "unreachable", reason: "refused" });

test("a search that cannot be asked for narrows all that was read, by every word, and never cuts it off", async () => {
  const bench = await startApp((nms) => {
    nms.tokens = Array.from({ length: 60 }, (_, place) =>
      aToken(nms.now, {
        name: `token ${String(place)}`,
        description: place >= 50 ? "Rack in Vienna" : null,
        last_used_from: place % 2 ? "10.2.0.7" : "10.9.0.1",
      }),
    );
  });
  await bench.press("Show more");
  await waitFor(() => expect(rowsInPage()).toBe(60));
  silence(bench.nms);
  await fireEvent.focus(window);
  await screen.findByRole("alert");
  await search(bench, "VIENNA 10.9");
  await waitFor(() => expect(rowsInPage()).toBe(5));
  expect((await names()).sort()).toEqual(["token 50", "token 52", "token 54", "token 56", "token 58"]);
  expect(screen.getByRole("alert").textContent).toContain("Search and order work on that list.");
  const asked = bench.nms.called("list_tokens").length;
  await bench.user.clear(screen.getByRole("searchbox"));
  await waitFor(() => expect(bench.nms.called("list_tokens").length).toBeGreaterThan(asked));
  await waitFor(() => expect(rowsInPage()).toBe(60));
});

test("filters and order work on what is here; what only the NMS can judge waits, and that is said", async () => {
  const bench = await startApp();
  await row("collector-berlin-02");
  silence(bench.nms);
  await bench.press("Expired 1");
  await waitFor(async () => expect(await names()).toEqual(["collector-wien-01"]));
  await bench.press("All 7");
  await bench.press("Token");
  await waitFor(async () => expect((await names())[0]).toBe("collector-berlin-02"));
  // Without a name it comes last in either direction, as the server has it.
  expect((await names()).at(-1)).toBe("pnms_pat_Hh30vvLc…2mQx");
  await bench.press("Token");
  await waitFor(async () => expect((await names())[0]).toBe("test from laptop"));
  expect((await names()).at(-1)).toBe("pnms_pat_Hh30vvLc…2mQx");
  await bench.press("Filter");
  await bench.press("Can administer, 1 token", "checkbox");
  await waitFor(() =>
    expect(screen.getByText(/These filters wait until the NMS answers: Can administer\./)).toBeTruthy(),
  );
  bench.nms.answer("list_tokens", null);
  await fireEvent.focus(window);
  await waitFor(async () => expect(await names()).toEqual(["test from laptop"]));
  expect(screen.queryByText(/These filters wait/)).toBeNull();
});

test("the list of an earlier run is searched too, and says how much of the whole it holds", async () => {
  const bench = await startApp((nms) => {
    silence(nms);
    const counts = { ...countsOf(nms.tokens, nms.now), all: 90 };
    const read_at = new Date(nms.now - 3_600_000).toISOString();
    nms.answer("remembered_tokens", () => ({ tokens: nms.tokens, counts, read_at }));
  });
  await row("collector-berlin-02");
  expect(screen.getByText("7 of 90")).toBeTruthy();
  expect(screen.getByText(/work on the 7 of 90 tokens that are here/)).toBeTruthy();
  await search(bench, "grafana");
  await waitFor(async () => expect(await names()).toEqual(["Grafana dashboards"]));
});
