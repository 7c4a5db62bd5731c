//! Work that may hang for ever, on a thread that nobody waits for beyond a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Reason;

/// How many may hang at once. Each may stand for a prompt on the screen: more would help nobody.
const MOST: usize = 4;

/// Does `work`, and gives its answer if it comes within `limit`; else `too_late` gets it whenever it comes.
pub(super) async fn within<T: Send + 'static>(
    limit: Duration,
    under_way: &Arc<AtomicUsize>,
    work: impl FnOnce() -> T + Send + 'static,
    too_late: impl FnOnce(T) + Send + 'static,
) -> Result<T, Reason> {
    let Some(place) = Place::take(under_way) else { return Err(Reason::TimedOut) };
    let (answer, answered) = oneshot::channel();
    let on_thread = move || {
        let done = work();
        drop(place);
        if let Err(done) = answer.send(done) {
            too_late(done);
        }
    };
    std::thread::Builder::new().name("keyring".into()).spawn(on_thread).map_err(|error| {
        tracing::warn!(%error, "no thread for the keyring");
        Reason::Other
    })?;
    match tokio::time::timeout(limit, answered).await {
        Ok(Ok(done)) => Ok(done),
        // The thread ended without an answer: it panicked.
        Ok(Err(_)) => Err(Reason::Other),
        Err(_) => Err(Reason::TimedOut),
    }
}

/// One of the [`MOST`].
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(under_way: &Arc<AtomicUsize>) -> Option<Self> {
        let taken = under_way.fetch_update(Ordering::AcqRel, Ordering::Acquire, |now| (now < MOST).then_some(now + 1));
        taken.ok().map(|_| Self(Arc::clone(under_way)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn an_answer_in_time_is_given_to_the_caller_only() {
        let under_way = Arc::new(AtomicUsize::new(0));
        let answer = within(Duration::from_secs(10), &under_way, || 7, |_| panic!("not late")).await;
        assert_eq!(answer, Ok(7));
        assert_eq!(under_way.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn a_late_answer_goes_to_the_callback() {
        let under_way = Arc::new(AtomicUsize::new(0));
        let (go, wait) = mpsc::channel::<()>();
        let (late, came) = mpsc::channel();
        let work = move || wait.recv().is_ok();
        let answer = within(SHORT, &under_way, work, move |answer| late.send(answer).unwrap()).await;
        assert_eq!(answer, Err(Reason::TimedOut));
        go.send(()).unwrap();
        assert_eq!(came.recv_timeout(Duration::from_secs(10)), Ok(true));
    }

    #[tokio::test]
    async fn calls_that_hang_are_bounded_and_later_ones_answer_at_once() {
        let under_way = Arc::new(AtomicUsize::new(0));
        let mut holds = Vec::new();
        for _ in 0..MOST {
            let (hold, wait) = mpsc::channel::<()>();
            holds.push(hold);
            assert!(within(SHORT, &under_way, move || wait.recv().is_ok(), |_| ()).await.is_err());
        }
        let refused = within(Duration::from_secs(60), &under_way, || panic!("one too many"), |()| ()).await;
        assert_eq!(refused, Err(Reason::TimedOut));
        assert_eq!(under_way.load(Ordering::Acquire), MOST);
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_too() {
        let under_way = Arc::new(AtomicUsize::new(0));
        let answer = within(Duration::from_secs(10), &under_way, || panic!("on purpose"), |()| ()).await;
        assert_eq!(answer, Err(Reason::Other));
        assert_eq!(under_way.load(Ordering::Acquire), 0);
    }
}
