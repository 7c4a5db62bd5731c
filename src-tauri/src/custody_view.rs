//! From custody's own view to what the UI shows, and from custody's errors to the UI's.

use nms_api::TokenId;
use nms_custody::{ClipboardView, Error, HeldView, StayView, VaultState as Kept, VaultView as Custody};

use crate::failure::{CopyReason, Failure, FailureKind, FileReason};
use crate::handover::{Handover, Replaced};
use crate::view::{ClipboardHold, ReplacedState, VaultState, VaultView};

/// What the UI shows of this moment; `handover` says which token the handle belongs to.
pub(crate) fn view(custody: &Custody, handover: &Handover) -> VaultView {
    let revision = custody.revision + handover.revision();
    let (handle, state, saved, is_revealed) = match &custody.vault {
        Kept::Empty => return empty(revision, custody.clipboard, handover.unfinished()),
        Kept::Holding(held) => (held.handle, holding(held), &held.saved, held.reveal_ms.is_some()),
        Kept::CopiedNotChecked(held) => {
            let state = VaultState::CopiedNotChecked { wiped_in_ms: wiped_in_ms(held.stay) };
            (held.handle, state, &held.saved, held.reveal_ms.is_some())
        }
        Kept::Copied { handle, saved } => (*handle, copied(custody.clipboard), saved, false),
        Kept::Arrived { handle, saved } => (*handle, arrived(custody.clipboard), saved, false),
        Kept::Expired { handle, saved } => (*handle, VaultState::WipedByTime, saved, false),
    };
    let subject = handover.subject(handle);
    let token_id = subject.as_ref().map(|subject| subject.token_id);
    let (replaces, replaced) = of_replaced(subject.and_then(|subject| subject.replaced));
    VaultView {
        revision,
        handle: Some(handle.number().into()),
        token_id,
        state,
        saved_path: saved.file.as_ref().map(|path| path.display().to_string()),
        is_in_keychain: saved.in_keyring,
        is_revealed,
        replaces,
        replaced,
        clipboard: hold(custody.clipboard),
    }
}

fn of_replaced(replaced: Option<Replaced>) -> (Option<TokenId>, Option<ReplacedState>) {
    replaced.map(|replaced| (replaced.id, replaced.state)).unzip()
}

/// Nothing is kept; what went to the clipboard before may still be there, and an old token may still be on its way out.
fn empty(revision: u64, clipboard: ClipboardView, unfinished: Option<Replaced>) -> VaultView {
    let (replaces, replaced) = of_replaced(unfinished);
    VaultView {
        revision,
        handle: None,
        token_id: None,
        state: VaultState::Empty,
        saved_path: None,
        is_in_keychain: false,
        is_revealed: false,
        replaces,
        replaced,
        clipboard: hold(clipboard),
    }
}

fn holding(held: &HeldView) -> VaultState {
    let asks_in_ms = match held.stay {
        StayView::Counting { left_ms } => Some(left_ms),
        StayView::Asking { .. } => None,
    };
    VaultState::Holding { asks_in_ms, wiped_in_ms: wiped_in_ms(held.stay) }
}

fn wiped_in_ms(stay: StayView) -> Option<u64> {
    match stay {
        StayView::Counting { .. } => None,
        StayView::Asking { left_ms } => Some(left_ms),
    }
}

fn copied(clipboard: ClipboardView) -> VaultState {
    match clipboard {
        ClipboardView::Ours { .. } | ClipboardView::Emptying { .. } => VaultState::Copied,
        ClipboardView::Emptied { .. } => VaultState::ClipboardEmptied,
        ClipboardView::TakenOver { .. } => VaultState::ClipboardTaken,
        ClipboardView::KeptByOthers { .. } => VaultState::ClipboardKeptByOthers,
        ClipboardView::AwaitsFocus { .. } | ClipboardView::Unknown { .. } | ClipboardView::Untouched => {
            VaultState::ClipboardUnknown
        }
    }
}

