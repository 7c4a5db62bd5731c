//! The list in a file of the person's choice.

use nms_api::TokenQuery;
use tauri::{AppHandle, State, WebviewWindow};
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::{Failure, FailureKind, FileReason};
use crate::view::{ExportFormat, ExportOutcome, SaveWords};
use crate::{export, file_dialog};

/// Asks where, reads every page that the query lists, and writes them. Tells `export_progress` meanwhile.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn export_tokens(
    app: State<'_, App>,
    window: WebviewWindow,
    events: AppHandle,
    format: ExportFormat,
    words: SaveWords,
    query: TokenQuery,
) -> Result<ExportOutcome, Failure> {
    let (format, words, query) = (format.checked()?, words.checked()?, query.checked()?);
    let chosen = file_dialog::ask_where(&window, words).await.map_err(|_| no_dialog())?;
    let Some(path) = chosen else { return Ok(ExportOutcome::Dismissed) };
    export::run(&app, &events, path, format, query).await
}

/// Stops an export that is still reading; nothing is written then.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn cancel_export(app: State<'_, App>) {
    app.stop_export();
}

fn no_dialog() -> Failure {
    FailureKind::ExportNotSaved { reason: FileReason::Other }.into()
}
