// Looking for why a service stopped: what the person says of it, which tokens that may be, and what was found of the one
// that was chosen. Only reads: what mends it is another dialog's work.
import { TypingPause } from "../../controls/typing";
import * as commands from "../../ipc/commands";
import { failureIn } from "../../ipc/failures";
import type { SessionView } from "../../ipc/generated/SessionView";
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import type { Known } from "../details/details.svelte";
import { findingOf, type Finding, type TroubleKind } from "./causes";
import { eventsOf, recordIn, successorOf, tokenAt } from "../traces";
import { suspectsOf, type Suspect } from "./suspects";

/** What the person knows of the service: its token, where and what it is, or the value that it holds. */
export type Clue = "token" | "caller" | "value";

export interface Found {
  token: Token;
  finding: Finding;
}

const MOST_TOKENS = 20;
const MOST_EVENTS = 100;
const MOST_SUSPECTS = 20;

export class Stopped {
  trouble = $state<TroubleKind>("stopped");
  clue = $state<Clue>("token");
  search = $state("");
  /** What the suspects were looked for by: typing is ahead of it. */
  soughtBy = $state("");
  suspects = $state.raw<Known<Suspect[]>>({ step: "loading" });
  /** Not all that it may be are told: a longer word finds fewer. */
  hasMore = $state(false);
  chosen = $state.raw<Suspect | null>(null);
  found = $state.raw<Known<Found>>({ step: "loading" });
  readonly #session: () => SessionView;
  /** Grow with each question; an answer to an older one is dropped. */
  #asked = 0;
  #looked = 0;
  readonly #typing = new TypingPause();

  /** `session`: asked each time, since what the person holds may be what changed. */
  constructor(session: () => SessionView, trouble: TroubleKind, search: string) {
    this.#session = session;
    this.trouble = trouble;
    this.search = search;
    this.clue = clueOf(trouble);
  }

  /** Whoever is refused as unauthorized looks at the value first; the others at the tokens. */
  comeWith(trouble: TroubleKind): void {
    this.trouble = trouble;
    this.know(clueOf(trouble));
  }

  know(clue: Clue): void {
    this.clue = clue;
    this.search = "";
    void this.look();
  }

  searchFor(text: string): void {
    this.search = text;
    this.#typing.after(() => void this.look());
  }

  stop(): void {
    this.#typing.stop();
    this.#asked += 1;
    this.#looked += 1;
  }

  /** Which tokens it may be. */
  async look(): Promise<void> {
    this.#typing.stop();
    const asked = ++this.#asked;
    if (this.clue === "value") return;
    this.soughtBy = this.search.trim();
    this.suspects = { step: "loading" };
    try {
      const { value, isCut } = await this.#ask();
      if (asked !== this.#asked) return;
      this.suspects = { step: "ready", value: value.slice(0, MOST_SUSPECTS) };
      this.hasMore = isCut || value.length > MOST_SUSPECTS;
    } catch (rejected) {
      if (asked === this.#asked) this.suspects = { step: "failed", rejected };
    }
  }

  async #ask(): Promise<{ value: Suspect[]; isCut: boolean }> {
    const q = this.soughtBy;
    const byCaller = this.clue === "caller";
    const kinds = byCaller ? "refused,resumed,widened" : "refused,resumed,widened,deleted,revoked";
    const words = q ? { q } : {};
    const [page, callers, list, made] = await Promise.all([
      commands.listEvents({ kinds, limit: MOST_EVENTS, ...words }),
      byCaller ? commands.listCallers(q || null) : [],
      // Without a word that would be any token; one whose value was lost was made last.
      !byCaller && (q || this.trouble === "lost") ? commands.listTokens({ limit: MOST_TOKENS, ...words }) : null,
      byCaller ? null : commands.listEvents({ kinds: "created", limit: MOST_EVENTS, ...words }),
    ]);
    const held = this.#session().me.permissions;
    const value = suspectsOf({
      tokens: list?.tokens ?? [],
      events: page.events,
      callers,
      made: made?.events ?? [],
      held,
    });
    // What happened long ago and was not asked for by name is not missed.
    return { value, isCut: q !== "" && (page.next !== null || (list !== null && list.next !== null)) };
  }

  async choose(suspect: Suspect): Promise<void> {
    this.chosen = suspect;
    await this.findOut();
  }

  chooseAnother(): void {
    this.#looked += 1;
    this.chosen = null;
    this.found = { step: "loading" };
    void this.look();
  }

  /** Reads what is known of the chosen token, again when something may have changed. */
  async findOut(): Promise<void> {
    const suspect = this.chosen;
    if (!suspect) return;
    const looked = ++this.#looked;
    this.found = { step: "loading" };
    try {
      const value = await this.#read(suspect);
      if (looked === this.#looked) this.found = { step: "ready", value };
    } catch (rejected) {
      if (looked === this.#looked) this.found = { step: "failed", rejected };
    }
  }

  async #read({ id, caller, refused }: Suspect): Promise<Found> {
    const [now, events, uses] = await Promise.all([tokenAt(id), eventsOf(id), usesOf(id)]);
    // Gone, and its last record is not told: the server says once more that it is not there.
    const token = now ?? recordIn(events) ?? (await commands.readToken(id));
    const successor = await successorOf(token);
    const from = this.clue === "caller" ? (caller?.address ?? refused?.address ?? null) : null;
    const held = this.#session().me.permissions;
    return { token, finding: findingOf({ trouble: this.trouble, token, events, uses, held, from, successor }) };
  }
}

const clueOf = (trouble: TroubleKind): Clue => (trouble === "unauthorized" ? "value" : "token");

/** Nothing is known of what a deleted token was used for. */
async function usesOf(id: string): Promise<UseRecord[]> {
  try {
    return await commands.listUses(id);
  } catch (rejected) {
    if (failureIn(rejected)?.kind === "not_found") return [];
    throw rejected;
  }
}
