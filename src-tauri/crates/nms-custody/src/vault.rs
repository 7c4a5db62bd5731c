//! The one-time vault as a machine of states: no thread, no clock, no I/O. Whoever holds it passes the time in.
//!
//! What a state cannot hold cannot be written down: after `Copied` and `Expired` there is no secret left to copy.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use nms_api::Secret;

use crate::clipboard::PutId;
use crate::memory::{LockedSecret, Undumpable};
use crate::picture::{Drawn, Picture};
use crate::view::{HeldView, Saved, StayView, VaultState};
use crate::{Error, Settings};

/// Which secret is meant. It says nothing about the secret, and is never given twice in the life of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(u32);

impl Handle {
    /// As a number that any language can carry.
    pub fn number(self) -> u32 {
        self.0
    }

    /// From such a number. One that was never given holds nothing, which every use says.
    pub fn from_number(number: u32) -> Self {
        Self(number)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[derive(Default)]
pub(crate) enum Vault {
    #[default]
    Empty,
    /// Not copied yet.
    Holding(Held),
    /// On the clipboard, unread by any stranger.
    CopiedNotChecked(Held),
    /// Read by a stranger from the clipboard, gone from here.
    Copied(Gone),
    /// On the clipboard, unread by any stranger; gone from here, since the person says that it arrived.
    Arrived(Gone),
    /// Wiped by time.
    Expired(Gone),
}

pub(crate) struct Held {
    handle: Handle,
    secret: LockedSecret,
    saved: Saved,
    stay: Stay,
    /// The try to copy that is under way. A result that comes for another one counts for nothing.
    attempt: Option<PutId>,
    reveal: Option<Reveal>,
    _undumpable: Undumpable,
}

/// What is remembered of a secret that is not held any more.
pub(crate) struct Gone {
    handle: Handle,
    saved: Saved,
}

#[derive(Clone, Copy)]
enum Stay {
    Counting { until: Duration },
    Asking { until: Duration },
}

struct Reveal {
    until: Duration,
    /// Drawn and not fetched yet.
    waiting: Option<Drawn>,
}

impl Held {
    fn into_gone(self) -> Gone {
        Gone { handle: self.handle, saved: self.saved }
    }

    fn view(&self, now: Duration) -> HeldView {
        HeldView {
            handle: self.handle,
            saved: self.saved.clone(),
            stay: match self.stay {
                Stay::Counting { until } => StayView::Counting { left_ms: left_ms(until, now) },
                Stay::Asking { until } => StayView::Asking { left_ms: left_ms(until, now) },
            },
            copying: self.attempt.is_some(),
            reveal_ms: self.reveal.as_ref().map(|reveal| left_ms(reveal.until, now)),
        }
    }
}

impl Vault {
    pub(crate) fn has_room(&self) -> bool {
        self.held().is_none()
    }

    pub(crate) fn keep(&mut self, number: u32, secret: Secret, until: Duration) -> Result<Handle, Error> {
        if !self.has_room() {
            return Err(Error::Occupied);
        }
        let handle = Handle(number);
        *self = Self::Holding(Held {
            handle,
            // First, so that no moment exists in which the pages are readable by others.
            _undumpable: Undumpable::begin(),
            secret: LockedSecret::new(secret),
            saved: Saved::default(),
            stay: Stay::Counting { until },
            attempt: None,
            reveal: None,
        });
        Ok(handle)
    }

    /// A copy of the secret on its way to the clipboard. Until the attempt ends there is no other.
    pub(crate) fn begin_copy(&mut self, handle: Handle, attempt: PutId) -> Result<Secret, Error> {
        if matches!(self, Self::Copied(gone) | Self::Arrived(gone) if gone.handle == handle) {
            return Err(Error::AlreadyCopied);
        }
        let held = self.held_as(handle)?;
        if held.attempt.is_some() {
            return Err(Error::CopyUnderWay);
        }
        held.attempt = Some(attempt);
        Ok(held.secret.hand_out())
    }

    /// The try to copy that has not ended.
    pub(crate) fn copy_under_way(&self) -> Option<PutId> {
        self.held()?.attempt
    }

    /// Whether the attempt was still the current one; it is over then, and the secret is where it was.
    pub(crate) fn end_copy(&mut self, attempt: PutId) -> bool {
        match self.held_mut() {
            Some(held) if held.attempt == Some(attempt) => {
                held.attempt = None;
                true
            }
            _ => false,
        }
    }

    /// A stranger read the same bytes: the secret leaves.
    pub(crate) fn handed_over(&mut self) {
        *self = match std::mem::take(self) {
            Self::Holding(held) | Self::CopiedNotChecked(held) => Self::Copied(held.into_gone()),
            other => other,
        };
    }

    /// On the clipboard, but nobody can say whether it can be pasted.
    pub(crate) fn not_checked(&mut self) {
        *self = match std::mem::take(self) {
            Self::Holding(mut held) | Self::CopiedNotChecked(mut held) => {
                held.reveal = None;
                Self::CopiedNotChecked(held)
            }
            other => other,
        };
    }

    /// What was not checked is not on the clipboard any more: not copied, then.
    pub(crate) fn left_the_clipboard(&mut self, handle: Handle) {
        *self = match std::mem::take(self) {
            Self::CopiedNotChecked(held) if held.handle == handle => Self::Holding(held),
            other => other,
        };
    }

    pub(crate) fn confirm_arrival(&mut self, handle: Handle) {
        *self = match std::mem::take(self) {
            Self::CopiedNotChecked(held) if held.handle == handle => Self::Arrived(held.into_gone()),
            other => other,
        };
    }

    /// A copy of the secret on its way to a file or a picture.
    pub(crate) fn hand_out(&mut self, handle: Handle) -> Result<Secret, Error> {
        Ok(self.held_as(handle)?.secret.hand_out())
    }

    /// Remembers that the value lies in this file, also when it is not held any more by the time the file system answers.
    pub(crate) fn saved_to(&mut self, handle: Handle, path: &Path) {
        if let Some(saved) = self.saved_mut(handle) {
            saved.file = Some(path.to_owned());
        }
    }

    /// The same of the keyring.
    pub(crate) fn saved_to_keyring(&mut self, handle: Handle) {
        if let Some(saved) = self.saved_mut(handle) {
            saved.in_keyring = true;
        }
    }

    fn saved_mut(&mut self, handle: Handle) -> Option<&mut Saved> {
        match self {
            Self::Holding(held) | Self::CopiedNotChecked(held) if held.handle == handle => Some(&mut held.saved),
            Self::Copied(gone) | Self::Arrived(gone) | Self::Expired(gone) if gone.handle == handle => {
                Some(&mut gone.saved)
            }
            Self::Empty
            | Self::Holding(_)
            | Self::CopiedNotChecked(_)
            | Self::Copied(_)
            | Self::Arrived(_)
            | Self::Expired(_) => None,
        }
    }

    /// Puts up a picture. One drawn anew while another is shown (another scale or colour) does not prolong the show.
    pub(crate) fn reveal(&mut self, handle: Handle, drawn: Drawn, until: Duration) -> Result<(), Error> {
        let held = self.held_as(handle)?;
        let until = held.reveal.as_ref().map_or(until, |shown| shown.until);
        held.reveal = Some(Reveal { until, waiting: Some(drawn) });
        Ok(())
    }

    /// The picture at this address, once.
    pub(crate) fn fetch(&mut self, address: &str) -> Option<Picture> {
        let waiting = &mut self.held_mut()?.reveal.as_mut()?.waiting;
        waiting.take_if(|drawn| drawn.is_at(address)).map(Drawn::into_picture)
    }

    pub(crate) fn hide(&mut self, handle: Handle) {
        if let Ok(held) = self.held_as(handle) {
            held.reveal = None;
        }
    }

    /// The person wants it to stay.
    pub(crate) fn keep_on(&mut self, handle: Handle, until: Duration) {
        if let Ok(held) = self.held_as(handle) {
            held.stay = Stay::Counting { until };
        }
    }

    /// Wipes, if this is the one that is known here.
    pub(crate) fn close(&mut self, handle: Handle) {
        if self.handle() == Some(handle) {
            *self = Self::Empty;
        }
    }

    /// Does what is due. Answers whether anything changed. A copy under way holds the question and the wiping back: it
    /// ends soon, and a secret is not wiped between the clipboard and its check.
    pub(crate) fn tick(&mut self, now: Duration, settings: &Settings) -> bool {
        let Some(held) = self.held_mut() else { return false };
        let hides = held.reveal.as_ref().is_some_and(|reveal| reveal.until <= now);
        if hides {
            held.reveal = None;
        }
        match held.stay {
            _ if held.attempt.is_some() => hides,
            Stay::Counting { until } if until <= now => {
                // From when the question was due, so that a machine that slept through both wipes at once.
                held.stay = Stay::Asking { until: until + settings.vault_grace };
                self.tick(now, settings);
                true
            }
            Stay::Asking { until } if until <= now => {
                *self = match std::mem::take(self) {
                    Self::Holding(held) | Self::CopiedNotChecked(held) => Self::Expired(held.into_gone()),
                    other => other,
                };
                true
            }
            Stay::Counting { .. } | Stay::Asking { .. } => hides,
        }
    }

    /// When something is due next.
    pub(crate) fn due_at(&self) -> Option<Duration> {
        let held = self.held()?;
        let stay = match held.stay {
            _ if held.attempt.is_some() => None,
            Stay::Counting { until } | Stay::Asking { until } => Some(until),
        };
        stay.into_iter().chain(held.reveal.as_ref().map(|reveal| reveal.until)).min()
    }

    pub(crate) fn view(&self, now: Duration) -> VaultState {
        match self {
            Self::Empty => VaultState::Empty,
            Self::Holding(held) => VaultState::Holding(held.view(now)),
            Self::CopiedNotChecked(held) => VaultState::CopiedNotChecked(held.view(now)),
            Self::Copied(gone) => VaultState::Copied { handle: gone.handle, saved: gone.saved.clone() },
            Self::Arrived(gone) => VaultState::Arrived { handle: gone.handle, saved: gone.saved.clone() },
            Self::Expired(gone) => VaultState::Expired { handle: gone.handle, saved: gone.saved.clone() },
        }
    }

    pub(crate) fn handle(&self) -> Option<Handle> {
        match self {
            Self::Empty => None,
            Self::Holding(held) | Self::CopiedNotChecked(held) => Some(held.handle),
            Self::Copied(gone) | Self::Arrived(gone) | Self::Expired(gone) => Some(gone.handle),
        }
    }

    fn held(&self) -> Option<&Held> {
        match self {
            Self::Holding(held) | Self::CopiedNotChecked(held) => Some(held),
            Self::Empty | Self::Copied(_) | Self::Arrived(_) | Self::Expired(_) => None,
        }
    }

    fn held_mut(&mut self) -> Option<&mut Held> {
        match self {
            Self::Holding(held) | Self::CopiedNotChecked(held) => Some(held),
            Self::Empty | Self::Copied(_) | Self::Arrived(_) | Self::Expired(_) => None,
        }
    }

    fn held_as(&mut self, handle: Handle) -> Result<&mut Held, Error> {
        self.held_mut().filter(|held| held.handle == handle).ok_or(Error::NotHeld)
    }
}

/// Milliseconds from `now` to `until`, none when it is past.
pub(crate) fn left_ms(until: Duration, now: Duration) -> u64 {
    u64::try_from(until.saturating_sub(now).as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
