// Walking the rows by keyboard: where a key leads to, and how the focus gets there although long lists keep only what is
// seen in the page.

const PAGE_ROWS = 10;
/** So many frames may pass until a row that was out of view stands in the page. */
const FRAMES = 30;

/** The row that the key leads to from this one; null when the key is not for us. */
export function stepOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent, from: number, count: number): number | null {
  if (Number.isNaN(from) || altKey || metaKey) return null;
  const ends: Record<string, number> = { Home: 0, End: count - 1 };
  if (ctrlKey) return ends[key] ?? null;
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS };
  const step = steps[key];
  if (step === undefined) return null;
  const to = Math.min(Math.max(from + step, 0), count - 1);
  return to === from ? null : to;
}

/** Which cell of its row this control stands in, and which control of the cell it is. */
export function columnOf(control: HTMLElement): [cell: string, control: number] {
  const cell = control.closest<HTMLElement>("[role=cell], [role=rowheader]");
  const controls = [...(cell?.querySelectorAll("button, input") ?? [])];
  return [cell?.classList[0] ?? "which", Math.max(controls.indexOf(control), 0)];
}

/**
 * Focuses the control of that column in that row, or the row's first when it has none there; as soon as the row stands in
 * the page, and as long as it is wanted.
 */
export async function focusRow(
  rows: HTMLElement,
  place: number,
  [cell, control]: [string, number],
  isWanted = () => true,
): Promise<void> {
  for (let frame = 0; frame < FRAMES && isWanted(); frame += 1) {
    const row = rows.querySelector<HTMLElement>(`[data-place="${place}"]`);
    const wanted = row?.querySelectorAll<HTMLElement>(`.${cell} button, .${cell} input`)[control];
    const target = wanted ?? row?.querySelector<HTMLElement>(".which button");
    target?.focus();
    // What was not measured yet is hidden, and takes no focus.
    if (target && document.activeElement === target) return;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Brings a row into view; of one that is higher than what is seen of the list, its beginning. */
export function showRow(scroller: HTMLElement, id: string): void {
  const row = scroller.querySelector<HTMLElement>(`[data-token="${id}"]`);
  row?.scrollIntoView({ block: row.offsetHeight > scroller.clientHeight / 2 ? "start" : "nearest" });
}

/** Focuses what opens the details of a token; where its row is out of view the details, and else the page's heading. */
export function focusDetails(id: string | null): void {
  const places = [`[data-token="${id}"] .details`, `aside[data-details="${id}"] button`, "[data-focus-home]"];
  const [place] = places.flatMap((one) => document.querySelector<HTMLElement>(one) ?? []);
  place?.focus();
}
