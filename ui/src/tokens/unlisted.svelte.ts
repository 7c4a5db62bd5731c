// Tokens that are spoken of though the list does not show them, by a filter or because their page is not read yet: whose
// details are open, and what replaced what.
import { SvelteMap } from "svelte/reactivity";
import * as commands from "../ipc/commands";
import { failureIn } from "../ipc/failures";
import type { Token } from "../ipc/generated/Token";

export class Unlisted {
  /** Null: it is gone. */
  readonly #known = new SvelteMap<string, Token | null>();

  /** Undefined: not known yet. */
  find(id: string): Token | null | undefined {
    return this.#known.get(id);
  }

  /** It was deleted here. */
  lose(id: string): void {
    this.#known.set(id, null);
  }

  async read(id: string): Promise<void> {
    try {
      this.#known.set(id, await commands.readToken(id));
    } catch (rejected) {
      // Otherwise what was known stays; that the NMS cannot be reached is said by the list.
      if (failureIn(rejected)?.kind === "not_found") this.#known.set(id, null);
    }
  }
}
