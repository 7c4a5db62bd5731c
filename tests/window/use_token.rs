//! Putting a token to use: the texts that the page offers, run as they are pasted, and the wait for the first call.

use std::fs;

use palpabl_nms_settings_tests::patience::{until, until_true};
use palpabl_nms_settings_tests::process::Said;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

use crate::main_job::assert_no_secret;

/// Opens the texts, and chooses one with the keyboard alone.
#[track_caller]
fn choose_text(app: &App<'_>, form: &str) {
    if app.look("return document.querySelector('pre') === null") == true {
        app.once().find("button", "Use this token").click();
        until_true("the texts are there", || app.look("return document.querySelector('pre') !== null") == true);
        app.tab_to("radio", "curl");
    }
    app.walk_to("Down", "radio", form);
}

/// The text that is shown.
#[track_caller]
fn text(app: &App<'_>) -> String {
    app.look("return document.querySelector('pre')?.textContent ?? ''").as_str().unwrap_or_default().to_owned()
}

/// What it says when it is run as it stands.
#[track_caller]
fn run(desktop: &Desktop, program: &str, arguments: &[&str]) -> String {
    let said = desktop.run(program, arguments, None);
    assert!(said.is_some(), "{program} hangs");
    said.map(Said::succeeded).map(|said| said.text()).unwrap_or_default()
}

#[test]
fn what_names_the_saved_file_runs_as_it_is_pasted_and_its_first_call_is_told() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    let path = desktop.home().join("it's my $HOME token.txt");
    once.find("button", "Save to a file…").click();
    app.answer_file_dialog("Save the token to a file", &path);
    app.until_it_says("Waiting for its first call");
    let token = until("the file", || fs::read_to_string(&path).ok());

    choose_text(&app, "curl");
    until_true("the text names the file", || text(&app).contains("$HOME token.txt"));
    assert!(run(&desktop, "sh", &["-c", &text(&app)]).contains("\"name\":\"poller-03\""));
    app.until_it_says("It works: it was used for the first time.");
    app.until_it_says("from 127.0.0.1 · curl/");

    choose_text(&app, "Python");
    let script = desktop.home().join("ask.py");
    fs::write(&script, text(&app)).unwrap();
    assert!(run(&desktop, "/usr/bin/python3", &[script.to_str().unwrap()]).contains("poller-03"));
    assert_no_secret(&app.everything(), &token);
}

#[test]
fn what_carries_the_token_is_copied_with_it_once_and_a_refused_call_is_told_with_its_reason() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    choose_text(&app, "Environment file");
    assert!(text(&app).contains("PNMS_TOKEN=PUT_THE_TOKEN_HERE"));
    // Not asked for by any button: what names a file is never filled in.
    let handle = app.ask("describe_vault", &json!({}))["handle"].clone();
    let wanted = json!({"handle": handle, "name": "poller-03"});
    let asked = json!({"handle": handle, "form": "prometheus", "wanted": wanted});
    assert_eq!(app.begin("copy_filled_snippet", &asked).failure()["kind"], "out_of_bounds");
    assert_eq!(desktop.clipboard(), None);

    app.once().find("button", "Copy for Environment file, with the token").click();
    app.until_it_says("Copied and checked.");

    let pasted = until("the file on the clipboard", || desktop.clipboard());
    let address = app.server();
    let token = pasted.strip_prefix(&format!("PNMS_URL={address}\nPNMS_TOKEN=")).unwrap().trim_end();
    assert!(!app.once().find("button", "Copied").is_enabled(), "there is no second copy");
    assert_eq!(desktop.clipboard_as("x-kde-passwordManagerHint").as_deref(), Some("secret"));
    assert_no_secret(&app.everything(), token);

    app.until_it_says("Waiting for its first call");
    let devices = format!("{address}/api/v1/devices");
    assert_eq!(desktop.curl(&devices, token, None).status, 403);
    app.until_it_says("A call was refused: devices:read was missing.");
    assert_eq!(desktop.curl(&format!("{address}/metrics"), token, None).status, 200);
    app.until_it_says("It works: it was used for the first time.");
    app.until_it_says("needs metrics:read");
    app.done();
}

#[test]
fn later_the_details_show_the_texts_with_placeholders() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["metrics:read"]);
    app.find("button", "poller-03, details").click();
    app.find("button", "Use this token").click();
    app.until_it_says(&app.server());
    app.find("button", "Copy for curl").click();
    app.until_it_says("The clipboard still holds the token");
    assert_eq!(desktop.clipboard().as_deref(), Some(token.as_str()), "no text pushes it out");
    app.find("button", "Empty now").click();
    until_true("the clipboard is empty", || desktop.clipboard().is_none());
    app.find("button", "Copy for curl").click();
    until_true("the line is on the clipboard", || desktop.clipboard().is_some_and(|text| text == self::text(&app)));
    assert_no_secret(&app.everything(), &token);
}
