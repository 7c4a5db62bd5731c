// From each failure to its account: what happened, what is still safe, what to do next. The record is exhaustive, so a
// new failure in Rust does not compile here until it has its sentences.
// Not here: how an account looks (controls/FailureNotice.svelte).
import { duration, exactInstant, shortDay } from "../words/instants";
import { say } from "../words/words";
import type { Action } from "./generated/Action";
import type { BackupView } from "./generated/BackupView";
import type { BuiltInReason } from "./generated/BuiltInReason";
import type { ClipboardReadReason } from "./generated/ClipboardReadReason";
import type { CopyReason } from "./generated/CopyReason";
import type { Damage } from "./generated/Damage";
import type { Failure } from "./generated/Failure";
import type { FileReadReason } from "./generated/FileReadReason";
import type { FileReason } from "./generated/FileReason";
import type { KeyringReason } from "./generated/KeyringReason";
import type { RestoreReason } from "./generated/RestoreReason";
import type { UnreachableReason } from "./generated/UnreachableReason";

export type { Failure };
type Kind = Failure["kind"];
type Of<K extends Kind> = Extract<Failure, { kind: K }>;

/** What a person is told. */
export interface Account {
  happened: string;
  safe: string;
  next: string;
  requestId: string | null;
}
type Sentences = [happened: string, safe: string, next: string];

const unchanged = () => say("f_nothing_changed");
const kept = () => say("f_typed_kept");
const again = (seconds: number | null) => (seconds ? say("f_try_in", { span: duration(seconds) }) : say("f_retry"));

const UNREACHABLE: Record<UnreachableReason, () => Sentences> = {
  refused: () => [say("f_refused"), say("f_nothing_sent"), say("f_refused_next")],
  name: () => [say("f_name"), say("f_nothing_sent"), say("f_name_next")],
  silent: () => [say("f_silent"), say("f_nothing_sent"), say("f_unreachable_next")],
  no_route: () => [say("f_no_route"), say("f_nothing_sent"), say("f_no_route_next")],
  untrusted_certificate: () => [say("f_cert_untrusted"), say("f_nothing_sent"), say("f_cert_next")],
  certificate_name: () => [say("f_cert_name"), say("f_nothing_sent"), say("f_cert_next")],
  certificate_time: () => [say("f_cert_time"), say("f_nothing_sent"), say("f_cert_time_next")],
  tls: () => [say("f_tls"), say("f_nothing_sent"), say("f_cert_next")],
  not_http: () => [say("f_not_http"), say("f_nothing_changed"), say("f_not_contract_next")],
  other: () => [say("f_unreachable"), say("f_nothing_sent"), say("f_unreachable_next")],
};

const COPY: Record<CopyReason, () => string> = {
  no_display: () => `${say("f_copy")} ${say("f_copy_no_display")}`,
  needs_focus: () => `${say("f_copy")} ${say("f_copy_needs_focus")}`,
  refused: () => say("f_copy"),
  differs: () => `${say("f_copy")} ${say("f_copy_differs")}`,
  timed_out: () => say("f_copy_timed_out"),
  does_not_fit: () => say("f_copy_does_not_fit"),
};

const FILE: Record<FileReason, () => string> = {
  not_allowed: () => say("f_file_not_allowed"),
  no_space: () => say("f_file_no_space"),
  no_folder: () => say("f_file_no_folder"),
  exists: () => say("f_file_exists"),
  not_private: () => say("f_file_not_private"),
  differs: () => say("f_file_differs"),
  timed_out: () => say("f_file_timed_out"),
  other: () => say("f_file_other"),
};

const KEYCHAIN: Record<KeyringReason, () => string> = {
  no_service: () => say("keyring_no_service"),
  locked: () => say("keyring_locked"),
  timed_out: () => say("keyring_timed_out"),
  no_collection: () => say("f_keychain_no_collection"),
  other: () => say("f_keychain_other"),
};

const NOT_READ: Record<ClipboardReadReason, () => string> = {
  not_reachable: () => say("f_clipboard_not_reachable"),
  refused: () => say("f_clipboard_read_refused"),
  timed_out: () => say("f_clipboard_read_timed_out"),
};
const FILE_NOT_READ: Record<FileReadReason, () => string> = {
  not_found: () => say("f_file_read_not_found"),
  not_allowed: () => say("f_file_read_not_allowed"),
  not_a_file: () => say("f_file_read_not_a_file"),
  timed_out: () => say("f_file_read_timed_out"),
  other: () => say("f_file_read_other"),
};

