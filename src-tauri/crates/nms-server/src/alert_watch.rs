//! Raises and closes alerts: a token that is used and expires soon raises one, extending, replacing or deleting the
//! token closes it. How bad one is follows from the clock; nothing is written for that.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::state::App;
use crate::store;

/// How long before the expiry of a token its alert is raised.
const RAISED_BEFORE: TimeDelta = TimeDelta::days(14);
/// A token that was used in this span is one that somebody would miss.
const USED_WITHIN: TimeDelta = TimeDelta::days(30);
/// How often to look at the clock and whether anything was written. Not a sleep until the next alert is due: that would
/// not count while the computer sleeps, nor see a clock that is set.
const LOOK_TIME: Duration = Duration::from_secs(1);

/// Looks until `stopping` says so. Asks the store only when something was written, or an alert is due.
pub(crate) async fn watch(app: App, mut stopping: watch::Receiver<bool>) {
    let mut seen = None;
    let mut due_at = DateTime::<Utc>::MIN_UTC;
    loop {
        let written = app.store.commits();
        if seen != Some(written) || due_at <= app.clock.now() {
            match review(&app).await {
                Ok(next) => (seen, due_at) = (Some(written), next),
                Err(error) => tracing::warn!(%error, "alerts could not be brought up to date"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_TIME) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Raises and closes what is to be raised and closed now, and says when the next may be due. Whoever reads alerts asks
/// for it first.
pub(crate) async fn review(app: &App) -> store::Result<DateTime<Utc>> {
    let now = app.clock.now();
    let unraised = app.store.tokens_without_alert(now - USED_WITHIN, now + RAISED_BEFORE).await?;
    if !unraised.is_empty() || app.store.has_mended_alerts().await? {
        let ids = unraised.iter().map(|_| app.random.id(now)).collect::<Result<Vec<_>, _>>();
        let ids = ids.map_err(|error| store::Error::Unexpected(error.into()))?;
        let raised: Vec<_> = ids.into_iter().zip(unraised).collect();
        app.store.write_alerts(&raised, now).await?;
    }
    let next = app.store.next_expiry(now + RAISED_BEFORE).await?;
    Ok(next.map_or(DateTime::<Utc>::MAX_UTC, |expires_at| expires_at - RAISED_BEFORE))
}
