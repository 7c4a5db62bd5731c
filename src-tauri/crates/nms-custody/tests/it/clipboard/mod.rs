//! Copying on a real display, with the effects seen by other programs.

mod faults;
mod inspect;
mod often;
mod wayland;

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use nms_api::Secret;
use nms_custody::{ClipboardView, Copied, Custody, Error, Frame, Handle, Saved, Settings, TestClock, VaultState};
use rustix::process::Signal;

use crate::desktop::display::{copies, copy_elsewhere, paste, paste_as, with_display};
use crate::desktop::{Running, inside, until};

const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";
const MINUTE: Duration = Duration::from_secs(60);

/// Custody with a secret in it, and the clock that moves its delays.
fn custody() -> (Custody, Handle, TestClock) {
    let clock = TestClock::new();
    let custody = Custody::open(Settings::default(), clock.clock(), |_| {});
    let handle = custody.keep(Secret::new(VALUE.into())).unwrap();
    (custody, handle, clock)
}

#[track_caller]
fn until_clipboard(custody: &Custody, expected: ClipboardView) {
    until(&format!("{expected:?}"), || custody.view().clipboard == expected);
}

#[track_caller]
fn assert_still_held(custody: &Custody) {
    assert!(matches!(custody.view().vault, VaultState::Holding(_)), "{:?}", custody.view());
}

#[test]
fn another_program_pastes_the_same_bytes_and_sees_that_it_is_a_password() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
        assert_eq!(paste_as("x-kde-passwordManagerHint").as_deref(), Some(b"secret".as_slice()));
        assert_eq!(custody.view().vault, VaultState::Copied { handle, saved: Saved::default() });
        assert_eq!(custody.view().clipboard, ClipboardView::Ours { handle, left_ms: Some(60_000) });
        assert!(custody.clipboard_pending());
    });
}

#[test]
fn there_is_no_second_copy() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        assert!(matches!(custody.copy(handle).await, Err(Error::AlreadyCopied)));
        custody.close(handle);
        assert!(matches!(custody.copy(handle).await, Err(Error::NotHeld)));
    });
}

#[test]
fn of_two_copies_at_once_one_is_refused_and_one_succeeds() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        let (one, other) = tokio::join!(custody.copy(handle), custody.copy(handle));
        assert_eq!(one.unwrap(), Copied::Checked);
        assert!(matches!(other, Err(Error::CopyUnderWay)));
    });
}

#[test]
fn primary_is_never_touched() {
    inside(with_display, async || {
        let _other = copy_elsewhere("primary", "marked with the mouse");
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        assert_eq!(paste("primary").as_deref(), Some(b"marked with the mouse".as_slice()));
        custody.leave().await;
        assert_eq!(paste("primary").as_deref(), Some(b"marked with the mouse".as_slice()));
    });
}

#[test]
fn the_clipboard_is_emptied_when_the_delay_is_over_and_not_before() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        custody.copy(handle).await.unwrap();
        clock.advance(MINUTE - Duration::from_millis(1));
        assert_eq!(custody.view().clipboard, ClipboardView::Ours { handle, left_ms: Some(1) });
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
        clock.advance(Duration::from_millis(1));
        until_clipboard(&custody, ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
        assert!(!custody.clipboard_pending());
    });
}

#[test]
fn closing_the_dialog_leaves_the_clipboard_until_its_delay_is_over() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        custody.copy(handle).await.unwrap();
        custody.close(handle);
        assert_eq!(custody.view().vault, VaultState::Empty);
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
        clock.advance(MINUTE);
        until_clipboard(&custody, ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn a_delay_of_zero_is_never_over_but_leaving_empties() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        custody.set_settings(Settings { clipboard_delay: Duration::ZERO, ..Settings::default() });
        custody.copy(handle).await.unwrap();
        clock.advance(MINUTE * 60 * 24);
        assert_eq!(custody.view().clipboard, ClipboardView::Ours { handle, left_ms: None });
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
        custody.leave().await;
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn what_somebody_else_copied_since_is_seen_at_once_and_left_alone() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        custody.copy(handle).await.unwrap();
        let _other = copy_elsewhere("clipboard", "somebody else's");
        until_clipboard(&custody, ClipboardView::TakenOver { handle });
        clock.advance(MINUTE * 2);
        custody.empty_clipboard().await;
        custody.leave().await;
        assert_eq!(paste("clipboard").as_deref(), Some(b"somebody else's".as_slice()));
        assert_eq!(custody.view().clipboard, ClipboardView::TakenOver { handle });
    });
}

#[test]
fn somebody_else_who_copies_as_the_delay_ends_is_never_cleared() {
    inside(with_display, async || {
        for round in 0..20 {
            let (custody, handle, clock) = custody();
            custody.copy(handle).await.unwrap();
            let text = format!("copied in round {round}");
            let mut other = Running::start(copies(&mut Command::new("xclip")));
            other.0.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
            // It takes some milliseconds to start: before, at, and after its copy.
            tokio::time::sleep(Duration::from_millis(round)).await;
            clock.advance(MINUTE);
            // Were it cleared, it would never be pasted.
            until("the other program's copy", || paste("clipboard").as_deref() == Some(text.as_bytes()));
            until("an end", || !custody.clipboard_pending());
            assert_eq!(paste("clipboard").as_deref(), Some(text.as_bytes()));
        }
    });
}

