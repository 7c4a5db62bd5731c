// A double click opens a dialog with its first press; the second must neither close it nor hit what came to lie under the
// pointer.

/** Longer than a double click takes on any desktop, shorter than anybody needs to read a dialog. */
const LONGEST_MS = 500;

/** To be asked for when a dialog opens. */
export function secondPress(): { isLikely: (press: Event) => boolean; swallow: (event: MouseEvent) => void } {
  const openedAt = performance.now();
  // By when it was made: a busy machine may come to it late.
  const isLikely = (press: Event) => press.timeStamp - openedAt < LONGEST_MS;
  return {
    isLikely,
    /** For clicks inside: `detail` counts the presses; a press by keyboard counts none. */
    swallow: (event) => {
      if (event.detail < 2 || !isLikely(event)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
