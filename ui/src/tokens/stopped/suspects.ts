// Which tokens may be the one of a service that stopped: those that were refused or deleted, those that fit what is known
// of the service. Pure: lists come in, one line for each token goes out, the likeliest first.
import type { CallerOfToken } from "../../ipc/generated/CallerOfToken";
import type { Event } from "../../ipc/generated/Event";
import type { EventOfToken } from "../../ipc/generated/EventOfToken";
import type { Token } from "../../ipc/generated/Token";
import { masked } from "../naming";
import { mends } from "./causes";

export interface Suspect {
  id: string;
  name: string | null;
  masked: string;
  /** Its last refused calls of one kind. */
  refused: Event | null;
  /** What it was given since: it may no longer be refused. */
  mended: Event | null;
  /** It was refused for what its owner had lost, and holds again. */
  isHeldAgain: boolean;
  /** Its end. */
  ended: Event | null;
  /** After its end another one of its name was made. */
  remade: Event | null;
  /** Who used it, where that is what was looked for. */
  caller: CallerOfToken | null;
  /** As it is now, where it was found by what it is. */
  token: Token | null;
}

interface Lists {
  tokens: readonly Token[];
  /** Of refused calls, of ends, and of what lets a token do more, the newest first. */
  events: readonly EventOfToken[];
  callers: readonly CallerOfToken[];
  /** Of makings, the newest first. */
  made: readonly EventOfToken[];
  /** What the owner of the tokens holds now. */
  held: readonly string[];
}

export function suspectsOf({ tokens, events, callers, made, held }: Lists): Suspect[] {
  const found = new Map<string, Suspect>();
  const at = (id: string, name: string | null, mask: string): Suspect => {
    const known = found.get(id);
    if (known) return known;
    const none = {
      refused: null,
      mended: null,
      isHeldAgain: false,
      ended: null,
      remade: null,
      caller: null,
      token: null,
    };
    const suspect = { id, name, masked: mask, ...none };
    found.set(id, suspect);
    return suspect;
  };
  /** What came after the last refused call of a token, while that is not reached yet, the newest first. */
  const since = new Map<string, Event[]>();
  for (const event of events) {
    if (event.kind === "resumed" || event.kind === "widened") {
      since.set(event.token_id, [...(since.get(event.token_id) ?? []), event]);
      continue;
    }
    const suspect = at(event.token_id, event.token_name, event.token_masked);
    if (event.kind === "refused" && !suspect.refused) {
      suspect.mended = since.get(event.token_id)?.find((act) => mends(act, event)) ?? null;
      suspect.isHeldAgain = event.reason === "permission-lost" && held.includes(event.permission ?? "");
    }
    if (event.kind === "refused") suspect.refused ??= event;
    else suspect.ended ??= event;
  }
  for (const suspect of found.values()) {
    const { id, name, ended } = suspect;
    const isLikeIt = (event: EventOfToken) => event.token_id !== id && event.token_name === name;
    if (ended && name !== null) {
      // A successor is there before the old value ends.
      const isSince = (event: EventOfToken) =>
        Date.parse(event.at) > Date.parse(ended.at) || event.token_id === ended.to?.["replaced_by"];
      suspect.remade = made.find((event) => isLikeIt(event) && isSince(event)) ?? null;
    }
  }
  for (const caller of callers) at(caller.token_id, caller.token_name, caller.token_masked).caller ??= caller;
  for (const token of tokens) at(token.id, token.name, masked(token)).token = token;
  return [...found.values()].sort((one, other) => rank(other) - rank(one) || lastAt(other) - lastAt(one));
}

/** Refused calls are what a service that stopped makes. Of the others what was named and is there comes before what has
    ended: after rotations there are many of those. */
const rank = ({ refused, mended, isHeldAgain, remade, token }: Suspect) =>
  refused && !mended && !isHeldAgain && !remade ? 2 : refused || token ? 1 : 0;

function lastAt({ refused, ended, caller, token }: Suspect): number {
  const at = refused?.at ?? ended?.at ?? caller?.last_at ?? token?.last_used_at ?? null;
  return at === null ? 0 : Date.parse(at);
}