#[test]
fn a_value_within_a_text_is_the_one_copy_and_is_taken_off_like_it() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        let frame = Frame { before: "PNMS_URL=http://127.0.0.1:26780\nPNMS_TOKEN=".into(), after: "\n".into() };
        let whole = format!("{}{VALUE}{}", frame.before, frame.after);
        assert_eq!(custody.copy_within(handle, &frame).await.unwrap(), Copied::Checked);
        assert_eq!(paste("clipboard"), Some(whole.into_bytes()));
        assert_eq!(paste_as("x-kde-passwordManagerHint").as_deref(), Some(b"secret".as_slice()));
        assert!(matches!(custody.copy(handle).await, Err(Error::AlreadyCopied)));
        assert!(matches!(custody.copy_within(handle, &frame).await, Err(Error::AlreadyCopied)));
        clock.advance(MINUTE);
        until_clipboard(&custody, ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn a_value_that_does_not_fit_into_a_text_is_still_held_and_can_be_copied_alone() {
    inside(with_display, async || {
        let custody = Custody::open(Settings::default(), TestClock::new().clock(), |_| {});
        let handle = custody.keep(Secret::new("two\nlines".into())).unwrap();
        let frame = Frame { before: "PNMS_TOKEN=".into(), after: String::new() };
        assert!(matches!(custody.copy_within(handle, &frame).await, Err(Error::NotFramable)));
        assert_still_held(&custody);
        assert_eq!(paste("clipboard"), None);
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
    });
}

#[test]
fn empty_now_empties_and_says_so() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        custody.empty_clipboard().await;
        assert_eq!(custody.view().clipboard, ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn a_text_that_is_no_secret_does_not_push_a_secret_off_the_clipboard() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy_text("curl --version".into()).await.unwrap();
        assert_eq!(paste("clipboard").as_deref(), Some(b"curl --version".as_slice()));
        custody.copy(handle).await.unwrap();
        assert!(matches!(custody.copy_text("curl".into()).await, Err(Error::ClipboardHoldsSecret)));
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
        custody.empty_clipboard().await;
        custody.copy_text("curl".into()).await.unwrap();
        custody.leave().await;
        assert_eq!(paste("clipboard").as_deref(), Some(b"curl".as_slice()), "that is nobody's secret");
    });
}

#[test]
fn leaving_wipes_and_empties_within_its_limit() {
    inside(with_display, async || {
        let (custody, first, _clock) = custody();
        custody.copy(first).await.unwrap();
        let second = custody.keep(Secret::new("another".into())).unwrap();
        let begun = Instant::now();
        custody.leave().await;
        // 500 ms are promised; the slack is for a busy machine.
        assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
        eprintln!("left within {:?}", begun.elapsed());
        assert_eq!(paste("clipboard"), None);
        assert_eq!(custody.view().vault, VaultState::Empty);
        assert!(matches!(custody.copy(second).await, Err(Error::NotHeld)));
    });
}

#[test]
fn leaving_is_not_held_up_by_a_foreign_owner_that_hangs() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        let other = copy_elsewhere("clipboard", "somebody else's");
        other.signal(Signal::STOP);
        let begun = Instant::now();
        custody.leave().await;
        assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
        other.signal(Signal::CONT);
        assert_eq!(paste("clipboard").as_deref(), Some(b"somebody else's".as_slice()));
    });
}

#[test]
fn the_next_secret_takes_the_clipboard_and_its_delay_over() {
    inside(with_display, async || {
        let (custody, first, clock) = custody();
        custody.copy(first).await.unwrap();
        clock.advance(MINUTE / 2);
        let second = custody.keep(Secret::new("another".into())).unwrap();
        custody.copy(second).await.unwrap();
        assert_eq!(custody.view().clipboard, ClipboardView::Ours { handle: second, left_ms: Some(60_000) });
        clock.advance(MINUTE / 2);
        assert_eq!(paste("clipboard").as_deref(), Some(b"another".as_slice()));
        clock.advance(MINUTE / 2);
        until_clipboard(&custody, ClipboardView::Emptied { handle: second });
    });
}

/// Begins a copy and waits until it is on its way.
fn begin_copy(custody: &Custody, handle: Handle) -> tokio::task::JoinHandle<Result<Copied, Error>> {
    let copier = custody.clone();
    let copying = tokio::spawn(async move { copier.copy(handle).await });
    until("the copy under way", || matches!(custody.view().vault, VaultState::Holding(held) if held.copying));
    copying
}

#[test]
fn closing_while_a_copy_is_under_way_leaves_nothing_on_the_clipboard() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        let copying = begin_copy(&custody, handle);
        custody.close(handle);
        drop(copying.await.unwrap());
        until("an empty clipboard", || paste("clipboard").is_none());
        assert_eq!(custody.view().clipboard, ClipboardView::Untouched);
    });
}

#[test]
fn leaving_while_a_copy_is_under_way_has_emptied_the_clipboard_when_it_returns() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        let copying = begin_copy(&custody, handle);
        custody.leave().await;
        assert_eq!(paste("clipboard"), None);
        drop(copying.await.unwrap());
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn dropping_custody_empties_the_clipboard() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        drop(custody);
        until("an empty clipboard", || paste("clipboard").is_none());
    });
}
