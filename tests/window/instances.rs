//! One window for one store: a second start shows the first, and where it cannot know of it, the store's lock holds.

use std::process::Stdio;

use palpabl_nms_settings_tests::app::binary;
use palpabl_nms_settings_tests::display::Place;
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::process::Daemon;
use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn a_second_start_raises_the_first_window_and_ends() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let other = app.display().open_another_window(Place { x: 40, y: 40, width: 400, height: 300 });
    assert!(app.display().is_on_top(other));

    let mut command = desktop.command(binary());
    let mut second =
        Daemon::start(command.stdin(Stdio::null()).stdout(desktop.log("second.log")).stderr(desktop.log("second.log")));
    until_true("the second start has ended", || second.has_ended());
    until_true("the first window has the keyboard", || app.display().focused() == app.window());
    assert!(!app.has_ended());
    app.create_and_copy("poller-03", &["metrics:read"]);
}

#[test]
fn without_a_shared_bus_the_second_says_that_the_store_is_in_use() {
    let desktop = Desktop::new();
    let first = App::start(&desktop);
    first.create_and_copy("poller-03", &["metrics:read"]);

    let another_home = desktop.folder().join("another-home").display().to_string();
    let no_bus = format!("unix:path={}", desktop.folder().join("no-bus").display());
    let second = App::start_with(&desktop, &[("HOME", &another_home), ("DBUS_SESSION_BUS_ADDRESS", &no_bus)]);
    second.until_it_says(&format!("Process {} already works with this NMS’s data", first.pid()));
    second.until_it_says("The data is untouched.");
    drop(second);
    assert_eq!(first.listed(), ["poller-03"]);
}
