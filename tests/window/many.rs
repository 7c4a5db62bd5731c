//! A list as large as that of a whole company: found, ordered, walked and chosen as one of five is.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

/// So many rows stand in the page at most, however long the list is.
const ROWS_IN_PAGE: i64 = 120;

#[track_caller]
fn until_first(app: &App<'_>, name: &str) {
    until_true(&format!("{name} is the first"), || app.listed().first().is_some_and(|first| first == name));
}

#[test]
fn ten_thousand_tokens_are_found_ordered_and_walked() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.fill_with(10_000);
    app.look_away_and_back();
    app.find("button", "All 10,000");

    let search = app.find("searchbox", "Search tokens");
    search.enter("oslo-0999");
    until_true("the five of Oslo are found", || {
        let listed = app.listed();
        listed.len() == 5 && listed.iter().all(|name| name.contains("-oslo-0999"))
    });
    search.replace_with("");
    app.find("button", "Token").click();
    until_first(&app, "backup-berlin-00002");
    app.find("button", "Token").click();
    until_first(&app, "oncall-bot-zuerich-09979");

    app.tab_to("button", "oncall-bot-zuerich-09979, details");
    for _ in 0..3 {
        app.press("Next");
    }
    // Ten rows a page: the 31st by its name, counted down.
    app.until_focus_on("button", "oncall-bot-zuerich-08779");
    let rows = app.look("return document.querySelectorAll('[data-place]').length").as_i64();
    assert!(rows.is_some_and(|rows| rows < ROWS_IN_PAGE), "{rows:?} rows stand in the page");

    app.find("checkbox", "Select all that are shown").click();
    app.find("button", "Select everything that fits").click();
    app.until_it_says("10,000 selected");
}
