// Where this app has put the values of tokens that are to be deleted, and which of that goes with them.
import { SvelteMap } from "svelte/reactivity";
import * as commands from "../ipc/commands";
import type { Token } from "../ipc/generated/Token";
import type { TokenPlaces } from "../ipc/generated/TokenPlaces";

const NOWHERE: TokenPlaces = { file: null, in_keychain: false };

export class BulkPlaces {
  // A value in the keychain is of no use without its token; a file may be somebody's configuration.
  also = $state({ keychain: true, file: false });
  readonly #of = new SvelteMap<string, TokenPlaces>();

  /** What is not known cannot be offered. */
  async load(tokens: readonly Token[]): Promise<void> {
    for (const { id } of tokens) {
      const places = await commands.describePlaces(id).catch(() => NOWHERE);
      if (places.file !== null || places.in_keychain) this.#of.set(id, places);
    }
  }

  get isAnyInKeychain(): boolean {
    return [...this.#of.values()].some((one) => one.in_keychain);
  }

  get isAnyInFile(): boolean {
    return [...this.#of.values()].some((one) => one.file !== null);
  }

  file({ id }: Token): string | null {
    return this.#of.get(id)?.file ?? null;
  }

  /** Of a token that is gone. */
  async remove({ id }: Token): Promise<void> {
    const places = this.#of.get(id) ?? NOWHERE;
    const [file, keychain] = [this.also.file && places.file !== null, this.also.keychain && places.in_keychain];
    if (file || keychain) await commands.removePlaces(id, file, keychain);
  }
}
