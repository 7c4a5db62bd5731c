// The same done to many tokens, one after the other: each has its own result, and what has not begun can be stopped.
// Not here: the question before (BulkDialog.svelte), which tokens (selection.svelte.ts).
import { SvelteMap } from "svelte/reactivity";
import * as commands from "../ipc/commands";
import { failureIn, isMaybeDone } from "../ipc/failures";
import type { Token } from "../ipc/generated/Token";
import type { BulkPlaces } from "./bulkPlaces.svelte";

export type BulkAct = "delete" | "pause" | "resume";
export type Outcome =
  | { step: "waiting" }
  | { step: "working" }
  /** `left`: why its value is still where this app has put it, though it was to go with the token. */
  | { step: "done"; left?: unknown }
  /** It is as it was. */
  | { step: "failed"; rejected: unknown }
  /** The answer was lost: nobody knows whether it is as it was. */
  | { step: "unknown"; rejected: unknown };
/** `stopped`: what was not begun stays as it is. */
type Life = "asking" | "running" | "stopping" | "stopped" | "over";

const WAITING: Outcome = { step: "waiting" };

export class Bulk {
  life = $state<Life>("asking");
  readonly outcomes = new SvelteMap<string, Outcome>();

  constructor(
    readonly act: BulkAct,
    readonly tokens: readonly Token[],
    readonly places: BulkPlaces | null = null,
  ) {}

  outcome(token: Token): Outcome {
    return this.outcomes.get(token.id) ?? WAITING;
  }

  readonly #tally = $derived.by(() => {
    const tally = { waiting: 0, working: 0, done: 0, failed: 0, unknown: 0 };
    for (const { step } of this.outcomes.values()) tally[step] += 1;
    return tally;
  });
  readonly done = $derived(this.#tally.done);
  /** They are as they were. */
  readonly failed = $derived(this.#tally.failed);
  readonly unknown = $derived(this.#tally.unknown);
  /** So many of the done have left their value somewhere. */
  readonly left = $derived([...this.outcomes.values()].filter(hasLeft).length);
  /** How many have their result, of how many. */
  readonly finished = $derived(this.done + this.failed + this.unknown);

  /** Of a deletion: those of which it is known that they are gone. */
  get gone(): string[] {
    if (this.act !== "delete") return [];
    return [...this.outcomes].filter(([, { step }]) => step === "done").map(([id]) => id);
  }

  get isRunning(): boolean {
    return this.life === "running" || this.life === "stopping";
  }

  /** All that have not succeeded yet: the first time everything, later what failed or was stopped. */
  async run(): Promise<void> {
    if (this.isRunning) return;
    this.life = "running";
    for (const [id, { step }] of this.outcomes) if (step !== "done") this.outcomes.delete(id);
    for (const token of this.tokens) {
      // Read anew each time: the person may have pressed *Stop* while the one before was at work.
      if (this.#wantsToStop()) break;
      const outcome = this.outcome(token);
      if (outcome.step !== "done") await this.#one(token);
      else if (hasLeft(outcome)) await this.#remove(token);
    }
    await this.#findOut();
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
    } catch (rejected) {
      // Somebody else was first, or an earlier attempt whose answer was lost.
      const isGone = this.act === "delete" && failureIn(rejected)?.kind === "not_found";
      const step = isMaybeDone(rejected) ? "unknown" : "failed";
      this.outcomes.set(token.id, isGone ? { step: "done" } : { step, rejected });
    }
    if (this.outcome(token).step === "done") await this.#remove(token);
  }

  async #remove(token: Token): Promise<void> {
    try {
      await this.places?.remove(token);
      this.outcomes.set(token.id, { step: "done" });
    } catch (left) {
      this.outcomes.set(token.id, { step: "done", left });
    }
  }

  /** Where answers were lost: what the NMS says now. That it says nothing of a change does not mean that none comes. */
  async #findOut(): Promise<void> {
    for (const token of this.tokens) {
      if (this.outcome(token).step !== "unknown") continue;
      try {
        const { state } = await commands.readToken(token.id);
        const isDone = { delete: state === "deleted", pause: state === "paused", resume: state === "active" };
        if (isDone[this.act]) await this.#remove(token);
      } catch (rejected) {
        // Nobody answers: then neither of the others is known.
        if (failureIn(rejected)?.kind !== "not_found") return;
        if (this.act === "delete") await this.#remove(token);
      }
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

function hasLeft(outcome: Outcome): boolean {
  return outcome.step === "done" && outcome.left !== undefined;
}
