// Every expiry of the person's tokens, for the picture of time: all pages, in the order in which they lapse. Read when the
// picture is opened, and again when the list tells of another one.
import * as commands from "../../ipc/commands";
import type { Token } from "../../ipc/generated/Token";

const PAGE = 500;

export class Timeline {
  life = $state.raw<{ step: "loading" } | { step: "failed"; rejected: unknown } | { step: "ready" }>({
    step: "loading",
  });
  tokens = $state.raw<Token[]>([]);
  #etags: Readonly<Record<string, string>> = {};
  #asked = 0;

  /** Whether what the list shows tells of something that is not in the picture: it is thousands of tokens to read. */
  isBehind(list: readonly Token[], all: number): boolean {
    if (this.life.step !== "ready" || all !== this.tokens.length) return true;
    return list.some((one) => this.#etags[one.id] !== one.etag);
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      let cursor: string | null = null;
      const tokens: Token[] = [];
      do {
        const page = await commands.listTokens({ sort: "expires_at", limit: PAGE, ...(cursor ? { cursor } : {}) });
        tokens.push(...page.tokens);
        cursor = page.next;
      } while (cursor !== null && asked === this.#asked);
      if (asked !== this.#asked) return;
      this.tokens = tokens;
      this.#etags = Object.fromEntries(tokens.map(({ id, etag }) => [id, etag]));
      this.life = { step: "ready" };
    } catch (rejected) {
      if (asked === this.#asked && this.life.step !== "ready") this.life = { step: "failed", rejected };
    }
  }
}
