// Editing a token: what was changed, whether it gives the token more power, and what to do when somebody else was first.
// Only what was changed is sent; what was typed survives every step back.
import { announcer } from "../controls/announcer.svelte";
import { clock } from "../controls/clock.svelte";
import * as commands from "../ipc/commands";
import { failureIn } from "../ipc/failures";
import type { Catalogue } from "../ipc/generated/Catalogue";
import type { SessionView } from "../ipc/generated/SessionView";
import type { Token } from "../ipc/generated/Token";
import type { TokenChanges } from "../ipc/generated/TokenChanges";
import { say } from "../words/words";
import { fromLines, isNarrower, isWider, toLines } from "./addressLines";
import type { Proposal } from "./dialogs.svelte";
import { isRange } from "./details/addresses";
import { Breaks } from "./details/breaks.svelte";
import type { Narrowing } from "./details/callers";
import { Expiry } from "./expiry.svelte";
import { lostOf } from "./naming";
import { Picker, sameNames } from "./picker.svelte";
import { type FieldName, firstWrong, refusalOf } from "./refusals";

type Life =
  | { step: "editing" }
  | { step: "incomplete" }
  /** It takes something away: who would notice is being read. */
  | { step: "looking" }
  /** More power is asked about before it is given, and so is what somebody uses before it is taken. */
  | { step: "asking" }
  | { step: "sending" }
  | { step: "failed"; rejected: unknown }
  /** Somebody was first. `theirs` is as it is now; null when that is not known. */
  | { step: "stale"; theirs: Token | null };

export interface Widening {
  permissions: string[];
  /** The new expiry, when it is later. */
  later: string | null;
  /** From where it is then accepted, when that is more than before; empty: from anywhere. */
  addresses: string[] | null;
}

export class EditToken {
  life = $state.raw<Life>({ step: "editing" });
  /** The version that the changes are against. */
  token = $state.raw<Token>({} as Token);
  name = $state("");
  description = $state("");
  /** One a line, as typed. */
  addresses = $state("");
  picker = $state.raw<Picker>({} as Picker);
  expiry = $state.raw<Expiry>({} as Expiry);
  readonly breaks: Breaks;
  readonly #session: SessionView;
  readonly #catalogue: Catalogue;

  constructor(token: Token, session: SessionView, catalogue: Catalogue, proposal: Proposal = {}) {
    this.breaks = new Breaks(token);
    this.#session = session;
    this.#catalogue = catalogue;
    this.#begin(token);
    const { permissions, addresses, days } = proposal;
    if (permissions) this.picker = new Picker(catalogue, session.me.permissions, permissions);
    if (addresses) this.addresses = toLines(addresses);
    if (days !== undefined) this.expiry.choice = { kind: "days", days };
  }

  #begin(token: Token): void {
    this.token = token;
    this.name = token.name ?? "";
    this.description = token.description ?? "";
    this.addresses = toLines(token.allowed_addresses);
    this.picker = new Picker(this.#catalogue, this.#session.me.permissions, token.permissions);
    this.expiry = new Expiry(this.#session.latest_expires_at, { kind: "keep", at: token.expires_at });
  }

  get lost(): string[] {
    return lostOf(this.token);
  }

  /** What of the snapshot can be chosen: the rest stays untouched as long as nothing else is changed. */
  get #choosable(): string[] {
    const { offered } = this.picker;
    return this.token.permissions.filter((name) => offered.some((one) => one.name === name));
  }

