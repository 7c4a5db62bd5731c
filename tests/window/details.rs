//! The details of a token beside the list, and what breaks when it goes: both out of real recorded use.

use palpabl_nms_settings_tests::{App, Desktop};

/// How many pixels of the list the details cover. Null: one of them is not there.
const COVERED: &str =
    "const [list, pane] = ['.scroller', 'aside'].map((one) => document.querySelector(one)?.getBoundingClientRect());
    if (!list?.width || !pane?.width || pane.right > innerWidth || pane.bottom > innerHeight) return null;
    const across = Math.min(list.right, pane.right) - Math.max(list.left, pane.left);
    const down = Math.min(list.bottom, pane.bottom) - Math.max(list.top, pane.top);
    return Math.max(0, Math.floor(across)) * Math.max(0, Math.floor(down));";

#[test]
fn details_open_by_keyboard_beside_the_list_and_name_the_permission_and_the_caller() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let token = app.seed("poller-03", &["alerts:read", "devices:read"]);
    assert_eq!([(); 3].map(|()| app.use_token(&token, "devices:read")), [200; 3]);
    app.look_away_and_back();

    app.tab_to("button", "poller-03, details");
    app.press("Return");
    let details = app.find("complementary", "poller-03");
    app.until_focus_on("button", "poller-03, details");
    details.until_it_says("2 granted, 2 working now, 1 ever needed.");
    details
        .until_it_says("3 calls from 1 caller.")
        .until_it_says("127.0.0.1 curl/")
        .until_it_says("needs devices:read");
    details.until_it_says("Used for the first time").until_it_says("Created");
    for (width, height) in [(1280, 900), (800, 600)] {
        app.resize(width, height);
        assert_eq!(app.look(COVERED), 0, "{width}x{height}");
    }
    app.tab_to("button", "Close details");
    app.press("Return");
    app.until_gone("complementary", "poller-03");
    app.until_focus_on("button", "poller-03, details");
}

#[test]
fn deleting_names_who_would_be_refused_or_that_nobody_would() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("unused", &["devices:read"]);
    let used = app.seed("used", &["devices:read"]);
    assert_eq!(app.use_token(&used, "devices:read"), 200);
    app.look_away_and_back();

    app.find("button", "Delete used").click();
    let question = app.find("alertdialog", "Delete “used”?");
    question.until_it_says("Used just now from 127.0.0.1. Its requests will be refused at once and for good.");
    question.until_it_says("1 caller of the last 30 days:");
    question.until_it_says("127.0.0.1 curl/").until_it_says("needs devices:read");
    question.find("button", "Keep it").click();
    app.until_no_dialog();

    app.find("button", "Delete unused").click();
    let question = app.find("alertdialog", "Delete “unused”?");
    question.until_it_says("Never used. Nothing that runs now will stop.");
    question.until_it_says("Nobody used it in the last 30 days: nothing that runs now would be refused.");
    question.find("button", "Keep it").click();
    app.until_no_dialog();
}
