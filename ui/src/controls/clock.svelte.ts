// The time that is shown against: the server's clock, as far as it is known, ticking slowly. Countdowns tick by
// themselves (Countdown.svelte).

/** More than the two clocks of a computer grow apart by themselves while a page is open. */
const JUMP_MS = 10_000;

class Clock {
  now = $state(Date.now());
  /** What the server's clock was when it was last told, and this computer's two: that of the calendar, and one that nobody sets. */
  #told = { server: Date.now(), calendar: Date.now(), steady: performance.now() };
  #hearJump: () => void = () => undefined;

  /** How far this computer's clock is ahead of the server's. */
  setAhead(seconds: number | null): void {
    const calendar = Date.now();
    this.#told = { server: calendar - (seconds ?? 0) * 1000, calendar, steady: performance.now() };
    this.tick();
  }

  /**
   * The server's time now, not that of the last tick. A clock that was set back does not take it back. One that leapt ahead
   * is believed: the computer may have slept, which the steady clock does not count.
   */
  exactly(): number {
    const leap = this.#leapMs;
    const passed = performance.now() - this.#told.steady;
    return this.#told.server + (leap < -JUMP_MS ? passed : passed + leap);
  }

  tick(): void {
    this.now = this.exactly();
    if (Math.abs(this.#leapMs) > JUMP_MS) this.#hearJump();
  }

  /** The computer's clock jumped: by how much it is wrong has to be asked anew. Heard with each tick until it was. */
  onJump(hear: () => void): () => void {
    this.#hearJump = hear;
    return () => (this.#hearJump = () => undefined);
  }

  start(): () => void {
    this.tick();
    const ticking = setInterval(() => this.tick(), 15_000);
    return () => clearInterval(ticking);
  }

  /** By how much more the calendar went on than time did. */
  get #leapMs(): number {
    return Date.now() - this.#told.calendar - (performance.now() - this.#told.steady);
  }
}

export const clock = new Clock();
