// Creating a token: what was typed and chosen, and what came of sending it. What was typed survives every step back.
import * as commands from "../ipc/commands";
import { failureIn } from "../ipc/failures";
import type { Catalogue } from "../ipc/generated/Catalogue";
import type { Created } from "../ipc/generated/Created";
import type { NewToken } from "../ipc/generated/NewToken";
import type { SessionView } from "../ipc/generated/SessionView";
import type { Token } from "../ipc/generated/Token";
import { say } from "../words/words";
import { fromLines, toLines } from "./addressLines";
import type { ExpiryChoice } from "./expiry";
import { Expiry } from "./expiry.svelte";
import { Picker } from "./picker.svelte";
import { type FieldName, firstWrong, refusalOf } from "./refusals";

/**
 * `unknown`: sent, and nobody knows what became of it. It is looked for in the list before anything may be sent again:
 * otherwise there could be two. `absent`: looked for, and not there.
 */
type Life =
  | { step: "editing" }
  | { step: "incomplete" }
  | { step: "sending" }
  | { step: "failed"; rejected: unknown }
  | { step: "unknown"; rejected: unknown; trouble: unknown }
  | { step: "looking"; rejected: unknown }
  | { step: "absent" };

export class CreateToken {
  life = $state.raw<Life>({ step: "editing" });
  name = $state("");
  description = $state("");
  /** One a line, as typed. */
  addresses = $state("");
  readonly picker: Picker;
  readonly expiry: Expiry;
  /** What was sent last without an answer. Sent again to the letter, it counts as the same creation. */
  #unsettled: { request: NewToken; expiry: ExpiryChoice } | null = null;

  /** What it began with. */
  readonly #start: string;

  /** `like`: begins with what that token has, as far as it is still held; never with its expiry. */
  constructor(session: SessionView, catalogue: Catalogue, expiryDays: number | null = null, like?: Token) {
    this.picker = new Picker(catalogue, session.me.permissions, like?.permissions);
    if (like) this.picker.beganLike(like);
    this.name = like?.name ?? "";
    this.description = like?.description ?? "";
    this.addresses = toLines(like?.allowed_addresses ?? []);
    this.expiry = new Expiry(session.latest_expires_at, {
      kind: "days",
      days: expiryDays ?? session.me.limits.default_days,
    });
    this.#start = this.#filledIn;
  }

  /** What the server said of a field, or what is missing before anything is sent. */
  errorAt(field: FieldName): string | null {
    if (this.life.step === "incomplete") {
      return field === "permissions" && this.picker.chosen.size === 0 ? say("no_permission") : null;
    }
    if (this.life.step !== "failed") return null;
    return refusalOf(this.life.rejected, field, this.expiry.latest);
  }

  /** Which field to go to after a refusal. */
  get wrongField(): FieldName | null {
    return firstWrong((field) => this.errorAt(field));
  }

  get #filledIn(): string {
    const { name, description, addresses, picker, expiry } = this;
    return JSON.stringify([name, description, addresses, [...picker.chosen].sort(), expiry.choice]);
  }

  /** Something was typed or chosen, which leaving would lose. */
  get isTouched(): boolean {
    return this.#filledIn !== this.#start;
  }

  #request(): NewToken {
    const allowed = fromLines(this.addresses);
    const wanted: NewToken = {
      ...(this.name.trim() ? { name: this.name } : {}),
      ...(this.description.trim() ? { description: this.description } : {}),
      permissions: this.picker.chosenPermissions.map((one) => one.name),
      expires_at: this.expiry.instant,
      ...(allowed.length ? { allowed_addresses: allowed } : {}),
    };
    return this.#asBefore(wanted) ?? wanted;
  }

  /** What was sent before, if nothing was changed since: “in 90 days” is another instant by now, and means the same. */
  #asBefore(wanted: NewToken): NewToken | null {
    if (this.#unsettled?.expiry !== this.expiry.choice) return null;
    const { request } = this.#unsettled;
    const isSame = JSON.stringify({ ...wanted, expires_at: request.expires_at }) === JSON.stringify(request);
    return isSame ? request : null;
  }

  /** Nothing may be changed or sent: something is under way, or unknown. */
  get isLocked(): boolean {
    const { step } = this.life;
    return step === "sending" || step === "unknown" || step === "looking";
  }

  /** Sends once, however often it is pressed. What came to be, or null. */
  async send(): Promise<Created | null> {
    if (this.isLocked) return null;
    if (this.picker.chosen.size === 0) {
      this.life = { step: "incomplete" };
      return null;
    }
    this.life = { step: "sending" };
    const request = this.#request();
    try {
      return await commands.createToken(request);
    } catch (rejected) {
      const isUnknown = failureIn(rejected)?.kind === "outcome_unknown";
      this.#unsettled = isUnknown ? { request, expiry: this.expiry.choice } : null;
      this.life = isUnknown ? { step: "unknown", rejected, trouble: null } : { step: "failed", rejected };
      return null;
    }
  }

  /** Whether the token was made after all. If so, nobody holds its value. */
  async findOut(): Promise<Created | null> {
    if (this.life.step !== "unknown") return null;
    const { rejected } = this.life;
    this.life = { step: "looking", rejected };
    try {
      const created = await commands.findOut();
      if (created) return created;
      this.life = { step: "absent" };
    } catch (trouble) {
      this.life = { step: "unknown", rejected, trouble };
    }
    return null;
  }

  /** Stops waiting; the answer to `send` says what became of it. */
  cancel(): void {
    void commands.cancelCreateToken();
  }
}
