// The person's settings as the page knows them. Rust holds and keeps them; what is changed here holds at once, and says so
// when it could not be kept.
import * as commands from "../ipc/commands";
import type { SetAside } from "../ipc/generated/SetAside";
import type { Settings } from "../ipc/generated/Settings";
import { LANGUAGES, type Language } from "../words/languages";
import { speaker } from "../words/speech.svelte";

const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag);

/** Until Rust has answered, and should it not. */
const DEFAULTS: Settings = {
  theme: "system",
  language: "system",
  clipboard_delay_s: 60,
  default_expiry_days: null,
  reminders: true,
  density: "comfortable",
  list: {},
};
const SINGLE_KEYS = "single_keys";

export class Preferences {
  settings = $state.raw<Settings>(DEFAULTS);
  setAside = $state.raw<SetAside | null>(null);
  /** Why the last change could not be kept. */
  trouble = $state.raw<unknown>(null);
  #sending: Promise<void> = Promise.resolve();

  async load(): Promise<void> {
    const { settings, set_aside } = await commands.describeSettings();
    this.settings = settings;
    this.setAside = set_aside;
    this.#show();
  }

  /** Holds at once. Changes are sent one after the other: the last one is the one that stays. */
  change(change: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    this.#show();
    this.#sending = this.#sending.then(async () => {
      try {
        await commands.changeSettings(this.settings);
        this.trouble = null;
      } catch (rejected) {
        this.trouble = rejected;
      }
    });
    return this.#sending;
  }

  /** What the page itself keeps: a word under a name. What is as usual is not written down. */
  keep(name: string, word: string, usual = ""): Promise<void> {
    if ((this.settings.list[name] ?? usual) === word) return this.#sending;
    return this.change({ list: { ...this.settings.list, [name]: word } });
  }

  kept(name: string): string | undefined {
    return this.settings.list[name];
  }

  /** Letters alone are commands (WCAG 2.1.4: they can be switched off). */
  get hasSingleKeys(): boolean {
    return this.kept(SINGLE_KEYS) !== "off";
  }

  setSingleKeys(isOn: boolean): void {
    void this.keep(SINGLE_KEYS, isOn ? "on" : "off");
  }

  /** What is not the theme's (Rust tells that) but the page's own. */
  #show(): void {
    document.documentElement.dataset["density"] = this.settings.density;
    // A tag that this version does not speak is as if nothing had been chosen.
    const { language } = this.settings;
    void speaker.choose(isLanguage(language) ? language : "system");
  }
}
