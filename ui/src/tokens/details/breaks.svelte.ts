// Whom a change would refuse, out of recorded use: for the list in a form, and for the question before the change. Read
// when it is first asked for, and again when that failed.
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { clock } from "../../controls/clock.svelte";
import { answeredNow, callersOf, refusedBy, type Caller, type Narrowing } from "./callers";
import { Details, known, type Known } from "./details.svelte";
import { pairOf } from "./pair";

const isTold = (one: Known<unknown>) => one.step !== "loading";

export class Breaks {
  readonly #details: Details;
  /** Who uses the new value since loses nothing with the old one. */
  readonly #successor: Details | null;

  constructor({ id, replaced_by }: Token) {
    this.#details = new Details(id);
    this.#successor = replaced_by === null ? null : new Details(replaced_by);
  }

  async load(): Promise<void> {
    const [details, successor] = [this.#details, this.#successor];
    await Promise.all([
      details.use.step === "ready" ? null : details.loadUse(),
      successor === null || successor.use.step === "ready" ? null : successor.load(),
    ]);
  }

  /** It is known, or known that it cannot be. */
  get isTold(): boolean {
    const successor = this.#successor;
    const isSuccessorTold = successor === null || [successor.use, successor.history].every(isTold);
    return isTold(this.#details.use) && isSuccessorTold;
  }

  get isUnknown(): boolean {
    return this.#details.use.step === "failed";
  }

  get #use(): UseRecord[] {
    return known(this.#details.use);
  }

  get isUnused(): boolean {
    return this.#use.length === 0;
  }

  /** How many callers it refuses already, for good: not because it is paused. */
  refusedAlready(token: Token): number {
    return callersOf(this.#use).length - callersOf(answeredNow(this.#use, token)).length;
  }

  /** Whom it would refuse after the change; of a paused one, whom resuming would no longer bring back. */
  refusedBy(token: Token, narrowings: readonly Narrowing[]): Caller[] {
    const refused = callersOf(refusedBy(answeredNow(this.#use, token), narrowings));
    if (this.#successor === null) return refused;
    const { use, history } = this.#successor;
    const still = pairOf(this.#use, known(use), known(history), clock.now).still.map((one) => one.key);
    return refused.filter((one) => still.includes(one.key));
  }

  /** Whether somebody may be hurt, so that it is asked about: what could not be read may hurt anybody. */
  isAskedAbout(token: Token, narrowings: readonly Narrowing[]): boolean {
    return narrowings.length > 0 && (this.isUnknown || this.refusedBy(token, narrowings).length > 0);
  }
}
