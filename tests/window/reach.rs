//! In reach of everybody: large letters in a small window, targets that can be hit, high contrast, and a focus that comes back.

use palpabl_nms_settings_tests::patience::{LIMIT, until_true, within};
use palpabl_nms_settings_tests::{App, Desktop, axe};
use serde_json::{Value, json};

/// What can be pressed and is smaller than 24 by 24 pixels, where nothing else says what it is for (WCAG 2.2, 2.5.8): a
/// control within a line of text is as high as the line.
const SMALL: &str = "const isInText = (one) => one.matches('button:has(time), button:has(bdi), button.details');
    return [...document.querySelectorAll('main button, main input, main [role=checkbox], main [role=tab]')]
        .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
        .filter(([one, { width, height }]) => width > 1 && !isInText(one) && (width < 24 || height < 24))
        .map(([one, { width, height }]) => `${one.getAttribute('aria-label') ?? one.innerText}: ${width} x ${height}`);";

/// What is cut off at the window's edge, or has the focus and cannot be seen.
const CUT: &str = "const all = [...document.querySelectorAll('button, input, h1, h2, p')];
    const shown = all.filter((one) => one.checkVisibility({ opacityProperty: true }) && !one.closest('.unseen'));
    return shown.map((one) => [one, one.getBoundingClientRect()])
        .filter(([, { left, right, width }]) => width > 1 && (left < 0 || right > innerWidth + 0.5))
        .map(([one]) => one.innerText || one.getAttribute('aria-label'));";

const FOCUS_IS_SEEN: &str = "const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && document.activeElement.matches(':focus-visible')
        && document.activeElement.contains(hit);";

#[track_caller]
fn nothing_is_cut(app: &App<'_>, where_: &str) {
    assert_eq!(app.look(CUT), json!([]), "{where_}");
    assert_eq!(app.look("return document.documentElement.scrollWidth > innerWidth"), false, "{where_}");
}

#[track_caller]
fn until_focus_is_seen(app: &App<'_>) {
    let is_seen = within(LIMIT, || (app.look(FOCUS_IS_SEEN) == true).then_some(())).is_some();
    assert!(is_seen, "{:?} at {}", app.focused(), app.look("const { x, y, width, height } = document.activeElement.getBoundingClientRect(); return [x, y, width, height, innerWidth, innerHeight]"));
}

#[test]
fn at_twice_the_size_in_a_small_window_nothing_is_cut_and_the_focus_is_seen() {
    let desktop = Desktop::new();
    // GTK's own: each pixel of the page is two on the screen, so 800 x 600 show 400 x 300.
    let app = App::start_with(&desktop, &[("GDK_SCALE", "2")]);
    app.until_ready();
    app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    app.find("button", "Delete poller-03");
    assert_eq!(app.look("return devicePixelRatio"), 2);
    app.resize(800, 600);
    nothing_is_cut(&app, "the list");
    for _ in 0..12 {
        app.press("Tab");
        until_focus_is_seen(&app);
    }
    app.press("n");
    app.find("dialog", "Create token");
    app.until_focus_on("textbox", "Name");
    nothing_is_cut(&app, "the form");
    for _ in 0..8 {
        app.press("Tab");
        until_focus_is_seen(&app);
    }
}

#[test]
fn a_row_that_has_the_focus_stands_above_the_bar_of_what_is_chosen() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for number in 1..=12 {
        app.seed(&format!("poller-{number:02}"), &["devices:read"]);
    }
    app.look_away_and_back();
    app.find("checkbox", "Select poller-01");
    app.resize(800, 600);
    app.find("checkbox", "Select all that are shown").click();
    app.find("group", "12 selected");
    app.tab_to("button", "poller-12, details");
    for number in (1..12).rev() {
        app.press("Down");
        app.until_focus_on("button", &format!("poller-{number:02}, details"));
        until_focus_is_seen(&app);
    }
}

#[test]
fn what_can_be_pressed_in_the_list_is_large_enough() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    app.find("button", "Timeline").click();
    app.find("button", "poller-03, details").click();
    app.find("complementary", "poller-03").until_it_says("Created");
    for (width, height) in [(1280, 900), (800, 600)] {
        app.resize(width, height);
        assert_eq!(app.look(SMALL), json!([]), "{width}x{height}");
    }
}

#[test]
fn the_focus_comes_back_to_what_opened_each_dialog() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("poller-03", &["devices:read"]);
    app.look_away_and_back();
    app.find("button", "poller-03, details").click();
    for (button, role, title) in [
        ("Test a token", "dialog", "Test a token"),
        ("Create token", "dialog", "Create token"),
        ("Edit poller-03", "dialog", "Edit “poller-03”"),
        ("Delete poller-03", "alertdialog", "Delete “poller-03”?"),
        ("Rotate…", "alertdialog", "Rotate “poller-03”?"),
        ("Pause", "alertdialog", "Pause “poller-03”?"),
        ("Create one like this", "dialog", "Create token"),
    ] {
        app.find("button", button).click();
        app.find(role, title);
        app.press("Escape");
        app.until_no_dialog();
        app.until_focus_on("button", button);
    }
}

#[test]
fn high_contrast_is_chosen_under_preferences_and_is_one() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.find("tab", "Preferences").click();
    app.find("radio", "High contrast").click();
    // Text against its ground, by WCAG's formula: AAA wants 7.
    let contrast = "const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
            .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
            .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0) + 0.05;
        const { color, backgroundColor } = getComputedStyle(document.documentElement);
        const [one, other] = [light(color), light(backgroundColor)];
        return Math.max(one, other) / Math.min(one, other);";
    let is_high = || app.look(contrast).as_f64().is_some_and(|ratio| ratio > 15.0);
    until_true("a high contrast", is_high);
    assert_eq!(axe::violations(&app), Vec::<String>::new());
    let kept = app.ask("describe_settings", &json!({}));
    assert_eq!(kept["settings"]["theme"], Value::from("high_contrast"));
}

#[test]
fn who_wants_no_motion_sees_none() {
    let desktop = Desktop::new();
    // As a desktop's own switch for animations says it to GTK.
    let folder = desktop.home().join(".config/gtk-3.0");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").unwrap();
    let app = App::start(&desktop);
    app.open_create();
    assert_eq!(app.look("return matchMedia('(prefers-reduced-motion: reduce)').matches"), true);
    let moving = "const seconds = (times) => Math.max(...times.split(', ').map(parseFloat));
        return [...document.querySelectorAll('*')].filter((one) => {
            const { animationDuration, transitionDuration } = getComputedStyle(one);
            return Math.max(seconds(animationDuration), seconds(transitionDuration)) > 0.01;
        }).map((one) => one.outerHTML.slice(0, 120));";
    assert_eq!(app.look(moving), json!([]));
}
