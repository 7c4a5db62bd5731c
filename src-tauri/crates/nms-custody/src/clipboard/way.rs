//! By which way a value goes onto the clipboard of this desktop, and how another program would see it there.

use std::time::Duration;

use arboard::SetExtLinux;
use nms_api::Secret;

use super::serving::Serving;
use super::{End, Lost, Pasted, Put, wayland, window, x11};
use crate::Error;

/// How long the stranger waits for the bytes.
pub(super) const READ_LIMIT: Duration = Duration::from_secs(2);
/// Programs that take every new value over do so within milliseconds. The check comes after them, so that what it saw
/// is what a person will paste.
const SETTLE: Duration = Duration::from_millis(50);

/// The ways, by desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    X11,
    /// A Wayland desktop that lets programs see and write the clipboard without the focus.
    DataControl,
    /// A Wayland desktop that does not: our own window has to have the focus.
    Window,
    /// The same, where our window is none of Wayland's. What goes to the X11 side is not proven to arrive on the other.
    X11Side,
}

/// A value of ours that was put on the clipboard, and how to take it off. It holds the one copy of the value.
pub(super) enum Held {
    /// With what was seen when it was checked.
    X11(Serving, x11::Receipt),
    DataControl(wayland::Held),
    Window(window::Held),
    /// Nothing was seen on Wayland, but the X11 side can be asked whose it is.
    X11Side(Serving, Option<x11::Receipt>),
}

/// How taking a value off went.
pub(super) struct Off {
    pub(super) end: End,
    /// There is more to do, later.
    pub(super) left: Option<Held>,
}

impl From<End> for Off {
    fn from(end: End) -> Self {
        Self { end, left: None }
    }
}

/// A text that is no secret, there as long as this lives.
pub(super) enum Text {
    /// By whom it is served.
    Here { _serving: Serving },
    /// GTK serves it.
    InWindow,
}

impl Way {
    pub(super) fn of_this_desktop() -> Result<Self, Error> {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match (set("WAYLAND_DISPLAY"), set("DISPLAY")) {
            (true, _) if wayland::can_be_seen() => Ok(Self::DataControl),
            (true, _) if window::is_there(READ_LIMIT) => Ok(Self::Window),
            (true, true) => Ok(Self::X11Side),
            (false, true) => Ok(Self::X11),
            (true | false, false) => Err(Error::NoClipboard),
        }
    }

    /// Puts a value there and asks a stranger, where there is one. Everything is undone by dropping when a step fails.
    pub(super) fn put(self, secret: &Secret) -> Result<(Held, Put), Error> {
        Ok(match self {
            Self::X11 => {
                let serving = serve_on_x11(secret)?;
                (Held::X11(serving, x11::check(secret, READ_LIMIT)?), Put::Checked)
            }
            Self::DataControl => {
                let held = wayland::Held::put(secret)?;
                std::thread::sleep(SETTLE);
                wayland::check(secret, READ_LIMIT)?;
                (Held::DataControl(held), Put::Checked)
            }
            Self::Window => (Held::Window(window::put(secret, READ_LIMIT)?), Put::NotChecked),
            Self::X11Side => {
                let serving = serve_on_x11(secret)?;
                (Held::X11Side(serving, x11::check(secret, READ_LIMIT).ok()), Put::NotChecked)
            }
        })
    }

    /// Puts a text there that is no secret.
    pub(super) fn put_text(self, text: String) -> Result<Text, Error> {
        if self == Self::Window {
            window::put_text(text, READ_LIMIT)?;
            return Ok(Text::InWindow);
        }
        let mut serving = Serving::start().map_err(|error| unreachable_or_refused(&error))?;
        serving.arboard().set_text(text).map_err(|error| unreachable_or_refused(&error))?;
        Ok(Text::Here { _serving: serving })
    }

    /// Reads the clipboard as a stranger, whoever's it is, up to `max_bytes`.
    pub(super) fn paste(self, max_bytes: usize) -> Result<Pasted, Error> {
        match self {
            Self::X11 => x11::paste(max_bytes, READ_LIMIT),
            Self::DataControl => wayland::paste(max_bytes, READ_LIMIT),
            Self::Window => window::paste(max_bytes, READ_LIMIT),
            // What such a desktop hands to its X11 side is there; that nothing is there says nothing.
            Self::X11Side => match x11::paste(max_bytes, READ_LIMIT)? {
                Pasted::Nothing | Pasted::NoText => Err(Error::NoClipboard),
                pasted => Ok(pasted),
            },
        }
    }
}

impl Held {
    /// Takes the value off if it is still there, and says what was seen afterwards.
    pub(super) fn take_off(self, limit: Duration) -> Off {
        match self {
            // With it goes the copy that it served, and its connection's buffers.
            Self::X11(_serving, receipt) => x11::take_off(receipt, limit).into(),
            Self::DataControl(held) => held.take_off(limit).into(),
            Self::Window(held) => {
                let (end, left) = held.take_off(limit);
                Off { end, left: left.map(Self::Window) }
            }
            Self::X11Side(_serving, Some(receipt)) => match x11::take_off(receipt, limit) {
                // Empty on the X11 side says nothing about the other.
                End::Emptied | End::Unknown => End::Unknown.into(),
                other => other.into(),
            },
            Self::X11Side(_serving, None) => End::Unknown.into(),
        }
    }

    /// Tells `lost`, once, when the value is not on the clipboard any more. Where that cannot be seen, never.
    pub(super) fn watch(&self, lost: Lost) {
        match self {
            Self::X11(_, receipt) | Self::X11Side(_, Some(receipt)) => x11::watch(*receipt, lost),
            Self::DataControl(held) => held.watch(lost),
            Self::Window(held) => held.watch(lost),
            Self::X11Side(_, None) => {}
        }
    }
}

fn serve_on_x11(secret: &Secret) -> Result<Serving, Error> {
    let mut serving = Serving::start().map_err(|error| unreachable_or_refused(&error))?;
    let text = secret.expose().to_owned();
    serving.arboard().set().exclude_from_history().text(text).map_err(|error| unreachable_or_refused(&error))?;
    std::thread::sleep(SETTLE);
    Ok(serving)
}

/// By kind; arboard's texts may name a path and are for nobody.
fn unreachable_or_refused(error: &arboard::Error) -> Error {
    match error {
        // It reached a display before it could refuse.
        arboard::Error::ClipboardOccupied | arboard::Error::ConversionFailure => Error::ClipboardRefused,
        // "Unknown" is what it says when there is no display or no protocol.
        arboard::Error::ClipboardNotSupported | arboard::Error::Unknown { .. } => Error::NoClipboard,
        _ => Error::ClipboardRefused,
    }
}
