//! The list of commands, so that each needs a permission in `capabilities/main.json`.

const COMMANDS: &[&str] = &[
    "describe_session",
    "retry_keyring",
    "restore_backup",
    "describe_appearance",
    "describe_settings",
    "change_settings",
    "list_permissions",
    "list_tokens",
    "remembered_tokens",
    "create_token",
    "cancel_create_token",
    "find_out",
    "list_unfinished",
    "keep_unfinished",
    "replace_token",
    "rotate_token",
    "list_uses",
    "list_use_days",
    "list_token_events",
    "list_events",
    "list_callers",
    "read_token",
    "update_token",
    "delete_token",
    "describe_places",
    "remove_places",
    "describe_vault",
    "copy_token",
    "confirm_arrival",
    "save_token_to_file",
    "save_token_to_keychain",
    "reveal_token",
    "hide_token",
    "keep_vault",
    "close_vault",
    "empty_clipboard",
    "describe_snippets",
    "copy_snippet",
    "copy_filled_snippet",
    "export_tokens",
    "cancel_export",
    "due_reminders",
    "show_reminder",
    "test_token",
    "set_form_unsaved",
    "quit",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}
