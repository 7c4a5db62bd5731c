// Which permissions are chosen: one by one, by group, by what is ready-made. Knows what may be offered; renders nothing.
import { SvelteSet } from "svelte/reactivity";
import { announcer } from "../controls/announcer.svelte";
import type { Catalogue } from "../ipc/generated/Catalogue";
import type { Permission } from "../ipc/generated/Permission";
import type { Preset } from "../ipc/generated/Preset";
import type { Token } from "../ipc/generated/Token";
import { grouped, offered, riskWord, type Group } from "../permissions/catalogue";
import { say } from "../words/words";
import { called } from "./naming";

/** What the picker did beside what was asked, and said so. */
type Note =
  | { kind: "added"; names: string[]; for: string }
  | { kind: "short"; preset: string; count: number; missing: string[] }
  /** As another token; `before`: what was chosen then, null where nothing was. */
  | { kind: "like"; preset: string; count: number; missing: string[]; before: readonly string[] | null };

/** Above this many chosen, opening all their groups would bury the rest. */
const OPENS_UP_TO = 8;

export class Picker {
  readonly chosen = new SvelteSet<string>();
  readonly #open = new SvelteSet<string>();
  search = $state("");
  note = $state.raw<Note | null>(null);
  readonly offered: readonly Permission[];
  readonly presets: readonly Preset[];

  constructor(catalogue: Catalogue, held: readonly string[], initial: Iterable<string> = []) {
    this.offered = offered(catalogue, held);
    this.presets = this.#readyMade(catalogue, held);
    const asked = [...initial];
    for (const { name } of this.offered) if (asked.includes(name)) this.chosen.add(name);
    if (this.chosen.size <= OPENS_UP_TO) this.#openChosen();
  }

  /** Those of the server of which the person holds something; and *Read-only*, should the server not have it. */
  #readyMade(catalogue: Catalogue, held: readonly string[]): Preset[] {
    const presets = catalogue.presets.filter((preset) => preset.permissions.some((name) => held.includes(name)));
    const reads = this.offered.filter((one) => one.risk === "read").map((one) => one.name);
    const has = presets.some((preset) => sameNames(this.#grantableOf(preset), reads));
    if (reads.length === 0 || has) return presets;
    const readOnly = {
      id: "read-only",
      // Ours, so it is said in the language of the moment; the names of the others are the server's.
      get name() {
        return say("read_only");
      },
      permissions: reads,
    };
    return [...presets, readOnly];
  }

  #grantableOf(preset: Pick<Preset, "permissions">): string[] {
    return this.offered.map((one) => one.name).filter((name) => preset.permissions.includes(name));
  }

  get chosenPermissions(): Permission[] {
    return this.offered.filter((one) => this.chosen.has(one.name));
  }

  get isAll(): boolean {
    return this.offered.length > 0 && this.chosen.size === this.offered.length;
  }

  get isSearching(): boolean {
    return this.search.trim() !== "";
  }

  get found(): Permission[] {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    return this.offered.filter((one) => {
      const text = `${one.name} ${one.description} ${one.group} ${riskWord(one.risk)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  get groups(): Group[] {
    return grouped(this.found);
  }

  /** All of a group that is offered, found or not. */
  inGroup(name: string): Permission[] {
    return this.offered.filter((one) => one.group === name);
  }

  chosenIn(group: string): number {
    return this.inGroup(group).filter((one) => this.chosen.has(one.name)).length;
  }

  isOpen(group: string): boolean {
    return this.isSearching || this.#open.has(group);
  }

  toggleOpen(group: string): void {
    if (this.#open.has(group)) this.#open.delete(group);
    else this.#open.add(group);
  }

  /** One permission. What it suggests comes with it, visibly. */
  toggle(permission: Permission): void {
    this.note = null;
    if (this.chosen.delete(permission.name)) return;
    this.chosen.add(permission.name);
    const added = this.offered.map((one) => one.name).filter((name) => this.#isNewSuggestion(permission, name));
    if (added.length === 0) return;
    for (const name of added) this.chosen.add(name);
    this.note = { kind: "added", names: added, for: permission.name };
    announcer.say(say("added_one", { added, chosen: permission.name }));
  }

  #isNewSuggestion(permission: Permission, name: string): boolean {
    return permission.suggests.includes(name) && !this.chosen.has(name);
  }

  takeBack(): void {
    if (this.note?.kind === "added") for (const name of this.note.names) this.chosen.delete(name);
    if (this.note?.kind === "like" && this.note.before !== null) this.#choose(this.note.before);
    this.note = null;
  }

  /** All of a group, or none of it when all are chosen. */
  toggleGroup(group: string): void {
    this.note = null;
    const permissions = this.inGroup(group);
    const isFull = permissions.every((one) => this.chosen.has(one.name));
    for (const { name } of permissions) {
      if (isFull) this.chosen.delete(name);
      else this.chosen.add(name);
    }
  }

  /** Everything on offer; while something is searched, what was found. */
  selectAll(): void {
    this.note = null;
    for (const { name } of this.found) this.chosen.add(name);
  }

  selectNone(): void {
    this.note = null;
    this.chosen.clear();
  }

  isPreset(preset: Preset): boolean {
    const names = this.#grantableOf(preset);
    return names.length > 0 && sameNames(names, this.chosen);
  }

  /** Just what a preset has, as far as the person holds it; what is missing is said. */
  choosePreset(preset: Preset): void {
    const names = this.#grantableOf(preset);
    const missing = preset.permissions.filter((name) => !names.includes(name));
    this.#choose(names);
    const counted = { preset: preset.name, count: names.length };
    this.note = missing.length ? { kind: "short", ...counted, missing } : null;
    announcer.say(missing.length ? say("preset_short", { ...counted, missing }) : say("preset_chosen", counted));
  }

  /** Just what another token has, as far as the person holds it. It can be taken back. */
  chooseLike(token: Token): void {
    const before = [...this.chosen];
    const names = this.#grantableOf(token);
    this.#choose(names);
    const note = this.#likeNote(token, before);
    this.note = note;
    announcer.say(note.missing.length ? say("preset_short", note) : say("preset_chosen", note));
  }

  /** It began with what that token has: what was left out of it is said. */
  beganLike(token: Token): void {
    const note = this.#likeNote(token, null);
    if (note.missing.length === 0) return;
    this.note = note;
    announcer.say(say("preset_short", note));
  }

  #likeNote(token: Token, before: readonly string[] | null): Note & { kind: "like" } {
    const names = this.#grantableOf(token);
    const missing = token.permissions.filter((name) => !names.includes(name));
    return { kind: "like", preset: called(token), count: names.length, missing, before };
  }

  #choose(names: readonly string[]): void {
    this.chosen.clear();
    for (const name of names) this.chosen.add(name);
    if (names.length <= OPENS_UP_TO) this.#openChosen();
  }

  #openChosen(): void {
    for (const { group } of this.chosenPermissions) this.#open.add(group);
  }
}

/** Whether both have the same names; neither has one twice. */
export function sameNames(some: Iterable<string>, others: Iterable<string>): boolean {
  const one = [...some].sort();
  const other = [...others].sort();
  return one.length === other.length && one.every((name, place) => name === other[place]);
}
