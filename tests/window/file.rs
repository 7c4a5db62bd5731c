//! Saving the token to a file, through GTK's own dialog, as a person with a keyboard does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use palpabl_nms_settings_tests::patience::{until, until_true, within};
use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn a_saved_file_holds_the_token_alone_and_closing_needs_no_question() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    let path = desktop.home().join("collector.token");

    once.find("button", "Save to a file…").click();
    app.answer_file_dialog("Save the token to a file", &path);
    app.until_it_says("Not copied, saved to a file");

    let token = until("the file", || fs::read_to_string(&path).ok());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(token.len(), 55, "only the token, no line end");
    let itself = desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None);
    assert_eq!(itself.status, 200);
    crate::main_job::assert_no_secret(&app.everything(), &token);

    once.find("button", "Close").click();
    app.until_no_dialog();
    assert_eq!(app.listed(), ["poller-03"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), token, "it stays");
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_question() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    let (path, display) = (desktop.home().join("collector.token"), app.display());
    fs::write(&path, "somebody's").unwrap();

    once.find("button", "Save to a file…").click();
    let dialog = display.window("Save the token to a file");
    display.focus(dialog);
    app.press("ctrl+a");
    app.type_letters(&path.display().to_string());
    let before = display.shown();
    let asks = || display.shown().into_iter().find(|window| !before.contains(window));
    let question = until("GTK's question", || {
        // A list of completions may take the key first.
        app.press("Return");
        within(Duration::from_secs(2), asks)
    });
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's");
    display.focus(question);
    app.press("Escape");
    until_true("the question is gone", || !display.shown().contains(&question));
    display.focus(dialog);
    app.press("Escape");
    until_true("the file dialog is gone", || display.window_now("Save the token to a file").is_none());
    display.focus(app.window());
    app.until_it_says("Not copied yet");
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's");
}

#[test]
fn a_dismissed_dialog_changes_nothing() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    once.find("button", "Save to a file…").click();
    let dialog = app.display().window("Save the token to a file");
    app.display().focus(dialog);
    app.press("Escape");
    until_true("the file dialog is gone", || app.display().window_now("Save the token to a file").is_none());
    app.display().focus(app.window());
    app.until_it_says("Not copied yet");
    once.find("button", "Save to a file…").until_enabled();
    app.copy();
}
