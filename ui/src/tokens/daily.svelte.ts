// Calls a day of the tokens whose rows are on screen: those that came into view together are asked for together.
import { SvelteMap } from "svelte/reactivity";
import * as commands from "../ipc/commands";

const TOGETHER_MS = 100;
/** As many as a page has at most. */
const MOST = 500;

export class DailyUses {
  readonly #known = new SvelteMap<string, readonly number[]>();
  /** With which last use each was asked for; not anew while the answer is under way. */
  readonly #asked = new SvelteMap<string, string>();
  /** Waiting to be asked for. */
  #wanted: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Of the last 30 days, the oldest first; empty while nothing is known. */
  of(id: string): readonly number[] {
    return this.#known.get(id) ?? [];
  }

  /** For a row that comes into view, or whose token was used again. */
  want(id: string, usedAt: string | null): void {
    if (usedAt === null || this.#wanted.length === MOST || this.#asked.get(id) === usedAt) return;
    this.#asked.set(id, usedAt);
    if (this.#wanted.length === 0) this.#timer = setTimeout(() => void this.#ask(), TOGETHER_MS);
    this.#wanted.push(id);
  }

  /** The rows are gone. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = [];
    try {
      for (const { token_id, days } of await commands.listUseDays(wanted)) this.#known.set(token_id, days);
    } catch {
      // The list says what is wrong. With its next answer the rows ask again.
      for (const id of wanted) this.#asked.delete(id);
    }
  }
}
