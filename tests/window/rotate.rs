//! A token gets a new value while the old one still works, and the old one ends when nothing uses it any more.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

const MOVED: &str = "All callers have moved. The old value can end now.";

/// Rotates the only token of this name, whose details stay open.
#[track_caller]
fn ask_for(app: &App<'_>, name: &str, until: &str) {
    app.find("button", &format!("{name}, details")).click();
    app.find("complementary", name).find("button", "Rotate…").click();
    let question = app.find("alertdialog", &format!("Rotate “{name}”?"));
    app.until_focus_on("button", "Keep it");
    question.find("radio", until).click();
    question.find("button", "Rotate token").click();
}

/// The same; the new value.
#[track_caller]
fn rotate(app: &App<'_>, name: &str, until: &str) -> String {
    ask_for(app, name, until);
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
    app.until_it_says("ends in 24 hours");
    app.find("button", "Timeline").click();
    app.find("image", "2 expiries in the next 12 months, the most on one day: 1");

    // The new one stands first.
    app.find("button", "poller-03, details").click();
    app.until_it_says("Who has moved to the new value");
    assert_eq!(app.use_token(&new, "devices:read"), 200);
    app.look_away_and_back();
    // Once may have been a try, and the old value was used a moment ago.
    app.until_it_says("1 caller may still use the old value:");
    assert!(!app.text().contains(MOVED));

    assert_eq!(app.use_token(&new, "devices:read"), 200);
    app.look_away_and_back();
    app.until_it_says(MOVED);
    assert!(is_green(&app, MOVED));
    app.find("button", "End the old one now").click();
    app.find("alertdialog", "End the old value of “poller-03”?").find("button", "End the old value").click();
    app.until_no_dialog();
    until_true("only the new one", || app.listed() == ["poller-03"]);
    app.find("image", "1 expiry in the next 12 months, the most on one day: 1");
    assert_eq!([&new, &old].map(|token| app.use_token(token, "devices:read")), [200, 401]);
}

#[test]
fn an_old_value_that_ends_with_the_hand_over_is_gone_after_the_copy() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let week = json!({"name": "poller-03", "permissions": ["devices:read"], "expires_at": desktop.in_days(7)});
    let old = app.seed_as(&week);
    app.look_away_and_back();
    ask_for(&app, "poller-03", "the new one was handed over");
    let new = app.copy();
    app.until_it_says("The old token was deleted: the new value was handed over.");
    app.done();
    // For as long as it was made for.
    app.until_it_says("in 7 days");
    until_true("only the new one", || app.listed() == ["poller-03"]);
    assert_eq!([&new, &old].map(|token| app.use_token(token, "devices:read")), [200, 401]);

    // What was deleted is still told of in the chain of the next one.
    let third = rotate(&app, "poller-03", "in 24 hours");
    assert_eq!(app.use_token(&third, "devices:read"), 200);
    app.find("button", "poller-03, details").click();
    let details = app.find("complementary", "poller-03");
    details.until_it_says("Replacements");
    details.until_it_says("deleted just now");
    let places = [&third, &new, &old].map(|token| details.text().rfind(&token[token.len() - 4..]));
    assert!(places.is_sorted() && places[0].is_some(), "the newest first: {}", details.text());
    details.find_like("button", "Details of pnms_pat_").click();
    app.until_it_says("it was rotated");

    // Whoever still has the first value is led to the one that counts now.
    let _somebody = desktop.copy_as_somebody_else(&old);
    app.find("button", "Test a token").click();
    let test = app.find("dialog", "Test a token");
    test.find("button", "Test the clipboard").click();
    test.until_it_says("It is the old value of a token that was rotated: another one took its place.");
    test.find("button", "Show its successor").click();
    app.until_no_dialog();
    app.find("complementary", "poller-03").until_it_says(&third[third.len() - 4..]);
}

#[test]
fn a_rotation_whose_value_nobody_took_is_undone_and_the_old_one_goes_on() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let old = app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    ask_for(&app, "poller-03", "the new one was handed over");
    app.once().find("button", "Close").click();
    app.find("alertdialog", "Close without the token?").find("button", "Undo the rotation").click();
    app.until_no_dialog();
    until_true("only the old one", || app.listed() == ["poller-03"]);
    assert!(!app.text().contains("ends in"), "{}", app.text());
    assert_eq!(app.use_token(&old, "devices:read"), 200);
}

#[test]
fn when_a_new_value_that_was_used_is_deleted_it_is_said_how_long_the_old_one_works_and_it_counts_as_expiring() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let old = app.seed("poller-03", &["devices:read"]);
    assert_eq!(app.use_token(&old, "devices:read"), 200);
    app.look_away_and_back();
    let new = rotate(&app, "poller-03", "in 24 hours");
    assert_eq!(app.use_token(&new, "devices:read"), 200);
    app.look_away_and_back();
    app.find("button", "Expiring 0");

    // The new one stands first.
    app.find("button", "Delete poller-03").click();
    let question = app.find("alertdialog", "Delete “poller-03”?");
    question.until_it_says("The old value still works until");
    question.find("button", "Delete token").until_enabled().click();
    app.until_no_dialog();
    // Its place in the list is the old one's now, and so is the focus.
    app.until_focus_on("button", "Delete poller-03");
    app.find("button", "Expiring 1");
    app.find("tab", "API tokens 1 token expires within 14 days");
    assert_eq!([&new, &old].map(|token| app.use_token(token, "devices:read")), [401, 200]);

    // They were open all the time.
    let details = app.find("complementary", "poller-03");
    details.until_it_says("its successor was deleted: it ends as planned");
    details.find("button", "Rotate…");
}
