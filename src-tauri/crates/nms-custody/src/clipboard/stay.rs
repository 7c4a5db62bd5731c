//! A value's stay on the clipboard, seen from the side that serves it.

use std::sync::{Arc, Mutex, PoisonError};

use super::Lost;

/// Ends once. Whoever asks to be told is told, however late they ask.
#[derive(Clone, Default)]
pub(super) struct Stay(Arc<Mutex<State>>);

#[derive(Default)]
enum State {
    #[default]
    Begun,
    Watched(Lost),
    Over,
}

impl Stay {
    pub(super) fn is_over(&self) -> bool {
        matches!(*self.lock(), State::Over)
    }

    /// Who is told when it is over.
    pub(super) fn watcher(&self) -> Option<Lost> {
        if let State::Watched(lost) = &*self.lock() { Some(Lost::clone(lost)) } else { None }
    }

    /// Tells `lost` when it is over, or now.
    pub(super) fn watch(&self, lost: Lost) {
        let mut state = self.lock();
        if matches!(*state, State::Over) {
            drop(state);
            lost();
        } else {
            *state = State::Watched(lost);
        }
    }

    pub(super) fn end(&self) {
        // Told without the lock held: who is told may ask.
        let before = std::mem::replace(&mut *self.lock(), State::Over);
        if let State::Watched(lost) = before {
            lost();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
