//! A token gets a new value while the old one still works, and the old one ends when nothing uses it any more.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

/// Rotates the token of this name; the new value.
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

#[test]
fn the_old_value_works_during_the_overlap_and_ends_when_all_have_moved() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let old = app.seed("poller-03", &["devices:read"]);
    assert_eq!(app.use_token(&old, "devices:read"), 200);
    app.look_away_and_back();
    let new = rotate(&app, "poller-03", "in 24 hours");
    assert_eq!(app.listed(), ["poller-03", "poller-03"], "the pair");
    app.until_it_says("ends in 24 hours");
    assert_eq!([&old, &new].map(|token| app.use_token(token, "devices:read")), [200, 200]);

    let details = of_the_new_one(&app);
    app.look_away_and_back();
    app.find("complementary", "poller-03").until_it_says("All callers have moved. The old value can end now.");
    drop(details);
}

/// Opens the details of the new one, which stands first.
#[track_caller]
fn of_the_new_one(app: &App<'_>) {
    app.find("button", "poller-03, details").click();
    until_true("the pair's progress", || app.text().contains("Who has moved to the new value"));
}
