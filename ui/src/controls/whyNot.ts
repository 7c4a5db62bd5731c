// A key that does nothing says why: spoken, and seen beside what has the focus.
import { announcer } from "./announcer.svelte";
import { tips } from "./tip.svelte";

export function sayWhyNot(reason: string): void {
  announcer.say(reason);
  const { activeElement: focused } = document;
  const anchor = focused === document.body ? document.querySelector("[data-focus-home]") : focused;
  if (!(anchor instanceof HTMLElement)) return;
  tips.show(anchor, () => reason);
  // Until the person does the next thing, whatever it is.
  const listeners = new AbortController();
  const hide = (): void => {
    listeners.abort();
    tips.hide(anchor);
  };
  for (const next of ["keydown", "pointerdown", "blur"]) {
    window.addEventListener(next, hide, { capture: true, signal: listeners.signal });
  }
}
