//! The vault's life, the picture and the file: no display is needed for these.

use std::sync::mpsc;
use std::time::Duration;

use nms_api::Secret;
use nms_custody::{
    Clock, Custody, Error, Handle, HeldView, Look, Overwrite, PictureAddress, Saved, Settings, StayView, TestClock,
    VaultState, VaultView,
};
use rustix::process::{DumpableBehavior, dumpable_behavior};

use crate::desktop::{PATIENCE, inside, until};

const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";
const LOOK: Look = Look { scale: 1.0, dark: false, width_px: 560 };
const MINUTE: Duration = Duration::from_secs(60);

/// Custody with a secret in it, its clock, and what it tells.
struct Kept {
    custody: Custody,
    handle: Handle,
    clock: TestClock,
    told: mpsc::Receiver<VaultView>,
}

fn kept() -> Kept {
    let clock = TestClock::new();
    let (tell, told) = mpsc::channel();
    let custody = Custody::open(Settings::default(), clock.clock(), move |view| drop(tell.send(view)));
    let handle = custody.keep(Secret::new(VALUE.into())).unwrap();
    Kept { custody, handle, clock, told }
}

impl Kept {
    fn held(&self) -> HeldView {
        match self.custody.view().vault {
            VaultState::Holding(held) => held,
            other => panic!("{other:?}"),
        }
    }

    fn draw(&self) -> PictureAddress {
        self.custody.draw(self.handle, LOOK).unwrap()
    }

    /// Waits until custody tells, by itself, of something like this.
    #[track_caller]
    fn is_told(&self, what: &str, like: impl Fn(&VaultView) -> bool) {
        loop {
            let view = self.told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never told: {what}"));
            if like(&view) {
                return;
            }
        }
    }
}

#[test]
fn a_second_secret_is_refused_while_one_is_held() {
    let kept = kept();
    assert!(!kept.custody.has_room());
    assert!(matches!(kept.custody.keep(Secret::new("second".into())), Err(Error::Occupied)));
    assert_eq!(kept.held().handle, kept.handle);
    kept.custody.close(kept.handle);
    assert!(kept.custody.has_room());
    assert_ne!(kept.custody.keep(Secret::new("second".into())).unwrap(), kept.handle);
}

#[test]
fn a_handle_of_another_secret_does_nothing() {
    let kept = kept();
    let other = Handle::from_number(kept.handle.number() + 1000);
    kept.custody.close(other);
    kept.custody.hide(other);
    kept.custody.keep_on(other);
    assert!(matches!(kept.custody.draw(other, LOOK), Err(Error::NotHeld)));
    assert_eq!(kept.held().handle, kept.handle);
}

#[test]
fn after_ten_minutes_it_asks_and_a_minute_later_it_wipes() {
    let kept = kept();
    assert_eq!(kept.held().stay, StayView::Counting { left_ms: 600_000 });
    kept.clock.advance(MINUTE * 10 - Duration::from_millis(1));
    assert_eq!(kept.held().stay, StayView::Counting { left_ms: 1 });
    kept.clock.advance(Duration::from_millis(1));
    assert_eq!(kept.held().stay, StayView::Asking { left_ms: 60_000 });
    kept.is_told(
        "the question",
        |view| matches!(&view.vault, VaultState::Holding(held) if matches!(held.stay, StayView::Asking { .. })),
    );
    kept.clock.advance(MINUTE);
    let expired = VaultState::Expired { handle: kept.handle, saved: Saved::default() };
    assert_eq!(kept.custody.view().vault, expired);
    kept.is_told("the end", |view| view.vault == expired);
    assert!(matches!(kept.custody.draw(kept.handle, LOOK), Err(Error::NotHeld)));
}

#[test]
fn whoever_answers_the_question_keeps_it_ten_more_minutes() {
    let kept = kept();
    kept.clock.advance(MINUTE * 10 + Duration::from_secs(59));
    kept.custody.keep_on(kept.handle);
    assert_eq!(kept.held().stay, StayView::Counting { left_ms: 600_000 });
    kept.clock.advance(MINUTE * 11);
    assert!(matches!(kept.custody.view().vault, VaultState::Expired { .. }));
    kept.custody.keep_on(kept.handle);
    assert!(matches!(kept.custody.view().vault, VaultState::Expired { .. }), "too late");
}

#[test]
fn a_machine_that_slept_through_question_and_answer_wipes_at_once() {
    let kept = kept();
    kept.clock.advance(MINUTE * 60 * 8);
    kept.is_told("the end", |view| matches!(view.vault, VaultState::Expired { .. }));
}

#[test]
fn a_picture_is_good_for_one_fetch() {
    let kept = kept();
    let address = kept.draw();
    assert!(kept.custody.fetch_picture("0123456789abcdef0123456789abcdef").is_none());
    assert!(kept.custody.fetch_picture(&address.address).unwrap().png.starts_with(b"\x89PNG"));
    assert!(kept.custody.fetch_picture(&address.address).is_none());
    assert_eq!(kept.held().reveal_ms, Some(60_000), "it is still shown");
}

