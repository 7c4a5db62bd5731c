// Which dialog of this tab is open: one at a time, and what each of them speaks of. And whose details stand beside the
// list, which is no dialog: the list can be used meanwhile.
import type { BulkAct } from "./bulk.svelte";
import type { Created } from "../ipc/generated/Created";
import type { Token } from "../ipc/generated/Token";
import type { Tokens } from "./tokens.svelte";
import type { TroubleKind } from "./stopped/causes";
import type { Vault } from "./vault.svelte";

export type Open =
  | { dialog: "none" }
  | { dialog: "create"; like?: Token }
  /** `back`: it was opened out of the search for a cause, and leads back there. */
  | { dialog: "test"; back?: TroubleKind }
  /** `search`: what was looked for in the list. */
  | { dialog: "stopped"; trouble?: TroubleKind; search?: string }
  | { dialog: "once"; token: Token; handle: number }
  | { dialog: "lost"; token: Token }
  | { dialog: "unfinished"; token: Token; mayBeHeld: boolean }
  | { dialog: "edit"; token: Token; proposal?: Proposal }
  | { dialog: "delete"; token: Token }
  | { dialog: "pause"; token: Token }
  | { dialog: "rotate"; token: Token }
  | { dialog: "replace"; token: Token }
  | { dialog: "bulk"; act: BulkAct; tokens: readonly Token[] };

/** What the edit dialog opens with in place of what the token has: the person looks at it and saves, or not. */
export interface Proposal {
  permissions?: readonly string[];
  addresses?: readonly string[];
  /** Another expiry, so many days from now. */
  days?: number;
}

/** What a person wants of the window while a secret is held. */
export type Leaving = "close" | "quit";

export class Dialogs {
  open = $state.raw<Open>({ dialog: "none" });
  /** The id of the token whose details are open. */
  details = $state<string | null>(null);
  /** The window was asked to close; the one-time dialog, or the question about the clipboard, answers. */
  leaving = $state<Leaving | null>(null);
  readonly #tokens: Tokens;
  readonly #vault: Vault;

  constructor(tokens: Tokens, vault: Vault) {
    this.#tokens = tokens;
    this.#vault = vault;
  }

  show(open: Open): void {
    this.open = open;
  }

  toggleDetails(token: Token): void {
    this.details = this.details === token.id ? null : token.id;
  }

  /** Closes whatever is open; the list is read anew when it may have changed. */
  close(after: "changed" | "unchanged"): void {
    this.open = { dialog: "none" };
    if (after === "changed") void this.#tokens.reload();
  }

  /** A token came to be: its row stands in the list at once, behind the dialog. */
  tookPlace(created: Created): void {
    void this.#tokens.reload();
    // How long the old value works is said, also where the list does not show it.
    if (created.token.replaces !== null) void this.#tokens.lookAt([created.token.replaces]);
    if (created.kind === "lost") {
      this.open = { dialog: "lost", token: created.token };
      return;
    }
    this.#vault.hear(created.vault);
    const { handle } = created.vault;
    this.open =
      handle === null ? { dialog: "lost", token: created.token } : { dialog: "once", token: created.token, handle };
  }

  /** After a reload of the page: a secret that is still held gets its dialog back. */
  async resume(): Promise<void> {
    const { handle, token_id: id, state } = await this.#vault.describe();
    const isWaiting = state.step === "holding" || state.step === "copied_not_checked";
    if (handle === null || id === null || !isWaiting) return;
    if (!this.#tokens.find(id)) await this.#tokens.reload();
    const token = this.#tokens.find(id);
    if (token && this.open.dialog === "none") this.open = { dialog: "once", token, handle };
  }
}
