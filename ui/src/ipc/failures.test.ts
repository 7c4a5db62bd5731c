// Each failure has its own account: what happened, what is safe, what to do next, and the id of the request.
import { expect, test } from "vitest";
import { accountOf, failureIn, isMaybeDone, isOffline, KINDS } from "./failures";
import type { ClipboardReadReason } from "./generated/ClipboardReadReason";
import type { CopyReason } from "./generated/CopyReason";
import type { Failure } from "./generated/Failure";
import type { FileReadReason } from "./generated/FileReadReason";
import type { FileReason } from "./generated/FileReason";
import type { KeyringReason } from "./generated/KeyringReason";
import type { UnreachableReason } from "./generated/UnreachableReason";

/** Each of a type's words: the compiler says which is left out. */
const all = <T extends string>(words: Record<T, 0>) => Object.keys(words) as T[];
const reasons = {
  unreachable: all<UnreachableReason>({
    refused: 0,
    name: 0,
    silent: 0,
    no_route: 0,
    untrusted_certificate: 0,
    certificate_name: 0,
    certificate_time: 0,
    tls: 0,
    not_http: 0,
    other: 0,
  }),
  copy: all<CopyReason>({ no_display: 0, needs_focus: 0, refused: 0, differs: 0, timed_out: 0, does_not_fit: 0 }),
  clipboard: all<ClipboardReadReason>({ not_reachable: 0, refused: 0, timed_out: 0 }),
  keychain: all<KeyringReason>({ no_service: 0, locked: 0, timed_out: 0, no_collection: 0, other: 0 }),
  read: all<FileReadReason>({ not_found: 0, not_allowed: 0, not_a_file: 0, timed_out: 0, other: 0 }),
  file: all<FileReason>({
    not_allowed: 0,
    no_space: 0,
    no_folder: 0,
    exists: 0,
    not_private: 0,
    differs: 0,
    timed_out: 0,
    other: 0,
  }),
};
const named = { permissions: ["devices:read", "alerts:read"] };
const request_id = "req-7f3a";

const backup = { day: "2026-11-28", made_at: "2026-11-28T08:15:00Z" };

/** Every form that a failure can take, reasons included. The compiler holds that none is malformed. */
const ALL: Failure[] = [
  ...reasons.unreachable.map((reason) => ({ kind: "unreachable", reason, request_id: null }) as const),
  { kind: "timed_out", request_id },
  { kind: "cut", request_id },
  { kind: "redirected", request_id },
  { kind: "answer_too_large", request_id },
  { kind: "not_the_contract", status: 200, request_id },
  { kind: "unexpected", status: 418, request_id },
  { kind: "outcome_unknown", action: "create", request_id },
  { kind: "outcome_unknown", action: "update", request_id },
  { kind: "outcome_unknown", action: "delete", request_id },
  { kind: "cancelled", request_id },
  { kind: "signed_out", request_id },
  { kind: "permission_missing", ...named, request_id },
  { kind: "permission_missing", permissions: [], request_id },
  { kind: "permission_not_held", ...named, request_id },
  { kind: "permission_not_held", permissions: [], request_id },
  { kind: "permission_unknown", ...named, request_id },
  { kind: "permission_unknown", permissions: [], request_id },
  { kind: "already_replaced", request_id },
  { kind: "already_expired", request_id },
  { kind: "permission_not_grantable", ...named, request_id },
  { kind: "permission_not_grantable", permissions: [], request_id },
  { kind: "address_not_allowed", request_id },
  { kind: "foreign", request_id },
  { kind: "not_found", request_id },
  { kind: "request_too_large", request_id },
  { kind: "invalid", field: "name", request_id },
  { kind: "invalid", field: null, request_id },
  { kind: "cursor_invalid", request_id },
  { kind: "in_progress", retry_after_s: 2, request_id },
  { kind: "in_progress", retry_after_s: null, request_id },
  { kind: "too_many_tokens", request_id },
  { kind: "key_spent", request_id },
  { kind: "stale", token: null, request_id },
  { kind: "rate_limited", retry_after_s: 120, request_id },
  { kind: "rate_limited", retry_after_s: null, request_id },
  { kind: "server_failed", status: 500, request_id },
  { kind: "storage_unavailable", request_id },
  { kind: "built_in_server", reason: { reason: "locked", pid: 4711 }, request_id: null },
  { kind: "built_in_server", reason: { reason: "locked", pid: null }, request_id: null },
  { kind: "built_in_server", reason: { reason: "newer_schema" }, request_id: null },
  ...(["unreadable", "gone", "in_use"] as const).flatMap((found) =>
    [null, backup].map((backup): Failure => {
      const reason = { reason: "damaged", found, folder: "/srv/nms", backup } as const;
      return { kind: "built_in_server", reason, request_id: null };
    }),
  ),
  { kind: "built_in_server", reason: { reason: "folder", path: "/srv/nms" }, request_id: null },
  { kind: "built_in_server", reason: { reason: "no_port" }, request_id: null },
  { kind: "built_in_server", reason: { reason: "fault" }, request_id: null },
  { kind: "not_restored", reason: { reason: "locked", pid: 4711 }, request_id: null },
  { kind: "not_restored", reason: { reason: "locked", pid: null }, request_id: null },
  { kind: "not_restored", reason: { reason: "not_damaged" }, request_id: null },
  { kind: "not_restored", reason: { reason: "no_backup" }, request_id: null },
  { kind: "not_restored", reason: { reason: "fault" }, request_id: null },
  ...reasons.file.map(
    (why) => ({ kind: "not_restored", reason: { reason: "folder", path: "/srv/nms", why }, request_id: null }) as const,
  ),
  ...reasons.copy.map((reason) => ({ kind: "copy_failed", reason, request_id: null }) as const),
  { kind: "clipboard_holds_token", request_id: null },
  ...reasons.file.map((reason) => ({ kind: "file_not_saved", reason, request_id: null }) as const),
  ...reasons.clipboard.map((reason) => ({ kind: "clipboard_not_read", reason, request_id: null }) as const),
  ...reasons.read.map((reason) => ({ kind: "file_not_read", reason, request_id: null }) as const),
  ...reasons.file.map((reason) => ({ kind: "export_not_saved", reason, request_id: null }) as const),
  ...reasons.file.map((reason) => ({ kind: "settings_not_saved", reason, request_id: null }) as const),
  ...reasons.keychain.map((reason) => ({ kind: "keychain_not_saved", reason, request_id: null }) as const),
  ...reasons.keychain.map((reason) => ({ kind: "keychain_not_cleared", reason, request_id: null }) as const),
  ...reasons.file.map((reason) => ({ kind: "file_not_removed", reason, request_id: null }) as const),
  ...reasons.file.map((reason) => ({ kind: "journal_not_written", reason, request_id: null }) as const),
  { kind: "reveal_failed", request_id: null },
  { kind: "vault_gone", request_id: null },
  { kind: "vault_occupied", request_id: null },
  { kind: "out_of_bounds", field: "limit", request_id: null },
];

