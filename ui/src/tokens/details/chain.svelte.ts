// What replaced what: from the newest value to the first one, over those that were deleted meanwhile.
import type { Token } from "../../ipc/generated/Token";
import { endIn, eventsOf, recordIn, tokenAt } from "../traces";
import type { Known } from "./details.svelte";

export interface Link {
  id: string;
  /** As it is, or was when it was deleted; null: no record of it is kept any more. */
  record: Token | null;
  deletedAt: string | null;
}

/** In either direction: a token that is rotated each week is not followed for years. */
const MOST_LINKS = 12;

export class Chain {
  /** The newest first. */
  links = $state.raw<Known<Link[]>>({ step: "loading" });
  /** Grows with each walk; an answer to an older one is dropped. */
  #walks = 0;

  async walk(token: Token): Promise<void> {
    this.#walks += 1;
    const walk = this.#walks;
    try {
      const [newer, older] = await Promise.all([along(token, "replaced_by"), along(token, "replaces")]);
      const value = [...newer.reverse(), { id: token.id, record: token, deletedAt: null }, ...older];
      if (walk === this.#walks) this.links = { step: "ready", value };
    } catch (rejected) {
      // What was known stays.
      if (walk === this.#walks && this.links.step !== "ready") this.links = { step: "failed", rejected };
    }
  }
}

async function along(token: Token, to: "replaces" | "replaced_by"): Promise<Link[]> {
  const links: Link[] = [];
  let id = token[to];
  while (id !== null && links.length < MOST_LINKS) {
    const link: Link = await linkAt(id);
    links.push(link);
    id = link.record?.[to] ?? null;
  }
  return links;
}

async function linkAt(id: string): Promise<Link> {
  const record = await tokenAt(id);
  if (record !== null) return { id, record, deletedAt: null };
  const events = await eventsOf(id).catch(() => []);
  return { id, record: recordIn(events), deletedAt: endIn(events)?.at ?? null };
}
