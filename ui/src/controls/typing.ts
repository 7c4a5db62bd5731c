// A question that follows the typing is asked once the typing has paused.

const PAUSE_MS = 200;

export class TypingPause {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** In place of what was to be asked before. */
  after(ask: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(ask, PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
