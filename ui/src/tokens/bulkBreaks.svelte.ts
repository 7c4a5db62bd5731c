// Whom an act on many tokens would refuse, each out of its recorded use. Only those that were used of late are looked at,
// the latest first, a few at a time and not without end.
import { SvelteMap } from "svelte/reactivity";
import { clock } from "../controls/clock.svelte";
import type { Token } from "../ipc/generated/Token";
import { Breaks } from "./details/breaks.svelte";
import { KEPT_DAYS, type Caller } from "./details/callers";

const RECENT_MS = KEPT_DAYS * 86_400_000;
const AT_ONCE = 4;
const MOST = 50;

export class BulkBreaks {
  /** Used of late, and not refused yet for good. */
  readonly used: number;
  /** So many of them were used too and are not looked at. */
  readonly notLookedAt: number;
  readonly #of: ReadonlyMap<string, Breaks>;

  constructor(tokens: readonly Token[]) {
    const at = ({ last_used_at }: Token) => (last_used_at === null ? 0 : Date.parse(last_used_at));
    const used = tokens.filter((one) => one.state !== "expired" && clock.now - at(one) < RECENT_MS);
    const looked = used.sort((one, other) => at(other) - at(one)).slice(0, MOST);
    this.used = used.length;
    this.notLookedAt = used.length - looked.length;
    this.#of = new SvelteMap(looked.map((one) => [one.id, new Breaks(one)]));
  }

  async load(): Promise<void> {
    const waiting = [...this.#of.values()];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next.load();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  /** It is known of each, or known that it cannot be. */
  get isTold(): boolean {
    return [...this.#of.values()].every((one) => one.isTold);
  }

  isUnknown({ id }: Token): boolean {
    return this.#of.get(id)?.isUnknown ?? false;
  }

  refusedBy(token: Token): Caller[] {
    return this.#of.get(token.id)?.refusedBy(token, [{ kind: "all" }]) ?? [];
  }
}
