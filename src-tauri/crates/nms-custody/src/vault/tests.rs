//! The rules that hold whatever happens in whatever order.

use proptest::prelude::*;

use super::*;
use crate::Look;

/// Anything that can happen to a vault.
#[derive(Debug, Clone, Copy)]
enum Step {
    Keep,
    BeginCopy,
    Checked,
    NotChecked,
    Failed,
    LeftTheClipboard,
    ConfirmArrival,
    HandOut,
    Saved,
    Reveal,
    Hide,
    KeepOn,
    Close,
    Wait(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    use Step::*;
    let plain = prop::sample::select(vec![
        Keep,
        BeginCopy,
        Checked,
        NotChecked,
        Failed,
        LeftTheClipboard,
        ConfirmArrival,
        HandOut,
        Saved,
        Reveal,
        Hide,
        KeepOn,
        Close,
    ]);
    let wait = (0u16..800).prop_map(Wait);
    prop::collection::vec(prop_oneof![4 => plain, 1 => wait], 0..60)
}

/// A vault, and what was promised about it, kept apart.
#[derive(Default)]
struct Watched {
    vault: Vault,
    settings: Settings,
    now: Duration,
    number: u32,
    handle: Option<Handle>,
    attempt: Option<PutId>,
    kept_at: Duration,
    handed_over: bool,
}

impl Watched {
    fn step(&mut self, step: Step) {
        self.vault.tick(self.now, &self.settings);
        let handle = self.handle.unwrap_or(Handle(0));
        match step {
            Step::Keep => self.keep(),
            Step::BeginCopy => self.begin_copy(handle),
            Step::Checked => self.end_copy(Vault::handed_over),
            Step::NotChecked => self.end_copy(Vault::not_checked),
            Step::Failed => self.end_copy(|_| ()),
            Step::LeftTheClipboard => self.vault.left_the_clipboard(handle),
            Step::ConfirmArrival => {
                self.handed_over |= matches!(self.vault, Vault::CopiedNotChecked(_));
                self.vault.confirm_arrival(handle);
            }
            Step::HandOut => drop(self.vault.hand_out(handle)),
            Step::Saved => self.vault.saved_to(handle, Path::new("/somewhere")),
            Step::Reveal => self.reveal(handle),
            Step::Hide => self.vault.hide(handle),
            Step::KeepOn => {
                self.vault.keep_on(handle, self.now + self.settings.vault_life);
                self.kept_at = self.now;
            }
            Step::Close => {
                self.vault.close(handle);
                assert!(self.vault.has_room());
            }
            Step::Wait(seconds) => self.now += Duration::from_secs(seconds.into()),
        }
        self.vault.tick(self.now, &self.settings);
        self.check();
    }

    fn keep(&mut self) {
        self.number += 1;
        let had_room = self.vault.has_room();
        let until = self.now + self.settings.vault_life;
        let kept = self.vault.keep(self.number, Secret::new("secret".into()), until);
        assert_eq!(kept.is_ok(), had_room, "one at a time");
        if let Ok(handle) = kept {
            (self.handle, self.handed_over, self.attempt, self.kept_at) = (Some(handle), false, None, self.now);
        }
    }

    fn begin_copy(&mut self, handle: Handle) {
        self.number += 1;
        let put = PutId(self.number);
        if let Ok(secret) = self.vault.begin_copy(handle, put) {
            assert!(!self.handed_over, "a second copy of one secret");
            assert!(secret.matches(b"secret"));
            assert!(self.attempt.is_none() || !self.vault.end_copy(self.attempt.unwrap()), "two at once");
            self.attempt = Some(put);
        }
    }

    fn end_copy(&mut self, then: fn(&mut Vault)) {
        let Some(put) = self.attempt.take() else { return };
        if self.vault.end_copy(put) {
            assert!(!self.vault.has_room(), "only what is held can be copied");
            then(&mut self.vault);
            self.handed_over |= matches!(self.vault, Vault::Copied(_) | Vault::Arrived(_));
        }
    }

    fn reveal(&mut self, handle: Handle) {
        let Ok(secret) = self.vault.hand_out(handle) else { return };
        let drawn = Drawn::of(&secret, Look { scale: 1.0, dark: false, width_px: 240 }).unwrap();
        let address = drawn.address().address;
        self.vault.reveal(handle, drawn, self.now + self.settings.reveal_life).unwrap();
        assert!(self.vault.fetch(&address).is_some() && self.vault.fetch(&address).is_none(), "one fetch");
    }

    fn check(&self) {
        let life = self.settings.vault_life + self.settings.vault_grace;
        match self.vault.view(self.now) {
            VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => {
                assert!(!self.handed_over, "held after it was handed over");
                assert!(held.copying || self.now < self.kept_at + life, "held longer than promised");
                assert!(held.reveal_ms.is_none_or(|left| (1..=60_000).contains(&left)));
                assert!(held.copying || self.vault.due_at().is_some_and(|due| due > self.now), "nothing will wipe it");
            }
            VaultState::Empty | VaultState::Copied { .. } | VaultState::Arrived { .. } | VaultState::Expired { .. } => {
                assert!(self.vault.due_at().is_none());
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_one_secret_is_held_in_time_and_handed_over_once(steps in steps()) {
        let mut watched = Watched::default();
        steps.into_iter().for_each(|step| watched.step(step));
    }
}

#[test]
fn a_copy_under_way_holds_the_wiping_back_until_it_ends() {
    let mut watched = Watched::default();
    [Step::Keep, Step::BeginCopy, Step::Wait(700)].into_iter().for_each(|step| watched.step(step));
    assert!(matches!(watched.vault, Vault::Holding(_)));
    watched.step(Step::Failed);
    assert!(matches!(watched.vault, Vault::Expired(_)));
}

#[test]
fn what_could_not_be_checked_is_held_and_can_be_copied_again() {
    let mut watched = Watched::default();
    [Step::Keep, Step::BeginCopy, Step::NotChecked].into_iter().for_each(|step| watched.step(step));
    assert!(matches!(watched.vault, Vault::CopiedNotChecked(_)));
    [Step::BeginCopy, Step::NotChecked, Step::LeftTheClipboard].into_iter().for_each(|step| watched.step(step));
    assert!(matches!(watched.vault, Vault::Holding(_)));
    [Step::BeginCopy, Step::NotChecked, Step::ConfirmArrival].into_iter().for_each(|step| watched.step(step));
    assert!(matches!(watched.vault, Vault::Arrived(_)));
}
