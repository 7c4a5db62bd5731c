//! What a screen reader is told of the real window, through the desktop's accessibility bus: roles, names, what is said after
//! a name, where the keyboard is, and what is announced.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::reader::{Heard, Reader};
use palpabl_nms_settings_tests::{App, Desktop};

/// What is read of one thing and of all that lies in it: the names of one role.
fn names<'heard>(heard: &'heard [Heard], role: &str) -> Vec<&'heard str> {
    heard.iter().filter(|one| one.role == role).map(|one| one.name.as_str()).collect()
}

/// The rows below the heads, by the name of what opens their details.
fn rows(reader: &Reader) -> Vec<String> {
    let table = reader.find("the list", |one| one.role == "table" && one.name == "API tokens");
    let opener = |name: &&str| name.strip_suffix(", details").map(str::to_owned);
    names(&table, "button").iter().filter_map(opener).collect()
}

/// A dialog, which keeps the keyboard and everything else to itself.
#[track_caller]
fn dialog(reader: &Reader, role: &str, name: &str) -> Vec<Heard> {
    let heard = reader.find(name, |one| one.role == role && one.name == name);
    assert!(heard[0].is_modal(), "{heard:#?}");
    assert!(!reader.tree().iter().any(|one| one.role == "tab"), "the page below is not read");
    heard
}

/// Waits until this has the keyboard.
#[track_caller]
fn until_focused(reader: &Reader, role: &str, name: &str) {
    reader.find(&format!("the keyboard on {name}"), |one| one.is_focused() && one.role == role && one.name == name);
}

#[test]
fn the_list_is_a_table_whose_controls_have_names() {
    let mut desktop = Desktop::new();
    let reader = Reader::start(&mut desktop);
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    app.find("button", "Delete poller-03");

    let table = reader.find("the list", |one| one.role == "table" && one.name == "API tokens");
    assert_eq!(names(&table, "row").len(), 2, "heads and one token: {table:#?}");
    assert_eq!(names(&table, "columnheader").len(), 6, "those that are seen: {table:#?}");
    assert_eq!(names(&table, "rowheader").len(), 1);
    assert_eq!(names(&table, "checkbox"), ["Select all that are shown", "Select poller-03"]);
    let buttons = names(&table, "button");
    for name in ["Expires", "poller-03, details", "just now", "in 90 days", "Edit poller-03", "Delete poller-03"] {
        assert!(buttons.contains(&name), "no button {name}: {buttons:?}");
    }
    assert!(!buttons.contains(&""), "every button has a name: {buttons:?}");
    let tabs = reader.tree();
    assert_eq!(names(&tabs, "tab"), ["API tokens", "Profile", "Preferences"]);
}

#[test]
fn creating_is_heard_from_the_form_to_the_copied_token_and_its_new_row() {
    let mut desktop = Desktop::new();
    let reader = Reader::start(&mut desktop);
    let app = App::start(&desktop);
    app.open_create();
    let form = dialog(&reader, "dialog", "Create token");
    assert_eq!(form[0].description, "It acts in your name, with what you choose here and never more than you can.");
    until_focused(&reader, "textbox", "Name");
    app.press("Escape");
    app.until_no_dialog();
    until_focused(&reader, "button", "Create token");

    app.create("poller-03", &["devices:read"]);
    let once = dialog(&reader, "dialog", "Token created");
    assert_eq!(once[0].description, "Copy it now. It is kept only here, and only until you close this window.");
    assert!(once.iter().any(|one| one.text == "Not copied yet"), "{once:#?}");
    until_focused(&reader, "button", "Copy token");
    app.copy();
    let said = |one: &Heard| one.role == "status" && one.live == "polite" && one.text.trim() == "Copied and checked.";
    reader.find("what was announced", said);
    until_focused(&reader, "button", "Copied");
    app.done();
    until_true("the new row is read", || rows(&reader) == ["poller-03"]);
}

#[test]
fn the_question_before_a_deletion_is_heard_whole_and_stands_on_the_safe_answer() {
    let mut desktop = Desktop::new();
    let reader = Reader::start(&mut desktop);
    let app = App::start(&desktop);
    app.until_ready();
    let token = app.seed("poller-03", &["devices:read"]);
    app.seed("poller-04", &["devices:read"]);
    assert_eq!(app.use_token(&token, "devices:read"), 200);
    app.look_away_and_back();

    app.find("button", "Delete poller-03").click();
    app.find("alertdialog", "Delete “poller-03”?").until_it_says("1 caller of the last 30 days:");
    until_focused(&reader, "button", "Keep it");
    let question = dialog(&reader, "alertdialog", "Delete “poller-03”?");
    let asked = "Used just now from 127.0.0.1. Its requests will be refused at once and for good.";
    assert_eq!(question[0].description, asked);
    assert!(question.iter().any(|one| one.text.contains("needs devices:read")), "{question:#?}");
    app.find("button", "Delete token").click();
    app.until_no_dialog();
    reader.find("what was announced", |one| one.role == "status" && one.text.trim() == "Token deleted.");
    until_true("the row that is left is read", || rows(&reader) == ["poller-04"]);
}
