// What an earlier run of the app left unfinished: tokens whose value was not handed over, and replacements that this run
// has completed. Asked for whenever the list was read: what could not be asked at the start is asked once the NMS answers.
import { untrack } from "svelte";
import * as commands from "../ipc/commands";
import type { SetAside } from "../ipc/generated/SetAside";
import type { Token } from "../ipc/generated/Token";
import type { UnfinishedToken } from "../ipc/generated/UnfinishedToken";
import type { Tokens } from "./tokens.svelte";

export class Unfinished {
  #left = $state.raw<readonly UnfinishedToken[]>([]);
  /** Tokens whose predecessors were deleted, until the person has taken notice. */
  ended = $state.raw<readonly Token[]>([]);
  /** The journal could not be read, and the person has not taken notice. */
  setAside = $state.raw<SetAside | null>(null);
  #isNoticed = false;
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** To be called while a component is being made. */
  follow(): void {
    $effect(() => {
      const { life } = this.#tokens;
      if (life.step === "ready" && life.trouble === null && !life.isRemembered && life.readAt > 0) {
        untrack(() => void this.load());
      }
    });
  }

  /** What there is to decide; what was deleted since is over. */
  get left(): readonly UnfinishedToken[] {
    return this.#left.filter(({ token }) => !this.#tokens.isGone(token.id));
  }

  async load(): Promise<void> {
    try {
      const { tokens, ended, set_aside } = await commands.listUnfinished();
      this.#left = tokens;
      if (!this.#isNoticed) this.setAside = set_aside;
      if (ended.length === 0) return;
      this.ended = [...this.ended, ...ended];
      // Their predecessors stand in the list still.
      void this.#tokens.reload();
    } catch {
      // Nothing is lost by it: the next time that the list is read it is asked for again.
    }
  }

  notice(what: "ended" | "set_aside"): void {
    if (what === "ended") this.ended = [];
    else {
      this.#isNoticed = true;
      this.setAside = null;
    }
  }
}
