// Which tokens are chosen, for what is done to many at once. They are kept themselves, not only their ids: another order,
// a search or a filter takes rows out of the list, and what was chosen stays what is counted, asked about and done.
import { SvelteMap } from "svelte/reactivity";
import type { Token } from "../ipc/generated/Token";

export class Selection {
  readonly #chosen = new SvelteMap<string, Token>();
  /** The row from which a range is drawn. */
  #from: string | null = null;

  readonly tokens: readonly Token[] = $derived([...this.#chosen.values()]);

  get size(): number {
    return this.#chosen.size;
  }

  has(id: string): boolean {
    return this.#chosen.has(id);
  }

  toggle(token: Token): void {
    this.#from = token.id;
    if (!this.#chosen.delete(token.id)) this.#chosen.set(token.id, token);
  }

  /** From the row that was chosen last to this one, as the list stands. */
  extend(to: Token, rows: readonly Token[]): void {
    const place = (id: string | null) => rows.findIndex((one) => one.id === id);
    const [from, until] = [place(this.#from), place(to.id)];
    if (from === -1 || until === -1) return this.toggle(to);
    this.all(rows.slice(Math.min(from, until), Math.max(from, until) + 1));
  }

  all(rows: readonly Token[]): void {
    for (const token of rows) this.#chosen.set(token.id, token);
  }

  /** What is listed is newer than what was chosen. */
  refresh(rows: readonly Token[]): void {
    if (this.#chosen.size === 0) return;
    for (const token of rows) {
      const known = this.#chosen.get(token.id);
      if (known !== undefined && known !== token) this.#chosen.set(token.id, token);
    }
  }

  /** Those of which it is known that they are gone. */
  drop(isGone: (id: string) => boolean): void {
    for (const id of [...this.#chosen.keys()]) if (isGone(id)) this.#chosen.delete(id);
  }

  clear(): void {
    this.#from = null;
    this.#chosen.clear();
  }

  /** Whether all, some or none of these are chosen. */
  of(rows: readonly Token[]): "on" | "part" | "off" {
    const chosen = rows.filter((one) => this.#chosen.has(one.id)).length;
    if (chosen === 0) return "off";
    return chosen === rows.length ? "on" : "part";
  }
}
