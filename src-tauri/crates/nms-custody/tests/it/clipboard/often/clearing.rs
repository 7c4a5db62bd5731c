//! The clipboard is cleared in time if it is ours, and never if it is another program's.

use std::process::Command;
use std::time::{Duration, Instant};

use nms_api::Secret;
use nms_custody::{ClipboardView, Clock, Copied, Custody, Handle, Settings, VaultState};

use super::super::VALUE;
use super::{spread, with_own_display};
use crate::desktop::display::{Display, copies, paste};
use crate::desktop::other::{Manner, Taker};
use crate::desktop::rounds::{Outcome, in_parallel, rounds, tell};
use crate::desktop::{Running, until};

/// Short, so that a thousand rounds end on the same day.
const DELAY: Duration = Duration::from_secs(2);
/// What is promised of it.
const SLACK: Duration = Duration::from_secs(1);
const OTHERS: &str = "somebody else's";
const MARKED: &str = "marked with the mouse";

/// Custody with the system's clock, whose value was copied, and when.
async fn copied() -> (Custody, Handle, Instant) {
    let settings = Settings { clipboard_delay: DELAY, ..Settings::default() };
    let custody = Custody::open(settings, Clock::system(), |_| {});
    let handle = custody.keep(Secret::new(VALUE.into())).unwrap();
    assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
    (custody, handle, Instant::now())
}

/// A display on which somebody marked something with the mouse.
fn with_something_marked(worker: usize) -> ((Running, Display), Vec<(&'static str, String)>) {
    use std::io::Write;
    let (display, environment) = with_own_display(worker);
    let mut xclip = Command::new("xclip");
    let mut marks = Running::start(copies(&mut xclip).args(["-selection", "primary"]).envs(environment.clone()));
    marks.0.stdin.take().unwrap().write_all(MARKED.as_bytes()).unwrap();
    ((marks, display), environment)
}

#[test]
fn every_time_it_is_cleared_when_the_delay_is_over_and_primary_is_not() {
    let tallies = in_parallel(rounds(4, 1000), with_something_marked, async |_| -> Outcome {
        let witness = Taker::start(Manner::Looks);
        let (custody, handle, copied_at) = copied().await;
        until("it is cleared", || witness.changes().last().is_some_and(|change| change.emptied));
        let after = witness.changes().last().unwrap().at - copied_at;
        assert!(after > DELAY - SLACK && after < DELAY + SLACK, "{after:?}");
        until("that is told", || custody.view().clipboard == ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
        assert_eq!(paste("primary").as_deref(), Some(MARKED.as_bytes()));
        ("cleared", after)
    });
    tell("cleared after 2 s", &tallies);
}

#[test]
fn every_time_somebody_else_copies_as_the_delay_ends_their_copy_stays() {
    let tallies = in_parallel(rounds(4, 1000), with_own_display, async |number| -> Outcome {
        let other = Taker::start(Manner::WhenTold(OTHERS.into()));
        let (custody, handle, _) = copied().await;
        let ClipboardView::Ours { left_ms: Some(left_ms), .. } = custody.view().clipboard else { panic!("not ours") };
        let due = Instant::now() + Duration::from_millis(left_ms);
        // From 10 ms before it is due to 10 ms after.
        let moment = due - Duration::from_millis(10) + spread(number, 21);
        tokio::time::sleep_until(moment.into()).await;
        other.take();
        until("the other program's copy", || other.changes().len() > 1 && !other.changes().last().unwrap().emptied);
        until("an end", || !custody.clipboard_pending());
        let seen = other.changes();
        assert_eq!(paste("clipboard").as_deref(), Some(OTHERS.as_bytes()), "{seen:?}");
        // Whatever was still on its way has arrived by then.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(paste("clipboard").as_deref(), Some(OTHERS.as_bytes()), "{seen:?}");
        let off = seen.last().unwrap().at;
        let off = off.saturating_duration_since(due).max(due.saturating_duration_since(off));
        match custody.view().clipboard {
            ClipboardView::TakenOver { .. } => ("not touched, taken over", off),
            // Ours was cleared before they copied.
            end => {
                assert_eq!(end, ClipboardView::Emptied { handle });
                ("not touched, after ours was cleared", off)
            }
        }
    });
    tell("another program copied that near to the delay", &tallies);
}

#[test]
fn every_time_the_app_is_left_it_is_cleared_at_once() {
    let tallies = in_parallel(rounds(4, 1000), with_something_marked, async |number| -> Outcome {
        let witness = Taker::start(Manner::Looks);
        let (custody, _, _) = copied().await;
        tokio::time::sleep(spread(number, 100)).await;
        let begun = Instant::now();
        custody.leave().await;
        let left = begun.elapsed();
        until("it is cleared", || witness.changes().last().is_some_and(|change| change.emptied));
        let after = witness.changes().last().unwrap().at.saturating_duration_since(begun);
        // 500 ms are promised; the slack is for a busy machine, the figure is told.
        assert!(after.max(left) < Duration::from_millis(1500), "cleared after {after:?}, left after {left:?}");
        assert_eq!(paste("clipboard"), None);
        assert_eq!(paste("primary").as_deref(), Some(MARKED.as_bytes()));
        assert_eq!(custody.view().vault, VaultState::Empty);
        (if after.max(left) < Duration::from_millis(500) { "in time" } else { "late" }, after.max(left))
    });
    tell("cleared on the way out", &tallies);
}
