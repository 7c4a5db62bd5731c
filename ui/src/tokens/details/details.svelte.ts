// What is known of one token beyond its row: who used it, and what happened to it. Read when its details are opened, and
// again with the list.
import * as commands from "../../ipc/commands";
import type { Event } from "../../ipc/generated/Event";
import type { UseRecord } from "../../ipc/generated/UseRecord";

export type Known<T> = { step: "loading" } | { step: "failed"; rejected: unknown } | { step: "ready"; value: T };

/** What is known, nothing as long as it is not. */
export const known = <T>(of: Known<T[]>): T[] => (of.step === "ready" ? of.value : []);

export class Details {
  use = $state.raw<Known<UseRecord[]>>({ step: "loading" });
  history = $state.raw<Known<Event[]>>({ step: "loading" });
  /** Where the history goes on; null at its end. */
  earlier = $state<string | null>(null);
  isLoadingEarlier = $state(false);
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
  }

  async load(): Promise<void> {
    await Promise.all([this.loadUse(), this.#loadHistory()]);
  }

  async loadUse(): Promise<void> {
    try {
      this.use = { step: "ready", value: await commands.listUses(this.#id) };
    } catch (rejected) {
      // What was known stays.
      if (this.use.step !== "ready") this.use = { step: "failed", rejected };
    }
  }

  async #loadHistory(): Promise<void> {
    try {
      const page = await commands.listTokenEvents(this.#id, null);
      this.history = { step: "ready", value: page.events };
      this.earlier = page.next;
    } catch (rejected) {
      if (this.history.step !== "ready") this.history = { step: "failed", rejected };
    }
  }

  async loadEarlier(): Promise<void> {
    if (this.history.step !== "ready" || this.earlier === null || this.isLoadingEarlier) return;
    this.isLoadingEarlier = true;
    try {
      const page = await commands.listTokenEvents(this.#id, this.earlier);
      this.history = { step: "ready", value: [...this.history.value, ...page.events] };
      this.earlier = page.next;
    } catch (rejected) {
      this.history = { step: "failed", rejected };
    } finally {
      this.isLoadingEarlier = false;
    }
  }
}
