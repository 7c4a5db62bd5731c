//! For the tests in the real window only (feature `e2e`): a clock that the test sets, and a relay of the test's between
//! client and server, which can lose an answer. `PALPABL_E2E_RELAY` is its `HOST:PORT`.
//!
//! `PALPABL_E2E_CLOCK` names a socket to be made; each line that is written to it is a number of milliseconds by which
//! custody's clock is advanced. Without the variable the clock is the system's.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::time::Duration;

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

/// Where the client reaches the server, when a test stands between.
pub(crate) fn relay() -> Option<ServerAddress> {
    ServerAddress::parse(&format!("http://{}", env::var("PALPABL_E2E_RELAY").ok()?)).ok()
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
