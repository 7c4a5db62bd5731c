//! The clipboard as another program sees it. Which kind of stranger fits depends on the desktop.

use std::time::Duration;

use nms_api::Secret;

use super::{End, Lost, Pasted, Put, wayland, x11};
use crate::Error;

/// By which way another program would read the clipboard here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    X11,
    /// A Wayland desktop that lets programs see the clipboard without the focus (data-control).
    Wayland,
    /// A Wayland desktop that does not. What goes to its X11 side is not proven to arrive on the other.
    Unseen,
}

/// What was seen when a value was checked, by which it is known again later.
#[derive(Debug, Clone, Copy)]
pub(super) enum Receipt {
    X11(x11::Receipt),
    Wayland(wayland::Receipt),
    /// Nothing was seen on Wayland, but the X11 side can be asked whose it is.
    Unseen(Option<x11::Receipt>),
}

impl Stranger {
    /// Decides as arboard does, so that both speak of the same clipboard.
    pub(super) fn of_this_desktop() -> Result<Self, Error> {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match (set("WAYLAND_DISPLAY"), set("DISPLAY")) {
            (true, _) if wayland::can_be_seen() => Ok(Self::Wayland),
            (true, true) => Ok(Self::Unseen),
            (false, true) => Ok(Self::X11),
            (true | false, false) => Err(Error::NoClipboard),
        }
    }

    /// Reads the clipboard and compares it with what was put there.
    pub(super) fn check(self, secret: &Secret, limit: Duration) -> Result<(Receipt, Put), Error> {
        match self {
            Self::X11 => Ok((Receipt::X11(x11::check(secret, limit)?), Put::Checked)),
            Self::Wayland => Ok((Receipt::Wayland(wayland::check(secret, limit)?), Put::Checked)),
            Self::Unseen => Ok((Receipt::Unseen(x11::check(secret, limit).ok()), Put::NotChecked)),
        }
    }

    /// Reads the clipboard, whoever's it is, up to `max_bytes`.
    pub(super) fn paste(self, max_bytes: usize, limit: Duration) -> Result<Pasted, Error> {
        match self {
            Self::X11 => x11::paste(max_bytes, limit),
            Self::Wayland => wayland::paste(max_bytes, limit),
            // What such a desktop hands to its X11 side is there; that nothing is there says nothing.
            Self::Unseen => match x11::paste(max_bytes, limit)? {
                Pasted::Nothing | Pasted::NoText => Err(Error::NoClipboard),
                pasted => Ok(pasted),
            },
        }
    }

    /// Takes the value off if it is still there, and says what was seen afterwards.
    pub(super) fn take_off(self, receipt: Receipt, limit: Duration) -> End {
        match receipt {
            Receipt::X11(receipt) => x11::take_off(receipt, limit),
            Receipt::Wayland(receipt) => wayland::take_off(receipt, limit),
            Receipt::Unseen(Some(receipt)) => match x11::take_off(receipt, limit) {
                // Empty on the X11 side says nothing about the other.
                End::Emptied | End::Unknown => End::Unknown,
                other => other,
            },
            Receipt::Unseen(None) => End::Unknown,
        }
    }

    /// Tells `lost`, once, when the value is not on the clipboard any more. Where that cannot be seen, never.
    pub(super) fn watch(self, receipt: Receipt, lost: Lost) {
        match receipt {
            Receipt::X11(receipt) | Receipt::Unseen(Some(receipt)) => x11::watch(receipt, lost),
            Receipt::Wayland(_) | Receipt::Unseen(None) => {}
        }
    }
}