/// Nobody checked it: what is told of the clipboard may not sound as if.
fn arrived(clipboard: ClipboardView) -> VaultState {
    match clipboard {
        ClipboardView::Emptied { .. } => VaultState::ClipboardEmptied,
        ClipboardView::Ours { .. }
        | ClipboardView::Emptying { .. }
        | ClipboardView::TakenOver { .. }
        | ClipboardView::KeptByOthers { .. }
        | ClipboardView::AwaitsFocus { .. }
        | ClipboardView::Unknown { .. }
        | ClipboardView::Untouched => VaultState::Arrived,
    }
}

fn hold(clipboard: ClipboardView) -> Option<ClipboardHold> {
    match clipboard {
        ClipboardView::Ours { left_ms, .. } => Some(ClipboardHold::Us { emptied_in_ms: left_ms }),
        ClipboardView::Emptying { .. } => Some(ClipboardHold::Us { emptied_in_ms: Some(0) }),
        ClipboardView::AwaitsFocus { .. } => Some(ClipboardHold::Desktop),
        ClipboardView::KeptByOthers { .. } => Some(ClipboardHold::Others),
        ClipboardView::Untouched
        | ClipboardView::Emptied { .. }
        | ClipboardView::TakenOver { .. }
        | ClipboardView::Unknown { .. } => None,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let what = match error {
            Error::Occupied => FailureKind::VaultOccupied,
            Error::NotHeld | Error::AlreadyCopied => FailureKind::VaultGone,
            Error::NoClipboard => FailureKind::CopyFailed { reason: CopyReason::NoDisplay },
            Error::ClipboardNeedsFocus => FailureKind::CopyFailed { reason: CopyReason::NeedsFocus },
            Error::ClipboardRefused => FailureKind::CopyFailed { reason: CopyReason::Refused },
            Error::ClipboardDiffers => FailureKind::CopyFailed { reason: CopyReason::Differs },
            Error::ClipboardTimedOut => FailureKind::CopyFailed { reason: CopyReason::TimedOut },
            Error::NotFramable => FailureKind::CopyFailed { reason: CopyReason::DoesNotFit },
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
            Error::KeyringFailed(reason) => FailureKind::KeychainNotSaved { reason: reason.into() },
            Error::FileNotRead(why) => FailureKind::FileNotRead { reason: why.into() },
            Error::ClipboardHoldsSecret => FailureKind::ClipboardHoldsToken,
            Error::NotDrawable => FailureKind::RevealFailed,
        };
        what.into()
    }
}

/// The value could not be taken out of the keychain.
pub(crate) fn not_cleared(error: Error) -> Failure {
    match Failure::from(error).what {
        FailureKind::KeychainNotSaved { reason } => FailureKind::KeychainNotCleared { reason }.into(),
        other => other.into(),
    }
}

/// The file with the value could not be removed.
pub(crate) fn not_removed(error: Error) -> Failure {
    match Failure::from(error).what {
        FailureKind::FileNotSaved { reason } => FailureKind::FileNotRemoved { reason }.into(),
        other => other.into(),
    }
}

fn not_saved(reason: FileReason) -> FailureKind {
    FailureKind::FileNotSaved { reason }
}

#[cfg(test)]
mod tests {
    use nms_custody::{Handle, Saved};
    use uuid::Uuid;

    use super::*;
    use crate::samples;

