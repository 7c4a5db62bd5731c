//! Looking at a clipboard that other programs filled.

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use nms_custody::inspect::{Form, MAX_BYTES};
use nms_custody::{ClipboardView, Custody, Error, Settings, TestClock};

use super::{VALUE, custody};
use crate::desktop::display::{copies, copy_elsewhere, paste, paste_as, with_a_number_only, with_display};
use crate::desktop::other::{Manner, Taker};
use crate::desktop::{PATIENCE, Running, inside, until};

const MASKED: &str = "pnms_pat_EXAMPLE1…HpXV";

fn empty_handed() -> Custody {
    Custody::open(Settings::default(), TestClock::new().clock(), |_| {})
}

async fn form(custody: &Custody) -> Form {
    custody.inspect_clipboard().await.unwrap().form
}

#[test]
fn what_another_program_copied_is_found_and_left_there() {
    inside(with_display, async || {
        let custody = empty_handed();
        assert_eq!(form(&custody).await, Form::Empty);
        let text = format!("Authorization: {VALUE}\n");
        let _other = copy_elsewhere("clipboard", &text);
        let _marked = copy_elsewhere("primary", "marked with the mouse");
        let finding = custody.inspect_clipboard().await.unwrap();
        assert_eq!((finding.form, finding.masked.as_deref()), (Form::Token, Some(MASKED)));
        assert!(finding.around.line_breaks);
        assert_eq!(paste("clipboard").as_deref(), Some(text.as_bytes()));
        assert_eq!(custody.view().clipboard, ClipboardView::Untouched, "nothing of it is ours");
    });
}

#[test]
fn our_own_copy_is_found_too_and_stays() {
    inside(with_display, async || {
        let (custody, handle, _clock) = custody();
        custody.copy(handle).await.unwrap();
        assert_eq!(custody.inspect_clipboard().await.unwrap().masked.as_deref(), Some(MASKED));
        assert_eq!(custody.view().clipboard, ClipboardView::Ours { handle, left_ms: Some(60_000) });
        assert_eq!(paste("clipboard").as_deref(), Some(VALUE.as_bytes()));
    });
}

#[test]
fn a_text_is_read_up_to_the_limit_and_no_further() {
    inside(with_display, async || {
        let custody = empty_handed();
        // Far more comes in pieces, which is another way through the protocol.
        for (length, expected) in
            [(MAX_BYTES, Form::Token), (MAX_BYTES + 1, Form::TooMuch), (8 * MAX_BYTES * 16, Form::TooMuch)]
        {
            let _other = copy_elsewhere("clipboard", &format!("{VALUE}{}", " ".repeat(length - VALUE.len())));
            assert_eq!(form(&custody).await, expected, "{length}");
        }
    });
}

#[test]
fn a_picture_is_no_text() {
    inside(with_display, async || {
        let mut other = Running::start(copies(&mut Command::new("xclip")).args(["-t", "image/png"]));
        other.0.stdin.take().unwrap().write_all(b"\x89PNG").unwrap();
        until("the other program's picture", || paste_as("image/png").as_deref() == Some(b"\x89PNG".as_slice()));
        assert_eq!(form(&empty_handed()).await, Form::Empty);
    });
}

#[test]
fn a_program_that_never_answers_holds_nobody_up() {
    inside(with_display, async || {
        let _taker = Taker::start(Manner::Silent);
        let mut other = Running::start(copies(&mut Command::new("xclip")));
        other.0.stdin.take().unwrap().write_all(b"taken over at once").unwrap();
        assert!(other.wait(PATIENCE).is_some(), "it ends when it has lost the clipboard");
        let custody = empty_handed();
        let begun = Instant::now();
        assert!(matches!(custody.inspect_clipboard().await, Err(Error::ClipboardTimedOut)));
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    });
}

#[test]
fn without_a_display_there_is_no_clipboard_to_look_at() {
    inside(with_a_number_only, async || {
        assert!(matches!(empty_handed().inspect_clipboard().await, Err(Error::NoClipboard)));
    });
}
