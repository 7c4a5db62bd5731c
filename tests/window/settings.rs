//! What a person chose: it holds at once and after a restart, and a file that cannot be read is never lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::portal::Portal;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

/// The settings of a fresh start, with one of them changed.
#[track_caller]
fn with(app: &App<'_>, name: &str, value: Value) -> Value {
    let mut settings = app.ask("describe_settings", &json!({}))["settings"].clone();
    settings[name] = value;
    json!({ "settings": settings })
}

#[test]
fn a_theme_stands_above_the_desktops_and_holds_after_a_restart() {
    let desktop = Desktop::new();
    let portal = Portal::start(&desktop, true);
    let app = App::start(&desktop);
    app.until_ready();
    until_true("a dark window", || crate::appearance::brightness(&app) < 80);
    app.ask("change_settings", &with(&app, "theme", json!("light")));
    until_true("a light window", || crate::appearance::brightness(&app) > 200);
    portal.set_dark(false);
    portal.set_dark(true);
    assert_eq!(app.ask("describe_appearance", &json!({}))["dark"], json!(false));
    let file = desktop.config_dir().join("settings.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.until_ready();
    until_true("a light window again", || crate::appearance::brightness(&app) > 200);
    app.ask("change_settings", &with(&app, "theme", json!("system")));
    until_true("as the desktop says", || crate::appearance::brightness(&app) < 80);
}

#[test]
fn a_clipboard_delay_holds_from_the_next_copy_on() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.ask("change_settings", &with(&app, "clipboard_delay_s", json!(10)));
    let token = app.create_and_copy("poller-03", &["metrics:read"]);
    app.advance(Duration::from_millis(9_900));
    assert_eq!(desktop.clipboard().as_deref(), Some(token.as_str()));
    app.advance(Duration::from_millis(200));
    until_true("an empty clipboard", || desktop.clipboard().is_none());
}

#[test]
fn a_damaged_file_is_set_aside_and_the_app_works() {
    let desktop = Desktop::new();
    let file = desktop.config_dir().join("settings.json");
    fs::create_dir_all(desktop.config_dir()).unwrap();
    fs::write(&file, "{\"version\":1,\"theme\":").unwrap();
    let app = App::start(&desktop);
    app.until_ready();
    let view = app.ask("describe_settings", &json!({}));
    assert_eq!((&view["settings"]["theme"], &view["set_aside"]["why"]), (&json!("system"), &json!("damaged")));
    assert_eq!(fs::read_to_string(view["set_aside"]["path"].as_str().unwrap()).unwrap(), "{\"version\":1,\"theme\":");
    assert!(!file.exists());
    app.create_and_copy("poller-03", &["metrics:read"]);
}

#[test]
fn what_no_page_offers_is_refused_and_changes_nothing() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let failure = app.begin("change_settings", &with(&app, "clipboard_delay_s", json!(1_000_000))).failure();
    assert_eq!((&failure["kind"], &failure["field"]), (&json!("out_of_bounds"), &json!("clipboard_delay_s")));
    assert_eq!(app.ask("describe_settings", &json!({}))["settings"]["clipboard_delay_s"], json!(60));
    assert!(!desktop.config_dir().join("settings.json").exists());
}
