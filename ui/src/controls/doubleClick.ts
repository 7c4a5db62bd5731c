// A double click opens a dialog with its first press; the second must neither close it nor hit what came to lie under the
// pointer.

/** Longer than a double click takes on any desktop, shorter than anybody needs to read a dialog. */
const LONGEST_MS = 500;

/** To be asked for when a dialog opens. */
export function secondPress(): { isLikely: () => boolean; swallow: (event: MouseEvent) => void } {
  const openedAt = performance.now();
  const isLikely = () => performance.now() - openedAt < LONGEST_MS;
  return {
    isLikely,
    /** For clicks inside: `detail` counts the presses; a press by keyboard counts none. */
    swallow: (event) => {
      if (event.detail < 2 || !isLikely()) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
