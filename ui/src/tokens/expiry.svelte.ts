// Which expiry is chosen. The instant that it means is asked for when it is shown and again when it is sent.
import { clock } from "../controls/clock.svelte";
import { dayOf, instantOf, quickChoices, toInstant, type Day, type ExpiryChoice } from "./expiry";

export class Expiry {
  choice = $state.raw<ExpiryChoice>({ kind: "days", days: 0 });
  /** The latest that the server allows. */
  readonly latest: number;
  /** As it was, for a token that exists. */
  readonly kept: string | null;

  constructor(latest: string, initial: ExpiryChoice) {
    this.latest = Date.parse(latest);
    this.choice = initial;
    this.kept = initial.kind === "keep" ? initial.at : null;
  }

  get quick(): number[] {
    return quickChoices(clock.now, this.latest);
  }

  get at(): number {
    return instantOf(this.choice, clock.now, this.latest);
  }

  get day(): Day {
    return dayOf(this.at);
  }

  get isKept(): boolean {
    return this.choice.kind === "keep";
  }

  get isLatest(): boolean {
    return this.at >= this.latest;
  }

  get isPast(): boolean {
    return this.at <= clock.now;
  }

  get days(): number | null {
    return this.choice.kind === "days" ? this.choice.days : null;
  }

  /** As it is sent. */
  get instant(): string {
    return this.choice.kind === "keep" ? this.choice.at : toInstant(this.at);
  }
}
