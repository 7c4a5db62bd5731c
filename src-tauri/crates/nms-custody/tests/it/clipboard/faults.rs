//! What displays and other programs do to a copy, and that it costs neither the secret nor the truth.

use std::process::Command;
use std::time::{Duration, Instant};

use nms_api::Secret;
use nms_custody::{ClipboardView, Copied, Error, Saved, VaultState};
use rustix::process::Signal;

use super::{MINUTE, VALUE, assert_still_held, custody, until_clipboard};
use crate::desktop::display::{Display, copies, own_number, paste, with_a_number_only, with_display};
use crate::desktop::other::{Manner, Taker};
use crate::desktop::{Running, inside, until};

#[test]
fn without_a_display_the_secret_stays_and_is_copied_once_there_is_one() {
    inside(with_a_number_only, async || {
        let (custody, handle, _clock) = custody();
        assert!(matches!(custody.copy(handle).await, Err(Error::NoClipboard)));
        assert_still_held(&custody);
        let _display = Display::start_at(own_number());
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
    });
}

#[test]
fn a_display_that_hangs_holds_nobody_up_and_leaves_nothing_behind() {
    inside(with_a_number_only, async || {
        let display = Display::start_at(own_number());
        let (custody, handle, _clock) = custody();
        display.server.signal(Signal::STOP);
        let begun = Instant::now();
        assert!(matches!(custody.copy(handle).await, Err(Error::ClipboardTimedOut)));
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        assert_still_held(&custody);
        let begun = Instant::now();
        custody.leave().await;
        assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
        display.server.signal(Signal::CONT);
        // What was on its way when it was given up arrives, counts for nothing, and is taken off again.
        let handle = custody.keep(Secret::new("another".into())).unwrap();
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        assert_eq!(paste("clipboard").as_deref(), Some(b"another".as_slice()));
    });
}

#[test]
fn a_display_that_is_lost_while_our_value_is_on_it_is_told_on() {
    inside(with_a_number_only, async || {
        let display = Display::start_at(own_number());
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        drop(display);
        until_clipboard(&custody, ClipboardView::Unknown { handle });
        custody.leave().await;
    });
}

#[test]
fn where_nothing_names_a_display_the_secret_stays() {
    inside(
        || ((), Vec::new()),
        async || {
            let (custody, handle, _clock) = custody();
            assert!(matches!(custody.copy(handle).await, Err(Error::NoClipboard)));
            assert_still_held(&custody);
            custody.leave().await;
            assert_eq!(custody.view().vault, VaultState::Empty);
        },
    );
}

/// A Wayland desktop that shows the clipboard to nobody: to a program, one that cannot be reached looks the same.
fn with_unseen_clipboard() -> (Display, Vec<(&'static str, String)>) {
    let (display, mut environment) = with_display();
    environment.push(("WAYLAND_DISPLAY", "/nonexistent/wayland".into()));
    (display, environment)
}

#[test]
fn where_no_stranger_can_read_the_secret_stays_until_the_person_says_that_it_arrived() {
    inside(with_unseen_clipboard, async || {
        let (custody, handle, _clock) = custody();
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::NotChecked);
        assert!(matches!(custody.view().vault, VaultState::CopiedNotChecked(_)));
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::NotChecked, "it may not have arrived");
        custody.confirm_arrival(handle).await;
        assert_eq!(custody.view().vault, VaultState::Arrived { handle, saved: Saved::default() });
        assert!(matches!(custody.copy(handle).await, Err(Error::AlreadyCopied)));
        custody.leave().await;
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn what_was_not_checked_is_not_copied_any_more_once_the_delay_is_over() {
    inside(with_unseen_clipboard, async || {
        let (custody, handle, clock) = custody();
        custody.copy(handle).await.unwrap();
        clock.advance(MINUTE);
        until_clipboard(&custody, ClipboardView::Unknown { handle });
        assert_eq!(paste("clipboard"), None);
        assert_still_held(&custody);
    });
}

#[test]
fn a_program_that_takes_the_clipboard_and_hangs_costs_seconds_but_not_the_secret() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        let taker = Taker::start(Manner::Silent);
        let begun = Instant::now();
        assert!(matches!(custody.copy(handle).await, Err(Error::ClipboardTimedOut)));
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        assert_still_held(&custody);
        drop(taker);
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
    });
}

#[test]
fn a_program_that_replaces_the_value_at_once_makes_it_not_copied() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        let taker = Taker::start(Manner::Gives(b"something else".to_vec()));
        for _ in 0..20 {
            assert!(matches!(custody.copy(handle).await, Err(Error::ClipboardDiffers)));
            assert_still_held(&custody);
        }
        assert_eq!(paste("clipboard").as_deref(), Some(b"something else".as_slice()));
        drop(taker);
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
    });
}

#[test]
fn a_foreign_owner_that_hangs_is_left_alone_in_time() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        let _silent = Taker::start(Manner::Silent);
        let mut other = Running::start(copies(&mut Command::new("xclip")));
        drop(other.0.stdin.take());
        let begun = Instant::now();
        until_clipboard(&custody, ClipboardView::TakenOver { handle });
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    });
}

#[test]
fn a_clipboard_manager_that_holds_our_value_is_emptied_too() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        let _manager = Taker::start(Manner::Gives(VALUE.into()));
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        clock.advance(MINUTE);
        until_clipboard(&custody, ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
    });
}

#[test]
fn a_clipboard_manager_that_insists_is_told_on() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        let _manager = Taker::start(Manner::Insists(VALUE.into()));
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        clock.advance(MINUTE);
        until("an end", || !custody.clipboard_pending());
        assert_eq!(custody.view().clipboard, ClipboardView::KeptByOthers { handle });
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()), "what is told is what a person finds");
    });
}

#[test]
fn a_clipboard_manager_that_is_late_in_insisting_is_told_on() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        let _manager = Taker::start(Manner::InsistsAfter(Duration::from_millis(60), VALUE.into()));
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        clock.advance(MINUTE);
        until("an end", || !custody.clipboard_pending());
        assert_eq!(custody.view().clipboard, ClipboardView::KeptByOthers { handle });
    });
}

#[test]
fn a_clipboard_manager_that_puts_it_back_once_has_it_taken_off_again() {
    inside(with_display, async || {
        let (custody, handle, clock) = custody();
        let _manager = Taker::start(Manner::PutsBackOnce(VALUE.into()));
        assert_eq!(custody.copy(handle).await.unwrap(), Copied::Checked);
        clock.advance(MINUTE);
        until("an end", || !custody.clipboard_pending());
        assert_eq!(custody.view().clipboard, ClipboardView::Emptied { handle });
        assert_eq!(paste("clipboard"), None);
    });
}
