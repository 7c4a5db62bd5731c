// The list of tokens: what is asked of the server and what came of it. Filters, sorts and pages are the server's, and the
// page's own (locally.ts) only while it does not answer.
// Not here: what is on screen, dialogs (dialogs.svelte.ts), which rows are chosen (selection.svelte.ts).
import { TypingPause } from "../controls/typing";
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
import { idsOf, locally, merged, waiting } from "./locally";
import { ORDERS } from "./orders";
import { Unlisted } from "./unlisted.svelte";

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
const FIRST_PAGE = 50;
const LARGEST_PAGE = 500;
/** A masked value is shorter, and a token is longer. */
const LONGEST_WORD_KEPT = 24;
const MOST_KEPT = 200;
const FRESH_MS = 30_000;
/** A longer list is read anew only when something happened: its pages would keep the server busy. */
const REFRESHED_UP_TO = 1_000;

export class Tokens {
  life = $state<Life>({ step: "loading" });
  counts = $state.raw<TokenCounts>(NO_TOKENS);
  /** How many fit what the NMS was asked for, in all; null where it does not say. */
  #matching = $state<number | null>(null);
  isLoadingMore = $state(false);
  /** All the pages are on their way, one after the other. */
  isReadingAll = $state(false);
  search = $state("");
  filters = $state.raw<readonly FilterId[]>([]);
  sort = $state<Sort>(USUAL_SORT);

  /** As the NMS gave it, and what it was asked for. */
  #read = $state.raw<Token[]>([]);
  #readFor = $state.raw<TokenQuery>({});
  #next = $state<string | null>(null);
  /** The last time that nothing was searched or filtered for: what there is to look through without the NMS. */
  #wide = $state.raw<{ tokens: Token[]; readAt: number }>({ tokens: [], readAt: 0 });

