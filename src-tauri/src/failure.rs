//! The only error that reaches the UI: closed, tagged, with the fields that a sentence needs and never a sentence.
//!
//! Not here: words (they stand in the UI's catalogue) and foreign errors' texts (they end in the log, if anywhere).

use nms_api::{PermissionName, Token};
use serde::Serialize;
use ts_rs::TS;

use crate::view::{BackupView, KeyringReason};

/// What went wrong, for the UI.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Failure {
    /// What.
    #[serde(flatten)]
    pub what: FailureKind,
    /// The server's id of the request, for whoever reads its log. Shown with the sentence.
    pub request_id: Option<String>,
}

/// What went wrong. Each variant has a sentence in the UI's catalogue: what happened, what is safe, what to do next.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FailureKind {
    /// No connection; nothing was sent.
    Unreachable {
        /// Why not.
        reason: UnreachableReason,
    },
    /// No answer in time.
    TimedOut,
    /// The connection ended before the answer did.
    Cut,
    /// The server sent us elsewhere, which is never followed.
    Redirected,
    /// The answer was larger than any answer may be.
    AnswerTooLarge,
    /// An answer that is none of the contract: HTML, broken JSON, wrong types.
    NotTheContract {
        /// HTTP status.
        status: u16,
    },
    /// A problem that this version does not know.
    Unexpected {
        /// HTTP status.
        status: u16,
    },
    /// Nobody knows whether it was done. Of a creation, `find_out` asks.
    OutcomeUnknown {
        /// What.
        action: Action,
    },
    /// The person stopped waiting, and nothing was done.
    Cancelled,
    /// The session is over or unknown.
    SignedOut,
    /// The person may not do this; names what is missing.
    PermissionMissing {
        /// Which.
        permissions: Vec<PermissionName>,
    },
    /// The person does not hold what they would grant.
    PermissionNotHeld {
        /// Which.
        permissions: Vec<PermissionName>,
    },
    /// The server knows no such permission.
    PermissionUnknown {
        /// Which.
        permissions: Vec<PermissionName>,
    },
    /// For sessions only, never in a token.
    PermissionNotGrantable {
        /// Which.
        permissions: Vec<PermissionName>,
    },
    /// Not accepted from this computer's address.
    AddressNotAllowed,
    /// The server refused the request as foreign (`Host` or `Origin`): something stands between.
    Foreign,
    /// Not there any more, or not the person's.
    NotFound,
    /// It was rotated already.
    AlreadyReplaced,
    /// Its time is over: it cannot be rotated.
    AlreadyExpired,
    /// The request was larger than the server takes.
    RequestTooLarge,
    /// A member is wrong.
    Invalid {
        /// Which: `name`, `description`, `permissions`, `expires_at` or a later server's.
        field: Option<String>,
    },
    /// The list changed under the page; it starts anew.
    CursorInvalid,
    /// The same request is still at work.
    InProgress {
        /// Seconds.
        #[ts(type = "number | null")]
        retry_after_s: Option<u64>,
    },
    /// The person has as many tokens as the server allows.
    TooManyTokens,
    /// The token that this request had made was deleted meanwhile.
    KeySpent,
    /// Somebody changed the token since it was read.
    Stale {
        /// As it is now, where the server says so.
        token: Option<Box<Token>>,
    },
    /// Too many requests.
    RateLimited {
        /// Seconds.
        #[ts(type = "number | null")]
        retry_after_s: Option<u64>,
    },
    /// The server failed; it says that nothing was changed.
    ServerFailed {
        /// HTTP status.
        status: u16,
    },
    /// The server cannot write now: disk full or read-only.
    StorageUnavailable,
    /// The built-in server could not start, or has met damage of its store.
    BuiltInServer {
        /// Why.
        reason: BuiltInReason,
    },
    /// No backup was put in the place of the damaged store, which is as it was.
    NotRestored {
        /// Why.
        reason: RestoreReason,
    },
    /// The clipboard did not take the token; it is still in the vault.
    CopyFailed {
        /// Why.
        reason: CopyReason,
    },
    /// The clipboard still holds the token; another text would push it out.
    ClipboardHoldsToken,
    /// The file was not written; the token is still in the vault.
    FileNotSaved {
        /// Why.
        reason: FileReason,
    },
    /// The system keychain did not take the token; it is still in the vault.
    KeychainNotSaved {
        /// Why.
        reason: KeyringReason,
    },
    /// The token is deleted, but its value may still be in the system keychain.
    KeychainNotCleared {
        /// Why.
        reason: KeyringReason,
    },
    /// The token is deleted, but the file with its value is still there.
    FileNotRemoved {
        /// Why; `differs`: it holds something else by now.
        reason: FileReason,
    },
    /// What the clipboard holds could not be read.
    ClipboardNotRead {
        /// Why.
        reason: ClipboardReadReason,
    },
    /// A file that the person chose could not be read.
    FileNotRead {
        /// Why.
        reason: FileReadReason,
    },
    /// The list was read, but the file of an export was not written.
    ExportNotSaved {
        /// Why.
        reason: FileReason,
    },
    /// A creation could not be noted in the journal on this computer: nothing was sent.
    JournalNotWritten {
        /// Why.
        reason: FileReason,
    },
    /// The settings hold, but could not be written for the next start.
    SettingsNotSaved {
        /// Why.
        reason: FileReason,
    },
    /// The picture could not be drawn; the token is still in the vault.
    RevealFailed,
    /// The vault holds no such secret (any more).
    VaultGone,
    /// The vault still holds another token's secret, which is nowhere else.
    VaultOccupied,
    /// The UI asked for something out of bounds: a fault of this app.
    OutOfBounds {
        /// The argument.
        field: String,
    },
}

