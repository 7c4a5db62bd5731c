//! "Copied" is never said of what another program cannot paste, whatever the display and other programs do meanwhile; and a
//! copy that failed can be made once the fault is over.

use std::process::Command;
use std::time::{Duration, Instant};

use nms_custody::{Copied, Custody, Error, Handle};
use rustix::process::Signal;

use super::super::{VALUE, assert_still_held, custody};
use super::spread;
use crate::desktop::display::{Display, copies, own_number, paste};
use crate::desktop::other::{Manner, Taker};
use crate::desktop::rounds::{Outcome, in_parallel, rounds, tell};
use crate::desktop::{Running, until};

const OTHERS: &str = "somebody else's";
/// How long before the check a value has been on the clipboard at least, as custody promises.
const SETTLED: Duration = Duration::from_millis(50);
/// Between the last look of the check and the moment in which its answer is here.
const ON_ITS_WAY: Duration = Duration::from_millis(25);

/// Each round starts its own display on this worker's number, or none.
fn with_own_number(worker: usize) -> ((), Vec<(&'static str, String)>) {
    let number = (usize::try_from(std::process::id()).unwrap() * 16 + worker) % 50_000;
    ((), vec![("DISPLAY", format!(":{}", 1000 + number))])
}

#[test]
fn of_no_fault_it_is_said_that_it_was_copied() {
    let tallies = in_parallel(rounds(10, 1000), with_own_number, async |number| match number % 5 {
        0 => no_display().await,
        1 => display_lost(spread(number / 5, 120)).await,
        2 => owner_hangs(spread(number / 5, 60)).await,
        3 => taken_at_once().await,
        _ => display_hangs(spread(number / 5, 60)).await,
    });
    tell("copies under faults", &tallies);
}

/// The error is one that names this cause, and the secret is still there.
#[track_caller]
fn assert_failed(custody: &Custody, copied: &Result<Copied, Error>, expected: impl Fn(&Error) -> bool) {
    let Err(error) = copied else { panic!("said to be copied") };
    assert!(expected(error), "{error:?}");
    assert_still_held(custody);
}

/// Without the fault it is copied, and is there.
async fn copy_now(custody: &Custody, handle: Handle) {
    let copied = custody.copy(handle).await;
    assert!(matches!(copied, Ok(Copied::Checked)), "{copied:?}");
    assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
    custody.leave().await;
}

async fn no_display() -> Outcome {
    let (custody, handle, _clock) = custody();
    let begun = Instant::now();
    let copied = custody.copy(handle).await;
    let took = begun.elapsed();
    assert_failed(&custody, &copied, |error| matches!(error, Error::NoClipboard));
    let _display = Display::start_at(own_number());
    copy_now(&custody, handle).await;
    ("without a display, kept", took)
}

async fn display_lost(after: Duration) -> Outcome {
    let mut display = Display::start_at(own_number());
    let (custody, handle, _clock) = custody();
    let begun = Instant::now();
    let copying = tokio::spawn({
        let custody = custody.clone();
        async move { custody.copy(handle).await }
    });
    tokio::time::sleep(after).await;
    display.server.signal(Signal::KILL);
    display.server.wait(super::super::MINUTE);
    let gone_after = begun.elapsed();
    let copied = copying.await.unwrap();
    let took = begun.elapsed();
    if copied.is_ok() {
        assert!(gone_after >= SETTLED, "said to be copied, on a display that was lost after {gone_after:?}");
        until("the loss is told", || !custody.clipboard_pending());
        return ("with the display lost after the check, copied", took);
    }
    assert_failed(&custody, &copied, |error| matches!(error, Error::NoClipboard | Error::ClipboardRefused));
    let _display = Display::start_at(own_number());
    copy_now(&custody, handle).await;
    ("with the display lost, kept", took)
}

/// Another program copies at some moment of ours, and is stopped as soon as it has the clipboard.
async fn owner_hangs(after: Duration) -> Outcome {
    let _display = Display::start_at(own_number());
    let witness = Taker::start(Manner::Looks);
    let mut other = Running::start(copies(&mut Command::new("xclip")));
    let (custody, handle, _clock) = custody();
    let begun = Instant::now();
    let copying = tokio::spawn({
        let custody = custody.clone();
        async move { (custody.copy(handle).await, Instant::now()) }
    });
    tokio::time::sleep(after).await;
    drop(std::io::Write::write_all(&mut other.0.stdin.take().unwrap(), OTHERS.as_bytes()));
    until("two that took the clipboard", || witness.changes().len() > 1 || copying.is_finished());
    other.signal(Signal::STOP);
    let (copied, answered) = copying.await.unwrap();
    let took = answered - begun;
    other.signal(Signal::CONT);
    if copied.is_ok() {
        return (judge(&custody, &witness, answered), took);
    }
    assert_failed(&custody, &copied, |error| matches!(error, Error::ClipboardTimedOut | Error::ClipboardDiffers));
    drop(other);
    copy_now(&custody, handle).await;
    ("with another owner that hangs, kept", took)
}

async fn taken_at_once() -> Outcome {
    let _display = Display::start_at(own_number());
    let other = Taker::start(Manner::Gives(OTHERS.into()));
    let (custody, handle, _clock) = custody();
    let begun = Instant::now();
    let copied = custody.copy(handle).await;
    let answered = Instant::now();
    if copied.is_ok() {
        return (judge(&custody, &other, answered), answered - begun);
    }
    assert_failed(&custody, &copied, |error| matches!(error, Error::ClipboardDiffers));
    drop(other);
    copy_now(&custody, handle).await;
    ("with a program that takes it at once, kept", answered - begun)
}

async fn display_hangs(after: Duration) -> Outcome {
    let display = Display::start_at(own_number());
    let (custody, handle, _clock) = custody();
    let begun = Instant::now();
    let copying = tokio::spawn({
        let custody = custody.clone();
        async move { custody.copy(handle).await }
    });
    tokio::time::sleep(after).await;
    display.server.signal(Signal::STOP);
    let stopped_after = begun.elapsed();
    let copied = copying.await.unwrap();
    let took = begun.elapsed();
    display.server.signal(Signal::CONT);
    if copied.is_ok() {
        assert!(stopped_after >= SETTLED, "said to be copied, on a display that hung after {stopped_after:?}");
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
        return ("with a display that hung after the check, copied", took);
    }
    assert_failed(&custody, &copied, |error| matches!(error, Error::ClipboardTimedOut));
    copy_now(&custody, handle).await;
    ("with a display that hangs, kept", took)
}

/// What was said to be copied can be pasted now, or was replaced only when that was already said.
#[track_caller]
fn judge(custody: &Custody, witness: &Taker, answered: Instant) -> &'static str {
    if paste("clipboard").as_deref() == Some(VALUE.as_bytes()) {
        return "with another program beside it, copied";
    }
    let seen = witness.changes();
    let taken = seen.last().unwrap().at;
    assert!(taken + ON_ITS_WAY > answered, "said to be copied {:?} after it was taken: {seen:?}", answered - taken);
    until("that it was taken is told", || !custody.clipboard_pending());
    "with another program that took it afterwards, copied"
}
