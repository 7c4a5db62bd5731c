//! What is taken away from the process before anything else runs: core dumps, and the doors that the web view would
//! open to a debugger.
//!
//! Performs I/O: may start the program anew in place of itself.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Variables by which somebody could drive or inspect the window. A web driver, and so the tests in the real window,
/// needs the automation and the inspector's own server.
const DOORS: &[&str] = if cfg!(feature = "e2e") {
    &["WEBKIT_INSPECTOR_HTTP_SERVER"]
} else {
    &["TAURI_WEBVIEW_AUTOMATION", "TAURI_AUTOMATION", "WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"]
};

/// Turns core dumps off, here and in all children, and removes the variables that open the web view to others.
pub fn environment() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Lowering a limit is always allowed; were it refused, the vault's pages would still be left out of a dump.
    let _ = setrlimit(Resource::Core, none);
    if DOORS.iter().any(|door| env::var_os(door).is_some()) {
        start_anew_without_doors();
    }
}

/// A variable cannot be removed safely once threads may read it, so the program replaces itself by one without.
fn start_anew_without_doors() {
    let Ok(program) = env::current_exe() else { return };
    let mut again = Command::new(program);
    again.args(env::args_os().skip(1));
    for door in DOORS {
        again.env_remove(door);
    }
    // Returns only when it failed; then an unwanted door is worse than no window.
    drop(again.exec());
    std::process::exit(70);
}
