// Who we are, where, and what this NMS knows of permissions. Read at the start and whenever the window is looked at
// again; the server's clock and limits come from here.
import { announcer } from "../controls/announcer.svelte";
import { clock } from "../controls/clock.svelte";
import * as commands from "../ipc/commands";
import { on } from "../ipc/events";
import type { Catalogue } from "../ipc/generated/Catalogue";
import type { KeyringView } from "../ipc/generated/KeyringView";
import type { SessionView } from "../ipc/generated/SessionView";
import { languageTag } from "../words/locale";
import { say } from "../words/words";

type Life = { step: "loading" } | { step: "failed"; rejected: unknown } | { step: "ready" };

export class Session {
  life = $state<Life>({ step: "loading" });
  view = $state.raw<SessionView | null>(null);
  catalogue = $state.raw<Catalogue | null>(null);
  /** The person asked the keyring again, and it has not answered yet. */
  isRetryingKeyring = $state(false);

  start(): () => void {
    void this.load();
    const whenSeen = () => void this.load();
    const stops = [
      on("keyring", (keyring) => this.#hearKeyring(keyring)),
      on("store_damaged", whenSeen),
      clock.onJump(whenSeen),
    ];
    window.addEventListener("focus", whenSeen);
    return () => {
      stops.forEach((stop) => stop());
      window.removeEventListener("focus", whenSeen);
    };
  }

  /** What is known stays, also when it cannot be read anew. */
  async load(): Promise<void> {
    try {
      const language = languageTag();
      const [view, catalogue] = await Promise.all([commands.describeSession(), commands.listPermissions(language)]);
      this.view = view;
      // Another language may have been chosen meanwhile, and its catalogue be here.
      if (language === languageTag()) this.catalogue = catalogue;
      else this.catalogue ??= catalogue;
      clock.setAhead(view.clock_ahead_s);
      this.life = { step: "ready" };
    } catch (rejected) {
      this.life = { step: "failed", rejected };
    }
  }

  /** The catalogue in the language of the moment. What there is stays until it comes, or when it does not. */
  async describe(): Promise<void> {
    const language = languageTag();
    try {
      const catalogue = await commands.listPermissions(language);
      if (language === languageTag()) this.catalogue = catalogue;
    } catch {
      // The next look at the session asks again, and says what is wrong.
    }
  }

  async retryKeyring(): Promise<void> {
    this.isRetryingKeyring = true;
    try {
      const keyring = await commands.retryKeyring();
      this.#hearKeyring(keyring);
      if (keyring.state === "kept") announcer.say(say("keyring_kept"));
    } catch {
      // The banner stands and says what is: the session is still in memory only.
    } finally {
      this.isRetryingKeyring = false;
    }
  }

  #hearKeyring(keyring: KeyringView): void {
    if (this.view) this.view = { ...this.view, keyring };
  }
}
