//! Names that people and programs might give a token, in the real window: each is shown as it is, within its own cell.

use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

const NAMES: &str = include_str!("../../src-tauri/crates/nms-api/tests/names.json");
/// Among hundreds; the page's own tests show all.
const EACH: usize = 24;
/// In which columns the cells of each row stand, and what its name says. A long name takes more lines, and so makes its row
/// higher.
const ROWS: &str = "return [...document.querySelectorAll('[data-token]')].map((row) => {
    const at = row.getBoundingClientRect();
    const cells = [...row.children].map((cell) => cell.getBoundingClientRect());
    return {
        name: row.querySelector('bdi.name').textContent,
        cells: cells.map(({ left, width }) => [left - at.left, width]),
        width: at.width,
        is_within: row.scrollWidth <= row.clientWidth + 1,
    };
});";

#[test]
fn the_worst_names_are_shown_as_they_are_and_move_no_neighbour() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let all: Vec<Value> = serde_json::from_str(NAMES).unwrap();
    let kept = all.iter().filter(|name| name["kept"].is_string());
    let (long, others): (Vec<&Value>, Vec<&Value>) =
        kept.partition(|name| name["kept"].as_str().unwrap().chars().count() > 90);
    let mut names: Vec<&str> =
        long.into_iter().chain(others.into_iter().step_by(EACH)).map(|name| name["kept"].as_str().unwrap()).collect();
    names.extend(["<img src=x onerror=document.title=1>", "<script>document.title=1</script>", "poller-03"]);
    for name in &names {
        app.seed(name, &["devices:read"]);
    }
    app.look_away_and_back();
    app.find("button", "Delete poller-03");
    let rows = app.look(ROWS);
    let rows = rows.as_array().unwrap();
    let shown: Vec<&str> = rows.iter().rev().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(shown, names, "each as it is, the newest on top");
    for row in rows {
        assert_eq!((&row["cells"], &row["width"]), (&rows[0]["cells"], &rows[0]["width"]), "{row}");
        assert_eq!(row["is_within"], true, "{row}");
    }
    assert_eq!(app.look("return document.documentElement.scrollWidth > innerWidth"), false);
    assert_eq!(app.look("return document.title"), json!("Palpabl NMS settings"), "nothing ran");
}
