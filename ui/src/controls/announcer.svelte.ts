// What is said politely. Each layer (the page, each dialog) has a live region from its start, and what is said is said
// by the topmost one: a screen reader hears nothing from below a modal dialog.
import { layers } from "./layers.svelte";

/** After whatever closes with it: "Token deleted." is said by the page, not by the dialog that goes. */
const AFTER_CLOSING_MS = 40;

class Announcer {
  text = $state("");
  /** Who says it; null for the page. */
  layer = $state.raw<symbol | null>(null);
  #turn = false;

  /** Says it, also when it is the same as before: a screen reader speaks only what changes. */
  say(text: string): void {
    setTimeout(() => {
      this.#turn = !this.#turn;
      this.text = this.#turn ? text : `${text}\u00a0`;
      this.layer = layers.top;
    }, AFTER_CLOSING_MS);
  }
}

export const announcer = new Announcer();