const untouched = () => say("f_data_untouched");
type BuiltIn<R extends BuiltInReason["reason"]> = Extract<BuiltInReason, { reason: R }>;
const fromBackup = ({ backup, folder }: BuiltIn<"damaged">) =>
  backup ? say("f_damaged_next", { when: madeAt(backup), folder }) : say("f_damaged_none_next", { folder });
const DAMAGE: Record<Damage, (why: BuiltIn<"damaged">) => Sentences> = {
  unreadable: (why) => [say("f_damaged"), say("f_damaged_safe"), fromBackup(why)],
  gone: (why) => [say("f_gone"), say("f_gone_safe"), fromBackup(why)],
  in_use: ({ backup, folder }) => [
    say("f_damaged_in_use"),
    say("f_damaged_in_use_safe"),
    backup ? say("f_damaged_in_use_next", { when: madeAt(backup) }) : say("f_damaged_in_use_none_next", { folder }),
  ],
};
const BUILT_IN: { [R in BuiltInReason["reason"]]: (why: BuiltIn<R>) => Sentences } = {
  locked: ({ pid }) => [
    pid === null ? say("f_locked") : say("f_locked_pid", { pid: String(pid) }),
    untouched(),
    say("f_locked_next"),
  ],
  newer_schema: () => [say("f_newer"), untouched(), say("f_newer_next")],
  damaged: (why) => DAMAGE[why.found](why),
  folder: ({ path }) => [say("f_folder", { path }), untouched(), say("f_folder_next")],
  fault: () => [say("f_built_in_fault"), untouched(), say("f_unknown_next")],
  no_port: () => [say("f_no_port"), untouched(), say("f_no_port_next")],
};

type Restore<R extends RestoreReason["reason"]> = Extract<RestoreReason, { reason: R }>;
const RESTORE: { [R in RestoreReason["reason"]]: (why: Restore<R>) => [happened: string, next: string] } = {
  locked: ({ pid }) => [
    pid === null ? say("f_restore_locked") : say("f_restore_locked_pid", { pid: String(pid) }),
    say("f_locked_next"),
  ],
  not_damaged: () => [say("f_restore_whole"), say("f_restore_whole_next")],
  no_backup: () => [say("f_restore_gone"), say("f_restore_gone_next")],
  folder: ({ path, why }) => [`${say("f_restore_folder")} ${FILE[why]()}`, say("f_restore_folder_next", { path })],
  fault: () => [say("f_restore_fault"), say("f_unknown_next")],
};

const UNKNOWN: Record<Action, () => Sentences> = {
  create: () => [say("f_unknown_outcome"), say("f_unknown_outcome_safe"), say("f_unknown_outcome_next")],
  update: () => [say("f_unknown_update"), say("f_unknown_update_safe"), say("f_unknown_update_next")],
  delete: () => [say("f_unknown_delete"), say("f_unknown_delete_safe"), say("f_unknown_delete_next")],
};

