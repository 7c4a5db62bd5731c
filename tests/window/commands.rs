//! What the page may call takes nothing without bounds: a page that went wrong costs an error, not the app.

use std::collections::BTreeSet;

use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

const LISTED: &str = include_str!("../../src-tauri/build.rs");

/// They take nothing.
const NOTHING: [&str; 14] = [
    "describe_session",
    "retry_keyring",
    "describe_appearance",
    "describe_settings",
    "remembered_tokens",
    "cancel_create_token",
    "find_out",
    "list_unfinished",
    "describe_vault",
    "empty_clipboard",
    "cancel_export",
    "due_reminders",
    "quit",
    // A yes or a no.
    "set_form_unsaved",
];

/// A megabyte where an id or a number is wanted; it is refused before the command begins.
const BY_FORM: [&str; 15] = [
    "restore_backup",
    "keep_unfinished",
    "replace_token",
    "rotate_token",
    "list_uses",
    "read_token",
    "delete_token",
    "describe_places",
    "remove_places",
    "copy_token",
    "confirm_arrival",
    "save_token_to_keychain",
    "hide_token",
    "keep_vault",
    "close_vault",
];

/// Of the right form and too long: what is sent, as a script, and which member is named.
const TOO_LONG: [(&str, &str, &str); 23] = [
    ("change_settings", "{ settings: { ...settings, language: long } }", "language"),
    ("change_settings", "{ settings: { ...settings, list: { q: long } } }", "list"),
    ("list_permissions", "{ language: long }", "language"),
    ("list_tokens", "{ query: { q: long } }", "q"),
    ("list_tokens", "{ query: { cursor: long } }", "cursor"),
    ("create_token", "{ request: { name: long, permissions: [] } }", "name"),
    ("create_token", "{ request: { permissions: many('devices:read') } }", "permissions"),
    ("create_token", "{ request: { permissions: [], allowed_addresses: many('::1') } }", "allowed_addresses"),
    ("list_use_days", "{ ids: many(id) }", "ids"),
    ("list_token_events", "{ id, cursor: long }", "cursor"),
    ("list_events", "{ query: { q: long } }", "q"),
    ("list_events", "{ query: { kinds: long } }", "kinds"),
    ("list_callers", "{ q: long }", "q"),
    ("update_token", "{ id, etag: 'x', changes: { description: long } }", "description"),
    ("update_token", "{ id, etag: long, changes: {} }", "etag"),
    ("save_token_to_file", "{ handle: 1, words: { title: long, save: 's', cancel: 'c', file_name: 'f' } }", "title"),
    ("reveal_token", "{ handle: 1, look: { scale: 1, dark: false, width_px: 4000000 } }", "width_px"),
    ("describe_snippets", "{ wanted: { handle: null, name: long } }", "name"),
    ("copy_snippet", "{ form: 'curl', wanted: { handle: null, name: long } }", "name"),
    ("copy_filled_snippet", "{ handle: 1, form: 'curl', wanted: { handle: null, name: long } }", "name"),
    (
        "export_tokens",
        "{ format: { kind: 'json' }, words: { title: 't', save: 's', cancel: 'c', file_name: long }, query: {} }",
        "file_name",
    ),
    ("show_reminder", "{ words: { title: long, body: 'b', click: 'c', told: [] } }", "title"),
    ("test_token", "{ from: 'clipboard', words: { title: 't', open: long, cancel: 'c' } }", "open"),
];

/// What a command answered, or with what it was refused.
#[track_caller]
fn call(app: &App<'_>, command: &str, sent: &str) -> Value {
    app.look_later(&format!(
        "const tell = arguments[arguments.length - 1];
        const [long, id] = ['x'.repeat(1 << 20), '018f0000-0000-7000-8000-000000000001'];
        const many = (one) => Array.from({{ length: 20000 }}, () => one);
        const {{ invoke }} = window.__TAURI_INTERNALS__;
        invoke('describe_settings')
            .then(({{ settings }}) => invoke('{command}', {sent}))
            .then((answer) => tell({{ answer }}), (refused) => tell({{ refused }}));"
    ))
}

#[test]
fn each_command_refuses_what_is_too_long_by_its_name_and_the_app_goes_on() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for (command, sent, member) in TOO_LONG {
        let told = call(&app, command, sent);
        let refused = (&told["refused"]["kind"], &told["refused"]["field"]);
        assert_eq!(refused, (&json!("out_of_bounds"), &json!(member)), "{command} {sent}: {told}");
    }
    for command in BY_FORM {
        let told = call(
            &app,
            command,
            "{ id: long, day: long, handle: long, form: long, wanted: { name: long }, overlap: long }",
        );
        assert!(told["refused"].is_string() || told["refused"].is_object(), "{command}: {told}");
    }
    let of_all: BTreeSet<&str> =
        TOO_LONG.iter().map(|(command, _, _)| *command).chain(BY_FORM).chain(NOTHING).collect();
    let listed: BTreeSet<&str> =
        LISTED.split("= &[").nth(1).unwrap().split(']').next().unwrap().split('"').skip(1).step_by(2).collect();
    assert_eq!(of_all, listed, "every command that is listed was called, or takes nothing");
    assert!(!app.log().contains("panicked"));
    assert!(app.listed().is_empty(), "nothing was made");
}
