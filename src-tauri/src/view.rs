//! What the UI sees where it is not the wire type itself. No secret has a counterpart here.

mod backup;
mod export;
mod finding;
mod reminder;
mod settings;
mod snippet;
mod unfinished;

use chrono::{DateTime, Utc};
use nms_api::{Event, EventOfToken, Me, Token, TokenCounts, TokenId};
use nms_server::PortHolder;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::{BuiltInReason, Failure};

pub use backup::{BackupView, RestoredView};
pub(crate) use export::COLUMNS;
pub use export::{CalendarWords, ColumnWords, ExportFormat, ExportOutcome, ExportProgress};
pub use finding::{Finding, FindingAround, FindingForm, FindingHeader, OpenWords, TestSource, TokenTest, Whose};
pub use reminder::{OpenToken, Reminder, ReminderOutcome, ReminderStep, ReminderToken, ReminderWords, ToldReminder};
pub use settings::{Density, LanguageTag, SetAside, SetAsideReason, Settings, SettingsView, Theme};
pub use snippet::{Snippet, SnippetForm, SnippetToken, SnippetWanted};
pub use unfinished::{UnfinishedToken, UnfinishedView};

/// Where we are and who we are there.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SessionView {
    /// The NMS that we speak to.
    pub server: ServerView,
    /// Who we are there, what we hold, what the server allows.
    pub me: Me,
    /// The latest expiry that a token may get, by the server's clock.
    pub latest_expires_at: DateTime<Utc>,
    /// How far this computer's clock is ahead of the server's, in seconds.
    #[ts(type = "number | null")]
    pub clock_ahead_s: Option<i64>,
    /// Whether the session is kept for the next start.
    pub keyring: KeyringView,
    /// What the built-in server has met of damage of its store since it runs.
    pub damage: Option<BuiltInReason>,
}

/// The NMS that we speak to.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ServerView {
    /// Runs inside this app, on this computer.
    pub is_built_in: bool,
    /// Scheme, host and port, for scripts and collectors.
    pub address: String,
    /// Where the built-in server keeps its data.
    pub data_dir: Option<String>,
    /// Somebody else had the usual port at the start. Where they have it still, scripts that use it would hand them their
    /// tokens.
    pub usual_port_taken: Option<PortHolderView>,
}

/// Who holds a port.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PortHolderView {
    /// The port.
    pub port: u16,
    /// Whether anybody listens on it at this moment.
    pub is_held: bool,
    /// The process, where it can be known.
    pub pid: Option<u32>,
    /// Its program, where it can be known.
    pub program: Option<String>,
}

impl From<PortHolder> for PortHolderView {
    fn from(PortHolder { port, is_held, pid, program }: PortHolder) -> Self {
        Self { port, is_held, pid, program }
    }
}

/// Whether the session is kept in the system keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum KeyringView {
    /// Asked, no answer yet.
    Asking,
    /// Kept there and read back.
    Kept,
    /// Kept in memory only.
    Unavailable {
        /// Why.
        reason: KeyringReason,
    },
}

/// Why the keyring does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringReason {
    /// No Secret Service runs.
    NoService,
    /// Locked, and nobody unlocked it.
    Locked,
    /// No answer in time; a question may still be open on the screen.
    TimedOut,
    /// It has no default collection.
    NoCollection,
    /// Something else.
    Other,
}

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TokenPage {
    /// In the order that was asked for.
    pub tokens: Vec<Token>,
    /// All of the person's, filters ignored.
    pub counts: TokenCounts,
    /// How many of them fit what was asked for, on all pages; unknown where the NMS does not say.
    pub matching: Option<u32>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// One page of what happened to a token.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct EventPage {
    /// Newest first.
    pub events: Vec<Event>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// One page of what happened to all tokens.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct EventOfTokenPage {
    /// Newest first.
    pub events: Vec<EventOfToken>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// What somebody typed to find something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SearchText(pub String);

/// Where a page of the server's ended; opaque.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Cursor(pub String);

/// How long a token that is rotated still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// Until the new value was handed over.
    AtHandOver,
    /// One hour.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
}

impl Overlap {
    /// In seconds, as the server is asked. A hand-over gets an hour, and ends the old token when it is proven.
    pub(crate) fn seconds(self) -> u32 {
        match self {
            Self::AtHandOver | Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
            Self::Week => 7 * 24 * 60 * 60,
        }
    }
}

/// The last list that was read, from when the NMS could still be reached. It may be read, and nothing in it changed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RememberedList {
    /// In the order in which they were asked for then. Perhaps not all: `counts` says how many there were.
    pub tokens: Vec<Token>,
    /// All of the person's, then.
    pub counts: TokenCounts,
    /// Then.
    pub read_at: DateTime<Utc>,
}

/// What came of creating, replacing or rotating a token.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Created {
    /// Its secret is in the vault, this once.
    InVault {
        /// The record.
        token: Box<Token>,
        /// The vault's state.
        vault: Box<VaultView>,
    },
    /// It exists, but the answer that carried its secret was lost: nobody holds it.
    Lost {
        /// The record.
        token: Box<Token>,
    },
}

