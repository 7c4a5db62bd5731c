// What an event says, in words: what happened, and what changed by it.
import type { Actor } from "../../ipc/generated/Actor";
import type { Event } from "../../ipc/generated/Event";
import type { EventKind } from "../../ipc/generated/EventKind";
import { shortInstant } from "../../words/instants";
import { joined, parts, say, type Part } from "../../words/words";

const HAPPENED: Record<EventKind, (event: Event) => string> = {
  created: () => say("event_created"),
  widened: () => say("event_widened"),
  narrowed: () => say("event_narrowed"),
  described: () => say("event_described"),
  paused: () => say("event_paused"),
  resumed: () => say("event_resumed"),
  rotated: () => say("event_rotated"),
  replaced: () => say("event_replaced"),
  deleted: () => say("event_deleted"),
  expired: () => say("event_expired"),
  first_used: () => say("event_first_used"),
  refused: ({ count }) => say("event_refused", { count: count ?? 1 }),
  reviewed: () => say("event_reviewed"),
  revoked: () => say("event_revoked"),
  reported: () => say("event_reported"),
  new_source: () => say("event_new_source"),
};

export const happened = (event: Event): string => HAPPENED[event.kind](event);

export function byWhom(actor: Actor): Part[] {
  if (actor.kind === "person") return parts("by_you", { name: actor.name });
  return actor.kind === "token" ? parts("by_token") : parts("by_server");
}

/** Why calls were refused; a reason of a later server is told as another one. */
export function reasonOf({ reason, permission }: Event): string | null {
  const named = permission ?? "";
  const told: Record<string, () => string> = {
    deleted: () => say("event_reason_deleted"),
    expired: () => say("event_reason_expired"),
    paused: () => say("event_reason_paused"),
    "permission-missing": () => say("event_reason_missing", { permission: named }),
    "permission-lost": () => say("event_reason_lost", { permission: named }),
    "address-not-allowed": () => say("event_reason_address"),
  };
  if (reason === undefined) return null;
  return told[reason]?.() ?? say("event_reason_other");
}

/** Why, from where and with which program, as far as it is known. */
export function circumstances(event: Event): Part[] {
  const { kind, address, agent } = event;
  const pieces = [
    kind === "refused" ? reasonOf(event) : null,
    address ? parts("event_from", { address }) : null,
    agent ? parts("event_with", { agent }) : null,
  ];
  return joined(pieces.filter((piece) => piece !== null));
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** An empty list lets in everything. */
function addressChanges(before: string[], after: string[]): Part[][] {
  if (after.length === 0) return [parts("event_accepted_anywhere")];
  if (before.length === 0) return [parts("event_accepted_only", { addresses: after })];
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  return [
    ...(added.length ? [parts("event_accepted", { addresses: added })] : []),
    ...(removed.length ? [parts("event_not_accepted", { addresses: removed })] : []),
  ];
}

function permissionChanges(before: string[], after: string[]): Part[][] {
  const added = after.filter((one) => !before.includes(one));
  const removed = before.filter((one) => !after.includes(one));
  return [
    ...(added.length ? [parts("event_added", { permissions: added })] : []),
    ...(removed.length ? [parts("event_removed", { permissions: removed })] : []),
  ];
}

/** What became different, one sentence each. */
export function changesOf({ kind, from = {}, to = {} }: Event): Part[][] {
  if (!["widened", "narrowed", "described"].includes(kind)) return [];
  const sentences = permissionChanges(list(from["permissions"]), list(to["permissions"]));
  if (to["allowed_addresses"] !== undefined) {
    sentences.push(...addressChanges(list(from["allowed_addresses"]), list(to["allowed_addresses"])));
  }
  if (to["expires_at"] !== undefined) {
    sentences.push(parts("event_expiry", { when: shortInstant(text(to["expires_at"])) }));
  }
  if (to["name"] !== undefined) sentences.push(parts("event_to_name", { value: text(to["name"]) || "–" }));
  if (to["description"] !== undefined) {
    sentences.push(parts("event_to_description", { value: text(to["description"]) || "–" }));
  }
  if (to["replaced_by"] === null) sentences.push(parts(to["expires_at"] ? "event_left_alone" : "event_goes_on"));
  return sentences;
}
