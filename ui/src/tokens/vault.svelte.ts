// The one-time vault as Rust tells of it, with the instants at which its delays end.
import * as commands from "../ipc/commands";
import { on } from "../ipc/events";
import type { VaultView } from "../ipc/generated/VaultView";

const EMPTY: VaultView = {
  revision: 0,
  handle: null,
  token_id: null,
  state: { step: "empty" },
  saved_path: null,
  is_in_keychain: false,
  is_revealed: false,
  replaces: null,
  replaced: null,
  clipboard: null,
};

export class Vault {
  view = $state.raw<VaultView>(EMPTY);
  #heardAt = 0;

  start(): () => void {
    return on("vault", (view) => this.hear(view));
  }

  /** Events and answers tell the same; the later one counts, in whichever order they come. */
  hear(view: VaultView): void {
    if (view.revision < this.view.revision) return;
    this.#heardAt = Date.now();
    this.view = view;
  }

  /** What is in the vault at the start: the page may have been loaded anew while a secret was held. */
  async describe(): Promise<VaultView> {
    this.hear(await commands.describeVault());
    return this.view;
  }

  /** When a delay told by the last view ends; `null` when it never does. */
  endOf(delayMs: number | null): number | null {
    return delayMs === null ? null : this.#heardAt + delayMs;
  }

  /** Another program can still paste a token, and this app cannot take it back. */
  get isKeptByOthers(): boolean {
    return this.view.clipboard?.by === "others";
  }

  /** The desktop may still hand a token out, until our window has the focus. */
  get isKeptByDesktop(): boolean {
    return this.view.clipboard?.by === "desktop";
  }

  /** The clipboard holds a token of ours: until when (`null`: for good). `undefined`: it does not. */
  get clipboardUntil(): number | null | undefined {
    const { clipboard } = this.view;
    return clipboard?.by === "us" ? this.endOf(clipboard.emptied_in_ms) : undefined;
  }
}
