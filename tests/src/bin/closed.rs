//! That nobody can drive or inspect the app as people get it, whatever stands in its environment: the variables that open
//! a web view are gone, nothing listens but the NMS, and a web driver gets no session.
//!
//! `PALPABL_E2E_APP` names the app; `.ci/closed.sh` builds the one that is released.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the test bench")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use palpabl_nms_settings_tests::app::binary;
use palpabl_nms_settings_tests::patience::until;
use palpabl_nms_settings_tests::process::{Daemon, listening_ports, variable};
use palpabl_nms_settings_tests::{App, Desktop};

const DOORS: [(&str, &str); 4] = [
    ("TAURI_WEBVIEW_AUTOMATION", "true"),
    ("TAURI_AUTOMATION", "true"),
    ("WEBKIT_INSPECTOR_SERVER", "127.0.0.1:26799"),
    ("WEBKIT_INSPECTOR_HTTP_SERVER", "127.0.0.1:26798"),
];
/// What only the app for the tests obeys.
const OF_THE_TESTS: [&str; 3] = ["PALPABL_E2E_CLOCK", "PALPABL_E2E_RELAY", "PALPABL_E2E_SERVER_BEHIND"];

fn main() {
    let program = std::fs::read(binary()).unwrap();
    let has = |name: &&str| program.windows(name.len()).any(|window| window == name.as_bytes());
    assert_eq!(OF_THE_TESTS.iter().find(|name| has(name)), None, "it obeys what is for tests only");

    let desktop = Desktop::new();
    let app = Daemon::start(desktop.command(binary()).envs(DOORS));
    let port = until("the port of the built-in NMS", || listening_ports(app.pid()).first().copied());
    assert_eq!(listening_ports(app.pid()), [port], "nothing else listens");
    for (door, _) in DOORS {
        assert_eq!(variable(app.pid(), door), None, "{door} is still open");
    }
    drop(app);

    // The driver waits as long for a session as it takes to say that there is none.
    let driven = catch_unwind(AssertUnwindSafe(|| App::start(&desktop).until_ready()));
    assert!(driven.is_err(), "a web driver got a session");
    println!("Nobody drives or inspects it.");
}
