//! Leaving a secret that is nowhere else: each way out asks, once, and the safe answer has the focus.

use std::process::Stdio;

use palpabl_nms_settings_tests::app::TITLE;
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::process::Daemon;
use palpabl_nms_settings_tests::relay::Relay;
use palpabl_nms_settings_tests::{App, Desktop};

const QUESTION: &str = "Close without the token?";

/// One question, with the focus on the safe answer, which leads back to a secret that can still be copied.
#[track_caller]
fn asks_once_and_leads_back(app: &App<'_>) {
    app.find("alertdialog", QUESTION);
    app.until_focus_on("button", "Go back");
    app.press("Return");
    app.until_gone("alertdialog", QUESTION);
    app.until_it_says("Not copied yet");
}

#[test]
fn escape_a_press_beside_the_dialog_and_the_close_button_ask_first() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);

    app.press("Escape");
    asks_once_and_leads_back(&app);
    // Not at once: the second press of a double click that created it does not count.
    until_true("a press beside it asks", || {
        app.press_pointer_at((12, 500), 1);
        app.shows("alertdialog", QUESTION)
    });
    asks_once_and_leads_back(&app);
    app.once().find("button", "Close").click();
    asks_once_and_leads_back(&app);

    app.press("Escape");
    app.find("alertdialog", QUESTION).find("button", "Close anyway").click();
    app.until_no_dialog();
    assert_eq!(app.listed(), ["poller-03"], "the token itself exists");
    assert_eq!(desktop.clipboard(), None);
}

#[test]
fn closing_the_window_asks_first_however_often() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    app.ask_to_close();
    app.find("alertdialog", QUESTION);
    app.ask_to_close();
    asks_once_and_leads_back(&app);
    app.copy();
    app.done();

    app.create("poller-04", &["metrics:read"]);
    app.ask_to_close();
    app.find("alertdialog", QUESTION).find("button", "Quit anyway").click();
    app.until_ended();
    assert_eq!(desktop.clipboard(), None);
}

#[test]
fn the_window_managers_key_asks_first_too() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    // It takes over the window that is there, with the key that its own settings name.
    let manager = Daemon::start(desktop.command("openbox").stdin(Stdio::null()).stderr(desktop.log("openbox.log")));
    let activate = ["search", "--name", TITLE, "windowactivate"];
    until_true("Alt+F4 asks", || {
        // Until it is ready it lets nobody choose a window.
        drop(desktop.run("xdotool", &activate, None));
        app.press("alt+F4");
        app.shows("alertdialog", QUESTION)
    });
    app.press("alt+F4");
    assert_eq!(app.names("alertdialog"), [QUESTION], "one question");
    asks_once_and_leads_back(&app);
    let token = app.copy();
    app.done();
    assert_eq!(desktop.clipboard(), Some(token));
    drop(manager);
}

#[test]
fn a_token_that_nobody_copied_can_be_deleted_instead() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    app.press("Escape");
    app.find("alertdialog", QUESTION).find("button", "Delete this token").click();
    app.until_no_dialog();
    app.until_it_says("No tokens yet");
    app.ask_to_close();
    app.until_ended();
}

#[test]
fn deleting_it_while_the_nms_cannot_be_reached_wipes_nothing() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = App::start_with(&desktop, &[("PALPABL_E2E_RELAY", &relay.address())]);
    relay.forward_to(app.server_port());
    app.create("poller-03", &["metrics:read"]);
    app.press("Escape");
    let question = app.find("alertdialog", QUESTION);
    relay.cut_off(true);
    question.find("button", "Delete this token").click();
    question.find_like("alert", "");
    relay.cut_off(false);
    app.find("alertdialog", QUESTION).find("button", "Go back").click();
    app.until_gone("alertdialog", QUESTION);
    let token = app.copy();
    assert_eq!(desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None).status, 200);
    app.done();
    assert_eq!(app.listed(), ["poller-03"]);
}

#[test]
fn closing_the_window_asks_before_an_edit_is_lost() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create_and_copy("poller-03", &["metrics:read"]);
    app.find("button", "Empty now").click();
    app.until_gone("button", "Empty now");
    app.find("button", "Edit poller-03").click();
    let dialog = app.find_like("dialog", "Edit");
    dialog.find("textbox", "Name").replace_with("poller-04");

    app.ask_to_close();
    app.find("alertdialog", "Quit without saving?");
    app.until_focus_on("button", "Go back");
    app.press("Return");
    app.until_gone("alertdialog", "Quit without saving?");
    assert_eq!(dialog.find("textbox", "Name").value(), "poller-04");
    dialog.find("button", "Save").until_enabled().click();
    app.until_no_dialog();
    app.ask_to_close();
    app.until_ended();
}