const SENTENCES: { [K in Kind]: (failure: Of<K>) => Sentences } = {
  unreachable: ({ reason }) => UNREACHABLE[reason](),
  timed_out: () => [say("f_timed_out"), say("f_maybe_done"), say("f_retry")],
  cut: () => [say("f_cut"), say("f_maybe_done"), say("f_retry")],
  redirected: () => [say("f_redirected"), unchanged(), say("f_redirected_next")],
  answer_too_large: () => [say("f_answer_large"), say("f_maybe_done"), say("f_server_next")],
  not_the_contract: ({ status }) => [
    say("f_not_contract", { status: String(status) }),
    say("f_maybe_done"),
    say("f_not_contract_next"),
  ],
  unexpected: ({ status }) => [
    say("f_unexpected", { status: String(status) }),
    say("f_maybe_done"),
    say("f_unexpected_next"),
  ],
  outcome_unknown: ({ action }) => UNKNOWN[action](),
  cancelled: () => [say("f_cancelled"), say("f_cancelled_safe"), say("f_cancelled_next")],
  signed_out: () => [say("f_signed_out"), say("f_signed_out_safe"), say("f_signed_out_next")],
  permission_missing: ({ permissions }) => [
    permissions.length ? say("f_permission_missing", { permissions }) : say("f_permission_missing_unnamed"),
    unchanged(),
    say("f_ask_admin"),
  ],
  permission_not_held: ({ permissions }) => [
    permissions.length ? say("f_not_held", { permissions }) : say("f_not_held_unnamed"),
    kept(),
    say("f_choose_again"),
  ],
  permission_unknown: ({ permissions }) => [
    permissions.length ? say("f_permission_unknown", { permissions }) : say("f_permission_unknown_unnamed"),
    kept(),
    say("f_choose_again"),
  ],
  permission_not_grantable: ({ permissions }) => [
    permissions.length ? say("f_not_grantable", { permissions }) : say("f_not_grantable_unnamed"),
    kept(),
    say("f_choose_again"),
  ],
  address_not_allowed: () => [say("f_address"), unchanged(), say("f_address_next")],
  foreign: () => [say("f_foreign"), unchanged(), say("f_foreign_next")],
  not_found: () => [say("f_not_found"), say("f_not_found_safe"), say("f_not_found_next")],
  already_replaced: () => [say("f_already_replaced"), say("f_nothing_changed"), say("f_not_found_next")],
  already_expired: () => [say("f_already_expired"), say("f_nothing_changed"), say("f_already_expired_next")],
  request_too_large: () => [say("f_too_large"), kept(), say("f_too_large_next")],
  invalid: ({ field }) => [
    field === null ? say("f_invalid_unnamed") : say("f_invalid", { field }),
    kept(),
    say("f_invalid_next"),
  ],
  cursor_invalid: () => [say("f_cursor"), unchanged(), say("f_cursor_next")],
  in_progress: ({ retry_after_s }) => [say("f_in_progress"), say("f_in_progress_safe"), again(retry_after_s)],
  too_many_tokens: () => [say("f_too_many"), kept(), say("f_too_many_next")],
  key_spent: () => [say("f_key_spent"), say("f_key_spent_safe"), say("f_key_spent_next")],
  stale: () => [say("f_stale"), kept(), say("f_stale_next")],
  rate_limited: ({ retry_after_s }) => [say("f_rate"), kept(), again(retry_after_s)],
  server_failed: ({ status }) => [
    // A server that fails after it has written says so, too.
    say("f_server_failed", { status: String(status) }),
    say("f_maybe_done"),
    say("f_server_failed_next"),
  ],
  storage_unavailable: () => [say("f_storage"), unchanged(), say("f_storage_next")],
  built_in_server: ({ reason }) => {
    // One entry fits one reason; the compiler cannot follow that through a record, so it is told here, once.
    return (BUILT_IN[reason.reason] as (why: BuiltInReason) => Sentences)(reason);
  },
  not_restored: ({ reason }) => {
    const [happened, next] = (RESTORE[reason.reason] as (why: RestoreReason) => [string, string])(reason);
    return [happened, say("f_restore_safe"), next];
  },
  copy_failed: ({ reason }) => [COPY[reason](), say("f_copy_safe"), say("f_copy_next")],
  clipboard_holds_token: () => [say("f_holds"), say("f_holds_safe"), say("f_holds_next")],
  file_not_saved: ({ reason }) => [
    FILE[reason](),
    say("f_copy_safe"),
    reason === "timed_out" ? say("f_file_timed_out_next") : say("f_file_next"),
  ],
  export_not_saved: ({ reason }) => [FILE[reason](), say("f_export_safe"), say("f_export_next")],
  settings_not_saved: ({ reason }) => [
    `${say("f_settings")} ${FILE[reason]()}`,
    say("f_settings_safe"),
    say("f_settings_next"),
  ],
  keychain_not_saved: ({ reason }) => [
    `${say("f_keychain")} ${KEYCHAIN[reason]()}`,
    say("f_copy_safe"),
    say("f_keychain_next"),
  ],
  keychain_not_cleared: ({ reason }) => [
    `${say("f_not_cleared")} ${KEYCHAIN[reason]()}`,
    say("f_left_safe"),
    say("f_not_cleared_next"),
  ],
  file_not_removed: ({ reason }) => [
    `${say("f_not_removed")} ${reason === "differs" ? say("f_not_removed_differs") : FILE[reason]()}`,
    say("f_left_safe"),
    say("f_not_removed_next"),
  ],
  journal_not_written: ({ reason }) => [
    `${say("f_journal")} ${FILE[reason]()}`,
    say("f_journal_safe"),
    say("f_journal_next"),
  ],
  clipboard_not_read: ({ reason }) => [NOT_READ[reason](), unchanged(), say("f_clipboard_read_next")],
  file_not_read: ({ reason }) => [FILE_NOT_READ[reason](), say("f_file_read_safe"), say("f_file_read_next")],
  reveal_failed: () => [say("f_reveal"), say("f_copy_safe"), say("f_reveal_next")],
  vault_gone: () => [say("f_vault_gone"), say("f_vault_gone_safe"), say("f_vault_gone_next")],
  vault_occupied: () => [say("f_vault_occupied"), unchanged(), say("f_vault_occupied_next")],
  out_of_bounds: ({ field }) => [say("f_out_of_bounds", { field }), kept(), say("f_out_of_bounds_next")],
};

