// The one-time step: the only moment at which a token's value can be had. The value itself is never here: Rust holds it,
// copies it, draws it; this knows what was observed of it.
import { announcer } from "../controls/announcer.svelte";
import * as commands from "../ipc/commands";
import { failureIn } from "../ipc/failures";
import type { Revealed } from "../ipc/generated/Revealed";
import type { SnippetForm } from "../ipc/generated/SnippetForm";
import type { Token } from "../ipc/generated/Token";
import type { VaultState } from "../ipc/generated/VaultState";
import type { VaultView } from "../ipc/generated/VaultView";
import { isDark } from "../theme/appearance";
import { say } from "../words/words";
import type { Leaving } from "./dialogs.svelte";
import type { Vault } from "./vault.svelte";

type Work = "end" | "copy" | "save" | "keychain" | "reveal" | "empty" | "keep" | "arrive" | "delete" | "close";
/** `trouble` is what went wrong last; the secret is where the vault says. */
type Life =
  | { step: "resting"; trouble: unknown }
  | { step: "working"; at: Work }
  | { step: "asking"; leaving: Leaving; trouble: unknown }
  | { step: "deleting"; leaving: Leaving };

/** `unsaved`: nowhere but here. `unchecked`: on the clipboard, but nobody could look. */
export type Risk = "none" | "unsaved" | "unchecked";

/** Another program read the value, or the person says that it arrived; what became of the clipboard since is another matter. */
const AFTER_COPY = new Set<VaultState["step"]>([
  "copied",
  "arrived",
  "clipboard_emptied",
  "clipboard_taken",
  "clipboard_kept_by_others",
  "clipboard_unknown",
]);

/** "poller-03.token": the name of the token, as far as every file system takes it. */
function fileName({ name, prefix }: Token): string {
  const plain = (name ?? "").replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return `${plain.slice(0, 60) || prefix}.token`;
}

export class OneTime {
  life = $state.raw<Life>({ step: "resting", trouble: null });
  #picture = $state.raw<Revealed | null>(null);
  readonly #gone: (leaving: Leaving, after: "changed" | "unchanged") => void;

  constructor(
    readonly token: Token,
    readonly handle: number,
    readonly vault: Vault,
    gone: (leaving: Leaving, after: "changed" | "unchanged") => void,
  ) {
    this.#gone = gone;
  }

  /** What the vault says of this secret; another one's view says that this one is gone. */
  get view(): VaultView {
    const { view } = this.vault;
    const isOurs = view.handle === this.handle || view.token_id === this.token.id;
    return isOurs
      ? view
      : {
          ...view,
          handle: null,
          state: { step: "empty" },
          saved_path: null,
          is_in_keychain: false,
          is_revealed: false,
          replaced: null,
        };
  }

  get holds(): boolean {
    const { step } = this.view.state;
    return step === "holding" || step === "copied_not_checked";
  }

  /** It was made in the place of another one, which ends whether or not anybody gets this value. */
  get isRotated(): boolean {
    return this.token.replaces !== null;
  }

  get wasCopied(): boolean {
    return AFTER_COPY.has(this.view.state.step);
  }

  /** In a file or in the system keychain, read back. */
  get isSaved(): boolean {
    return this.view.saved_path !== null || this.view.is_in_keychain;
  }

  /** It is, or should be, somewhere else by now: a service may use it. */
  get wasHandedOver(): boolean {
    return this.wasCopied || this.view.state.step === "copied_not_checked" || this.isSaved;
  }

  /** A token is on the clipboard: this one's, or one that was copied shortly before. */
  get holdsClipboard(): boolean {
    return this.view.clipboard !== null;
  }

  /** The picture, as long as Rust says that it may be seen. */
  get picture(): Revealed | null {
    return this.view.is_revealed ? this.#picture : null;
  }

  get risk(): Risk {
    if (this.isSaved) return "none";
    if (this.view.state.step === "holding") return "unsaved";
    return this.view.state.step === "copied_not_checked" ? "unchecked" : "none";
  }

  isAt(work: Work): boolean {
    return this.life.step === "working" && this.life.at === work;
  }

  /** What went wrong last, for the dialog; what goes wrong during the question is told there. */
  get trouble(): unknown {
    // What went wrong with a copy is of no use once there is nothing left to copy.
    return this.life.step === "resting" && this.holds ? this.life.trouble : null;
  }

