// The same done to many tokens, one after the other: each has its own result, and what has not begun can be stopped.
// Not here: the question before (BulkDialog.svelte), which tokens (selection.svelte.ts).
import { SvelteMap } from "svelte/reactivity";
import * as commands from "../ipc/commands";
import { failureIn } from "../ipc/failures";
import type { Token } from "../ipc/generated/Token";

export type BulkAct = "delete" | "pause" | "resume";
export type Outcome =
  { step: "waiting" } | { step: "working" } | { step: "done" } | { step: "failed"; rejected: unknown };
/** `stopped`: what was not begun stays as it is. */
type Life = "asking" | "running" | "stopping" | "stopped" | "over";

const WAITING: Outcome = { step: "waiting" };

export class Bulk {
  life = $state<Life>("asking");
  done = $state(0);
  failed = $state(0);
  readonly outcomes = new SvelteMap<string, Outcome>();

  constructor(
    readonly act: BulkAct,
    readonly tokens: readonly Token[],
  ) {}

  outcome(token: Token): Outcome {
    return this.outcomes.get(token.id) ?? WAITING;
  }

  /** How many have their result, of how many. */
  get finished(): number {
    return this.done + this.failed;
  }

  get isRunning(): boolean {
    return this.life === "running" || this.life === "stopping";
  }

  /** All that have not succeeded yet: the first time everything, later what failed or was stopped. */
  async run(): Promise<void> {
    if (this.isRunning) return;
    this.life = "running";
    this.failed = 0;
    for (const token of this.tokens) {
      // Read anew each time: the person may have pressed *Stop* while the one before was at work.
      if (this.#wantsToStop()) break;
      if (this.outcome(token).step !== "done") await this.#one(token);
    }
    this.life = this.#wantsToStop() ? "stopped" : "over";
  }

  stop(): void {
    if (this.life === "running") this.life = "stopping";
  }

  #wantsToStop(): boolean {
    return this.life === "stopping";
  }

  async #one(token: Token): Promise<void> {
    this.outcomes.set(token.id, { step: "working" });
    try {
      await this.#send(token);
      this.outcomes.set(token.id, { step: "done" });
      this.done += 1;
    } catch (rejected) {
      this.outcomes.set(token.id, { step: "failed", rejected });
      this.failed += 1;
    }
  }

  async #send(token: Token): Promise<void> {
    if (this.act === "delete") {
      await commands.deleteToken(token.id);
      return;
    }
    const changes = { paused: this.act === "pause" };
    try {
      await commands.updateToken(token.id, token.etag, changes);
    } catch (rejected) {
      // Changed since the list was read: pausing and resuming go with any other change.
      const failure = failureIn(rejected);
      if (failure?.kind !== "stale" || failure.token === null) throw rejected;
      await commands.updateToken(token.id, failure.token.etag, changes);
    }
  }
}
