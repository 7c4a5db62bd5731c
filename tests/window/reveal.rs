//! Revealing shows a picture, for a while, to whoever sits there, and never text.

use std::time::Duration;

use palpabl_nms_settings_tests::display::Place;
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::Value;

const PICTURE: &str = "document.querySelector('[role=dialog] img')";

fn reveal(app: &App<'_>) {
    app.once().find("button", "Reveal").click();
    until_true("the picture is drawn", || app.look(&format!("return {PICTURE}?.naturalWidth > 100")) == true);
    app.once().find("button", "Hide");
}

#[track_caller]
fn until_hidden(app: &App<'_>) {
    app.once().find("button", "Reveal");
    until_true("the picture is gone", || app.look(&format!("return {PICTURE}")) == Value::Null);
}

#[test]
fn a_picture_is_shown_and_hidden_by_the_same_button_by_time_and_by_leaving() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);

    reveal(&app);
    let revealed = app.everything();
    app.once().find("button", "Hide").click();
    until_hidden(&app);

    reveal(&app);
    app.advance(Duration::from_secs(55));
    app.once().find("button", "Hide");
    app.advance(Duration::from_secs(6));
    until_hidden(&app);

    reveal(&app);
    app.display().open_another_window(Place { x: 0, y: 0, width: 50, height: 50 });
    until_hidden(&app);
    app.display().focus(app.window());

    reveal(&app);
    let token = app.copy();
    until_true("no picture after a copy", || app.look(&format!("return {PICTURE}")) == Value::Null);
    assert!(!app.shows("button", "Reveal"), "no reveal after a copy");
    crate::main_job::assert_no_secret(&revealed, &token);
    crate::main_job::assert_no_secret(&app.everything(), &token);
}

#[test]
fn the_address_of_a_picture_is_good_for_one_fetch() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    reveal(&app);
    // The same address under another name, so that no cache of the web view can answer in the app's place.
    let script = format!(
        "const done = arguments[arguments.length - 1], again = new Image();
         again.onload = () => done('shown'); again.onerror = () => done('refused');
         again.src = {PICTURE}.src + '?again';"
    );
    assert_eq!(app.look_later(&script), "refused");
}
