// Where the details take room from the list, the row that they are of stays in view.
import { screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { startApp } from "../fixtures/bench";
import { showRow } from "./rows";

const usual = ResizeObserver;
afterEach(() => void vi.stubGlobal("ResizeObserver", usual));

/** Whatever is observed, and how its size is said to change. */
function observed(): { resize: () => void } {
  const heard: (() => void)[] = [];
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #tell: () => void;
      constructor(tell: ResizeObserverCallback) {
        this.#tell = () => tell([], this as unknown as ResizeObserver);
      }
      observe(): void {
        heard.push(this.#tell);
        this.#tell();
      }
      unobserve(): void {}
      disconnect(): void {
        heard.splice(heard.indexOf(this.#tell), 1);
      }
    },
  );
  return { resize: () => heard.forEach((tell) => tell()) };
}

test("when the details open, and when the window changes, their row is brought into view", async () => {
  const room = observed();
  const shown = vi.spyOn(Element.prototype, "scrollIntoView");
  const rowsShown = () => shown.mock.contexts.flatMap((one) => (one as HTMLElement).dataset["token"] ?? []);
  const { nms, press } = await startApp();
  await screen.findByRole("table");
  expect(rowsShown()).toEqual([]);
  await press("config backup, details");
  const id = nms.tokens.find((one) => one.name === "config backup")?.id;
  await waitFor(() => expect(rowsShown()).toEqual([id]));
  room.resize();
  expect(rowsShown()).toEqual([id, id]);
  await press("Close details");
  room.resize();
  expect(rowsShown()).toEqual([id, id]);
  shown.mockRestore();
});

test.each([
  [60, 270, "nearest"],
  [150, 114, "start"],
])("a row of %i px in %i px of list: %s", (height, room, block) => {
  const scroller = document.createElement("div");
  const row = document.createElement("div");
  row.dataset["token"] = "t";
  scroller.append(row);
  Object.defineProperty(row, "offsetHeight", { value: height });
  Object.defineProperty(scroller, "clientHeight", { value: room });
  const shown = vi.spyOn(row, "scrollIntoView");
  showRow(scroller, "t");
  expect(shown).toHaveBeenCalledWith({ block });
});

test("the focus goes along with its row when the list is read anew, and to the row in its place when it is gone", async () => {
  const { nms } = await startApp();
  const name = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName;
  (await screen.findByRole("button", { name: "Edit on-call bot" })).focus();
  const readAnew = async (change: () => void) => {
    change();
    const asked = nms.called("list_tokens").length;
    window.dispatchEvent(new Event("focus"));
    await waitFor(() => expect(nms.called("list_tokens").length).toBeGreaterThan(asked));
  };
  await readAnew(() => (nms.tokens = nms.tokens.map((one) => ({ ...one, name: one.name && `${one.name} 2` }))));
  await waitFor(() => expect(name()).toBe("Edit on-call bot 2"));
  await readAnew(() => {
    const used = new Date(nms.now).toISOString();
    nms.tokens = nms.tokens.map((one) => (one.name === "on-call bot 2" ? { ...one, created_at: used } : one)).reverse();
  });
  await waitFor(() => expect(name()).toBe("Edit on-call bot 2"));
  await readAnew(() => (nms.tokens = nms.tokens.filter((one) => one.name !== "on-call bot 2")));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Edit on-call bot 2" })).toBeNull());
  await waitFor(() => expect(name()).toMatch(/^Edit /));
});