    #[test]
    fn a_closed_vault_still_tells_what_is_on_the_clipboard() {
        let handle = Handle::from_number(1);
        let handover = Handover::default();
        let told = |clipboard| view(&Custody { revision: 1, vault: Kept::Empty, clipboard }, &handover).clipboard;
        let held = |emptied_in_ms| Some(ClipboardHold::Us { emptied_in_ms });
        assert_eq!(told(ClipboardView::Ours { handle, left_ms: Some(7) }), held(Some(7)));
        assert_eq!(told(ClipboardView::Ours { handle, left_ms: None }), held(None));
        assert_eq!(told(ClipboardView::Emptying { handle }), held(Some(0)));
        assert_eq!(told(ClipboardView::AwaitsFocus { handle }), Some(ClipboardHold::Desktop));
        assert_eq!(told(ClipboardView::KeptByOthers { handle }), Some(ClipboardHold::Others));
        assert_eq!(told(ClipboardView::Emptied { handle }), None);
        assert_eq!(told(ClipboardView::TakenOver { handle }), None);
    }

    #[test]
    fn a_copy_that_nobody_checked_tells_too_when_it_is_wiped() {
        let told = |stay| {
            let handle = Handle::from_number(1);
            let held = HeldView { handle, saved: Saved::default(), stay, copying: false, reveal_ms: None };
            let clipboard = ClipboardView::Ours { handle, left_ms: None };
            view(&Custody { revision: 1, vault: Kept::CopiedNotChecked(held), clipboard }, &Handover::default()).state
        };
        let wiped = |wiped_in_ms| VaultState::CopiedNotChecked { wiped_in_ms };
        assert_eq!(told(StayView::Counting { left_ms: 600_000 }), wiped(None));
        assert_eq!(told(StayView::Asking { left_ms: 60_000 }), wiped(Some(60_000)));
    }

    #[test]
    fn what_nobody_checked_is_never_said_to_be_checked() {
        let handle = Handle::from_number(1);
        let vault = Kept::Arrived { handle, saved: Saved::default() };
        let told =
            |clipboard| view(&Custody { revision: 1, vault: vault.clone(), clipboard }, &Handover::default()).state;
        let ours = ClipboardView::Ours { handle, left_ms: Some(1) };
        for clipboard in [ours, ClipboardView::TakenOver { handle }, ClipboardView::AwaitsFocus { handle }] {
            assert_eq!(told(clipboard), VaultState::Arrived);
        }
        assert_eq!(told(ClipboardView::Emptied { handle }), VaultState::ClipboardEmptied);
    }

    #[test]
    fn a_later_moment_has_a_later_revision_whichever_of_both_changed() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), TokenId(Uuid::now_v7()));
        let copied = |revision| {
            let vault = Kept::Copied { handle, saved: Saved::default() };
            Custody { revision, vault, clipboard: ClipboardView::Untouched }
        };
        handover.begin(handle, &samples::token(1, None), Some(old));
        let mut told = vec![view(&copied(1), &handover).revision];
        handover.take(&copied(1)).unwrap();
        told.push(view(&copied(1), &handover).revision);
        assert!(handover.learn(old, &Ok(())));
        told.push(view(&copied(1), &handover).revision);
        told.push(view(&copied(2), &handover).revision);
        assert!(told.is_sorted_by(|one, next| one < next), "{told:?}");
    }

    #[test]
    fn a_closed_vault_still_tells_of_an_old_token_that_could_not_be_deleted() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), TokenId(Uuid::now_v7()));
        handover.begin(handle, &samples::token(1, None), Some(old));
        let told = |vault| {
            let told = view(&Custody { revision: 1, vault, clipboard: ClipboardView::Untouched }, &handover);
            (told.replaces, told.replaced)
        };
        let copied = Kept::Copied { handle, saved: Saved::default() };
        assert_eq!(told(copied.clone()), (Some(old), Some(ReplacedState::Waiting)));
        assert_eq!(told(Kept::Empty), (None, None));
        let custody = Custody { revision: 1, vault: copied, clipboard: ClipboardView::Untouched };
        assert_eq!(handover.take(&custody).and_then(|over| over.ends), Some(old));
        let failure = Failure::from(FailureKind::ServerFailed { status: 500 });
        assert!(handover.learn(old, &Err(failure.clone())));
        assert_eq!(told(Kept::Empty), (Some(old), Some(ReplacedState::Failed { failure })));
    }
}
