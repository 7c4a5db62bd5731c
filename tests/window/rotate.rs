//! A token gets a new value while the old one still works, and the old one ends when nothing uses it any more.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

const MOVED: &str = "All callers have moved. The old value can end now.";

/// Rotates the only token of this name, whose details stay open; the new value.
#[track_caller]
fn rotate(app: &App<'_>, name: &str, until: &str) -> String {
    app.find("button", &format!("{name}, details")).click();
    app.find("complementary", name).find("button", "Rotate…").click();
    let question = app.find("alertdialog", &format!("Rotate “{name}”?"));
    app.until_focus_on("button", "Keep it");
    question.find("radio", until).click();
    question.find("button", "Rotate token").click();
    let new = app.copy();
    app.done();
    new
}

/// Whether these words are written in green.
fn is_green(app: &App<'_>, words: &str) -> bool {
    let script = format!(
        "const said = [...document.querySelectorAll('aside p')].find((one) => one.innerText.trim() === '{words}');
        const [red, green, blue] = getComputedStyle(said).color.match(/[\\d.]+/g).map(Number);
        return green > red && green > blue;"
    );
    app.look(&script) == true
}

#[test]
fn the_old_value_works_until_all_have_moved_and_it_is_ended() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let old = app.seed("poller-03", &["devices:read"]);
    assert_eq!(app.use_token(&old, "devices:read"), 200);
    app.look_away_and_back();
    let new = rotate(&app, "poller-03", "in 24 hours");
    assert_eq!(app.listed(), ["poller-03", "poller-03"], "the pair");
    app.until_it_says("ends in 23 hours");

    // The new one stands first. Its caller and that of the old one look alike: two scripts on one computer.
    app.find("button", "poller-03, details").click();
    app.until_it_says("Who has moved to the new value");
    assert_eq!([&new, &old].map(|token| app.use_token(token, "devices:read")), [200, 200]);
    app.look_away_and_back();
    app.until_it_says("1 caller still uses the old value:");
    assert!(!app.text().contains(MOVED));

    assert_eq!(app.use_token(&new, "devices:read"), 200);
    app.look_away_and_back();
    app.until_it_says(MOVED);
    assert!(is_green(&app, MOVED));
    app.find("button", "End the old one now").click();
    app.find("alertdialog", "Delete “poller-03”?").find("button", "Delete token").click();
    app.until_no_dialog();
    until_true("only the new one", || app.listed() == ["poller-03"]);
    assert_eq!([&new, &old].map(|token| app.use_token(token, "devices:read")), [200, 401]);
}

#[test]
fn an_old_value_that_ends_with_the_hand_over_is_gone_after_the_copy() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let old = app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    let new = rotate(&app, "poller-03", "the new one was handed over");
    until_true("only the new one", || app.listed() == ["poller-03"]);
    assert_eq!([&new, &old].map(|token| app.use_token(token, "devices:read")), [200, 401]);
}