test("all kinds are here", () => {
  expect(new Set(ALL.map((failure) => failure.kind))).toEqual(new Set(KINDS));
});

test.each(ALL.map((failure) => [JSON.stringify(failure), failure] as const))("%s is told", (_, failure) => {
  const account = accountOf(failure);
  for (const sentence of [account.happened, account.safe, account.next]) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toMatch(/[{}]|undefined|null|!|sorry/i);
  }
  expect(account.requestId).toBe(failure.request_id);
});

test("no two failures are told alike", () => {
  const told = ALL.map((failure) => accountOf(failure)).map(({ happened, next }) => `${happened} ${next}`);
  expect(told.filter((sentence, place) => told.indexOf(sentence) !== place)).toEqual([]);
});

test("what is named is in the sentence", () => {
  expect(accountOf({ kind: "permission_missing", ...named, request_id }).happened).toContain(
    "devices:read and alerts:read",
  );
  expect(accountOf({ kind: "rate_limited", retry_after_s: 120, request_id }).next).toContain("2 minutes");
  expect(accountOf({ kind: "in_progress", retry_after_s: 1, request_id }).next).toContain("1 second.");
});

test("what no command rejects with on purpose is a fault of the app, and hides nothing", () => {
  for (const stray of [new Error("boom"), "boom", null, undefined, { kind: "of_tomorrow" }, { kind: "toString" }]) {
    expect(failureIn(stray)).toBeNull();
    expect(accountOf(stray).happened).toBe("Something went wrong inside this app.");
    expect(JSON.stringify(accountOf(stray))).not.toContain("boom");
  }
});

test("offline is when no answer came, or nothing is there that could give one", () => {
  const offline = ALL.filter((failure) => isOffline(failure)).map((failure) => failure.kind);
  expect(new Set(offline)).toEqual(new Set(["unreachable", "timed_out", "cut", "built_in_server"]));
});

test("a change may have been made when its answer was lost or the server failed over it, and not when it was refused", () => {
  const maybe = ALL.filter((failure) => isMaybeDone(failure));
  for (const failure of maybe) expect(accountOf(failure).safe).not.toBe("Nothing was changed.");
  // Whoever is told that it may have been made is not told that nothing was.
  expect(ALL.filter((failure) => accountOf(failure).safe.includes("may have been made")).every(isMaybeDone)).toBe(true);
  expect(maybe.map((failure) => failure.kind)).toContain("outcome_unknown");
  expect(isMaybeDone(new Error("boom"))).toBe(true);
});
