//! The session over restarts: taken up from the keyring where it is still good, kept there where it is new. A keyring
//! that is slow, locked or absent holds nobody up: the session stays in memory, never in a file, and the page says so.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nms_api::Secret;
use nms_custody::keyring::{Kept, LIMIT, Late, Reason, ServerKey, SessionKeyring};
use tauri::AppHandle;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::app::tell;
use crate::view::{KeyringReason, KeyringView};

/// How long the start may wait for the keyring. A later answer is heard all the same.
const START_LIMIT: Duration = Duration::from_millis(250);

/// One server's session in the keyring, and what is known of it.
pub(crate) struct SessionKeeper {
    key: ServerKey,
    at_start: SessionKeyring,
    later: SessionKeyring,
    known: Mutex<KeyringView>,
    events: AppHandle,
}

impl SessionKeeper {
    /// Reaches for nothing yet. The receiver gets the answers that come after their limit.
    pub(crate) fn new(key: ServerKey, events: AppHandle) -> (Self, UnboundedReceiver<Late>) {
        let (late, lates) = unbounded_channel();
        let heard = late.clone();
        // Nobody listens any more: the app ends.
        let at_start = SessionKeyring::new(START_LIMIT, move |_, answer| drop(heard.send(answer)));
        let later = SessionKeyring::new(LIMIT, move |_, answer| drop(late.send(answer)));
        (Self { key, at_start, later, known: Mutex::new(KeyringView::Asking), events }, lates)
    }

    /// The session of the last start, if the keyring answers at once.
    pub(crate) async fn load(&self) -> Kept {
        self.at_start.load(&self.key).await
    }

    /// Keeps a session, in place of an older one, and says whether it is kept.
    pub(crate) async fn store(&self, session: &Secret) -> KeyringView {
        self.stored(self.later.store(&self.key, session).await)
    }

    /// What a store came to.
    pub(crate) fn stored(&self, answer: Result<(), Reason>) -> KeyringView {
        self.learn(match answer {
            Ok(()) => KeyringView::Kept,
            Err(reason) => KeyringView::Unavailable { reason: reason.into() },
        })
    }

    /// Whether the session is kept.
    pub(crate) fn known(&self) -> KeyringView {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something new is known; the page is told.
    pub(crate) fn learn(&self, known: KeyringView) -> KeyringView {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
        tell(&self.events, "keyring", known);
        known
    }
}

impl From<Reason> for KeyringReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NoService => Self::NoService,
            Reason::Locked => Self::Locked,
            Reason::TimedOut => Self::TimedOut,
            Reason::NoDefaultCollection => Self::NoCollection,
            Reason::Other => Self::Other,
        }
    }
}
