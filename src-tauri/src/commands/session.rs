//! Who we are, where, and whether that is kept for the next start.

use nms_api::expiry;
use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::failure::Failure;
use crate::view::{KeyringView, SessionView};

/// Where we are and who we are there. Connects, where there is no connection yet or the last try failed.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn describe_session(app: State<'_, App>) -> Result<SessionView, Failure> {
    let me = app.servers().me().await?;
    let connection = app.servers().connected().await?;
    Ok(SessionView {
        server: connection.view().await,
        latest_expires_at: expiry::latest(me.server_time, me.limits.max_months),
        clock_ahead_s: connection.client().clock_skew().map(|skew| -skew.num_seconds()),
        me,
        keyring: connection.keyring(),
        damage: connection.damage().await,
    })
}

/// Tries the keyring again, without a restart.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn retry_keyring(app: State<'_, App>) -> Result<KeyringView, Failure> {
    app.servers().connected().await?.retry_keyring().await
}
