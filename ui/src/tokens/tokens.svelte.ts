// The list of tokens: what is asked of the server and what came of it. Filters, sorts and pages are the server's.
// Not here: what is on screen, dialogs (dialogs.svelte.ts), which rows are chosen (selection.svelte.ts).
import { accountOfReading, failureIn, isOffline } from "../ipc/failures";
import { clock } from "../controls/clock.svelte";
import * as commands from "../ipc/commands";
import { on } from "../ipc/events";
import type { Sort } from "../ipc/generated/Sort";
import type { Token } from "../ipc/generated/Token";
import type { TokenCounts } from "../ipc/generated/TokenCounts";
import type { TokenPage } from "../ipc/generated/TokenPage";
import type { TokenQuery } from "../ipc/generated/TokenQuery";
import { knownFilters, queryOf, toggled, type FilterId } from "./filters";
import { Nearby } from "./nearby.svelte";
import { ORDERS } from "./orders";

/**
 * `trouble` is why the list could not be read anew; what stands there is as old as `readAt`. `isRemembered`: from an
 * earlier run of the app. It is whole or the first stretch of it, whatever is searched or filtered for.
 */
type Life =
  | { step: "loading" }
  | { step: "failed"; rejected: unknown }
  | { step: "ready"; readAt: number; trouble: unknown; isRemembered: boolean };

const NO_TOKENS: TokenCounts = {
  all: 0,
  active: 0,
  paused: 0,
  expired: 0,
  expiring: 0,
  never_used: 0,
  unused: 0,
  writes: 0,
  admin: 0,
  sensitive: 0,
  lost: 0,
  long_lived: 0,
};
/** What is made last is looked for first. */
export const USUAL_SORT: Sort = "-created_at";
const TYPING_PAUSE_MS = 200;
const FIRST_PAGE = 50;
const LARGEST_PAGE = 500;
const FRESH_MS = 30_000;
/** A longer list is read anew only when something happened: its pages would keep the server busy. */
const REFRESHED_UP_TO = 1_000;

export class Tokens {
  life = $state<Life>({ step: "loading" });
  tokens = $state.raw<Token[]>([]);
  counts = $state.raw<TokenCounts>(NO_TOKENS);
  next = $state<string | null>(null);
  isLoadingMore = $state(false);
  search = $state("");
  filters = $state.raw<readonly FilterId[]>([]);
  sort = $state<Sort>(USUAL_SORT);

  readonly #nearby = new Nearby();
  /** Grows with each question; an answer to an older one is dropped. */
  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  /** The NMS gave no answer: the list may be read, and nothing can be changed. */
  get isOffline(): boolean {
    if (this.life.step === "ready") return isOffline(failureIn(this.life.trouble));
    return this.life.step === "failed" && isOffline(failureIn(this.life.rejected));
  }

  /** From an earlier run: nothing can be searched or put in order before the NMS answers. */
  get isRemembered(): boolean {
    return this.life.step === "ready" && this.life.isRemembered;
  }

  get isFiltered(): boolean {
    return this.search.trim() !== "" || this.filters.length > 0;
  }

  /** As it was left: what this version does not know any more is left out. */
  resume(sort: string | undefined, filters: string | undefined): void {
    this.sort = ORDERS.find((one) => one.sort === sort)?.sort ?? this.sort;
    this.filters = knownFilters(filters?.split(" ") ?? []);
  }

