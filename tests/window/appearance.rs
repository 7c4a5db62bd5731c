//! Dark and light as the desktop's settings portal says, from the first picture on.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::portal::Portal;
use palpabl_nms_settings_tests::{App, Desktop};

/// How bright most of the window is, from 0 to 255.
pub(crate) fn brightness(app: &App<'_>) -> u8 {
    let [red, green, blue] = app.display().picture(app.place()).ground();
    red.max(green).max(blue)
}

#[test]
fn dark_follows_the_desktop_while_the_app_runs() {
    let desktop = Desktop::new();
    let portal = Portal::start(&desktop, true);
    let app = App::start(&desktop);
    app.until_ready();
    until_true("a dark window", || brightness(&app) < 80);
    portal.set_dark(false);
    until_true("a light window", || brightness(&app) > 200);
    portal.set_dark(true);
    until_true("a dark window again", || brightness(&app) < 80);
}

#[test]
fn without_a_portal_the_window_is_light_and_works() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    until_true("a light window", || brightness(&app) > 200);
}
