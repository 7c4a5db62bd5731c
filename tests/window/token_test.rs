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
