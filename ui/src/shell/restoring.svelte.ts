// The store of the built-in NMS is damaged, so that it does not start, or meets the damage while it runs: the last backup is
// offered, and put in its place after one question.
// Not here: what is said of the failure itself (ipc/failures.ts).
import { announcer } from "../controls/announcer.svelte";
import * as commands from "../ipc/commands";
import { damageIn, madeAt, offerOf, type DamagedStore, type Failure, type Offer } from "../ipc/failures";
import type { RestoredView } from "../ipc/generated/RestoredView";
import type { Tokens } from "../tokens/tokens.svelte";
import { say } from "../words/words";
import type { Session } from "./session.svelte";

/** `done` until the person has taken notice. */
type Life =
  | { step: "resting" }
  | { step: "asking"; offer: Offer; trouble: unknown }
  | { step: "restoring"; offer: Offer }
  | { step: "done"; restored: RestoredView };

export class Restoring {
  life = $state.raw<Life>({ step: "resting" });
  readonly #session: Session;
  readonly #tokens: Tokens;

  constructor(session: Session, tokens: Tokens) {
    this.#session = session;
    this.#tokens = tokens;
  }

  /** What is offered now: the list and the session are read apart, and each may be the one that failed. */
  get offer(): Offer | null {
    return offerOf(this.#ofList ?? this.#ofSession ?? this.#met);
  }

  /** Damage that the NMS has met while it runs, and of which no failure tells that is on the page. */
  untold(isListShown: boolean): Failure | null {
    const isTold = this.#ofSession !== null || (isListShown && this.#ofList !== null);
    return this.#met && !isTold ? { kind: "built_in_server", reason: this.#met, request_id: null } : null;
  }

  get #ofList(): DamagedStore | null {
    const { life } = this.#tokens;
    return damageIn(life.step === "failed" ? life.rejected : life.step === "ready" ? life.trouble : null);
  }

  get #ofSession(): DamagedStore | null {
    const { life } = this.#session;
    return life.step === "failed" ? damageIn(life.rejected) : null;
  }

  get #met(): DamagedStore | null {
    const damage = this.#session.view?.damage ?? null;
    return damage?.reason === "damaged" ? damage : null;
  }

  ask(): void {
    const { offer } = this;
    if (offer) this.life = { step: "asking", offer, trouble: null };
  }

  leave(): void {
    if (this.life.step !== "restoring") this.life = { step: "resting" };
  }

  /** Resolves when the list was read anew: whatever closes then finds the page as it is. */
  async go(): Promise<void> {
    if (this.life.step !== "asking") return;
    const { offer } = this.life;
    this.life = { step: "restoring", offer };
    try {
      const restored = await commands.restoreBackup(offer.backup.day);
      await Promise.all([this.#session.load(), this.#tokens.retry()]);
      this.life = { step: "done", restored };
      announcer.say(say("restore_done", { when: madeAt(restored.backup) }));
    } catch (trouble) {
      this.life = { step: "asking", offer, trouble };
    }
  }
}
