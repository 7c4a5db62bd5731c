//! Which token the vault's secret belongs to, and which token it takes the place of. The old one is deleted only after
//! the new value was handed over, and exactly once.

use std::sync::{Mutex, PoisonError};

use nms_api::TokenId;
use nms_custody::{Handle, VaultState, VaultView};

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The token whose secret is kept.
    pub(crate) token_id: TokenId,
    /// The token that it replaces.
    pub(crate) replaces: Option<TokenId>,
}

/// The subject of the secret that is kept or was handed over last.
#[derive(Default)]
pub(crate) struct Handover {
    last: Mutex<Option<Current>>,
}

struct Current {
    handle: Handle,
    subject: Subject,
    /// The replaced token, until somebody was told to delete it.
    to_delete: Option<TokenId>,
}

impl Handover {
    /// A secret was put into the vault.
    pub(crate) fn begin(&self, handle: Handle, subject: Subject) {
        *self.lock() = Some(Current { handle, subject, to_delete: subject.replaces });
    }

    /// What this handle stands for, if it is the last one.
    pub(crate) fn subject(&self, handle: Handle) -> Option<Subject> {
        self.lock().as_ref().filter(|last| last.handle == handle).map(|last| last.subject)
    }

    /// The replaced token, once its successor's value was handed over; `None` ever after.
    pub(crate) fn take_replaced(&self, custody: &VaultView) -> Option<TokenId> {
        let handle = handed_over(custody)?;
        self.lock().as_mut().filter(|last| last.handle == handle)?.to_delete.take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The handle whose value is known to be somewhere else: copied and checked, or saved and read back.
fn handed_over(custody: &VaultView) -> Option<Handle> {
    match &custody.vault {
        VaultState::Copied { handle, .. } => Some(*handle),
        VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => held.saved.as_ref().map(|_| held.handle),
        VaultState::Expired { handle, saved } => saved.as_ref().map(|_| *handle),
        VaultState::Empty => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use nms_custody::{ClipboardView, HeldView, StayView};
    use uuid::Uuid;

    use super::*;

    fn token() -> TokenId {
        TokenId(Uuid::now_v7())
    }

    fn holding(handle: Handle, saved: Option<PathBuf>) -> VaultView {
        let stay = StayView::Counting { left_ms: 1 };
        let held = HeldView { handle, saved, stay, copying: false, reveal_ms: None };
        VaultView { revision: 1, vault: VaultState::Holding(held), clipboard: ClipboardView::Untouched }
    }

    fn copied(handle: Handle) -> VaultView {
        let clipboard = ClipboardView::Ours { handle, left_ms: None };
        VaultView { revision: 1, vault: VaultState::Copied { handle, saved: None }, clipboard }
    }

    #[test]
    fn the_replaced_token_goes_once_and_only_after_the_hand_over() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, Subject { token_id: token(), replaces: Some(old) });
        assert_eq!(handover.take_replaced(&holding(handle, None)), None);
        assert_eq!(handover.take_replaced(&copied(Handle::from_number(2))), None);
        assert_eq!(handover.take_replaced(&copied(handle)), Some(old));
        assert_eq!(handover.take_replaced(&copied(handle)), None);
    }

    #[test]
    fn a_saved_file_is_a_hand_over_too() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, Subject { token_id: token(), replaces: Some(old) });
        assert_eq!(handover.take_replaced(&holding(handle, Some("/t".into()))), Some(old));
    }
}
