//! From custody's own view to what the UI shows, and from custody's errors to the UI's.

use nms_custody::{ClipboardView, Error, Handle, HeldView, StayView, VaultState as Kept, VaultView as Custody};

use crate::failure::{CopyReason, Failure, FailureKind, FileReason};
use crate::handover::Subject;
use crate::view::{ClipboardHold, VaultState, VaultView};

/// What the UI shows of this moment; `subject` says which token the handle belongs to.
pub(crate) fn view(custody: &Custody, subject: impl FnOnce(Handle) -> Option<Subject>) -> VaultView {
    let (handle, state, saved, is_revealed) = match &custody.vault {
        Kept::Empty => return empty(custody.clipboard),
        Kept::Holding(held) => (held.handle, holding(held), held.saved.as_ref(), held.reveal_ms.is_some()),
        Kept::CopiedNotChecked(held) => {
            (held.handle, VaultState::CopiedNotChecked, held.saved.as_ref(), held.reveal_ms.is_some())
        }
        Kept::Copied { handle, saved } => (*handle, copied(custody.clipboard), saved.as_ref(), false),
        Kept::Expired { handle, saved } => (*handle, VaultState::WipedByTime, saved.as_ref(), false),
    };
    let subject = subject(handle);
    VaultView {
        handle: Some(handle.number().into()),
        token_id: subject.map(|subject| subject.token_id),
        state,
        saved_path: saved.map(|path| path.display().to_string()),
        is_revealed,
        replaces: subject.and_then(|subject| subject.replaces),
        clipboard: hold(custody.clipboard),
    }
}

/// Nothing is kept; what went to the clipboard before may still be there.
fn empty(clipboard: ClipboardView) -> VaultView {
    VaultView {
        handle: None,
        token_id: None,
        state: VaultState::Empty,
        saved_path: None,
        is_revealed: false,
        replaces: None,
        clipboard: hold(clipboard),
    }
}

fn holding(held: &HeldView) -> VaultState {
    match held.stay {
        StayView::Counting { left_ms } => VaultState::Holding { asks_in_ms: Some(left_ms), wiped_in_ms: None },
        StayView::Asking { left_ms } => VaultState::Holding { asks_in_ms: None, wiped_in_ms: Some(left_ms) },
    }
}

fn copied(clipboard: ClipboardView) -> VaultState {
    match clipboard {
        ClipboardView::Ours { .. } | ClipboardView::Emptying { .. } => VaultState::Copied,
        ClipboardView::Emptied { .. } => VaultState::ClipboardEmptied,
        ClipboardView::TakenOver { .. } => VaultState::ClipboardTaken,
        ClipboardView::KeptByOthers { .. } => VaultState::ClipboardKeptByOthers,
        ClipboardView::Unknown { .. } | ClipboardView::Untouched => VaultState::ClipboardUnknown,
    }
}

fn hold(clipboard: ClipboardView) -> Option<ClipboardHold> {
    match clipboard {
        ClipboardView::Ours { left_ms, .. } => Some(ClipboardHold { emptied_in_ms: left_ms }),
        ClipboardView::Emptying { .. } => Some(ClipboardHold { emptied_in_ms: Some(0) }),
        ClipboardView::Untouched
        | ClipboardView::Emptied { .. }
        | ClipboardView::TakenOver { .. }
        | ClipboardView::KeptByOthers { .. }
        | ClipboardView::Unknown { .. } => None,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let what = match error {
            Error::Occupied => FailureKind::VaultOccupied,
            Error::NotHeld | Error::AlreadyCopied => FailureKind::VaultGone,
            Error::NoClipboard => FailureKind::CopyFailed { reason: CopyReason::NoDisplay },
            Error::ClipboardRefused => FailureKind::CopyFailed { reason: CopyReason::Refused },
            Error::ClipboardDiffers => FailureKind::CopyFailed { reason: CopyReason::Differs },
            Error::ClipboardTimedOut => FailureKind::CopyFailed { reason: CopyReason::TimedOut },
            Error::CopyUnderWay => FailureKind::InProgress { retry_after_s: None },
            Error::FileExists => not_saved(FileReason::Exists),
            Error::NoSuchFolder => not_saved(FileReason::NoFolder),
            Error::NotAFile | Error::FileRefused => not_saved(FileReason::NotAllowed),
            Error::FileNotPrivate => not_saved(FileReason::NotPrivate),
            Error::DiskFull => not_saved(FileReason::NoSpace),
            Error::FileDiffers => not_saved(FileReason::Differs),
            Error::FileTimedOut => not_saved(FileReason::TimedOut),
            Error::FileFailed(source) => {
                tracing::warn!(kind = ?source.kind(), "the file could not be written");
                not_saved(FileReason::Other)
            }
            Error::FileNotRead(why) => FailureKind::FileNotRead { reason: why.into() },
            Error::ClipboardHoldsSecret => FailureKind::ClipboardHoldsToken,
            Error::NotDrawable => FailureKind::RevealFailed,
        };
        what.into()
    }
}

fn not_saved(reason: FileReason) -> FailureKind {
    FailureKind::FileNotSaved { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_vault_still_tells_what_is_on_the_clipboard() {
        let handle = Handle::from_number(1);
        let told = |clipboard| view(&Custody { revision: 1, vault: Kept::Empty, clipboard }, |_| None).clipboard;
        let held = |emptied_in_ms| Some(ClipboardHold { emptied_in_ms });
        assert_eq!(told(ClipboardView::Ours { handle, left_ms: Some(7) }), held(Some(7)));
        assert_eq!(told(ClipboardView::Ours { handle, left_ms: None }), held(None));
        assert_eq!(told(ClipboardView::Emptying { handle }), held(Some(0)));
        assert_eq!(told(ClipboardView::Emptied { handle }), None);
        assert_eq!(told(ClipboardView::TakenOver { handle }), None);
    }
}
