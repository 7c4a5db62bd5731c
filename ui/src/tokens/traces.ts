// What is known of a token by its id alone: as it is, or as the event of its end holds it for 90 days.
import * as commands from "../ipc/commands";
import { failureIn } from "../ipc/failures";
import type { Event } from "../ipc/generated/Event";
import type { Token } from "../ipc/generated/Token";

/** A token's events come in pages; these are enough for what is asked of them. */
const MOST_PAGES = 10;
const MOST_SUCCESSORS = 10;

/** Null: deleted. */
export async function tokenAt(id: string): Promise<Token | null> {
  try {
    return await commands.readToken(id);
  } catch (rejected) {
    if (failureIn(rejected)?.kind === "not_found") return null;
    throw rejected;
  }
}

/** The newest first. */
export async function eventsOf(id: string): Promise<Event[]> {
  let { events, next } = await commands.listTokenEvents(id, null);
  for (let page = 1; next !== null && page < MOST_PAGES; page += 1) {
    const more = await commands.listTokenEvents(id, next);
    events = [...events, ...more.events];
    next = more.next;
  }
  return events;
}

export const endIn = (events: readonly Event[]): Event | undefined =>
  events.find(({ kind }) => kind === "deleted" || kind === "revoked");

/** The last record of a token that ended, as the event of its end holds it. */
export function recordIn(events: readonly Event[]): Token | null {
  const record = endIn(events)?.to;
  return record !== undefined && Array.isArray(record["permissions"]) ? (record as unknown as Token) : null;
}

/** The last of those that were made in its place, and is there still; one that was deleted leads on to the next. */
export async function successorOf({ replaced_by }: Token): Promise<Token | null> {
  let last: Token | null = null;
  let id = replaced_by;
  for (let step = 0; id !== null && step < MOST_SUCCESSORS; step += 1) {
    const there: Token | null = await tokenAt(id);
    last = there ?? last;
    id = (there ?? recordIn(await eventsOf(id)))?.replaced_by ?? null;
  }
  return last;
}