  /** What the NMS answered is what is asked for now. */
  readonly #isAnswer = $derived(
    this.life.step === "ready" &&
      !this.life.isRemembered &&
      JSON.stringify(this.query) === JSON.stringify(this.#readFor),
  );
  /** What is asked for now could not be read: the page looks for it in what is here. */
  readonly isLocal = $derived(this.life.step === "ready" && this.life.trouble !== null && !this.#isAnswer);
  /** The list is what search and filters leave; not while their answer is still to come. */
  readonly isSettled = $derived(this.#isAnswer || this.isLocal);
  readonly #here = $derived(merged(this.#wide.tokens, this.#read));
  /** What stands in the list. */
  readonly tokens: readonly Token[] = $derived(
    this.isLocal ? locally(this.#here, this.query, this.readAt) : this.#read,
  );
  readonly #listed = $derived(idsOf(this.tokens));
  readonly #unlisted = new Unlisted();
  /** Grows with each question; an answer to an older one is dropped. */
  #asked = 0;
  #more: Promise<void> | null = null;
  readonly #typing = new TypingPause();

  /** The NMS gave no answer: the list may be read, and nothing can be changed. */
  get isOffline(): boolean {
    if (this.life.step === "ready") return isOffline(failureIn(this.life.trouble));
    return this.life.step === "failed" && isOffline(failureIn(this.life.rejected));
  }

  /** What to search for the next time: what was answered, and nothing that could be a token that somebody pasted. */
  get keptSearch(): string {
    const q = this.#readFor.q ?? "";
    return q.split(/\s+/).some((word) => word.length > LONGEST_WORD_KEPT) ? "" : q.slice(0, MOST_KEPT);
  }

  /** How old what stands there is. */
  get readAt(): number {
    if (this.life.step !== "ready") return clock.now;
    return this.isLocal && this.#wide.readAt > 0 ? Math.min(this.#wide.readAt, this.life.readAt) : this.life.readAt;
  }

  /** Where the next page begins; null when there is none, or nobody to ask for it. */
  get next(): string | null {
    return this.isLocal ? null : this.#next;
  }

  /** How many fit what is asked for, on this page and on the others; null: nobody knows. */
  get matching(): number | null {
    if (this.isLocal) return this.isFiltered ? this.tokens.length : this.counts.all;
    if (this.next === null) return this.tokens.length;
    return this.#matching ?? (this.isFiltered ? null : this.counts.all);
  }

  /** How many of all there are can be looked through now. */
  get here(): number {
    return this.isLocal ? this.#here.length : this.counts.all;
  }

  /** Filters that hold only when the NMS answers. */
  get waiting(): FilterId[] {
    return this.isLocal ? waiting(this.filters) : [];
  }

  get isFiltered(): boolean {
    return this.search.trim() !== "" || this.filters.length > 0;
  }

  /** As it was left: what this version does not know any more is left out. */
  resume(sort: string | undefined, filters: string | undefined, search = ""): void {
    this.sort = ORDERS.find((one) => one.sort === sort)?.sort ?? this.sort;
    this.filters = knownFilters(filters?.split(" ") ?? []);
    this.search = search;
  }

  start(): () => void {
    void this.reload();
    const stopHearing = on("tokens_changed", () => void this.reload());
    const whenSeen = () => {
      if (document.visibilityState === "visible") void this.reload();
    };
    // Last uses change by themselves; so does what another window or another person changed.
    // While nothing answers it is asked again all the same: nobody has to press for what comes by itself.
    const isDue = () => this.trouble !== null || this.tokens.length <= REFRESHED_UP_TO;
    const refreshing = setInterval(() => isDue() && whenSeen(), FRESH_MS);
    window.addEventListener("focus", whenSeen);
    return () => {
      stopHearing();
      clearInterval(refreshing);
      window.removeEventListener("focus", whenSeen);
      this.#typing.stop();
    };
  }

  /** What is asked for: order, search and filters together. */
  get query(): TokenQuery {
    const q = this.search.trim();
    return { sort: this.sort, ...(q ? { q } : {}), ...queryOf(this.filters) };
  }

  /** Reads as many rows anew as are on screen, in as few pages as the server allows. What stands there stays until then. */
  async reload(shown = Math.max(this.#read.length, FIRST_PAGE)): Promise<void> {
    const asked = ++this.#asked;
    const { query } = this;
    try {
      let page = await this.#page(query, shown, null);
      let tokens = page.tokens;
      while (page.next !== null && tokens.length < shown && asked === this.#asked) {
        page = await this.#page(query, shown - tokens.length, page.next);
        tokens = [...tokens, ...page.tokens];
      }
      if (asked === this.#asked) this.#take(query, page, tokens);
    } catch (rejected) {
      if (asked === this.#asked) await this.#fail(rejected);
    }
  }

  #page(query: TokenQuery, rows: number, cursor: string | null): Promise<TokenPage> {
    const limit = Math.min(Math.max(rows, FIRST_PAGE), LARGEST_PAGE);
    return commands.listTokens({ ...query, limit, ...(cursor === null ? {} : { cursor }) });
  }

  /** The first time, and after a failure: with the skeleton in between. */
  retry(): Promise<void> {
    if (this.life.step === "failed") this.life = { step: "loading" };
    return this.reload();
  }

  /** One page more; who asks while one is on its way waits for that one. */
  loadMore(): Promise<void> {
    this.#more ??= this.#loadMore().finally(() => (this.#more = null));
    return this.#more;
  }

  async #loadMore(): Promise<void> {
    if (this.next === null) return;
    const asked = ++this.#asked;
    // While somebody types, the list still answers the question before.
    const query = this.#readFor;
    this.isLoadingMore = true;
    try {
      const page = await this.#page(query, LARGEST_PAGE, this.next);
      if (asked === this.#asked) this.#take(query, page, [...this.#read, ...page.tokens]);
    } catch (rejected) {
      // The page before is gone; the list is read from its top.
      if (failureIn(rejected)?.kind === "cursor_invalid") await this.reload();
      else if (asked === this.#asked) await this.#fail(rejected);
    } finally {
      this.isLoadingMore = false;
    }
  }

  /** Every row that fits, for what is done to all of them. Ends when a page does not come, or when something else is asked. */
  async loadAll(): Promise<void> {
    const asked = JSON.stringify(this.query);
    this.isReadingAll = this.next !== null;
    do await this.loadMore();
    while (this.next !== null && this.trouble === null && JSON.stringify(this.query) === asked);
    this.isReadingAll = false;
  }

  searchFor(text: string): void {
    this.search = text;
    this.#typing.after(() => void this.#startOver());
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

  /** Just what this filter leaves, whatever was searched or filtered for. Resolves when it is shown. */
  showOnly(id: FilterId): Promise<void> {
    this.search = "";
    this.filters = [id];
    return this.#startOver();
  }

  /** Resolves when it is shown. */
  showEverything(): Promise<void> {
    this.search = "";
    this.filters = [];
    return this.#startOver();
  }

  /** Every token there is stands in the list, as the NMS has it: what does not stand there is gone. */
  get isWhole(): boolean {
    return this.#isAnswer && this.trouble === null && this.next === null && !this.isFiltered;
  }

  isListed(id: string): boolean {
    return this.#listed.has(id);
  }

  /** Also one that the list does not show, once `lookAt` has read it. */
  find(id: string): Token | undefined {
    const there = this.tokens.find((one) => one.id === id) ?? this.#unlisted.find(id) ?? undefined;
    // Without the NMS, what a filter leaves out is still here.
    return there ?? (this.isLocal ? this.#here.find((one) => one.id === id) : undefined);
  }

  isGone(id: string): boolean {
    return !this.isListed(id) && this.#unlisted.find(id) === null;
  }

  /** They were deleted: they are gone from what is on screen at once, and the list is read anew. */
  lose(ids: readonly string[]): void {
    for (const id of ids) this.#unlisted.lose(id);
    const isThere = ({ id }: Token) => !ids.includes(id);
    this.#read = this.#read.filter(isThere);
    this.#wide = { ...this.#wide, tokens: this.#wide.tokens.filter(isThere) };
    void this.reload();
  }

  /** Reads those of these that the list does not show. */
  async lookAt(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.filter((id) => !this.isListed(id)).map((id) => this.#unlisted.read(id)));
  }

  /** What went wrong with the last reading, in words. */
  get trouble() {
    const rejected =
      this.life.step === "failed" ? this.life.rejected : this.life.step === "ready" ? this.life.trouble : null;
    return rejected === null ? null : accountOfReading(rejected);
  }

  #startOver(): Promise<void> {
    this.#typing.stop();
    return this.reload(FIRST_PAGE);
  }

  #take(query: TokenQuery, page: TokenPage, tokens: Token[]): void {
    const readAt = clock.exactly();
    this.#read = tokens;
    this.#readFor = query;
    if (Object.keys(query).every((member) => member === "sort")) this.#wide = { tokens, readAt };
    this.counts = page.counts;
    this.#matching = page.matching;
    this.#next = page.next;
    this.life = { step: "ready", readAt, trouble: null, isRemembered: false };
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
    this.#read = list.tokens;
    this.counts = list.counts;
    this.#next = null;
    this.life = { step: "ready", readAt: Date.parse(list.read_at), trouble: rejected, isRemembered: true };
    return true;
  }
}
