//! Time, passed in: nothing else in this crate asks the system what time it is.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

/// Where the server takes the time from. A test brings its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::from_fn(Utc::now)
    }

    /// Any other source of time: one that is set while the server runs, too. The embedding app's tests have one.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, UTC, in whole microseconds: what is stored is what was answered.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }

    /// Now, as it stands in `Date` (RFC 9110, section 5.6.7): what an answer says of time comes from one clock.
    pub(crate) fn http_date(&self) -> String {
        self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[test]
    fn a_clock_can_be_set_while_it_is_used() {
        let micros = Arc::new(AtomicI64::new(1_764_000_000_000_001));
        let set = Arc::clone(&micros);
        let clock =
            Clock::from_fn(move || DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default());
        let used = clock.clone();
        assert_eq!(used.now().timestamp_micros(), 1_764_000_000_000_001);
        assert_eq!(used.http_date(), "Mon, 24 Nov 2025 16:00:00 GMT");
        set.fetch_add(86_400_000_000, Ordering::SeqCst);
        assert_eq!(used.http_date(), "Tue, 25 Nov 2025 16:00:00 GMT");
    }
}
