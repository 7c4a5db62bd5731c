//! The secret in memory: once it was copied and cleared, no process of the app holds it in any form.

use std::time::Duration;

use palpabl_nms_settings_tests::memory::{Found, MAX_PATTERN, Scan, scan, scan_picture};
use palpabl_nms_settings_tests::patience::{LIMIT, until, until_true, within};
use palpabl_nms_settings_tests::{App, Desktop};

const PICTURE: &str = "[role=dialog] img";

#[track_caller]
fn assert_no_copies(app: &App<'_>, token: &str) {
    // Freed memory is wiped at once, but a web process frees when it likes: it never had the text, so the first look
    // is expected to find nothing and the limit is for the driver's own work on the page.
    let look = || scan(&app.processes(), token);
    let mut last: Scan = look();
    let clean = within(LIMIT / 2, || {
        last = look();
        last.found.is_empty().then_some(())
    });
    assert!(clean.is_some(), "copies are left: {:?}", last.found);
    assert!(last.processes >= 3, "app, web process and network process were looked through: {last:?}");
    assert!(last.bytes > 50 << 20, "{last:?}");
}

fn after_the_clipboard_was_emptied(app: &App<'_>, desktop: &Desktop) {
    app.advance(Duration::from_secs(61));
    until_true("the clipboard is empty", || desktop.clipboard().is_none());
    app.until_it_says("Clipboard emptied.");
    app.done();
}

#[test]
fn no_copy_is_left_after_copy_clear_and_close() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create("poller-03", &["metrics:read"]);
    let token = app.copy();
    let held = scan(&app.processes(), &token);
    // Without the right to look into the process there is nothing to compare with.
    assert!(
        held.processes == 0 || held.found.iter().any(|found| found.pid == app.pid()),
        "the scan sees what is there"
    );
    after_the_clipboard_was_emptied(&app, &desktop);
    assert_no_copies(&app, &token);
}

#[test]
fn no_copy_is_left_after_a_reveal() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    once.find("button", "Reveal").click();
    once.find("button", "Hide").click();
    once.find("button", "Reveal");
    let token = app.copy();
    after_the_clipboard_was_emptied(&app, &desktop);
    assert_no_copies(&app, &token);
}

/// Waits until the page shows the picture; its size.
fn until_drawn(app: &App<'_>) -> (u32, u32) {
    let script =
        format!("const one = document.querySelector('{PICTURE}'); return [one?.naturalWidth, one?.naturalHeight]");
    until("it is drawn", || serde_json::from_value(app.look(&script)).ok().filter(|(width, _)| *width > 0))
}

/// Reveals; the picture's size, and a part of it as it is on the screen.
fn revealed(app: &App<'_>) -> ((u32, u32), Vec<u8>) {
    let once = app.once();
    once.find("button", "Reveal").click();
    let size = until_drawn(app);
    let place = app.place_of(PICTURE);
    once.find("button", "Hide").click();
    once.find("button", "Reveal");
    // What is on the screen may be older than the page.
    let before = app.display().settled_picture(place);
    once.find("button", "Reveal").click();
    until_true("it is on the screen", || app.display().settled_picture(place) != before);
    (size, app.display().settled_picture(place).busiest_stretch(MAX_PATTERN / 8))
}

/// How many copies of a part of the picture there are: in the app itself, and in all its processes.
fn pixels(app: &App<'_>, found: &[Found]) -> (usize, usize) {
    let pixels = found.iter().filter(|found| found.form != "png");
    let own = pixels.clone().filter(|found| found.pid == app.pid());
    (own.map(|found| found.copies).sum(), pixels.map(|found| found.copies).sum())
}

#[test]
fn little_of_a_revealed_picture_is_left_in_memory_and_none_in_a_buffer_that_is_in_use() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    let (size, stretch) = revealed(&app);
    let look = || scan_picture(&app.processes(), &stretch, size).found;
    let shown = look();
    println!("FIGURE a picture that is shown: {shown:?}");
    let (own, all) = pixels(&app, &shown);
    assert!(own > 0 && all > own && shown.iter().any(|found| found.form == "png"), "the search sees it: {shown:?}");
    // What is freed in the web view's processes is not wiped there: a few copies stay until it is used again.
    let until_little_is_left = |how: &str| {
        let mut left = vec![];
        let little = within(Duration::from_secs(5), || {
            left = look();
            let (own, everywhere) = pixels(&app, &left);
            (own == 0 && everywhere * 2 < all).then_some(())
        });
        println!("FIGURE a picture that was hidden {how}: {left:?}");
        assert!(little.is_some(), "{how}: {left:?}, of {shown:?}");
    };
    once.find("button", "Hide").click();
    once.find("button", "Reveal");
    until_little_is_left("by a person");

    once.find("button", "Reveal").click();
    until_drawn(&app);
    app.advance(Duration::from_secs(61));
    once.find("button", "Reveal");
    until_little_is_left("by time");
}

#[test]
fn no_copy_is_left_when_it_was_never_taken() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    // Only the file tells this test which secret to look for.
    let path = desktop.home().join("t");
    once.find("button", "Save to a file…").click();
    app.answer_file_dialog("Save the token to a file", &path);
    app.until_it_says("Not copied, saved to a file");
    let token = std::fs::read_to_string(&path).unwrap();
    once.find("button", "Close").click();
    app.until_no_dialog();
    assert_no_copies(&app, &token);
}
