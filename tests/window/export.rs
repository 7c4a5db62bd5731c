//! The list in a file of the person's choice, through GTK's own dialog.

use std::fs;

use palpabl_nms_settings_tests::relay::Relay;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

const TITLE: &str = "Export the list";
const COLUMNS: [&str; 18] = [
    "name",
    "description",
    "masked",
    "state",
    "expires_at",
    "permissions",
    "effective_permissions",
    "allowed_addresses",
    "created_at",
    "updated_at",
    "last_used_at",
    "last_used_from",
    "use_count",
    "used_permissions",
    "replaces",
    "replaced_by",
    "ends_at",
    "id",
];

fn wanted(format: &Value) -> Value {
    let words = json!({"title": TITLE, "save": "Export", "cancel": "Cancel", "file_name": "tokens"});
    json!({ "format": format, "words": words, "query": {"sort": "name"} })
}

fn csv() -> Value {
    let columns: Value =
        COLUMNS.iter().map(|name| ((*name).to_owned(), json!(name))).collect::<serde_json::Map<_, _>>().into();
    json!({"kind": "csv", "columns": columns})
}

fn ics() -> Value {
    let words = json!({"title": "API tokens", "summary": "{name} ends", "summary_unnamed": "{masked} ends", "description": "{masked}"});
    json!({"kind": "ics", "calendar": words})
}

#[test]
fn the_list_is_written_in_each_form_and_holds_no_secret() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let secrets = [app.create_and_copy("=1+1", &["metrics:read"]), app.create_and_copy("poller-03", &["devices:read"])];
    app.hear("export_progress");
    for (format, name, expected) in [
        (csv(), "tokens.csv", "\r\n'=1+1,,pnms_pat_"),
        (json!({"kind": "json"}), "tokens.json", "\"name\": \"poller-03\""),
        (ics(), "tokens.ics", "\r\nSUMMARY:poller-03 ends\r\n"),
    ] {
        let path = desktop.home().join(name);
        let export = app.begin("export_tokens", &wanted(&format));
        app.answer_file_dialog(TITLE, &path);
        assert_eq!(export.answer(), json!({"kind": "saved", "path": path.display().to_string(), "tokens": 2}));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(expected), "{text}");
        secrets.iter().for_each(|secret| crate::main_job::assert_no_secret(&text, secret));
    }
    assert_eq!(
        app.told("export_progress"),
        [json!({"read": 2, "all": 2}), json!({"read": 2, "all": 2}), json!({"read": 2, "all": 2})]
    );
    let listed: Value = serde_json::from_slice(&fs::read(desktop.home().join("tokens.json")).unwrap()).unwrap();
    assert_eq!(listed["tokens"], app.ask("list_tokens", &json!({"query": {"sort": "name"}}))["tokens"]);
    assert_eq!(listed["server"], json!(app.server()));
}

/// The file itself, or what was begun of it.
fn is_of_it(entry: &fs::DirEntry) -> bool {
    entry.file_name().to_string_lossy().contains("tokens.csv")
}

#[test]
fn an_export_that_is_stopped_or_dismissed_writes_nothing() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = App::start_with(&desktop, &[("PALPABL_E2E_RELAY", &relay.address())]);
    relay.forward_to(app.server_port());
    app.until_ready();
    let path = desktop.home().join("tokens.csv");
    let dismissed = app.begin("export_tokens", &wanted(&csv()));
    app.display().focus(app.display().window(TITLE));
    app.press("Escape");
    assert_eq!(dismissed.answer(), json!({"kind": "dismissed"}));

    relay.hold_answers_to("GET /api/v1/tokens?limit=500");
    let stopped = app.begin("export_tokens", &wanted(&csv()));
    app.answer_file_dialog(TITLE, &path);
    relay.until_held();
    app.ask("cancel_export", &json!({}));
    assert_eq!(stopped.answer(), json!({"kind": "cancelled"}));
    relay.let_answers_go();
    assert_eq!(fs::read_dir(desktop.home()).unwrap().filter(|entry| is_of_it(entry.as_ref().unwrap())).count(), 0);
}
