// Where the focus goes when the last dialog closes: to whatever opened the first, or, when that is gone (its row was
// deleted), to the heading of the page.

let opener: HTMLElement | null = null;
let open = 0;

export function enterDialog(): void {
  if (open === 0) opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  open += 1;
}

export function leaveDialog(): void {
  open -= 1;
  // After the next dialog, if there is one, has had its turn: one follows another without the page between.
  setTimeout(() => {
    if (open > 0) return;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (!isLost) return;
    const home = document.querySelector<HTMLElement>("[data-focus-home]");
    (opener?.isConnected && opener !== document.body ? opener : home)?.focus();
    opener = null;
  }, 0);
}
