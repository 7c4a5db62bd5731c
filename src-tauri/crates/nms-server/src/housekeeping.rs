//! Work that no request waits for: uses are written down in batches, and what is over is forgotten.

use std::time::Duration;

use tokio::sync::watch;

use crate::auth;
use crate::state::App;

/// From the first use that is not written to the batch: less than the 5 s that a power cut may cost.
const BATCH_TIME: Duration = Duration::from_secs(2);
/// How often to look for what may be forgotten.
const PURGE_TIME: Duration = Duration::from_secs(60 * 60);

/// Writes uses until `stopping` says so. Costs nothing while nothing is used.
pub(crate) async fn write_uses(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = app.ledger.something_to_write.notified() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(BATCH_TIME) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        app.settle().await;
    }
}

/// Forgets what is over until `stopping` says so.
pub(crate) async fn purge(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        let now = app.clock.now();
        if let Err(error) = app.store.purge(now, auth::oldest_session(now)).await {
            app.damage.learn(&error);
            tracing::warn!(%error, "what is over could not be forgotten; the next hour tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(PURGE_TIME) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}