/// What a request was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Make a token: create, replace, rotate.
    Create,
    /// Change one.
    Update,
    /// Delete one.
    Delete,
}

/// Why no connection came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnreachableReason {
    /// Nobody listens there.
    Refused,
    /// The name is not known.
    Name,
    /// No answer to the attempt to connect.
    Silent,
    /// No way there: network down, host unreachable.
    NoRoute,
    /// Its certificate was issued by nobody whom this computer trusts.
    UntrustedCertificate,
    /// Its certificate is for another name.
    CertificateName,
    /// Its certificate has expired, or is not valid yet.
    CertificateTime,
    /// No encrypted connection came about otherwise.
    Tls,
    /// What listens there does not speak HTTP.
    NotHttp,
    /// Something else.
    Other,
}

/// Why the built-in server does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum BuiltInReason {
    /// Another process writes this store.
    Locked {
        /// Its process id, where it can be known.
        pid: Option<u32>,
    },
    /// The store was written by a newer version; it is untouched.
    NewerSchema,
    /// The store cannot be read, or is gone although there are backups of it; it is untouched.
    Damaged {
        /// What of it.
        found: Damage,
        /// The folder that it lies in.
        folder: String,
        /// The last backup that is whole.
        backup: Option<BackupView>,
    },
    /// The folder cannot be made or written.
    Folder {
        /// Which.
        path: String,
    },
    /// No port could be had.
    NoPort,
    /// A fault of this app.
    Fault,
}

/// In what way a store is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// It cannot be read: the server did not start.
    Unreadable,
    /// It is not there any more: the server did not start.
    Gone,
    /// Some of it cannot be read: the server runs on with the rest.
    InUse,
}

/// Why no backup was put in the store's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum RestoreReason {
    /// Another process works with the folder.
    Locked {
        /// Its process id, where it can be known.
        pid: Option<u32>,
    },
    /// The store is whole, or the server runs: somebody has put it right meanwhile.
    NotDamaged,
    /// That backup is gone, or damaged by now.
    NoBackup,
    /// The folder cannot be used.
    Folder {
        /// Which.
        path: String,
        /// Why.
        why: FileReason,
    },
    /// Something else.
    Fault,
}

/// Why the clipboard does not hold the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CopyReason {
    /// No display to copy on.
    NoDisplay,
    /// This desktop lets only the window with the focus copy, and ours has it not.
    NeedsFocus,
    /// The clipboard refused.
    Refused,
    /// Another program's read gave back something else.
    Differs,
    /// The value does not fit into the text around it.
    DoesNotFit,
    /// No answer in time.
    TimedOut,
}

/// Why a file was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileReason {
    /// The folder or file may not be written.
    NotAllowed,
    /// No room.
    NoSpace,
    /// No such folder.
    NoFolder,
    /// Something is there already, and it was not to be replaced.
    Exists,
    /// Others could read a file there; nothing was written.
    NotPrivate,
    /// What was read back differs.
    Differs,
    /// No answer in time; whether the file is there will show.
    TimedOut,
    /// Something else.
    Other,
}

/// Why what the clipboard holds could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClipboardReadReason {
    /// No display, or a desktop that lets no program read it unasked.
    NotReachable,
    /// It was refused.
    Refused,
    /// The program that copied did not answer in time.
    TimedOut,
}

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileReadReason {
    /// It is not there (any more).
    NotFound,
    /// It may not be read.
    NotAllowed,
    /// A folder, a pipe, a device.
    NotAFile,
    /// The file system did not answer in time.
    TimedOut,
    /// Something else.
    Other,
}

impl From<FailureKind> for Failure {
    fn from(what: FailureKind) -> Self {
        Self { what, request_id: None }
    }
}