/// The one-time vault, as the UI sees it. Times are milliseconds from now.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VaultView {
    /// Grows with each change: what was told later may arrive earlier, as an answer and an event may.
    #[ts(type = "number")]
    pub revision: u64,
    /// Which secret; `None` when the vault is empty and nothing is left to say.
    #[ts(type = "number | null")]
    pub handle: Option<u64>,
    /// Of which token.
    pub token_id: Option<TokenId>,
    /// Where the secret is.
    pub state: VaultState,
    /// The file in which it was saved, read back and found equal.
    pub saved_path: Option<String>,
    /// The same of the system keychain.
    pub is_in_keychain: bool,
    /// The picture is on screen.
    pub is_revealed: bool,
    /// This token takes the place of that one, which is deleted once the new value was handed over. Of a vault that was
    /// closed: while that is under way, and when it failed.
    pub replaces: Option<TokenId>,
    /// What has become of that one.
    pub replaced: Option<ReplacedState>,
    /// A value of ours on the clipboard. It may stay there after its secret was closed.
    pub clipboard: Option<ClipboardHold>,
}

/// What has become of a token whose place another one takes.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ReplacedState {
    /// It works on: the new value was not handed over.
    Waiting,
    /// The new value was handed over, and the old token is being deleted.
    Deleting,
    /// It is gone.
    Deleted,
    /// It could not be deleted, as far as is known, and may work on. `delete_token` tries again.
    Failed {
        /// Why not.
        failure: Failure,
    },
}

/// A value of ours can be pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum ClipboardHold {
    /// This app has it on the clipboard.
    Us {
        /// Until it is emptied; `None`: never.
        #[ts(type = "number | null")]
        emptied_in_ms: Option<u64>,
    },
    /// Another program (a clipboard manager) took it over and did not let go.
    Others,
    /// The desktop may have a copy of its own, which is replaced once our window has the focus.
    Desktop,
}

/// Where a one-time secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum VaultState {
    /// Nothing is kept.
    Empty,
    /// Kept, not copied yet.
    Holding {
        /// Until the dialog asks whether it should stay; or, when it asks already, `None`.
        #[ts(type = "number | null")]
        asks_in_ms: Option<u64>,
        /// While it asks: until it is wiped unless somebody answers.
        #[ts(type = "number | null")]
        wiped_in_ms: Option<u64>,
    },
    /// On the clipboard, but no other program could be asked: the person says whether it arrived.
    CopiedNotChecked {
        /// While the dialog asks whether it should stay: until it is wiped unless somebody answers.
        #[ts(type = "number | null")]
        wiped_in_ms: Option<u64>,
    },
    /// Another program read the same value from the clipboard; the vault is empty.
    Copied,
    /// It was copied, nobody could check it, and the person says that it arrived; the vault is empty.
    Arrived,
    /// It was copied, and the clipboard was emptied since.
    ClipboardEmptied,
    /// It was copied, and somebody copied something else since; that was left alone.
    ClipboardTaken,
    /// It was copied; another program (a clipboard manager) took it over and did not let go.
    ClipboardKeptByOthers,
    /// It was copied; nobody can tell what the clipboard holds now.
    ClipboardUnknown,
    /// Nobody took it in time; it was wiped.
    WipedByTime,
}

/// What the dialog that asks for a file says: the page's words, since it alone has the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct SaveWords {
    /// Its title.
    pub title: String,
    /// The button that saves.
    pub save: String,
    /// The button that does not.
    pub cancel: String,
    /// The name that it proposes.
    pub file_name: String,
}

/// What came of saving to a file.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SaveOutcome {
    /// Written with mode 0600, read back and found equal.
    Saved {
        /// Where.
        path: String,
    },
    /// The person dismissed the dialog.
    Dismissed,
}

/// Where a token's value was put.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct TokenPlaces {
    /// In this file.
    pub file: Option<String>,
    /// In the system keychain.
    pub in_keychain: bool,
}

/// How a reveal shall look.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, TS)]
pub struct RevealLook {
    /// Device pixels for each CSS pixel.
    pub scale: f32,
    /// Light on dark.
    pub dark: bool,
    /// Room for the picture, in CSS pixels.
    pub width_px: u32,
}

/// A picture of the secret, good for one fetch.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Revealed {
    /// Of the app's own protocol.
    pub url: String,
    /// Its size, in CSS pixels.
    pub width_px: u32,
    /// Its size, in CSS pixels.
    pub height_px: u32,
    /// Until it is hidden again, in milliseconds.
    #[ts(type = "number")]
    pub hides_in_ms: u64,
}

/// Somebody wants to close the window, and something would be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct CloseRequest {
    /// The vault holds a secret that is nowhere else.
    pub unsaved: bool,
    /// The clipboard holds a secret that quitting empties.
    pub clipboard_pending: bool,
    /// A form holds something that was not saved.
    pub form_unsaved: bool,
}

/// What the desktop asks for; `None`: it does not say, the web view's own media queries decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Appearance {
    /// Dark.
    pub dark: Option<bool>,
    /// More contrast.
    pub more_contrast: Option<bool>,
}
