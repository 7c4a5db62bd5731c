//! The one source of time for every delay in here, so that a test sets it instead of waiting.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Time since some fixed moment. It counts while the machine sleeps: a value that was copied before the lid was closed
/// is overdue when it is opened, not sixty seconds later.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    #[cfg(any(test, feature = "test-clock"))]
    Test(TestClock),
}

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self(Source::System)
    }

    pub(crate) fn now(&self) -> Duration {
        match &self.0 {
            Source::System => {
                let now = clock_gettime(ClockId::Boottime);
                Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
            }
            #[cfg(any(test, feature = "test-clock"))]
            Source::Test(clock) => clock.now(),
        }
    }

    /// A bell for one sleeping thread. A test's clock rings it whenever it moves.
    pub(crate) fn bell(&self) -> Arc<Bell> {
        let bell = Arc::new(Bell::default());
        match &self.0 {
            Source::System => {}
            #[cfg(any(test, feature = "test-clock"))]
            Source::Test(clock) => clock.attach(&bell),
        }
        bell
    }

    /// How long a thread may sleep before it must look again, when something is due at `at`. The system's sleep does
    /// not count while the machine is suspended, so it is cut into seconds.
    fn longest_sleep(&self, at: Duration) -> Option<Duration> {
        match &self.0 {
            Source::System => Some(at.saturating_sub(self.now()).min(Duration::from_secs(1))),
            #[cfg(any(test, feature = "test-clock"))]
            Source::Test(_) => None,
        }
    }
}

/// Wakes one sleeping thread, early or when something is due.
#[derive(Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    wake: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    /// Sleeps until rung, or, when something is due, for a while that ends at that moment or earlier.
    pub(crate) fn wait(&self, clock: &Clock, due_at: Option<Duration>) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rung = match due_at.and_then(|at| clock.longest_sleep(at)) {
            Some(limit) => {
                self.wake.wait_timeout_while(rung, limit, |rung| !*rung).unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.wake.wait_while(rung, |rung| !*rung).unwrap_or_else(PoisonError::into_inner),
        };
        *rung = false;
    }
}

/// A clock that moves only when told to.
#[cfg(any(test, feature = "test-clock"))]
#[derive(Clone, Default)]
pub struct TestClock(Arc<Mutex<TestTime>>);

#[cfg(any(test, feature = "test-clock"))]
#[derive(Default)]
struct TestTime {
    now: Duration,
    bells: Vec<std::sync::Weak<Bell>>,
}

#[cfg(any(test, feature = "test-clock"))]
impl TestClock {
    /// A clock that stands still.
    pub fn new() -> Self {
        Self::default()
    }

    /// The handle that [`Custody::open`](crate::Custody::open) takes.
    pub fn clock(&self) -> Clock {
        Clock(Source::Test(self.clone()))
    }

    /// Moves on by `by`. What is due by then happens on its own thread: await the effect.
    pub fn advance(&self, by: Duration) {
        let bells = {
            let mut time = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            time.now += by;
            time.bells.clone()
        };
        bells.iter().filter_map(std::sync::Weak::upgrade).for_each(|bell| bell.ring());
    }

    fn now(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now
    }

    fn attach(&self, bell: &Arc<Bell>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bells.push(Arc::downgrade(bell));
    }
}
