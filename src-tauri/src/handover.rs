//! Which token the vault's secret belongs to, and which token it takes the place of. The old one is deleted only after
//! the new value was handed over, and exactly once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use nms_api::{Token, TokenId};
use nms_custody::{Handle, Saved, VaultState, VaultView};

use crate::failure::Failure;
use crate::view::ReplacedState;

/// What a handle stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subject {
    /// The token whose secret is kept.
    pub(crate) token_id: TokenId,
    /// What the person called it.
    pub(crate) name: Option<String>,
    /// How its value begins, as lists show it.
    pub(crate) prefix: String,
    /// How it ends.
    pub(crate) suffix: String,
    /// The token that it replaces, and what has become of that.
    pub(crate) replaced: Option<Replaced>,
}

/// A token whose place another one takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Replaced {
    /// Which.
    pub(crate) id: TokenId,
    /// What has become of it.
    pub(crate) state: ReplacedState,
}

/// The subject of the secret that is kept or was handed over last.
#[derive(Default)]
pub(crate) struct Handover {
    last: Mutex<Option<Current>>,
    revision: AtomicU64,
}

struct Current {
    handle: Handle,
    subject: Subject,
    /// The value is known to be somewhere else.
    is_handed_over: bool,
    /// Where it was saved, as far as was heard.
    saved: Saved,
}

/// A value that was handed over just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HandedOver {
    /// Whose.
    pub(crate) token_id: TokenId,
    /// The token that ends by it.
    pub(crate) ends: Option<TokenId>,
}

impl Handover {
    /// Grows with each change. Read before what it counts: a view never claims to be newer than it is.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }

    /// A secret was put into the vault.
    pub(crate) fn begin(&self, handle: Handle, token: &Token, replaces: Option<TokenId>) {
        let replaced = replaces.map(|id| Replaced { id, state: ReplacedState::Waiting });
        let Token { id, name, prefix, suffix, .. } = token.clone();
        let subject = Subject { token_id: id, name, prefix, suffix, replaced };
        *self.lock() = Some(Current { handle, subject, is_handed_over: false, saved: Saved::default() });
        self.changed();
    }

    /// What this handle stands for, if it is the last one.
    pub(crate) fn subject(&self, handle: Handle) -> Option<Subject> {
        self.lock().as_ref().filter(|last| last.handle == handle).map(|last| last.subject.clone())
    }

    /// The replaced token of the last subject, while there is something to say of it although the vault was closed.
    pub(crate) fn unfinished(&self) -> Option<Replaced> {
        let replaced = self.lock().as_ref()?.subject.replaced.clone()?;
        match replaced.state {
            ReplacedState::Deleting | ReplacedState::Failed { .. } => Some(replaced),
            ReplacedState::Waiting | ReplacedState::Deleted => None,
        }
    }

    /// Whether the value of this handle is known to be somewhere else, as far as was heard.
    pub(crate) fn is_handed_over(&self, handle: Handle) -> bool {
        self.lock().as_ref().is_some_and(|last| last.handle == handle && last.is_handed_over)
    }

    /// Where the value lies, when that is news.
    pub(crate) fn learn_place(&self, custody: &VaultView) -> Option<(Subject, Saved)> {
        let (handle, saved) = match &custody.vault {
            VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => (held.handle, &held.saved),
            VaultState::Copied { handle, saved }
            | VaultState::Arrived { handle, saved }
            | VaultState::Expired { handle, saved } => (*handle, saved),
            VaultState::Empty => return None,
        };
        let mut last = self.lock();
        let current = last.as_mut().filter(|last| last.handle == handle && last.saved != *saved)?;
        current.saved = saved.clone();
        Some((current.subject.clone(), saved.clone()))
    }

    /// The token whose value was handed over, once. What it replaces is being deleted from now on.
    pub(crate) fn take(&self, custody: &VaultView) -> Option<HandedOver> {
        let handle = handed_over(custody)?;
        let mut last = self.lock();
        let current = last.as_mut().filter(|last| last.handle == handle && !last.is_handed_over)?;
        current.is_handed_over = true;
        let replaced = current.subject.replaced.as_mut();
        let ends = replaced.filter(|replaced| replaced.state == ReplacedState::Waiting).map(|replaced| {
            replaced.state = ReplacedState::Deleting;
            self.changed();
            replaced.id
        });
        Some(HandedOver { token_id: current.subject.token_id, ends })
    }

    /// Somebody deleted this token, or tried to. Answers whether that is news of the replaced one.
    pub(crate) fn learn(&self, id: TokenId, deleted: &Result<(), Failure>) -> bool {
        let mut last = self.lock();
        let replaced = last.as_mut().and_then(|last| last.subject.replaced.as_mut());
        let Some(replaced) = replaced.filter(|replaced| replaced.id == id) else { return false };
        replaced.state = match (deleted, &replaced.state) {
            (Ok(()), _) => ReplacedState::Deleted,
            // Of a try of the person's own the person is told.
            (Err(_), ReplacedState::Waiting | ReplacedState::Deleted) => return false,
            (Err(failure), ReplacedState::Deleting | ReplacedState::Failed { .. }) => {
                ReplacedState::Failed { failure: failure.clone() }
            }
        };
        self.changed();
        true
    }

