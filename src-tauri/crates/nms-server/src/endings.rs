//! The end of replaced tokens. From its instant on they are refused and in no list, because everybody looks at the
//! clock; here it is only written down, with its event.

use std::time::Duration;

use chrono::TimeDelta;
use nms_api::Actor;
use tokio::sync::watch;

use crate::state::App;
use crate::store::{self, Ended};
use crate::{catalogue, changes};

/// Why a token was deleted in whose place another was made.
pub(crate) const REPLACED: &str = "replaced";
/// How long to wait when nothing ends sooner.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// How long to wait after a write that failed: most often the disk is full.
const RETRY: Duration = Duration::from_secs(60);
/// What has just not ended yet may be looked at a little late: that it is over, everybody sees from the clock.
const BREATH: Duration = Duration::from_millis(100);

/// Writes each end when its time has come, until `stopping` says so.
pub(crate) async fn write_ends(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        let wait = write_and_look_ahead(&app).await.unwrap_or_else(|error| {
            app.damage.learn(&error);
            tracing::warn!(%error, "the end of a replaced token could not be written down; it is refused all the same");
            RETRY
        });
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = app.something_ends.notified() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Says after how long to look again.
async fn write_and_look_ahead(app: &App) -> store::Result<Duration> {
    write_ended(app).await?;
    let next = app.store.next_end().await?;
    let wait = next.map(|next| (next - app.clock.now()).to_std().unwrap_or_default());
    Ok(wait.map_or(PATIENCE, |wait| wait.clamp(BREATH, PATIENCE)))
}

/// Writes the deletion of every replaced token whose time is over. Whoever reads events asks for it first.
pub(crate) async fn write_ended(app: &App) -> store::Result<()> {
    let ended = {
        let _reading = app.ledger.reading().await;
        let mut ended = app.store.ended_tokens(app.clock.now()).await?;
        ended.iter_mut().for_each(|ended| app.ledger.merge(&mut ended.row));
        ended
    };
    for Ended { row, held } in ended {
        let Some(at) = row.ends_at else { continue };
        // Behind whatever happened in the same microsecond.
        let id =
            app.random.id(at + TimeDelta::microseconds(1)).map_err(|error| store::Error::Unexpected(error.into()))?;
        let deleted =
            changes::deleted(id, &row, &held.unwrap_or_else(catalogue::all), at, Actor::Server, Some(REPLACED));
        // False: somebody was faster and wrote it, or its owner deleted it.
        app.store.delete_token(&row, at, &[deleted], None).await?;
    }
    Ok(())
}