/** All kinds there are, for the test that each has its sentences. */
export const KINDS = Object.keys(SENTENCES) as Kind[];

/** A fault of the page or of the bridge to Rust: no command rejects with this on purpose. */
const fault = (): Sentences => [say("f_unknown"), say("f_maybe_done"), say("f_unknown_next")];

/** The failure that a rejected call carries; `null` for what no command rejects with on purpose. */
export function failureIn(rejected: unknown): Failure | null {
  const kind: unknown = typeof rejected === "object" && rejected !== null && "kind" in rejected ? rejected.kind : null;
  return typeof kind === "string" && Object.hasOwn(SENTENCES, kind) ? (rejected as Failure) : null;
}

/** Kinds whose accounts speak of a change or a form, which a reading is not. */
const ABOUT_CHANGES = new Set<Kind>([
  "timed_out",
  "cut",
  "answer_too_large",
  "not_the_contract",
  "server_failed",
  "unexpected",
  "not_found",
  "rate_limited",
  "invalid",
]);

/** Of something that was only read: nothing can have been changed by it, and nothing was typed. */
export function accountOfReading(rejected: unknown): Account {
  const account = accountOf(rejected);
  const failure = failureIn(rejected);
  if (failure === null || !ABOUT_CHANGES.has(failure.kind)) return account;
  const next = failure.kind === "not_found" ? again(null) : account.next;
  return { ...account, safe: unchanged(), next };
}

/** Of a request that is the same when it is sent again, and has no form: nothing was typed, and nothing is made twice. */
export function accountOfRepeating(rejected: unknown): Account {
  const account = accountOf(rejected);
  const kind = failureIn(rejected)?.kind;
  if (kind === "stale") return { ...account, safe: unchanged(), next: again(null) };
  if (kind !== "outcome_unknown") return account;
  return { ...account, safe: say("f_unknown_outcome_nobody"), next: say("f_unknown_outcome_again") };
}

export function accountOf(rejected: unknown): Account {
  const failure = failureIn(rejected);
  const sentences = failure ? (SENTENCES[failure.kind] as (failure: Failure) => Sentences)(failure) : fault();
  return { happened: sentences[0], safe: sentences[1], next: sentences[2], requestId: failure?.request_id ?? null };
}

/** What is wrong with the store of the built-in NMS. */
export type DamagedStore = BuiltIn<"damaged">;

/** The damage that a failure tells of, if it does. */
export function damageIn(rejected: unknown): DamagedStore | null {
  const failure = failureIn(rejected);
  return failure?.kind === "built_in_server" && failure.reason.reason === "damaged" ? failure.reason : null;
}

/** What can be had instead of it. */
export interface Offer extends DamagedStore {
  backup: BackupView;
}

export function offerOf(damage: DamagedStore | null): Offer | null {
  return damage?.backup ? { ...damage, backup: damage.backup } : null;
}

/** When a backup was made, as exactly as that is known: its day is that of UTC. */
export function madeAt({ made_at, day }: BackupView): string {
  return made_at === null ? shortDay(`${day}T12:00:00Z`) : exactInstant(made_at);
}

/** Kinds that a change may end with although it was made. */
const MAYBE_DONE = new Set<Kind>([
  "timed_out",
  "cut",
  "answer_too_large",
  "not_the_contract",
  "unexpected",
  "outcome_unknown",
  "server_failed",
]);

/** Of a change: nobody knows whether it was made. So it is, too, with what no command rejects with on purpose. */
export function isMaybeDone(rejected: unknown): boolean {
  const failure = failureIn(rejected);
  return failure === null || MAYBE_DONE.has(failure.kind);
}

/** No answer came from the NMS, or it could not be started: what is on screen may be read on, and nothing can be changed. */
export function isOffline(failure: Failure | null): boolean {
  if (failure === null || damageIn(failure)?.found === "in_use") return false;
  return ["unreachable", "timed_out", "cut", "built_in_server"].includes(failure.kind);
}
