//! What is chosen under Preferences holds at once, where it is meant for, and after a restart.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

fn row_height(app: &App<'_>) -> f64 {
    app.look("return document.querySelector('[data-token]').getBoundingClientRect().height")
        .as_f64()
        .unwrap_or_default()
}

fn choose(app: &App<'_>, role: &str, name: &str) {
    app.find("tab", "Preferences").click();
    app.find_like(role, name).click();
    app.find("tab", "API tokens").click();
}

#[test]
fn density_expiry_and_keys_hold_at_once_and_after_a_restart() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    app.find("button", "Delete poller-03");
    let comfortable = row_height(&app);
    choose(&app, "radio", "Compact");
    app.find("button", "Delete poller-03");
    until_true("lower rows", || row_height(&app) < comfortable);
    choose(&app, "radio", "30 days");
    choose(&app, "checkbox", "Shortcuts with a single key");
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.find("button", "Delete poller-03");
    assert!(row_height(&app) < comfortable);
    // No key by itself, and the first one that is heard is the palette's.
    app.press("n");
    app.press("ctrl+k");
    app.find("dialog", "Command palette");
    app.press("Escape");
    app.until_no_dialog();
    let dialog = app.open_create();
    assert_eq!(dialog.find("button", "30 days").attribute("aria-pressed").as_deref(), Some("true"));
}
