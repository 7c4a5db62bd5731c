// Tokens whose value was reported as found in public, also those that the list does not show: by a filter, or because
// their page is not read yet. The list tells of its own; of the others the events do.
import { untrack } from "svelte";
import * as commands from "../ipc/commands";
import type { Token } from "../ipc/generated/Token";
import type { Tokens } from "./tokens.svelte";

/** More notices would help nobody: the newest. */
const MOST_ASKED = 50;

export class Reported {
  /** As the events have them, the newest first. */
  #ids = $state.raw<readonly string[]>([]);
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** To be called while a component is being made. */
  follow(): void {
    $effect(() => {
      const { life, isWhole } = this.#tokens;
      if (life.step === "ready" && life.trouble === null && !life.isRemembered && life.readAt > 0 && !isWhole) {
        untrack(() => void this.#look());
      }
    });
  }

  get tokens(): Token[] {
    const listed = this.#tokens.tokens.filter(isReported);
    const others = this.#ids.filter((id) => !this.#tokens.isListed(id)).map((id) => this.#tokens.find(id));
    return [...listed, ...others.filter((one) => one !== undefined).filter(isReported)];
  }

  async #look(): Promise<void> {
    try {
      const { events } = await commands.listEvents({ kinds: "reported", limit: MOST_ASKED });
      const all = events.map((one) => one.token_id);
      const ids = all.filter((id, place) => all.indexOf(id) === place && !this.#tokens.isGone(id));
      await this.#tokens.lookAt(ids);
      this.#ids = ids;
    } catch {
      // The next time that the list is read it is asked for again.
    }
  }
}

function isReported(token: Token): boolean {
  return token.reported_at !== undefined && token.reported_at !== null && token.state !== "deleted";
}
