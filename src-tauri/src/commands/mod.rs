//! What the page may ask of Rust: parse, one call, answer. The names stand in `build.rs` too, so that each needs a
//! permission.

mod backup;
mod custody;
mod export;
mod reminders;
mod session;
mod settings;
mod snippets;
mod stopped;
mod test;
mod tokens;
mod window;

use tauri::ipc::Invoke;

/// All commands. None takes or answers the text of a secret.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        session::describe_session,
        session::retry_keyring,
        backup::restore_backup,
        window::describe_appearance,
        settings::describe_settings,
        settings::change_settings,
        tokens::list_permissions,
        tokens::list_tokens,
        tokens::remembered_tokens,
        tokens::create_token,
        tokens::cancel_create_token,
        tokens::find_out,
        tokens::list_unfinished,
        tokens::keep_unfinished,
        tokens::replace_token,
        tokens::rotate_token,
        tokens::list_uses,
        tokens::list_use_days,
        tokens::list_token_events,
        stopped::list_events,
        stopped::list_callers,
        stopped::read_token,
        tokens::update_token,
        tokens::delete_token,
        tokens::describe_places,
        tokens::remove_places,
        custody::describe_vault,
        custody::copy_token,
        custody::confirm_arrival,
        custody::save_token_to_file,
        custody::save_token_to_keychain,
        custody::reveal_token,
        custody::hide_token,
        custody::keep_vault,
        custody::close_vault,
        custody::empty_clipboard,
        snippets::describe_snippets,
        snippets::copy_snippet,
        snippets::copy_filled_snippet,
        export::export_tokens,
        export::cancel_export,
        reminders::due_reminders,
        reminders::show_reminder,
        test::test_token,
        window::set_form_unsaved,
        window::quit,
    ]
}
