//! A stranger on X11: a connection of our own for each question, used once and dropped with its buffers.
//!
//! Rules from the Inter-Client Communication Conventions Manual, chapter 2. Only CLIPBOARD is ever named here.

use std::time::{Duration, Instant};

use nms_api::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::connection::Connection;
use x11rb::errors::{ConnectionError, ReplyError};
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, Timestamp, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use zeroize::Zeroizing;

use super::{End, Lost, Pasted, ROUNDS, settle};
use crate::Error;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        CLIPBOARD,
        UTF8_STRING,
        INCR,
        NMS_CUSTODY_ANSWER,
    }
}

/// Who served our value, since when, and what it was (by its hash: the value itself is not kept).
#[derive(Debug, Clone, Copy)]
pub(super) struct Receipt {
    owner: Window,
    /// A moment of the server's when it was seen to be ours.
    seen_at: Timestamp,
    sha256: [u8; 32],
}

/// Reads CLIPBOARD as UTF8_STRING and compares.
pub(super) fn check(secret: &Secret, limit: Duration) -> Result<Receipt, Error> {
    let mut desk = Desk::open(limit)?;
    let owner = desk.owner()?;
    match desk.read(Secret::MAX_BYTES)? {
        Pasted::Text(value) if secret.matches(&value) => {}
        Pasted::Text(_) | Pasted::Nothing | Pasted::TooMuch | Pasted::NoText => return Err(Error::ClipboardDiffers),
    }
    let seen_at = desk.server_time()?;
    if owner == x11rb::NONE || desk.owner()? != owner {
        return Err(Error::ClipboardDiffers);
    }
    Ok(Receipt { owner, seen_at, sha256: secret.sha256() })
}

/// Reads CLIPBOARD as UTF8_STRING, whoever's it is.
pub(super) fn paste(max_bytes: usize, limit: Duration) -> Result<Pasted, Error> {
    let mut desk = Desk::open(limit)?;
    if desk.owner()? == x11rb::NONE { Ok(Pasted::Nothing) } else { desk.read(max_bytes) }
}

/// Gives CLIPBOARD up if it is still ours, or if another program holds our very value, and looks again.
pub(super) fn take_off(receipt: Receipt, limit: Duration) -> End {
    let mut desk = match Desk::open(limit) {
        Ok(desk) => desk,
        // Without a display there is no clipboard either; only a display that is silent cannot be told from one.
        Err(_) => return End::Unknown,
    };
    desk.take_off(receipt).unwrap_or(End::Unknown)
}

/// Waits on a thread of its own until CLIPBOARD has another owner than in the receipt, or until the display is gone.
/// Where a display does not tell of such changes, nothing is lost but the news.
pub(super) fn watch(receipt: Receipt, lost: Lost) {
    let work = move || match wait_for_other_owner(receipt.owner) {
        Err(ReplyError::X11Error(_) | ReplyError::ConnectionError(ConnectionError::UnsupportedExtension)) => {
            tracing::debug!("this display does not tell who takes the clipboard");
        }
        Ok(()) | Err(ReplyError::ConnectionError(_)) => lost(),
    };
    if let Err(error) = std::thread::Builder::new().name("clipboard watch".into()).spawn(work) {
        tracing::warn!(%error, "no thread to watch the clipboard");
    }
}

/// An error of the connection says that the display is gone.
fn wait_for_other_owner(owner: Window) -> Result<(), ReplyError> {
    let (connection, screen) = x11rb::connect(None).map_err(|_| ConnectionError::UnknownError)?;
    let atoms = Atoms::new(&connection)?.reply()?;
    let Some(screen) = connection.setup().roots.get(screen) else { return Ok(()) };
    connection.xfixes_query_version(5, 0)?.reply()?;
    let changes = SelectionEventMask::SET_SELECTION_OWNER
        | SelectionEventMask::SELECTION_WINDOW_DESTROY
        | SelectionEventMask::SELECTION_CLIENT_CLOSE;
    connection.xfixes_select_selection_input(screen.root, atoms.CLIPBOARD, changes)?.check()?;
    // Asked after the wish to be told, so that no change falls between.
    while connection.get_selection_owner(atoms.CLIPBOARD)?.reply()?.owner == owner {
        connection.wait_for_event()?;
    }
    Ok(())
}

/// One connection with a window to receive answers, and a limit for all that is asked over it.
struct Desk {
    connection: RustConnection,
    window: Window,
    atoms: Atoms,
    until: Instant,
    /// When it was last looked whose the clipboard is.
    seen_at: Timestamp,
}

