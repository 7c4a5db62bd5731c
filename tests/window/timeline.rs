//! The picture of the next twelve months: what lapses together is selected together, and the table says the same.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

#[test]
fn a_cluster_is_selected_from_the_picture_and_from_the_table() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for (name, days) in [("alone", 60), ("pair-1", 120), ("pair-2", 120)] {
        app.seed_as(&json!({"name": name, "permissions": ["metrics:read"], "expires_at": desktop.in_days(days)}));
    }
    app.look_away_and_back();
    app.find("button", "Timeline").click();
    app.find("image", "3 expiries in the next 12 months, the most on one day: 2");

    let cluster = app.look(
        "const text = [...document.querySelectorAll('text.many')].find((one) => one.textContent === '2');
        const { x, y, width, height } = text.parentElement.querySelector('.reach').getBoundingClientRect();
        return [x + width / 2, y + height / 2].map(Math.round);",
    );
    let pixel = |at: usize| cluster[at].as_i64().and_then(|pixel| i16::try_from(pixel).ok()).unwrap();
    app.press_pointer_at((pixel(0), pixel(1)), 1);
    app.find("group", "2 selected");
    assert_eq!(selected(&app), json!(["pair-2", "pair-1"]));
    app.find("button", "Clear selection").click();

    app.find("button", "As a table").click();
    app.until_it_says("alone ·");
    app.find("button", "Select 2 tokens").click();
    app.find("group", "2 selected");
    assert_eq!(selected(&app), json!(["pair-2", "pair-1"]));
    app.find("button", "Clear selection").click();
    app.find("button", "Select 1 token").click();
    until_true("the one alone is selected", || selected(&app) == json!(["alone"]));
}

/// The tokens whose rows are marked.
fn selected(app: &App<'_>) -> serde_json::Value {
    app.look("return [...document.querySelectorAll('[aria-selected=true] .name')].map((one) => one.innerText)")
}
