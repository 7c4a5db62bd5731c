//! What may be told about custody: plain data without a secret. The shell has its own counterpart for the page.

use std::path::PathBuf;

use crate::vault::Handle;

/// Everything about custody at one moment. Times are milliseconds from that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultView {
    /// Counts changes, so that of two views the later can be told.
    pub revision: u64,
    /// What has become of the secret.
    pub vault: VaultState,
    /// What has become of the last value that went to the clipboard. It goes on after the vault was closed.
    pub clipboard: ClipboardView,
}

/// What has become of the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultState {
    /// Nothing is held, or the last one was closed.
    Empty,
    /// Held, not copied yet.
    Holding(HeldView),
    /// It went to the clipboard, and nobody could read it back. Held until the person says that it arrived.
    CopiedNotChecked(HeldView),
    /// A stranger read it from the clipboard. It is not held here any more.
    Copied {
        /// Whose.
        handle: Handle,
        /// Where it was saved as well.
        saved: Saved,
    },
    /// It went to the clipboard, nobody could read it back, and the person says that it arrived. It is not held here any
    /// more.
    Arrived {
        /// Whose.
        handle: Handle,
        /// Where it was saved as well.
        saved: Saved,
    },
    /// Wiped because its time was over.
    Expired {
        /// Whose.
        handle: Handle,
        /// Where it was saved, and still is.
        saved: Saved,
    },
}

/// Where a value was saved, read back and found equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// In this file.
    pub file: Option<PathBuf>,
    /// In the system's keyring.
    pub in_keyring: bool,
}

impl Saved {
    /// Whether it lies anywhere: closing then needs no question.
    pub fn is_anywhere(&self) -> bool {
        self.file.is_some() || self.in_keyring
    }
}

/// A secret that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldView {
    /// Which.
    pub handle: Handle,
    /// Where it was saved.
    pub saved: Saved,
    /// How long it stays.
    pub stay: StayView,
    /// Whether a copy is under way.
    pub copying: bool,
    /// How long its picture is still shown, if it is.
    pub reveal_ms: Option<u64>,
}

/// How long a held secret stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StayView {
    /// Until the question whether it should stay.
    Counting {
        /// Until that question.
        left_ms: u64,
    },
    /// The question stands.
    Asking {
        /// Until the secret is wiped.
        left_ms: u64,
    },
}

/// What has become of the last value that went to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClipboardView {
    /// Nothing of ours went there.
    Untouched,
    /// Our value is on it.
    Ours {
        /// Whose value.
        handle: Handle,
        /// Until it is emptied; `None`: it stays until the app ends.
        left_ms: Option<u64>,
    },
    /// It is being emptied.
    Emptying {
        /// Whose value.
        handle: Handle,
    },
    /// It was ours, was emptied, and was seen to be empty.
    Emptied {
        /// Whose value.
        handle: Handle,
    },
    /// Somebody else copied something since. It was left alone.
    TakenOver {
        /// Whose value it was.
        handle: Handle,
    },
    /// Another program (a clipboard manager) holds our value and did not let go.
    KeptByOthers {
        /// Whose value.
        handle: Handle,
    },
    /// Nobody can paste it from us any more, but the desktop may have kept a copy, which only a window with the focus can
    /// replace: that is done as soon as ours has it.
    AwaitsFocus {
        /// Whose value.
        handle: Handle,
    },
    /// Nobody can tell: the display does not answer.
    Unknown {
        /// Whose value.
        handle: Handle,
    },
}