  get changesPermissions(): boolean {
    return !sameNames(this.#choosable, this.picker.chosen);
  }

  get changes(): TokenChanges {
    const name = this.name.trim();
    const description = this.description.trim();
    const allowed = fromLines(this.addresses);
    return {
      ...(name !== (this.token.name ?? "") ? { name: name || null } : {}),
      ...(description !== (this.token.description ?? "") ? { description: description || null } : {}),
      ...(this.changesPermissions ? { permissions: this.picker.chosenPermissions.map((one) => one.name) } : {}),
      ...(this.expiry.instant !== this.token.expires_at ? { expires_at: this.expiry.instant } : {}),
      ...(sameNames(allowed, this.token.allowed_addresses) ? {} : { allowed_addresses: allowed }),
    };
  }

  get isChanged(): boolean {
    return Object.keys(this.changes).length > 0;
  }

  /** What everything that holds the value would get; null when it gets nothing. */
  get widening(): Widening | null {
    const { permissions, expires_at, allowed_addresses } = this.changes;
    const added = permissions?.filter((name) => !this.token.permissions.includes(name)) ?? [];
    const isLater = expires_at !== undefined && Date.parse(expires_at) > Date.parse(this.token.expires_at);
    const isOpener = allowed_addresses !== undefined && isWider(allowed_addresses, this.token.allowed_addresses);
    if (!added.length && !isLater && !isOpener) return null;
    return { permissions: added, later: isLater ? expires_at : null, addresses: isOpener ? allowed_addresses : null };
  }

  /** What would be taken away, for the question who would notice. An earlier expiry ends all, from then on. */
  get narrowings(): Narrowing[] {
    const { permissions, allowed_addresses } = this.changes;
    // What is no range is the server's to refuse: nothing is foreseen of it.
    const allowed = allowed_addresses?.every(isRange) ? allowed_addresses : this.token.allowed_addresses;
    const takes = permissions !== undefined && this.token.permissions.some((name) => !permissions.includes(name));
    return [
      ...(takes ? [{ kind: "permissions", kept: permissions } as const] : []),
      ...(isNarrower(allowed, this.token.allowed_addresses) ? [{ kind: "addresses", allowed } as const] : []),
      ...(this.earlier !== null ? [{ kind: "all" } as const] : []),
    ];
  }

  /** The new expiry, when it is earlier. */
  get earlier(): string | null {
    const { expires_at } = this.changes;
    return expires_at !== undefined && Date.parse(expires_at) < Date.parse(this.token.expires_at) ? expires_at : null;
  }

  get revives(): boolean {
    return Date.parse(this.token.expires_at) <= clock.now;
  }

  errorAt(field: FieldName): string | null {
    if (this.life.step === "incomplete") return field === "permissions" ? say("no_permission") : null;
    if (this.life.step !== "failed") return null;
    return refusalOf(this.life.rejected, field, this.expiry.latest);
  }

  get wrongField(): FieldName | null {
    return firstWrong((field) => this.errorAt(field));
  }

  get isBusy(): boolean {
    return this.life.step === "looking" || this.life.step === "sending";
  }

  /** Saves, after a question when it gives more power or takes what somebody uses. True when the server has it. */
  async save(): Promise<boolean> {
    if (this.isBusy || !this.isChanged) return false;
    if (this.changes.permissions?.length === 0) {
      this.life = { step: "incomplete" };
      return false;
    }
    if (this.life.step !== "asking") {
      const isWanted = await this.#look();
      if (!isWanted) return false;
      if (this.widening || this.isHurting) {
        this.life = { step: "asking" };
        return false;
      }
    }
    return this.#send();
  }

  /** Whether somebody may be refused after the change who is answered now. */
  get isHurting(): boolean {
    return this.breaks.isAskedAbout(this.token, this.narrowings);
  }

  get #isLooking(): boolean {
    return this.life.step === "looking";
  }

  /** Reads who would notice, when something is taken away; false when the person stepped back meanwhile. */
  async #look(): Promise<boolean> {
    if (this.narrowings.length === 0) return true;
    this.life = { step: "looking" };
    await this.breaks.load();
    return this.#isLooking;
  }

  stepBack(): void {
    this.life = { step: "editing" };
  }

  async #send(): Promise<boolean> {
    this.life = { step: "sending" };
    try {
      await commands.updateToken(this.token.id, this.token.etag, this.changes);
      announcer.say(say("saved"));
      return true;
    } catch (rejected) {
      const failure = failureIn(rejected);
      this.life = failure?.kind === "stale" ? { step: "stale", theirs: failure.token } : { step: "failed", rejected };
      return false;
    }
  }

  /** The server did not say what is there now: it is looked for in the list. */
  theirsIs(token: Token | undefined): void {
    if (this.life.step === "stale" && token) this.life = { step: "stale", theirs: token };
  }

  /** What was changed here, on top of the version that is there now; the rest is as they left it. */
  useMine(): void {
    if (this.life.step !== "stale" || !this.life.theirs) return;
    const mine = this.changes;
    const { name, description, addresses, picker, expiry } = this;
    this.#begin(this.life.theirs);
    if (mine.name !== undefined) this.name = name;
    if (mine.description !== undefined) this.description = description;
    if (mine.permissions !== undefined) this.picker = picker;
    if (mine.expires_at !== undefined) this.expiry = expiry;
    if (mine.allowed_addresses !== undefined) this.addresses = addresses;
    this.life = { step: "editing" };
    announcer.say(say("stale_rebased"));
  }

  takeTheirs(): void {
    if (this.life.step !== "stale" || !this.life.theirs) return;
    this.#begin(this.life.theirs);
    this.life = { step: "editing" };
    announcer.say(say("stale_taken"));
  }
}
