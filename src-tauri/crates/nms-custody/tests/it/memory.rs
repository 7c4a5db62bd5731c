//! What is left of a secret in the memory of the process, with the allocator of the app.

use std::io::{Read, Seek, SeekFrom, Write};
use std::process::Command;
use std::time::Duration;

use nms_api::Secret;
use nms_custody::inspect::Form;
use nms_custody::{Custody, Look, Settings, TestClock};

use crate::desktop::display::{
    Display, copies as copies_elsewhere, own_number, paste, with_a_number_only, with_display,
};
use crate::desktop::wayland::{open_window, paste_as, with_weston};
use crate::desktop::{Running, inside, until};

/// Kept in another form, so that the search does not find itself.
const TURNED: &str = "cazf_cng_RKNZCYR1GurDhvpxOebjaSbkWhzcfBireYnmlQbt4rUcKI";

fn value() -> String {
    let turn = |byte: u8, from: u8| from + (byte - from + 13) % 26;
    let back = TURNED.bytes().map(|byte| match byte {
        b'a'..=b'z' => turn(byte, b'a'),
        b'A'..=b'Z' => turn(byte, b'A'),
        other => other,
    });
    // Room for all of it at once, as a secret is made in earnest.
    let mut value = String::with_capacity(TURNED.len());
    back.for_each(|byte| value.push(char::from(byte)));
    value
}

/// How often the value stands in memory that this process can write.
fn copies() -> usize {
    copies_of(TURNED.as_bytes())
}

fn copies_of(turned: &[u8]) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    for line in maps.lines() {
        let mut fields = line.split(' ');
        let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
        let (from, to) = range.split_once('-').unwrap();
        let parse = |text| u64::from_str_radix(text, 16).unwrap();
        let size = usize::try_from(parse(to) - parse(from)).unwrap();
        if rights.starts_with("rw") && !line.ends_with("[vvar]") {
            let mut bytes = vec![0; size];
            if memory.seek(SeekFrom::Start(parse(from))).is_ok() && memory.read_exact(&mut bytes).is_ok() {
                found += count_of(turned, &bytes);
            }
            // What was read is freed, and so wiped, before the next part is looked at.
        }
    }
    found
}

/// The same of 16 bytes from its middle: what is freed loses its beginning first.
fn pieces() -> usize {
    copies_of(&TURNED.as_bytes()[24..40])
}

/// Compares without ever holding the value: each byte of a window is turned as it is looked at.
fn count(bytes: &[u8]) -> usize {
    count_of(TURNED.as_bytes(), bytes)
}

fn count_of(turned: &[u8], bytes: &[u8]) -> usize {
    let turn = |byte: u8| match byte {
        b'a'..=b'z' => b'a' + (byte - b'a' + 13) % 26,
        b'A'..=b'Z' => b'A' + (byte - b'A' + 13) % 26,
        other => other,
    };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| turn(**byte) == turned[0]).map(|(at, _)| at);
    starts
        .filter(|at| bytes[*at..].len() >= turned.len())
        .filter(|at| bytes[*at..*at + turned.len()].iter().zip(turned).all(|(byte, expected)| turn(*byte) == *expected))
        .count()
}

#[test]
fn nothing_is_left_of_a_secret_that_was_copied_cleared_and_closed() {
    inside(with_display, async || {
        assert_eq!(copies(), 0, "the search finds itself");
        for round in 0..5 {
            let clock = TestClock::new();
            let custody = Custody::open(Settings::default(), clock.clock(), |_| {});
            let handle = custody.keep(Secret::new(value())).unwrap();
            assert_eq!(copies(), 1, "the vault's own, and the search works");
            custody.draw(handle, Look { scale: 1.0, dark: true, width_px: 560 }).unwrap();
            custody.copy(handle).await.unwrap();
            assert!(paste("clipboard").is_some());
            custody.close(handle);
            clock.advance(Duration::from_secs(60));
            until("an empty clipboard", || !custody.clipboard_pending());
            assert_eq!(copies(), 0, "round {round}");
        }
    });
}

/// There GTK serves it, whose memory is not wiped by itself.
#[test]
fn nothing_is_left_of_a_secret_that_the_window_copied_and_cleared() {
    inside(with_weston, async || {
        open_window();
        for round in 0..2 {
            let clock = TestClock::new();
            let custody = Custody::open(Settings::default(), clock.clock(), |_| {});
            let handle = custody.keep(Secret::new(value())).unwrap();
            custody.copy(handle).await.unwrap();
            for form in ["text/plain", "text/plain;charset=utf-8"] {
                until("another program pastes it", || paste_as(form).is_some_and(|bytes| count(&bytes) == 1));
            }
            assert_ne!(pieces(), 0, "the search works");
            custody.close(handle);
            clock.advance(Duration::from_secs(60));
            until("an empty clipboard", || !custody.clipboard_pending());
            assert_eq!(pieces(), 0, "round {round}");
        }
    });
}

#[test]
fn nothing_is_left_of_a_secret_whose_display_was_lost() {
    inside(with_a_number_only, async || {
        let display = Display::start_at(own_number());
        let custody = Custody::open(Settings::default(), TestClock::new().clock(), |_| {});
        let handle = custody.keep(Secret::new(value())).unwrap();
        custody.copy(handle).await.unwrap();
        assert_ne!(copies(), 0, "the search works");
        custody.close(handle);
        drop(display);
        until("the loss is seen", || !custody.clipboard_pending());
        until("nothing is left", || copies() == 0);
    });
}

#[test]
fn nothing_is_left_of_a_secret_that_was_looked_at() {
    inside(with_display, async || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("found");
        std::fs::write(&path, Secret::new(value()).expose()).unwrap();
        let custody = Custody::open(Settings::default(), TestClock::new().clock(), |_| {});
        let mut other = Running::start(copies_elsewhere(&mut Command::new("xclip")));
        other.0.stdin.take().unwrap().write_all(Secret::new(value()).expose().as_bytes()).unwrap();
        until("the other program's copy", || paste("clipboard").is_some_and(|bytes| count(&bytes) == 1));
        for round in 0..5 {
            assert_eq!(custody.inspect_clipboard().await.unwrap().form, Form::Token);
            assert_eq!(copies(), 0, "of the clipboard, round {round}");
            assert_eq!(custody.inspect_file(&path).await.unwrap().form, Form::Token);
            assert_eq!(copies(), 0, "of the file, round {round}");
        }
    });
}

#[test]
fn nothing_is_left_of_a_secret_that_was_saved_and_closed_or_expired() {
    inside(
        || ((), Vec::new()),
        async || {
            let folder = tempfile::tempdir().unwrap();
            for (round, expires) in [false, true].into_iter().enumerate() {
                let clock = TestClock::new();
                let custody = Custody::open(Settings::default(), clock.clock(), |_| {});
                let handle = custody.keep(Secret::new(value())).unwrap();
                let path = folder.path().join(round.to_string());
                custody.save_to_file(handle, &path, nms_custody::Overwrite::Refuse).await.unwrap();
                if expires {
                    clock.advance(Duration::from_secs(660));
                } else {
                    custody.close(handle);
                }
                until("nothing held", || custody.has_room());
                assert_eq!(copies(), 0, "expires: {expires}");
            }
        },
    );
}
