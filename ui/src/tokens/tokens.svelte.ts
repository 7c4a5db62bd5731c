// The list of tokens: what is asked of the server and what came of it. Filters, sorts and pages are the server's.
// Not here: what is on screen, dialogs (dialogs.svelte.ts).
import { accountOf, failureIn, isOffline } from "../ipc/failures";
import { clock } from "../controls/clock.svelte";
import * as commands from "../ipc/commands";
import { on } from "../ipc/events";
import type { Sort } from "../ipc/generated/Sort";
import type { Token } from "../ipc/generated/Token";
import type { TokenCounts } from "../ipc/generated/TokenCounts";
import type { TokenPage } from "../ipc/generated/TokenPage";
import type { TokenQuery } from "../ipc/generated/TokenQuery";
import type { TokenState } from "../ipc/generated/TokenState";

/** `trouble` is why the list could not be read anew; what stands there is as old as `readAt`. */
type Life =
  { step: "loading" } | { step: "failed"; rejected: unknown } | { step: "ready"; readAt: number; trouble: unknown };

const TYPING_PAUSE_MS = 200;
const LARGEST_PAGE = 500;
const FRESH_MS = 30_000;

export class Tokens {
  life = $state<Life>({ step: "loading" });
  tokens = $state.raw<Token[]>([]);
  counts = $state.raw<TokenCounts>({ all: 0, active: 0, paused: 0, expired: 0 });
  next = $state<string | null>(null);
  isLoadingMore = $state(false);
  search = $state("");
  state = $state<TokenState | null>(null);
  sort = $state<Sort>("-created_at");

  /** Grows with each question; an answer to an older one is dropped. */
  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  /** The NMS gave no answer: the list may be read, and nothing can be changed. */
  get isOffline(): boolean {
    if (this.life.step === "ready") return isOffline(failureIn(this.life.trouble));
    return this.life.step === "failed" && isOffline(failureIn(this.life.rejected));
  }

  get isFiltered(): boolean {
    return this.search.trim() !== "" || this.state !== null;
  }

  start(): () => void {
    void this.reload();
    const stopHearing = on("tokens_changed", () => void this.reload());
    const whenSeen = () => {
      if (document.visibilityState === "visible") void this.reload();
    };
    // Last uses change by themselves; so does what another window or another person changed.
    const refreshing = setInterval(whenSeen, FRESH_MS);
    window.addEventListener("focus", whenSeen);
    return () => {
      stopHearing();
      clearInterval(refreshing);
      window.removeEventListener("focus", whenSeen);
      clearTimeout(this.#typing);
    };
  }

  #query(): TokenQuery {
    const q = this.search.trim();
    return { sort: this.sort, ...(q ? { q } : {}), ...(this.state ? { state: this.state } : {}) };
  }

  /** Reads as many rows anew as are on screen. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    const shown = Math.min(Math.max(this.tokens.length, 50), LARGEST_PAGE);
    try {
      const page = await commands.listTokens({ ...this.#query(), limit: shown });
      if (asked === this.#asked) this.#take(page, []);
    } catch (rejected) {
      if (asked === this.#asked) this.#fail(rejected);
    }
  }

  /** The first time, and after a failure: with the skeleton in between. */
  retry(): Promise<void> {
    if (this.life.step === "failed") this.life = { step: "loading" };
    return this.reload();
  }

  async loadMore(): Promise<void> {
    if (this.next === null || this.isLoadingMore) return;
    const asked = ++this.#asked;
    this.isLoadingMore = true;
    try {
      const page = await commands.listTokens({ ...this.#query(), cursor: this.next });
      if (asked === this.#asked) this.#take(page, this.tokens);
    } catch (rejected) {
      // The page before is gone; the list is read from its top.
      if (failureIn(rejected)?.kind === "cursor_invalid") await this.reload();
      else if (asked === this.#asked) this.#fail(rejected);
    } finally {
      this.isLoadingMore = false;
    }
  }

  searchFor(text: string): void {
    this.search = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#startOver(), TYPING_PAUSE_MS);
  }

  showOnly(state: TokenState | null): void {
    this.state = state;
    this.#startOver();
  }

  sortBy(sort: Sort): void {
    this.sort = sort;
    this.#startOver();
  }

  showEverything(): void {
    this.search = "";
    this.state = null;
    this.#startOver();
  }

  find(id: string): Token | undefined {
    return this.tokens.find((one) => one.id === id);
  }

  /** What went wrong with the last reading, in words. */
  get trouble() {
    const rejected =
      this.life.step === "failed" ? this.life.rejected : this.life.step === "ready" ? this.life.trouble : null;
    return rejected === null ? null : accountOf(rejected);
  }

  #startOver(): void {
    clearTimeout(this.#typing);
    this.tokens = this.tokens.slice(0, 50);
    void this.reload();
  }

  #take(page: TokenPage, before: Token[]): void {
    this.tokens = [...before, ...page.tokens];
    this.counts = page.counts;
    this.next = page.next;
    this.life = { step: "ready", readAt: clock.exactly(), trouble: null };
  }

  #fail(rejected: unknown): void {
    if (this.life.step === "ready") this.life = { ...this.life, trouble: rejected };
    else this.life = { step: "failed", rejected };
  }
}