impl Desk {
    fn open(limit: Duration) -> Result<Self, Error> {
        let until = Instant::now() + limit;
        let (connection, screen) = x11rb::connect(None).map_err(|_| Error::NoClipboard)?;
        let atoms = Atoms::new(&connection).map_err(gone)?.reply().map_err(refused)?;
        let root = connection.setup().roots.get(screen).ok_or(Error::NoClipboard)?.root;
        let window = connection.generate_id().map_err(|_| Error::NoClipboard)?;
        let events = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        connection
            .create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, x11rb::COPY_FROM_PARENT, &events)
            .map_err(gone)?;
        Ok(Self { connection, window, atoms, until, seen_at: x11rb::CURRENT_TIME })
    }

    fn owner(&self) -> Result<Window, Error> {
        let asked = self.connection.get_selection_owner(self.atoms.CLIPBOARD).map_err(gone)?;
        Ok(asked.reply().map_err(refused)?.owner)
    }

    /// What a paste would give; no text when the owner refuses.
    fn read(&mut self, max_bytes: usize) -> Result<Pasted, Error> {
        let Atoms { CLIPBOARD, UTF8_STRING, NMS_CUSTODY_ANSWER, .. } = self.atoms;
        let now = self.server_time()?;
        self.connection
            .convert_selection(self.window, CLIPBOARD, UTF8_STRING, NMS_CUSTODY_ANSWER, now)
            .map_err(gone)?;
        let window = self.window;
        let property = self.wait_for(|event| match event {
            Event::SelectionNotify(event) if event.requestor == window => Some(event.property),
            _ => None,
        })?;
        if property == x11rb::NONE {
            return Ok(Pasted::NoText);
        }
        self.take_property(property, max_bytes)
    }

    /// Reads an answer and has the server forget it. Those that come in pieces (INCR) are larger than anything that is
    /// read here; some owners answer a question for text with whatever they have.
    fn take_property(&self, property: Atom, max_bytes: usize) -> Result<Pasted, Error> {
        let kind = self.atoms.UTF8_STRING;
        let words = u32::try_from(max_bytes / 4 + 1).unwrap_or(u32::MAX);
        let asked = self.connection.get_property(true, self.window, property, kind, 0, words).map_err(gone)?;
        let answer = asked.reply().map_err(refused)?;
        let value = Zeroizing::new(answer.value);
        Ok(match answer.type_ {
            found if found == kind && answer.bytes_after == 0 && value.len() <= max_bytes => Pasted::Text(value),
            found if found == kind || found == self.atoms.INCR => Pasted::TooMuch,
            _ => Pasted::NoText,
        })
    }

    /// The server's time, by which it orders who owns a selection: that of an empty change of our own window.
    fn server_time(&mut self) -> Result<Timestamp, Error> {
        let (window, property) = (self.window, Atom::from(AtomEnum::WM_NAME));
        self.connection
            .change_property8(PropMode::APPEND, window, AtomEnum::WM_NAME, AtomEnum::STRING, &[])
            .map_err(gone)?;
        self.wait_for(|event| match event {
            Event::PropertyNotify(event) if event.window == window && event.atom == property => Some(event.time),
            _ => None,
        })
    }

    fn take_off(&mut self, receipt: Receipt) -> Result<End, Error> {
        if self.owner()? == receipt.owner {
            // With the time at which it was seen to be ours: whoever took it since, the server prefers, also if they do
            // so between the line above and this one. arboard would say "now", and win over them.
            self.give_up(receipt.seen_at)?;
        }
        // A clipboard manager may hold our value, or put it back: that is ours to clear too. Anything else is not.
        for _ in 0..ROUNDS {
            match self.seen_after_settling(receipt)? {
                End::KeptByOthers => self.give_up(self.seen_at)?,
                end => return Ok(end),
            }
        }
        self.seen_after_settling(receipt)
    }

    /// What a person would paste now and a moment later; `KeptByOthers`: our value.
    fn seen_after_settling(&mut self, receipt: Receipt) -> Result<End, Error> {
        if self.owner()? == x11rb::NONE {
            settle(self.until);
        }
        // Whoever takes it after this moment, the server prefers to our giving it up.
        self.seen_at = self.server_time()?;
        if self.owner()? == x11rb::NONE {
            return Ok(End::Emptied);
        }
        Ok(match self.read(Secret::MAX_BYTES) {
            Ok(Pasted::Text(value)) if is(&value, &receipt.sha256) => End::KeptByOthers,
            Ok(_) | Err(_) => End::TakenOver,
        })
    }

    fn give_up(&self, at: Timestamp) -> Result<(), Error> {
        let asked = self.connection.set_selection_owner(x11rb::NONE, self.atoms.CLIPBOARD, at).map_err(gone)?;
        asked.check().map_err(refused)
    }

    /// The next event that `wanted` picks out, or the end of our patience.
    fn wait_for<T>(&mut self, wanted: impl Fn(&Event) -> Option<T>) -> Result<T, Error> {
        self.connection.flush().map_err(gone)?;
        loop {
            while let Some(event) = self.connection.poll_for_event().map_err(gone)? {
                if let Some(found) = wanted(&event) {
                    return Ok(found);
                }
            }
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::ClipboardTimedOut);
            }
            let limit = Timespec::try_from(left).map_err(|_| Error::ClipboardTimedOut)?;
            let mut ready = [PollFd::new(self.connection.stream(), PollFlags::IN)];
            poll(&mut ready, Some(&limit)).map_err(|_| Error::ClipboardTimedOut)?;
        }
    }
}

fn is(value: &[u8], sha256: &[u8; 32]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| Secret::new(text.to_owned()).sha256() == *sha256)
}

/// The connection broke: there is no display any more.
fn gone<E>(_: E) -> Error {
    Error::NoClipboard
}

fn refused(error: ReplyError) -> Error {
    match error {
        ReplyError::ConnectionError(_) => Error::NoClipboard,
        ReplyError::X11Error(_) => Error::ClipboardRefused,
    }
}
