//! What becomes of the clipboard: it holds the token for a while, for other programs to read, and then no longer.

use std::time::Duration;

use palpabl_nms_settings_tests::patience::{until, until_true};
use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn the_clipboard_is_emptied_after_the_delay_and_the_page_says_so() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    let token = app.copy();
    assert_ne!(desktop.primary().as_ref(), Some(&token), "a middle click does not paste it");
    app.until_its_minute_is_over_with(&token);
}

#[test]
fn the_delay_goes_on_after_the_dialog_was_closed() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["metrics:read"]);
    app.until_it_says("The clipboard still holds a token.");
    assert_eq!(desktop.clipboard(), Some(token));
    app.advance(Duration::from_secs(61));
    until_true("the clipboard is empty", || desktop.clipboard().is_none());
    app.until_it_no_longer_says("The clipboard still holds a token.");
}

#[test]
fn somebody_elses_clipboard_is_left_alone() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    app.copy();
    let _somebody = desktop.copy_as_somebody_else("somebody else's");
    app.advance(Duration::from_secs(61));
    app.until_it_says("Something else was copied since; that was left alone.");
    app.done();
    app.terminate();
    assert_eq!(desktop.clipboard().as_deref(), Some("somebody else's"), "neither the delay nor the end touched it");
}

#[test]
fn the_copy_is_marked_as_a_password_for_clipboard_managers() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    app.copy();
    assert_eq!(desktop.clipboard_as("x-kde-passwordManagerHint").as_deref(), Some("secret"));
}

#[test]
fn quitting_asks_and_then_empties_the_clipboard() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["metrics:read"]);

    app.ask_to_close();
    let question = app.find("alertdialog", "Quit and empty the clipboard?");
    app.until_focus_on("button", "Go back");
    question.find("button", "Go back").click();
    app.until_no_dialog();
    assert_eq!(desktop.clipboard(), Some(token));

    app.ask_to_close();
    app.find("alertdialog", "Quit and empty the clipboard?").find("button", "Quit").click();
    app.until_ended();
    assert_eq!(desktop.clipboard(), None);
}

#[test]
fn a_signal_empties_the_clipboard_too() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create_and_copy("poller-03", &["metrics:read"]);
    app.terminate();
    assert_eq!(desktop.clipboard(), None);
}

#[test]
fn the_page_is_never_selected_as_a_whole() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.press("ctrl+a");
    // Heard after it, so that it had its effect.
    app.press("n");
    let name = app.find("dialog", "Create token").find("textbox", "Name");
    assert_eq!(desktop.primary(), None);
    name.enter("poller-03");
    app.press("ctrl+a");
    assert_eq!(until("the text of the field", || desktop.primary()), "poller-03");
}
