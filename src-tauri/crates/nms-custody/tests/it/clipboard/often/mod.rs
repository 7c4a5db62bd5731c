//! What is promised of every copy and every clearing, over and over: a few rounds here, a thousand in `.ci/soak.sh`.

mod clearing;
mod copying;

use std::time::Duration;

use crate::desktop::display::Display;

/// Spreads the numbers of rounds evenly over a span, in another order than that of the rounds.
fn spread(number: usize, span_ms: u64) -> Duration {
    Duration::from_millis((u64::try_from(number).unwrap() * 37) % span_ms)
}

/// The display of a worker.
fn with_own_display(_worker: usize) -> (Display, Vec<(&'static str, String)>) {
    crate::desktop::display::with_display()
}
