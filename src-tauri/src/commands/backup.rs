//! The automatic backups of the built-in server.

use chrono::NaiveDate;
use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::failure::Failure;
use crate::view::RestoredView;

/// Puts the backup of this day in the place of the built-in server's damaged store, which is kept. What asks next starts
/// the server.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn restore_backup(app: State<'_, App>, day: NaiveDate) -> Result<RestoredView, Failure> {
    app.servers().restore(day).await
}
