//! The language that a person chooses holds at once, in words and direction, and after a restart.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};

fn page(app: &App<'_>) -> (String, String) {
    let of = |name: &str| {
        app.look(&format!("return document.documentElement.{name}")).as_str().unwrap_or_default().to_owned()
    };
    (of("lang"), of("dir"))
}

#[test]
fn german_and_arabic_change_every_word_and_the_direction() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    app.find("tab", "Preferences").click();
    app.find("radio", "Deutsch").click();
    app.until_it_says("Präferenzen");
    assert_eq!(page(&app), ("de".to_owned(), "ltr".to_owned()));

    app.find("radio", "العربية").click();
    until_true("the page runs from the right", || page(&app) == ("ar".to_owned(), "rtl".to_owned()));
    let left_of = |first: &str, second: &str| {
        app.look(&format!("const [a, b] = ['{first}', '{second}'].map((one) => document.querySelector(one).getBoundingClientRect().left); return a < b"))
    };
    app.find("tab", "رموز API").click();
    app.find_like("button", "تحرير");
    assert_eq!(left_of(".row .acts", ".row .which"), true, "the first column stands on the right");
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.find_like("button", "تحرير");
    assert_eq!(page(&app), ("ar".to_owned(), "rtl".to_owned()));
}
