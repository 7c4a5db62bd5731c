//! For the tests in the real window only (feature `e2e`): a clock that the test sets, and a relay of the test's between
//! client and server, which can lose an answer. `PALPABL_E2E_RELAY` is its `HOST:PORT`. The page's console is heard.
//!
//! `PALPABL_E2E_CLOCK` names a socket to be made; each line that is written to it is a number of milliseconds by which
//! custody's clock is advanced. `PALPABL_E2E_SERVER_BEHIND` names a file with the seconds by which the built-in server's
//! clock is behind, read anew each time, so that a token can have a past. Without the variables the clocks are the system's.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use nms_client::ServerAddress;
use nms_custody::{Clock, TestClock};

/// The clock of custody's delays.
pub(crate) fn clock() -> Clock {
    let Some(path) = env::var_os("PALPABL_E2E_CLOCK").map(PathBuf::from) else { return Clock::system() };
    match UnixListener::bind(&path) {
        Err(error) => {
            tracing::error!(%error, "the test's clock could not be had");
            Clock::system()
        }
        Ok(listener) => {
            let clock = TestClock::new();
            let set = clock.clone();
            std::thread::spawn(move || listener.incoming().flatten().for_each(|test| obey(test, &set)));
            clock.clock()
        }
    }
}

/// The built-in server's clock.
pub(crate) fn server_clock() -> nms_server::Clock {
    let Some(path) = env::var_os("PALPABL_E2E_SERVER_BEHIND").map(PathBuf::from) else {
        return nms_server::Clock::system();
    };
    let behind_s = move || std::fs::read_to_string(&path).ok()?.trim().parse().ok();
    nms_server::Clock::from_fn(move || Utc::now() - TimeDelta::seconds(behind_s().unwrap_or_default()))
}

/// Where the client reaches the server, when a test stands between.
pub(crate) fn relay() -> Option<ServerAddress> {
    ServerAddress::parse(&format!("http://{}", env::var("PALPABL_E2E_RELAY").ok()?)).ok()
}

/// Has the page's console written to our output: there the web view says what it refused, and what failed on the page.
pub(crate) fn hear_the_console(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt, WebViewExt};
    window.with_webview(|webview| {
        let Some(settings) = webview.inner().settings() else { return };
        settings.set_enable_write_console_messages_to_stdout(true);
    })
}

/// Advances by what each line says, and answers when that was done.
fn obey(test: UnixStream, clock: &TestClock) {
    let Ok(mut answer) = test.try_clone() else { return };
    for line in BufReader::new(test).lines().map_while(Result::ok) {
        let Ok(by_ms) = line.trim().parse() else { return };
        clock.advance(Duration::from_millis(by_ms));
        if answer.write_all(b"done\n").is_err() {
            return;
        }
    }
}