  start(): () => void {
    void this.reload();
    const stopHearing = on("tokens_changed", () => void this.reload());
    const whenSeen = () => {
      if (document.visibilityState === "visible") void this.reload();
    };
    // Last uses change by themselves; so does what another window or another person changed.
    const refreshing = setInterval(() => this.tokens.length <= REFRESHED_UP_TO && whenSeen(), FRESH_MS);
    window.addEventListener("focus", whenSeen);
    return () => {
      stopHearing();
      clearInterval(refreshing);
      window.removeEventListener("focus", whenSeen);
      clearTimeout(this.#typing);
    };
  }

  /** What is asked for: order, search and filters together. */
  get query(): TokenQuery {
    const q = this.search.trim();
    return { sort: this.sort, ...(q ? { q } : {}), ...queryOf(this.filters) };
  }

  /** Reads as many rows anew as are on screen, in as few pages as the server allows. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    const shown = Math.max(this.tokens.length, FIRST_PAGE);
    try {
      let page = await this.#page(shown, null);
      let tokens = page.tokens;
      while (page.next !== null && tokens.length < shown && asked === this.#asked) {
        page = await this.#page(shown - tokens.length, page.next);
        tokens = [...tokens, ...page.tokens];
      }
      if (asked === this.#asked) this.#take(page, tokens);
    } catch (rejected) {
      if (asked === this.#asked) await this.#fail(rejected);
    }
  }

  #page(rows: number, cursor: string | null): Promise<TokenPage> {
    const limit = Math.min(Math.max(rows, FIRST_PAGE), LARGEST_PAGE);
    return commands.listTokens({ ...this.query, limit, ...(cursor === null ? {} : { cursor }) });
  }

  /** The first time, and after a failure: with the skeleton in between. */
  retry(): Promise<void> {
    if (this.life.step === "failed") this.life = { step: "loading" };
    return this.reload();
  }

  /** One page more; answers whether there is another one after it. */
  async loadMore(): Promise<boolean> {
    if (this.next === null || this.isLoadingMore) return false;
    const asked = ++this.#asked;
    this.isLoadingMore = true;
    try {
      const page = await this.#page(LARGEST_PAGE, this.next);
      if (asked === this.#asked) this.#take(page, [...this.tokens, ...page.tokens]);
      return asked === this.#asked && page.next !== null;
    } catch (rejected) {
      // The page before is gone; the list is read from its top.
      if (failureIn(rejected)?.kind === "cursor_invalid") await this.reload();
      else if (asked === this.#asked) await this.#fail(rejected);
      return false;
    } finally {
      this.isLoadingMore = false;
    }
  }

  /** Every row that fits, for what is done to all of them. */
  async loadAll(): Promise<void> {
    while (await this.loadMore());
  }

  searchFor(text: string): void {
    this.search = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#startOver(), TYPING_PAUSE_MS);
  }

  /** Switches one filter on or off; the others stay, where they can hold together. */
  toggleFilter(id: FilterId): void {
    this.filters = toggled(this.filters, id);
    void this.#startOver();
  }

  noFilters(): void {
    this.filters = [];
    void this.#startOver();
  }

  sortBy(sort: Sort): void {
    this.sort = sort;
    void this.#startOver();
  }

  /** Resolves when it is shown. */
  showEverything(): Promise<void> {
    this.search = "";
    this.filters = [];
    return this.#startOver();
  }

  isListed(id: string): boolean {
    return this.tokens.some((one) => one.id === id);
  }

  /** Also one that the list does not show, once `lookAt` has read it. */
  find(id: string): Token | undefined {
    return this.tokens.find((one) => one.id === id) ?? this.#nearby.find(id) ?? undefined;
  }

  isGone(id: string): boolean {
    return !this.isListed(id) && this.#nearby.find(id) === null;
  }

  /** Reads those of these that the list does not show. */
  async lookAt(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.filter((id) => !this.isListed(id)).map((id) => this.#nearby.read(id)));
  }

  /** What went wrong with the last reading, in words. */
  get trouble() {
    const rejected =
      this.life.step === "failed" ? this.life.rejected : this.life.step === "ready" ? this.life.trouble : null;
    return rejected === null ? null : accountOfReading(rejected);
  }

  #startOver(): Promise<void> {
    clearTimeout(this.#typing);
    this.tokens = this.tokens.slice(0, FIRST_PAGE);
    return this.reload();
  }

  #take(page: TokenPage, tokens: Token[]): void {
    this.tokens = tokens;
    this.counts = page.counts;
    this.next = page.next;
    this.life = { step: "ready", readAt: clock.exactly(), trouble: null, isRemembered: false };
  }

  async #fail(rejected: unknown): Promise<void> {
    if (this.life.step === "ready") this.life = { ...this.life, trouble: rejected };
    else if (!isOffline(failureIn(rejected)) || !(await this.#remember(rejected))) {
      this.life = { step: "failed", rejected };
    }
  }

  /** What was read by an earlier run of the app, if there is anything. */
  async #remember(rejected: unknown): Promise<boolean> {
    const asked = this.#asked;
    // Without it the failure itself is told.
    const list = await commands.rememberedTokens().catch(() => null);
    // A newer question decides.
    if (asked !== this.#asked) return true;
    if (list === null || list.tokens.length === 0) return false;
    this.tokens = list.tokens;
    this.counts = list.counts;
    this.next = null;
    this.life = { step: "ready", readAt: Date.parse(list.read_at), trouble: rejected, isRemembered: true };
    return true;
  }
}
