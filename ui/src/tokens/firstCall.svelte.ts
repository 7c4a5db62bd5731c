// Waits for the first call of a token that was just handed over: who made it, or why it was refused. Asks the server
// what it recorded, never faster than every 2 s, and no longer than somebody looks.
import * as commands from "../ipc/commands";
import type { Event } from "../ipc/generated/Event";

/** Most are tried out at once; later nobody sits and watches. */
const SOON = { everyMs: 2_500, times: 48 };
const LATER_MS = 10_000;
/** By then most services have called; a cut or quoted value is known to no token, and is counted nowhere. */
const LATE_MS = 30_000;

export type Seen = { step: "waiting" } | { step: "refused" | "used"; event: Event };

export class FirstCall {
  seen = $state.raw<Seen>({ step: "waiting" });
  /** Nothing came for so long that the service may have another value. */
  isLate = $state(false);
  readonly #id: string;
  readonly #tell: (seen: Seen) => void;

  /** `tell`: what is news, once; `waiting`: that it takes long. */
  constructor(id: string, tell: (seen: Seen) => void) {
    this.#id = id;
    this.#tell = tell;
  }

  /** Looks at once and again and again; the answer ends that. A first call that was accepted ends it too. */
  watch(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let looks = 0;
    const look = async (): Promise<void> => {
      const seen = await this.#look();
      if (isOver) return;
      if (seen) this.#take(seen);
      looks += 1;
      if (this.seen.step !== "used") timer = setTimeout(look, looks < SOON.times ? SOON.everyMs : LATER_MS);
    };
    if (this.seen.step !== "used") void look();
    const becomingLate = setTimeout(() => this.#beLate(), LATE_MS);
    return () => {
      isOver = true;
      clearTimeout(becomingLate);
      clearTimeout(timer);
    };
  }

  #beLate(): void {
    if (this.seen.step !== "waiting" || this.isLate) return;
    this.isLate = true;
    this.#tell(this.seen);
  }

  #take(seen: Seen): void {
    const before = this.seen;
    this.seen = seen;
    // Another refused call of the same kind is no news: its count alone has grown.
    const isKnown = before.step === seen.step && seen.step === "refused" && isAlike(before, seen);
    if (!isKnown) this.#tell(seen);
  }

  /** Null: nothing yet, or no answer; that the NMS cannot be reached is said by the list. */
  async #look(): Promise<Seen | null> {
    try {
      const { events } = await commands.listTokenEvents(this.#id, null);
      const event = events.find((one) => one.kind === "first_used");
      if (event) return { step: "used", event };
      const refused = events.find((one) => one.kind === "refused");
      return refused ? { step: "refused", event: refused } : null;
    } catch {
      return null;
    }
  }
}

function isAlike(before: Seen, now: Seen): boolean {
  if (before.step !== "refused" || now.step !== "refused") return false;
  const [one, other] = [before.event, now.event];
  return one.reason === other.reason && one.permission === other.permission && one.address === other.address;
}
