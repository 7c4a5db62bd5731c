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