  /** The token alone, or within a text that carries it: either is the one copy. */
  copy(within: SnippetForm | null = null): Promise<void> {
    return this.#work("copy", async () => {
      const { handle, token } = this;
      const wanted = { handle, name: token.name };
      const copying = within === null ? commands.copyToken(handle) : commands.copyFilledSnippet(handle, within, wanted);
      this.vault.hear(await copying);
      const isChecked = this.wasCopied;
      announcer.say(isChecked ? say("state_copied") : say("state_unchecked"));
    });
  }

  confirmArrival(): Promise<void> {
    return this.#work("arrive", async () => {
      this.vault.hear(await commands.confirmArrival(this.handle));
      announcer.say(say("state_copied_said"));
    });
  }

  save(): Promise<void> {
    return this.#work("save", async () => {
      const outcome = await commands.saveTokenToFile(this.handle, {
        title: say("save_title"),
        save: say("save_button"),
        cancel: say("cancel"),
        file_name: fileName(this.token),
      });
      // Where it is now is told by the vault itself.
      if (outcome.kind === "dismissed") return;
      announcer.say(say("state_saved_path", { path: outcome.path }));
    });
  }

  saveToKeychain(): Promise<void> {
    return this.#work("keychain", async () => {
      this.vault.hear(await commands.saveTokenToKeychain(this.handle));
      announcer.say(say("state_in_keychain_done"));
    });
  }

  reveal(widthPx: number): Promise<void> {
    return this.#work("reveal", async () => {
      const look = { scale: window.devicePixelRatio || 1, dark: isDark(), width_px: Math.floor(widthPx) };
      // Shown as soon and as long as the vault says so: an answer asked for here could be older than its word.
      this.#picture = await commands.revealToken(this.handle, look);
      announcer.say(say("revealed"));
    });
  }

  /** Also when the window loses the focus or is covered: no press, no progress, no failure to tell. */
  async hide(): Promise<void> {
    if (!this.picture) return;
    this.#picture = null;
    announcer.say(say("hidden"));
    await commands.hideToken(this.handle).catch(() => undefined);
  }

  keep(): Promise<void> {
    return this.#work("keep", async () => {
      this.vault.hear(await commands.keepVault(this.handle));
      announcer.say(say("state_kept"));
    });
  }

  /** Tries again to delete the token whose place this one takes. */
  endReplaced(): Promise<void> {
    return this.#work("end", async () => {
      const { replaces } = this.view;
      if (replaces !== null) await commands.deleteToken(replaces);
    });
  }

  emptyClipboard(): Promise<void> {
    return this.#work("empty", async () => {
      this.vault.hear(await commands.emptyClipboard());
      announcer.say(say("state_emptied"));
    });
  }

  /** Leaves, after a question when the value would be lost by it. */
  leave(leaving: Leaving): void {
    if (this.life.step === "working" || this.life.step === "deleting") return;
    if (this.risk === "none") void this.leaveAnyway(leaving);
    else this.life = { step: "asking", leaving, trouble: null };
  }

  stay(): void {
    if (this.life.step === "asking") this.life = { step: "resting", trouble: null };
  }

  /** Wipes the vault and goes. */
  async leaveAnyway(leaving: Leaving): Promise<void> {
    await this.#work("close", async () => {
      await commands.closeVault(this.handle).catch(butNotGone);
      this.#gone(leaving, "unchanged");
    });
  }

  /** The vault is wiped only when the server has confirmed: a failure keeps everything. */
  async deleteToken(leaving: Leaving): Promise<void> {
    if (this.life.step === "deleting") return;
    const isAsking = this.life.step === "asking";
    this.life = { step: "deleting", leaving };
    try {
      await commands.deleteToken(this.token.id);
      await commands.closeVault(this.handle).catch(butNotGone);
      announcer.say(say("deleted"));
      this.#gone(leaving, "changed");
    } catch (rejected) {
      this.life = isAsking ? { step: "asking", leaving, trouble: rejected } : { step: "resting", trouble: rejected };
    }
  }

  async #work(at: Work, act: () => Promise<void>): Promise<void> {
    if (this.life.step === "working") return;
    this.life = { step: "working", at };
    try {
      await act();
      if (this.life.step === "working") this.life = { step: "resting", trouble: null };
    } catch (rejected) {
      this.life = { step: "resting", trouble: rejected };
    }
  }
}

/** What is gone from the vault already need not be wiped. */
function butNotGone(rejected: unknown): void {
  if (failureIn(rejected)?.kind !== "vault_gone") throw rejected;
}
