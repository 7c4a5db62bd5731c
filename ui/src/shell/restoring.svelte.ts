// The built-in NMS does not start because its store is damaged: the last backup is offered, and put in its place after one
// question.
// Not here: what is said of the failure itself (ipc/failures.ts).
import { announcer } from "../controls/announcer.svelte";
import * as commands from "../ipc/commands";
import { madeAt, offerIn, type Offer } from "../ipc/failures";
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
    const [list, session] = [this.#tokens.life, this.#session.life];
    const ofList = list.step === "failed" ? list.rejected : list.step === "ready" ? list.trouble : null;
    return offerIn(ofList) ?? (session.step === "failed" ? offerIn(session.rejected) : null);
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