#[test]
fn a_reveal_ends_after_a_minute_however_often_it_is_drawn() {
    let kept = kept();
    kept.draw();
    kept.clock.advance(MINUTE / 2);
    let again = kept.draw();
    assert_eq!(kept.held().reveal_ms, Some(30_000));
    kept.clock.advance(MINUTE / 2);
    kept.is_told("hidden", |view| matches!(&view.vault, VaultState::Holding(held) if held.reveal_ms.is_none()));
    assert!(kept.custody.fetch_picture(&again.address).is_none());
    kept.draw();
    assert_eq!(kept.held().reveal_ms, Some(60_000), "a new reveal has a new minute");
}

#[test]
fn hiding_closing_and_drawing_anew_make_older_addresses_worthless() {
    let kept = kept();
    let hidden = kept.draw();
    kept.custody.hide(kept.handle);
    assert_eq!(kept.held().reveal_ms, None);
    assert!(kept.custody.fetch_picture(&hidden.address).is_none());
    let (older, newer) = (kept.draw(), kept.draw());
    assert!(kept.custody.fetch_picture(&older.address).is_none());
    kept.custody.close(kept.handle);
    assert!(kept.custody.fetch_picture(&newer.address).is_none());
}

#[test]
fn what_the_font_lacks_is_refused_and_held() {
    let clock = TestClock::new();
    let custody = Custody::open(Settings::default(), clock.clock(), |_| {});
    let handle = custody.keep(Secret::new("schlüssel".into())).unwrap();
    assert!(matches!(custody.draw(handle, LOOK), Err(Error::NotDrawable)));
    assert!(matches!(custody.view().vault, VaultState::Holding(held) if held.reveal_ms.is_none()));
}

#[tokio::test]
async fn a_saved_secret_stays_held_and_its_place_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let kept = kept();
    let saved = kept.custody.save_to_file(kept.handle, &path, Overwrite::Refuse).await.unwrap();
    assert_eq!((saved.path.as_path(), std::fs::read(&path).unwrap()), (path.as_path(), VALUE.as_bytes().to_vec()));
    assert_eq!(kept.held().saved.file.as_deref(), Some(path.as_path()));
    kept.clock.advance(MINUTE * 11);
    assert_eq!(
        kept.custody.view().vault,
        VaultState::Expired { handle: kept.handle, saved: Saved { file: Some(path), in_keyring: false } }
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_written_costs_nothing() {
    let kept = kept();
    for path in ["/proc/self/token", "/none/token", "/"] {
        assert!(kept.custody.save_to_file(kept.handle, path.as_ref(), Overwrite::Replace).await.is_err(), "{path}");
        assert!(!kept.held().saved.is_anywhere());
    }
    kept.custody.close(kept.handle);
    let late = kept.custody.save_to_file(kept.handle, "/tmp/never".as_ref(), Overwrite::Refuse).await;
    assert!(matches!(late, Err(Error::NotHeld)));
}

#[test]
fn nobody_can_look_into_the_process_while_a_secret_is_held() {
    inside(
        || ((), Vec::new()),
        async || {
            let kept = kept();
            assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
            kept.custody.close(kept.handle);
            assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable, "portals work again");
            kept.custody.keep(Secret::new(VALUE.into())).unwrap();
            assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
            kept.clock.advance(MINUTE * 11);
            until("dumpable again", || dumpable_behavior().unwrap() == DumpableBehavior::Dumpable);
        },
    );
}

#[test]
fn the_systems_clock_moves_by_itself() {
    let (tell, told) = mpsc::channel();
    let short = Duration::from_millis(50);
    let settings = Settings { vault_life: short, vault_grace: short, ..Settings::default() };
    let custody = Custody::open(settings, Clock::system(), move |view| drop(tell.send(view.vault)));
    let handle = custody.keep(Secret::new(VALUE.into())).unwrap();
    while told.recv_timeout(PATIENCE).unwrap() != (VaultState::Expired { handle, saved: Saved::default() }) {}
}

#[test]
fn views_are_told_in_order_and_outside_any_lock() {
    let (tell, told) = mpsc::channel();
    let clock = TestClock::new();
    let slot = std::sync::Arc::new(std::sync::OnceLock::<Custody>::new());
    let inner = std::sync::Arc::clone(&slot);
    let custody = Custody::open(Settings::default(), clock.clock(), move |view| {
        // Would never return if a lock were held.
        let now = inner.get().map_or(0, |custody| custody.view().revision);
        let _ = tell.send((view.revision, now));
    });
    slot.set(custody.clone()).ok().unwrap();
    let handle = custody.keep(Secret::new(VALUE.into())).unwrap();
    (0..200).for_each(|_| custody.keep_on(handle));
    let last = custody.view().revision;
    let mut before = 0;
    while before < last {
        let (revision, _) = told.recv_timeout(PATIENCE).unwrap();
        assert!(revision > before);
        before = revision;
    }
}