    fn changed(&self) {
        self.revision.fetch_add(1, Ordering::SeqCst);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The handle whose value is known to be somewhere else: copied and checked, or saved and read back.
fn handed_over(custody: &VaultView) -> Option<Handle> {
    match &custody.vault {
        VaultState::Copied { handle, .. } | VaultState::Arrived { handle, .. } => Some(*handle),
        VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => {
            held.saved.is_anywhere().then_some(held.handle)
        }
        VaultState::Expired { handle, saved } => saved.is_anywhere().then_some(*handle),
        VaultState::Empty => None,
    }
}

#[cfg(test)]
mod tests {
    use nms_custody::{ClipboardView, HeldView, StayView};
    use uuid::Uuid;

    use super::*;
    use crate::failure::FailureKind;
    use crate::samples;

    fn token() -> TokenId {
        TokenId(Uuid::now_v7())
    }

    fn record(id: TokenId) -> Token {
        Token { id, ..samples::token(1, Some("poller-03")) }
    }

    fn nowhere() -> Saved {
        Saved::default()
    }

    fn holding(handle: Handle, saved: Saved) -> VaultView {
        let stay = StayView::Counting { left_ms: 1 };
        let held = HeldView { handle, saved, stay, copying: false, reveal_ms: None };
        VaultView { revision: 1, vault: VaultState::Holding(held), clipboard: ClipboardView::Untouched }
    }

    fn copied(handle: Handle) -> VaultView {
        let clipboard = ClipboardView::Ours { handle, left_ms: None };
        VaultView { revision: 1, vault: VaultState::Copied { handle, saved: nowhere() }, clipboard }
    }

    /// The token that ends by what custody says.
    fn ends(handover: &Handover, custody: &VaultView) -> Option<TokenId> {
        handover.take(custody).and_then(|over| over.ends)
    }

    #[test]
    fn a_value_is_handed_over_once_whether_or_not_it_replaces_another() {
        let (handover, handle, new) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, &record(new), None);
        assert_eq!(handover.take(&holding(handle, nowhere())), None);
        assert!(!handover.is_handed_over(handle));
        assert_eq!(handover.take(&copied(handle)), Some(HandedOver { token_id: new, ends: None }));
        assert!(handover.is_handed_over(handle));
        assert_eq!(handover.take(&copied(handle)), None);
    }

    #[test]
    fn where_a_value_was_saved_is_told_when_it_is_news() {
        let (handover, handle, new) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, &record(new), None);
        let told = |saved: &Saved| handover.learn_place(&holding(handle, saved.clone())).map(|(_, saved)| saved);
        assert_eq!(told(&nowhere()), None);
        let file = Saved { file: Some("/t".into()), ..nowhere() };
        assert_eq!((told(&file), told(&file)), (Some(file.clone()), None));
        let both = Saved { in_keyring: true, ..file };
        assert_eq!(told(&both), Some(both));
    }

    #[test]
    fn the_replaced_token_goes_once_and_only_after_the_hand_over() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, &record(token()), Some(old));
        assert_eq!(ends(&handover, &holding(handle, nowhere())), None);
        assert_eq!(ends(&handover, &copied(Handle::from_number(2))), None);
        assert_eq!(ends(&handover, &copied(handle)), Some(old));
        assert_eq!(ends(&handover, &copied(handle)), None);
    }

    #[test]
    fn a_saved_file_or_keyring_entry_is_a_hand_over_too() {
        for saved in [Saved { file: Some("/t".into()), ..nowhere() }, Saved { in_keyring: true, ..nowhere() }] {
            let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
            handover.begin(handle, &record(token()), Some(old));
            assert_eq!(ends(&handover, &holding(handle, saved)), Some(old));
        }
    }

    #[track_caller]
    fn assert_state(handover: &Handover, handle: Handle, expected: &ReplacedState) {
        let state = handover.subject(handle).unwrap().replaced.unwrap().state;
        assert_eq!(state, *expected);
    }

    fn failed() -> (Failure, ReplacedState) {
        let failure = Failure::from(FailureKind::ServerFailed { status: 500 });
        (failure.clone(), ReplacedState::Failed { failure })
    }

    #[test]
    fn what_becomes_of_the_replaced_token_is_told_step_by_step() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, &record(token()), Some(old));
        assert_state(&handover, handle, &ReplacedState::Waiting);
        ends(&handover, &copied(handle)).unwrap();
        assert_state(&handover, handle, &ReplacedState::Deleting);
        let (failure, failed) = failed();
        assert!(handover.learn(old, &Err(failure)));
        assert_state(&handover, handle, &failed);
        assert_eq!(handover.unfinished().unwrap().state, failed, "that is to be told after the vault was closed, too");
        assert!(handover.learn(old, &Ok(())), "it was tried again");
        assert_state(&handover, handle, &ReplacedState::Deleted);
        assert_eq!(handover.unfinished(), None);
    }

    #[test]
    fn a_value_that_was_wiped_by_time_leaves_the_old_token_as_it_is() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, &record(token()), Some(old));
        let vault = VaultState::Expired { handle, saved: nowhere() };
        let wiped = VaultView { revision: 1, vault, clipboard: ClipboardView::Untouched };
        assert_eq!(ends(&handover, &wiped), None);
        assert_state(&handover, handle, &ReplacedState::Waiting);
        assert_eq!(handover.unfinished(), None);
    }

    #[test]
    fn only_the_replaced_token_is_news_and_a_try_of_the_persons_own_is_no_failure_of_ours() {
        let (handover, handle, old) = (Handover::default(), Handle::from_number(1), token());
        handover.begin(handle, &record(token()), Some(old));
        assert!(!handover.learn(token(), &Ok(())));
        assert!(!handover.learn(old, &Err(failed().0)));
        assert_state(&handover, handle, &ReplacedState::Waiting);
        assert!(handover.learn(old, &Ok(())));
        assert_state(&handover, handle, &ReplacedState::Deleted);
        assert_eq!(ends(&handover, &copied(handle)), None, "it is gone already");
    }
}
