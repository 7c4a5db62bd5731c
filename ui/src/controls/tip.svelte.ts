// One tip for the whole window: what an element says on hover and on keyboard focus (Tip.svelte shows it).
// One element that moves costs nothing for long lists; a tip in each row would.

interface Shown {
  anchor: HTMLElement;
  /** Asked as long as it is shown, so that it is never old. */
  text: () => string;
}

class Tips {
  shown = $state<Shown | null>(null);
  #leaving: ReturnType<typeof setTimeout> | undefined;

  show(anchor: HTMLElement, text: () => string): void {
    clearTimeout(this.#leaving);
    if (this.shown && this.shown.anchor !== anchor) this.#unmark(this.shown.anchor);
    this.shown = { anchor, text };
    if (anchor.getAttribute("aria-label") !== text()) anchor.setAttribute("aria-describedby", TIP_ID);
  }

  /** Not at once: the pointer may be on its way to the tip (WCAG 1.4.13, hoverable). */
  leave(): void {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.hide(), 120);
  }

  stay(): void {
    clearTimeout(this.#leaving);
  }

  hide(anchor?: HTMLElement): void {
    if (!this.shown || (anchor && this.shown.anchor !== anchor)) return;
    clearTimeout(this.#leaving);
    this.#unmark(this.shown.anchor);
    this.shown = null;
  }

  #unmark(anchor: HTMLElement): void {
    if (anchor.getAttribute("aria-describedby") === TIP_ID) anchor.removeAttribute("aria-describedby");
  }
}

export const TIP_ID = "tip";
export const tips = new Tips();

/** Gives an element a tip. */
export function tip(text: () => string) {
  return (element: HTMLElement): (() => void) => {
    const listeners = new AbortController();
    const { signal } = listeners;
    const show = () => tips.show(element, text);
    element.addEventListener("pointerenter", show, { signal });
    element.addEventListener("pointerleave", () => tips.leave(), { signal });
    // A click focuses too; the tip is for those who came by keyboard.
    element.addEventListener("focus", () => element.matches(":focus-visible") && show(), { signal });
    element.addEventListener("blur", () => tips.hide(element), { signal });
    return () => {
      listeners.abort();
      tips.hide(element);
    };
  };
}
