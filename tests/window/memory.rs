//! The secret in memory: once it was copied and cleared, no process of the app holds it in any form.

use std::time::Duration;

use palpabl_nms_settings_tests::memory::{Scan, scan};
use palpabl_nms_settings_tests::patience::{LIMIT, until_true, within};
use palpabl_nms_settings_tests::{App, Desktop};

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
