//! The window's event loop goes on whatever becomes of a secret: it is never held over 50 ms.

use std::io::{self, Write};
use std::time::Duration;

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::pulse::{Felt, Pulse};
use palpabl_nms_settings_tests::{App, Desktop};

/// 50 ms are promised; the slack is for a busy machine, and the figures are told.
const LIMIT: Duration = Duration::from_millis(500);

/// Does something while the window's pulse is felt.
fn during<T>(app: &App<'_>, what: &str, something: impl FnOnce() -> T) -> T {
    let pulse = Pulse::of(app.desktop(), app.window());
    let done = something();
    judge(what, pulse.felt());
    done
}

/// Does something by which the app ends: its window is not left standing, without anybody in it, until the system takes
/// it away.
fn during_the_end(app: &App<'_>, what: &str, something: impl FnOnce()) {
    let pulse = Pulse::of(app.desktop(), app.window());
    something();
    let felt = pulse.felt_to_its_end();
    judge(what, felt);
    assert!(felt.was_hidden, "{what}: {felt:?}");
}

fn judge(what: &str, felt: Felt) {
    // With nobody to read it there is nobody to tell.
    let _ = writeln!(io::stdout().lock(), "FIGURE the event loop during {what}: {felt:.1?}");
    assert!(felt.answers > 0, "{what}: {felt:?}");
    assert!(felt.longest < LIMIT && felt.unanswered.is_none_or(|waited| waited < LIMIT), "{what}: {felt:?}");
}

#[test]
fn nothing_that_becomes_of_a_secret_holds_the_window() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    during(&app, "nothing", || app.find("button", "Create token"));
    let once = during(&app, "a creation", || app.create("poller-03", &["metrics:read"]));
    during(&app, "a reveal", || {
        once.find("button", "Reveal").click();
        once.find("button", "Hide").click();
        once.find("button", "Reveal");
    });
    during(&app, "a copy", || app.copy());
    during(&app, "a clearing", || {
        app.advance(Duration::from_secs(61));
        until_true("the clipboard is empty", || desktop.clipboard().is_none());
        app.until_it_says("Clipboard emptied.");
    });
    app.done();
    app.create_and_copy("poller-04", &["metrics:read"]);
    during(&app, "the question before the end", || {
        app.ask_to_close();
        app.find("alertdialog", "Quit and empty the clipboard?");
    });
    during_the_end(&app, "the end", || {
        app.find("alertdialog", "Quit and empty the clipboard?").find("button", "Quit").click();
        app.until_ended();
    });
    assert_eq!(desktop.clipboard(), None);
}

#[test]
fn a_signal_to_end_does_not_hold_it_either() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.create_and_copy("poller-03", &["metrics:read"]);
    during_the_end(&app, "the end by a signal", || app.terminate());
    assert_eq!(desktop.clipboard(), None);
}
