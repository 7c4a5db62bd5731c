//! Waiting for a condition, never for a time: every wait ends as soon as what it is for has come about, and has a limit.

use std::time::{Duration, Instant};

/// How long a person's step may take before it counts as broken: generous, since a promise about speed is no business
/// of these tests and the machine may be busy.
pub const LIMIT: Duration = Duration::from_secs(20);

const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer; `None` when the limit has passed.
pub fn within<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= end {
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Waits until `ask` has an answer; panics with `what` when it has none in time.
#[track_caller]
pub fn until<T>(what: &str, ask: impl FnMut() -> Option<T>) -> T {
    // No closure around the panic: it is to name the caller's line.
    let Some(answer) = within(LIMIT, ask) else { panic!("not within {} s: {what}", LIMIT.as_secs()) };
    answer
}

/// Waits until `holds`; panics with `what` when it does not in time.
#[track_caller]
pub fn until_true(what: &str, mut holds: impl FnMut() -> bool) {
    until(what, || holds().then_some(()));
}

/// Looks for a while whether something happens that must not. A negative cannot be awaited: this is the one place where
/// time is spent on purpose.
#[track_caller]
pub fn never(what: &str, during: Duration, mut happens: impl FnMut() -> bool) {
    assert!(within(during, || happens().then_some(())).is_none(), "it happened: {what}");
}
