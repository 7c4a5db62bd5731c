// The time that is shown against: the server's clock, as far as it is known, ticking slowly. Countdowns tick by
// themselves (Countdown.svelte).

class Clock {
  now = $state(Date.now());
  #aheadMs = 0;

  /** How far this computer's clock is ahead of the server's. */
  setAhead(seconds: number | null): void {
    this.#aheadMs = (seconds ?? 0) * 1000;
    this.tick();
  }

  /** The server's time now, not that of the last tick. */
  exactly(): number {
    return Date.now() - this.#aheadMs;
  }

  tick(): void {
    this.now = this.exactly();
  }

  start(): () => void {
    this.tick();
    const ticking = setInterval(() => this.tick(), 15_000);
    return () => clearInterval(ticking);
  }
}

export const clock = new Clock();
