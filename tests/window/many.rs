//! A list as large as that of a whole company: found, ordered, walked and chosen as one of five is.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

/// So many rows stand in the page at most, however long the list is.
const ROWS_IN_PAGE: i64 = 120;

#[track_caller]
fn until_first(app: &App<'_>, name: &str) {
    until_true(&format!("{name} is the first"), || app.listed().first().is_some_and(|first| first == name));
}

/// Which row of the list has the focus, -1: none.
fn place_of_focus(app: &App<'_>) -> i64 {
    let script = "return Number(document.activeElement.closest('[data-place]')?.dataset.place ?? -1)";
    app.look(script).as_i64().unwrap_or(-1)
}

/// Counts in the page, from now on, the frames in which a key would go to nobody.
const COUNT_THE_UNFOCUSED: &str = "
    window.unfocused = 0;
    const count = () => {
        if (document.activeElement === document.body) window.unfocused += 1;
        requestAnimationFrame(count);
    };
    count();
";

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
    app.look(COUNT_THE_UNFOCUSED);
    // On over the end of what was read: more comes, and the focus is where it was going.
    app.press("Next");
    app.until_it_says("550 shown");
    app.until_focus_on("button", "oncall-bot-zuerich-08379");
    app.press("Next");
    app.until_focus_on("button", "oncall-bot-zuerich-07979");
    app.press("ctrl+End");
    until_true("the last row of all, read or not", || place_of_focus(&app) == 9_999);
    app.until_focus_on("button", "backup-berlin-00002");
    app.press("Up");
    until_true("the one above it", || place_of_focus(&app) == 9_998);
    app.press("ctrl+Home");
    app.until_focus_on("button", "oncall-bot-zuerich-09979");
    assert_eq!(app.look("return window.unfocused").as_i64(), Some(0), "frames in which nobody had the focus");
    let rows = app.look("return document.querySelectorAll('[data-place]').length").as_i64();
    assert!(rows.is_some_and(|rows| rows < ROWS_IN_PAGE), "{rows:?} rows stand in the page");
}

/// The button by its words: what it does has the focus go on, and a click of the mouse would not have given it.
fn press_by_keyboard(app: &App<'_>, name: &str) {
    app.find("button", name);
    let script =
        format!("[...document.querySelectorAll('button')].find((one) => one.innerText.trim() === '{name}').focus()");
    app.look(&script);
    app.until_focus_on("button", name);
    app.press("space");
}

#[test]
fn what_reads_further_hands_the_focus_on() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.fill_with(1_200);
    app.look_away_and_back();
    app.find("button", "All 1,200");

    app.find("searchbox", "Search tokens").enter("-wien-0");
    app.until_it_says("150 of 1,200 match");
    press_by_keyboard(&app, "Show more");
    until_true("the first row that came", || place_of_focus(&app) == 50);
    app.find("searchbox", "Search tokens").replace_with("");
    app.until_it_says("50 shown");

    app.find("checkbox", "Select all that are shown").click();
    press_by_keyboard(&app, "Select everything that fits");
    app.until_it_says("1,200 selected");
    app.until_focus_on("checkbox", "Select all that are shown");
}
