//! Testing a value that somebody holds: what is wrong with it is told, and the value never reaches the page.

use std::fs;

use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";
const TITLE: &str = "Choose the file";

fn from(source: &str) -> Value {
    json!({"from": source, "words": {"title": TITLE, "open": "Test", "cancel": "Cancel"}})
}

#[test]
fn what_another_program_copied_is_judged_and_not_shown() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let empty = app.ask("test_token", &from("clipboard"));
    assert_eq!(empty["finding"]["form"], json!({"is": "empty"}));

    let _other = desktop.copy_as_somebody_else(&format!("Authorization: {VALUE}\n"));
    let tested = app.ask("test_token", &from("clipboard"));
    assert_eq!(tested["finding"]["form"], json!({"is": "token"}));
    assert_eq!(tested["finding"]["masked"], json!("pnms_pat_EXAMPLE1…HpXV"));
    assert_eq!(tested["finding"]["around"]["header"], json!("without_scheme"));
    crate::main_job::assert_no_secret(&tested.to_string(), VALUE);
    crate::main_job::assert_no_secret(&app.everything(), VALUE);
    crate::main_job::assert_no_secret(&app.log(), VALUE);
}

#[test]
fn a_chosen_file_is_judged_and_a_dismissed_dialog_is_no_fault() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let path = desktop.home().join("collector.token");
    fs::write(&path, &VALUE[..50]).unwrap();

    let tested = app.begin("test_token", &from("file"));
    app.choose_in_file_dialog(TITLE, &path);
    let expected = json!({"is": "cut_off", "at_start": false, "length": 50, "missing": 5});
    assert_eq!(tested.answer()["finding"]["form"], expected);

    let dismissed = app.begin("test_token", &from("file"));
    app.display().focus(app.display().window(TITLE));
    app.press("Escape");
    assert_eq!(dismissed.answer(), json!({"kind": "dismissed"}));
}

#[test]
fn a_copied_token_is_told_to_be_mine_and_is_replaced_in_two_clicks() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["metrics:read"]);
    app.find("button", "Empty now").click();
    app.until_gone("button", "Empty now");
    let _other = desktop.copy_as_somebody_else(&token);

    app.find("button", "Test a token").click();
    let dialog = app.find("dialog", "Test a token");
    dialog.find("button", "Test the clipboard").click();
    app.until_it_says("It is your token poller-03, and it works.");
    app.until_it_says("It may do this now: metrics:read.");
    crate::main_job::assert_no_secret(&app.everything(), &token);
    dialog.find("button", "Delete and replace…").click();
    app.find("button", "Replace token").click();
    let another = app.copy();
    assert_ne!(another, token);
    app.done();

    let itself = format!("{}/api/v1/token", app.server());
    assert_eq!(desktop.curl(&itself, &another, None).status, 200);
    assert_eq!(desktop.curl(&itself, &token, None).problem(), "token-deleted");

    // The old one was handed back to a person: what became of it is told.
    let _other = desktop.copy_as_somebody_else(&token);
    app.find("button", "Test a token").click();
    app.find("dialog", "Test a token").find("button", "Test the clipboard").click();
    app.until_it_says("It was your token poller-03, and it was deleted");
}
