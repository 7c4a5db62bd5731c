//! The app and its built-in NMS are killed after the token was made and before anybody had its value: the next start
//! tells of the token, asks nobody's leave to do so, and makes no second one.

use std::time::Duration;

use palpabl_nms_settings_tests::patience::{until_true, within};
use palpabl_nms_settings_tests::relay::Relay;
use palpabl_nms_settings_tests::{App, Desktop, KeyringAtStart};

const TITLE: &str = "The value of “poller-03” was not handed over";

/// The next start of an app that was killed while the answer with the value was on its way.
#[track_caller]
fn killed_before_the_answer(desktop: &Desktop) -> App<'_> {
    let relay = Relay::new();
    let app = App::start_with(desktop, &[("PALPABL_E2E_RELAY", &relay.address())]);
    relay.forward_to(app.server_port());
    let dialog = app.open_create();
    dialog.find("textbox", "Name").enter("poller-03");
    dialog.find("button", "Read-only").click();
    relay.keep_answers(1);
    dialog.find("button", "Create token").click();
    relay.until_kept();
    app.kill();
    drop(app);
    App::start(desktop)
}

/// The question, and the one notice that leads to it.
#[track_caller]
fn decide(app: &App<'_>, answer: &str) {
    app.until_ready();
    app.until_it_says(TITLE);
    assert_eq!(app.listed(), ["poller-03"], "one token");
    app.find("button", "Decide…").click();
    app.find("alertdialog", TITLE).find("button", answer).click();
}

#[test]
fn a_token_whose_answer_was_killed_is_told_by_the_next_start_and_replaced() {
    let desktop = Desktop::new();
    let app = killed_before_the_answer(&desktop);
    decide(&app, "Replace it");
    app.once();
    app.until_it_says("The old token is kept until this one was copied or saved.");
    let token = app.copy();
    app.done();
    until_true("one token, the new one", || app.listed() == ["poller-03"]);
    app.until_it_no_longer_says(TITLE);
    assert_eq!(desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None).status, 200);
    assert_eq!(desktop.notes(), 0);
}

#[test]
fn it_is_told_also_without_a_keyring_in_another_session_until_it_is_deleted() {
    let desktop = Desktop::with(KeyringAtStart::None, (1280, 900));
    let app = killed_before_the_answer(&desktop);
    decide(&app, "Decide later");
    app.until_no_dialog();
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    decide(&app, "Delete it");
    app.until_no_dialog();
    app.until_it_says("No tokens yet");
    app.until_it_no_longer_says(TITLE);
    assert_eq!(desktop.notes(), 0);
}

#[test]
fn a_value_that_may_have_been_copied_before_the_kill_can_be_kept() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    let notes = std::fs::read_to_string(desktop.journal()).unwrap();
    assert!(notes.contains("poller-03"), "{notes}");
    app.kill();
    drop(app);

    let app = App::start(&desktop);
    app.until_it_says("Unless you copied it just before");
    decide(&app, "Keep it as it is");
    app.until_no_dialog();
    app.until_it_no_longer_says(TITLE);
    assert_eq!((app.listed(), desktop.notes()), (vec!["poller-03".to_owned()], 0));
}

#[test]
fn an_end_by_a_signal_leaves_a_note_and_a_copied_token_none() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-02", &["metrics:read"]);
    until_true("nothing is noted", || desktop.notes() == 0);
    app.create("poller-03", &["metrics:read"]);
    app.terminate();
    drop(app);
    assert_eq!(desktop.notes(), 1);
    let notes = std::fs::read_to_string(desktop.journal()).unwrap();
    assert!(!notes.contains(&token[17..49]), "no value stands in it");

    let app = App::start(&desktop);
    app.until_ready();
    app.until_it_says(TITLE);
    assert!(!app.text().contains("The value of “poller-02”"));
}

#[test]
fn a_sign_out_that_takes_the_display_away_ends_it_in_time_and_leaves_a_note() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    desktop.sign_out();
    let ended = within(Duration::from_secs(2), || app.has_ended().then_some(()));
    assert!(ended.is_some(), "it outlives its display");
    drop(app);
    assert_eq!(desktop.notes(), 1);
}

#[test]
fn notes_that_cannot_be_read_are_set_aside_and_said_so() {
    let desktop = Desktop::new();
    std::fs::create_dir_all(desktop.data_dir()).unwrap();
    std::fs::write(desktop.journal(), "{\"version\":1,").unwrap();
    let app = App::start(&desktop);
    app.until_ready();
    app.until_it_says("The notes about unfinished tokens could not be read. They were set aside.");
    app.find("button", "Understood").click();
    app.until_it_no_longer_says("The notes about unfinished tokens");
    app.create_and_copy("poller-03", &["metrics:read"]);
    let names = std::fs::read_dir(desktop.data_dir()).unwrap();
    let aside = names.flatten().find(|name| name.file_name().to_string_lossy().starts_with("journal.json.damaged-"));
    assert_eq!(std::fs::read_to_string(aside.unwrap().path()).unwrap(), "{\"version\":1,", "it is whole");
}

#[test]
fn a_replaced_token_is_deleted_by_the_next_start_when_its_successor_was_copied() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = App::start_with(&desktop, &[("PALPABL_E2E_RELAY", &relay.address())]);
    relay.forward_to(app.server_port());
    let old = app.create_and_copy("poller-03", &["metrics:read"]);
    app.find("button", "poller-03, details").click();
    app.find("complementary", "poller-03").find("button", "Rotate…").click();
    let question = app.find("alertdialog", "Rotate “poller-03”?");
    question.find("radio", "the new one was handed over").click();
    question.find("button", "Rotate token").click();
    app.once();
    relay.hold_answers_to("DELETE");
    let new = app.copy();
    relay.until_held();
    app.kill();
    drop(app);

    let app = App::start(&desktop);
    app.until_ready();
    app.until_it_says("The old token of “poller-03” was deleted");
    until_true("one token, the new one", || app.listed() == ["poller-03"]);
    let itself = format!("{}/api/v1/token", app.server());
    assert_eq!([&new, &old].map(|token| desktop.curl(&itself, token, None).status), [200, 401]);
    assert_eq!(desktop.notes(), 0);
}
