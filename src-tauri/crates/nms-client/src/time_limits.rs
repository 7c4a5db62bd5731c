//! How long a call may take.

use std::time::Duration;

/// How long a call may take. All of them bound the whole: whatever the server does, a call answers within `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// Until a connection stands, name look-up and TLS included. Counts as at most a quarter of `total`, so that a
    /// call that never got through is told from one whose answer is lost.
    pub connect: Duration,
    /// The longest silence of the server: until its answer begins, and between two pieces of it.
    pub read: Duration,
    /// The whole call, questions that settle a lost answer included.
    pub total: Duration,
    /// The wait before a lost answer is asked for again; it doubles each time.
    pub first_wait: Duration,
}

impl TimeLimits {
    /// The connect limit that is used.
    pub(crate) fn connect(&self) -> Duration {
        self.connect.min(self.total / 4)
    }

    /// Until an answer begins, connecting included: always more than [`connect`](Self::connect), which would else be
    /// hidden, and with it that nothing was sent.
    pub(crate) fn first_byte(&self) -> Duration {
        let connect = self.connect();
        self.read.max(connect + connect / 4)
    }
}

impl Default for TimeLimits {
    /// 5 s to connect, 10 s of silence, 30 s in all, 250 ms before the first repeat.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(10),
            total: Duration::from_secs(30),
            first_wait: Duration::from_millis(250),
        }
    }
}
