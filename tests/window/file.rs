//! Saving the token to a file, through GTK's own dialog, as a person with a keyboard does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use palpabl_nms_settings_tests::patience::{until, until_true, within};
use palpabl_nms_settings_tests::real_portal::RealPortal;
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

/// Whether an ordinary program may look into the app, as a portal has to.
fn is_open_to_others(app: &App<'_>) -> bool {
    let root = format!("/proc/{}/root", app.pid());
    app.desktop().run("readlink", &[&root], None).is_some_and(|said| said.status == 0)
}

#[test]
fn beside_a_real_portal_that_refuses_a_program_that_is_closed_to_it_a_file_is_saved() {
    let mut desktop = Desktop::new();
    desktop.keep_programs_apart();
    let portal = RealPortal::start(&desktop);
    // With it GTK asks the portal for each dialog for which it can.
    let app = App::start_with(&desktop, &[("GTK_USE_PORTAL", "1")]);
    let (display, path) = (app.display(), desktop.home().join("collector.token"));
    app.until_ready();
    assert!(is_open_to_others(&app));
    let asked = portal.ask_where();
    display.focus(display.window(asked));
    app.press("Escape");
    until_true("the portal's own dialog is gone", || display.window_now(asked).is_none());
    display.focus(app.window());
    let refused = portal.refusal_of_a_closed_program();
    assert!(refused.contains("AccessDenied"), "{refused}");

    let once = app.create("poller-03", &["metrics:read"]);
    until_true("the app is closed to others", || !is_open_to_others(&app));
    once.find("button", "Save to a file…").click();
    display.window("Save the token to a file");
    assert!(!is_open_to_others(&app));
    app.answer_file_dialog("Save the token to a file", &path);
    app.until_it_says("Not copied, saved to a file");
    let token = until("the file", || fs::read_to_string(&path).ok());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(token.len(), 55, "only the token, no line end");
    assert_eq!(desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None).status, 200);

    once.find("button", "Close").click();
    app.until_no_dialog();
    until_true("the app is open to others again", || is_open_to_others(&app));
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
