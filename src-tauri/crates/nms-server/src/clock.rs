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

    /// Any other source of time.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, UTC, in whole microseconds: what is stored is what was answered.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}
