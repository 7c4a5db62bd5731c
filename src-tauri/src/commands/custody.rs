//! The one-time secret: copy, save, show, wipe. Every way out is a call into custody; no text of it passes here.

use nms_custody::{Look, Overwrite};
use tauri::{State, WebviewWindow};
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::{Failure, FailureKind, FileReason};
use crate::view::{RevealLook, Revealed, SaveOutcome, SaveWords, VaultView};
use crate::{file_dialog, reveal};

/// Where the secret is now.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn describe_vault(app: State<'_, App>) -> VaultView {
    app.vault()
}

/// Copies the token, at most once. What the answer says was observed by a connection of a stranger.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn copy_token(app: State<'_, App>, handle: u64) -> Result<VaultView, Failure> {
    app.custody().copy(App::handle(handle)?).await?;
    Ok(app.vault())
}

/// The person says that a copy that could not be checked has arrived.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn confirm_arrival(app: State<'_, App>, handle: u64) -> Result<VaultView, Failure> {
    app.custody().confirm_arrival(App::handle(handle)?).await;
    Ok(app.vault())
}

/// Asks where, then writes the token into a file that only the person can read.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn save_token_to_file(
    app: State<'_, App>,
    window: WebviewWindow,
    handle: u64,
    words: SaveWords,
) -> Result<SaveOutcome, Failure> {
    let handle = App::handle(handle)?;
    let chosen = file_dialog::ask_where(&window, words.checked()?).await.map_err(|_| no_dialog())?;
    let Some(path) = chosen else { return Ok(SaveOutcome::Dismissed) };
    // The dialog itself asks before it names a file that exists.
    let saved = app.custody().save_to_file(handle, &path, Overwrite::Replace).await?;
    Ok(SaveOutcome::Saved { path: saved.path.display().to_string() })
}

/// Stores the token in the system's keychain, where other programs find it, and reads it back.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn save_token_to_keychain(app: State<'_, App>, handle: u64) -> Result<VaultView, Failure> {
    app.save_to_keyring(App::handle(handle)?).await?;
    Ok(app.vault())
}

fn no_dialog() -> Failure {
    FailureKind::FileNotSaved { reason: FileReason::Other }.into()
}

/// Draws the token as a picture, at an address that is good for one fetch.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn reveal_token(app: State<'_, App>, handle: u64, look: RevealLook) -> Result<Revealed, Failure> {
    let look = look.checked()?;
    let look = Look { scale: look.scale, dark: look.dark, width_px: look.width_px };
    let picture = app.custody().draw(App::handle(handle)?, look)?;
    Ok(reveal::revealed(picture, app.custody().view()))
}

/// Hides the picture.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn hide_token(app: State<'_, App>, handle: u64) -> Result<(), Failure> {
    app.custody().hide(App::handle(handle)?);
    Ok(())
}

/// The answer *keep it* to the question whether the secret should stay.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn keep_vault(app: State<'_, App>, handle: u64) -> Result<VaultView, Failure> {
    app.custody().keep_on(App::handle(handle)?);
    Ok(app.vault())
}

/// Wipes the secret.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn close_vault(app: State<'_, App>, handle: u64) -> Result<(), Failure> {
    app.close_vault(App::handle(handle)?).await;
    Ok(())
}

/// Empties the clipboard now, if it holds the token.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn empty_clipboard(app: State<'_, App>) -> Result<VaultView, Failure> {
    app.custody().empty_clipboard().await;
    Ok(app.vault())
}
