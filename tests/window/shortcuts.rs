//! Keys that act at once: on the page, on the row that has the focus, and through the palette.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

/// Closes what a key has opened, and looks whether the focus is where it was.
#[track_caller]
fn back_to(app: &App<'_>, role: &str, name: &str) {
    app.press("Escape");
    app.until_no_dialog();
    app.until_focus_on(role, name);
}

#[test]
fn keys_act_on_the_row_and_arrows_walk_from_row_to_row() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for name in ["c", "b", "a"] {
        app.seed(name, &["devices:read"]);
    }
    app.look_away_and_back();

    app.tab_to("button", "a, details");
    app.press("Down");
    app.until_focus_on("button", "b, details");
    app.press("ctrl+End");
    app.until_focus_on("button", "c, details");
    app.press("Up");
    app.until_focus_on("button", "b, details");
    app.press("e");
    app.find("dialog", "Edit “b”");
    back_to(&app, "button", "b, details");
    app.press("r");
    app.find("alertdialog", "Rotate “b”?");
    back_to(&app, "button", "b, details");
    app.press("x");
    app.find("group", "1 selected");
    app.press("Delete");
    app.find("alertdialog", "Delete “b”?");
    app.until_focus_on("button", "Keep it");
    back_to(&app, "button", "b, details");
    assert_eq!(app.listed(), ["a", "b", "c"], "nothing happened yet");
    app.press("d");
    app.find("complementary", "b");
}

#[test]
fn keys_search_create_and_list_themselves() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for name in ["poller-03", "grafana"] {
        app.seed(name, &["devices:read"]);
    }
    app.look_away_and_back();
    app.tab_to("button", "grafana, details");

    app.press("question");
    let list = app.find("dialog", "Keyboard shortcuts");
    for words in
        ["Create token N", "Search tokens /", "Edit the token E", "Rotate the token R", "Delete the token Delete"]
    {
        list.until_it_says(words);
    }
    back_to(&app, "button", "grafana, details");
    app.press("n");
    app.find("dialog", "Create token");
    app.until_focus_on("textbox", "Name");
    // In a field they are letters.
    app.type_letters("n?/e");
    assert_eq!(app.find("dialog", "Create token").find("textbox", "Name").value(), "n?/e");
    app.press("Escape");
    app.find("alertdialog", "Discard what you changed?");
    app.until_focus_on("button", "Go back");
    app.press("Escape");
    app.until_focus_on("textbox", "Name");
    assert_eq!(app.find("dialog", "Create token").find("textbox", "Name").value(), "n?/e");
    app.press("Escape");
    app.find("alertdialog", "Discard what you changed?").find("button", "Discard").click();
    app.until_no_dialog();
    app.until_focus_on("button", "grafana, details");
    app.press("slash");
    app.until_focus_on("searchbox", "Search tokens");
    app.type_letters("poll");
    until_true("what was searched for", || app.listed() == ["poller-03"]);
}

#[test]
fn the_palette_finds_what_can_be_done_and_does_it() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for name in ["poller-03", "grafana"] {
        app.seed(name, &["devices:read"]);
    }
    app.look_away_and_back();
    app.find("button", "Delete grafana");

    app.press("ctrl+k");
    app.find("dialog", "Command palette");
    app.until_focus_on("combobox", "Search commands and tokens");
    app.type_letters("open poll");
    app.find_like("option", "Open poller-03");
    app.press("Return");
    app.until_no_dialog();
    app.find("complementary", "poller-03");

    app.press("ctrl+k");
    app.find("dialog", "Command palette");
    app.type_letters("name, a");
    app.find_like("option", "Sort: Name, A to Z");
    app.press("Return");
    until_true("sorted by name", || app.listed() == ["grafana", "poller-03"]);

    app.press("ctrl+k");
    app.find("dialog", "Command palette");
    app.type_letters("preferences");
    app.press("Return");
    app.until_it_says("How this app looks and behaves for you, on this computer.");
}

#[test]
fn the_focus_goes_along_with_its_row_when_use_changes_the_order() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let [b, a] = ["b", "a"].map(|name| {
        let token = app.seed(name, &["devices:read"]);
        assert_eq!(app.use_token(&token, "devices:read"), 200);
        token
    });
    app.look_away_and_back();
    app.find("button", "Last used").click();
    until_true("the last used first", || app.listed() == ["a", "b"]);
    let row = app.find("button", "b, details");
    row.click();
    app.find("complementary", "b");
    row.click();
    app.until_focus_on("button", "b, details");
    assert_eq!(app.use_token(&b, "devices:read"), 200);
    app.look_away_and_back();
    until_true("the order has changed", || app.listed() == ["b", "a"]);
    app.until_focus_on("button", "b, details");

    // What is not on screen is not acted on.
    app.press("d");
    app.find("complementary", "b");
    app.find("tab", "Profile").click();
    app.press("Delete");
    app.press("question");
    app.find("dialog", "Keyboard shortcuts");
    assert!(!app.shows("alertdialog", "Delete “b”?"));
    assert_eq!(app.use_token(&a, "devices:read"), 200);
}
