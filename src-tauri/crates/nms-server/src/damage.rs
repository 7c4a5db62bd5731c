//! Damage of the store that shows while the server runs: whoever meets it says so here, and the server goes on with what
//! can still be read. Whether the file is damaged is for a look at all of it to say (`store/inspect.rs`).

use tokio::sync::watch;

use crate::store;

/// Whether any query has met damage since the start.
#[derive(Default)]
pub(crate) struct Damage(watch::Sender<bool>);

impl Damage {
    /// Damage was met.
    pub(crate) fn notice(&self) {
        self.0.send_replace(true);
    }

    /// Some work failed for this; it may be damage.
    pub(crate) fn learn(&self, error: &store::Error) {
        if matches!(error, store::Error::Damaged(_)) {
            self.notice();
        }
    }

    /// Whether it was met so far.
    pub(crate) fn is_noticed(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when it is met, or (`false`) with the server.
    pub(crate) fn noticed(&self) -> impl Future<Output = bool> + Send + use<> {
        let mut seen = self.0.subscribe();
        async move { seen.wait_for(|is_noticed| *is_noticed).await.is_ok() }
    }
}
