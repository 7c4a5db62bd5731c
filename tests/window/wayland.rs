//! The real window on Wayland: where every program may see the clipboard, and where only the window with the focus may.

use std::time::Duration;

use palpabl_nms_settings_tests::compositor::Kind;
use palpabl_nms_settings_tests::patience::{never, until, until_true};
use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn on_wayland_the_window_copies_and_checks_it_and_empties_the_clipboard() {
    let desktop = Desktop::on_wayland(Kind::Sway);
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    let token = app.copy();
    assert_eq!(desktop.clipboard_as("x-kde-passwordManagerHint").as_deref(), Some("secret"));
    let itself = desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None);
    assert_eq!(itself.status, 200, "what was pasted is the token");
    app.until_its_minute_is_over_with(&token);
}

#[test]
fn where_only_the_window_with_the_focus_may_copy_it_never_says_that_it_checked() {
    let desktop = Desktop::on_wayland(Kind::Weston);
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    let copy = || once.find("button", "Copy token").until_enabled().click();
    let somebody = desktop.somebody_elses_window();
    until_true("the focus is elsewhere", || app.look("return document.hasFocus()") == false);
    copy();
    app.until_it_says("This desktop lets only the window in front copy.");
    app.until_it_says("Nothing is lost.");
    assert_eq!(desktop.clipboard(), None);

    drop(somebody);
    until_true("the focus is back", || app.look("return document.hasFocus()") == true);
    copy();
    app.until_it_says("Copied, not checked: paste it now.");
    let token = until("the token on the clipboard", || desktop.clipboard());
    let itself = desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None);
    assert_eq!(itself.status, 200, "what was pasted is the token");
    once.find("button", "It arrived").click();
    app.until_it_says("Copied, and you said that it arrived.");
    assert!(!once.text().contains("checked"), "nobody could: {}", once.text());
    // Whatever is announced after it would be in the place of what is waited for.
    app.until_it_says("It works: it was used for the first time.");

    let somebody = desktop.somebody_elses_window();
    until_true("the focus is elsewhere", || app.look("return document.hasFocus()") == false);
    app.advance(Duration::from_secs(61));
    app.until_it_says("A token may still be on the clipboard.");
    // Weston takes an offer for ended when a window goes to which it made it last: so another looks at it before.
    assert_eq!(desktop.clipboard(), None, "from us nobody gets it any more");
    drop(somebody);
    app.until_it_says("Clipboard emptied.");
    assert_eq!(desktop.clipboard(), None);
    assert!(!app.text().contains("checked"), "{}", app.text());
}

/// Weston keeps a copy of what is offered, in its first form, and offers it itself once whoever offered it is gone.
#[test]
fn a_desktop_that_keeps_a_copy_of_its_own_has_nothing_of_the_token_when_the_app_ends() {
    let desktop = Desktop::on_wayland(Kind::Weston);
    let copied = || {
        let app = App::start(&desktop);
        app.create("poller-03", &["metrics:read"]).find("button", "Copy token").until_enabled().click();
        app.until_it_says("Copied, not checked: paste it now.");
        (app, until("the token on the clipboard", || desktop.clipboard()))
    };
    let gives_nothing_of = |token: &str| {
        let pasted = || desktop.clipboard_as("text/plain;charset=utf-8").is_some_and(|pasted| pasted.contains(token));
        never("the token is pasted", Duration::from_secs(1), pasted);
    };

    let (killed, token) = copied();
    killed.kill();
    gives_nothing_of(&token);

    let (left, token) = copied();
    let _somebody = desktop.somebody_elses_window();
    until_true("the focus is elsewhere", || left.look("return document.hasFocus()") == false);
    left.terminate();
    gives_nothing_of(&token);
}
