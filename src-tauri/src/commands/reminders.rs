//! Reminders of expiries: the page asks what is due and says it in its words.

use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::Failure;
use crate::view::{Reminder, ReminderOutcome, ReminderWords};

/// What the person is to be reminded of now; nothing where the settings say so.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn due_reminders(app: State<'_, App>) -> Result<Vec<Reminder>, Failure> {
    if app.settings().settings().reminders { app.reminders().due().await } else { Ok(Vec::new()) }
}

/// Shows a reminder on the desktop, once. A click on it shows the window and tells `open_token`.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn show_reminder(app: State<'_, App>, words: ReminderWords) -> Result<ReminderOutcome, Failure> {
    Ok(app.reminders().show(words.checked()?).await)
}
