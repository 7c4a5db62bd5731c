// Which rows are chosen, for what is done to many at once. By id, so that a list that is read anew keeps them.
import { SvelteSet } from "svelte/reactivity";
import type { Token } from "../ipc/generated/Token";

export class Selection {
  readonly ids = new SvelteSet<string>();
  /** The row from which a range is drawn. */
  #from: string | null = null;

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  toggle(id: string): void {
    this.#from = id;
    if (!this.ids.delete(id)) this.ids.add(id);
  }

  /** From the row that was chosen last to this one, as the list stands. */
  extend(to: string, rows: readonly Token[]): void {
    const place = (id: string | null) => rows.findIndex((one) => one.id === id);
    const [from, until] = [place(this.#from), place(to)];
    if (from === -1 || until === -1) return this.toggle(to);
    for (const { id } of rows.slice(Math.min(from, until), Math.max(from, until) + 1)) this.ids.add(id);
  }

  all(rows: readonly Token[]): void {
    for (const { id } of rows) this.ids.add(id);
  }

  clear(): void {
    this.#from = null;
    this.ids.clear();
  }

  /** Whether all, some or none of these are chosen. */
  of(rows: readonly Token[]): "on" | "part" | "off" {
    const chosen = rows.filter((one) => this.ids.has(one.id)).length;
    if (chosen === 0) return "off";
    return chosen === rows.length ? "on" : "part";
  }
}
