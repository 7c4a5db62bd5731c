//! What the person chose: told, and changed as a whole.

use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::Failure;
use crate::view::{Settings, SettingsView};

/// The settings, and whether a file of them had to be set aside.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn describe_settings(app: State<'_, App>) -> SettingsView {
    app.settings().view()
}

/// Applies the settings at once, and keeps them for the next start.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn change_settings(app: State<'_, App>, settings: Settings) -> Result<SettingsView, Failure> {
    app.choose(settings.checked()?).await
}
