//! The window itself.

use tauri::{AppHandle, State};
use tracing::instrument;

use crate::app::App;
use crate::view::Appearance;

/// What the desktop asks for: dark, more contrast.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn describe_appearance(app: State<'_, App>) -> Appearance {
    app.appearances().now()
}

/// Whether a form holds something that was not saved: closing the window then asks first.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn set_form_unsaved(app: State<'_, App>, unsaved: bool) {
    app.tell_form(unsaved);
}

/// Ends the app, after the page has asked whatever was to be asked. Wipes the vault, empties the clipboard if it is ours.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn quit(app: AppHandle) {
    app.exit(0);
}
