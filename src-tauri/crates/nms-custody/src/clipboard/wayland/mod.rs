//! A Wayland desktop with the data-control protocol: our value on it, and a stranger, each of whose questions is a
//! connection of its own.

mod protocol;
mod source;

use std::io::Read;
use std::os::fd::AsFd;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nms_api::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use wl_clipboard_rs::paste::{ClipboardType, Error as PasteError, MimeType, Seat, get_contents};
use wl_clipboard_rs::utils::is_primary_selection_supported;
use zeroize::Zeroizing;

use self::source::Source;
use super::{End, Lost, Pasted, settle};
use crate::Error;

/// A value of ours on the clipboard, and what it was (by its hash).
pub(super) struct Held {
    source: Source,
    sha256: [u8; 32],
}

impl Held {
    /// Puts the value there, marked as a password.
    pub(super) fn put(secret: &Secret) -> Result<Self, Error> {
        Ok(Self { source: Source::put(secret)?, sha256: secret.sha256() })
    }

    /// Tells `lost`, once, when somebody else takes the clipboard, or the compositor goes.
    pub(super) fn watch(&self, lost: Lost) {
        self.source.watch(lost);
    }

    /// Destroys our own source, and looks what is there. The protocol would let us clear anybody's, and between a
    /// question whose it is and that, they could have copied.
    pub(super) fn take_off(self, limit: Duration) -> End {
        let until = Instant::now() + limit;
        if !self.source.let_go(limit) {
            return End::Unknown;
        }
        let left = || until.saturating_duration_since(Instant::now());
        match seen(&self.sha256, left()) {
            // Empty is what is empty a moment later, too.
            End::Emptied => {
                settle(until);
                seen(&self.sha256, left())
            }
            end => end,
        }
    }
}

/// Whether this desktop has the protocol. PRIMARY is only asked about, by the same call with which arboard finds out.
pub(super) fn can_be_seen() -> bool {
    is_primary_selection_supported().is_ok()
}

/// Reads the clipboard as text and compares.
pub(super) fn check(secret: &Secret, limit: Duration) -> Result<(), Error> {
    match paste(Secret::MAX_BYTES, limit)? {
        Pasted::Text(value) if secret.matches(&value) => Ok(()),
        Pasted::Text(_) | Pasted::Nothing | Pasted::TooMuch | Pasted::NoText => Err(Error::ClipboardDiffers),
    }
}

/// What a person would paste now; `KeptByOthers`: our value.
fn seen(sha256: &[u8; 32], limit: Duration) -> End {
    match paste(Secret::MAX_BYTES, limit) {
        Ok(Pasted::Nothing) => End::Emptied,
        Ok(Pasted::Text(value)) if is(&value, sha256) => End::KeptByOthers,
        Ok(Pasted::Text(_) | Pasted::TooMuch | Pasted::NoText) | Err(Error::ClipboardTimedOut) => End::TakenOver,
        Err(_) => End::Unknown,
    }
}

/// What a paste would give. The compositor is asked on a thread of its own: a silent one is waited for no longer than
/// the limit.
pub(super) fn paste(max_bytes: usize, limit: Duration) -> Result<Pasted, Error> {
    let until = Instant::now() + limit;
    let (answer, answered) = mpsc::channel();
    let ask = move || {
        // Nobody waits any more: so be it.
        let _ = answer.send(get_contents(ClipboardType::Regular, Seat::Unspecified, MimeType::Text));
    };
    std::thread::Builder::new().name("clipboard paste".into()).spawn(ask).map_err(|_| Error::ClipboardRefused)?;
    match answered.recv_timeout(limit) {
        Ok(Ok((pipe, _))) => read(pipe, max_bytes, until),
        Ok(Err(PasteError::ClipboardEmpty)) => Ok(Pasted::Nothing),
        Ok(Err(PasteError::NoMimeType)) => Ok(Pasted::NoText),
        Ok(Err(_)) => Err(Error::NoClipboard),
        Err(_) => Err(Error::ClipboardTimedOut),
    }
}

/// Reads to the end, but not much more than `max_bytes`, and no longer than until then.
fn read(mut pipe: impl Read + AsFd, max_bytes: usize, until: Instant) -> Result<Pasted, Error> {
    let mut value = Zeroizing::new(vec![0; max_bytes + 1]);
    let mut filled = 0;
    while filled < value.len() {
        let left = Timespec::try_from(until.saturating_duration_since(Instant::now()));
        let limit = left.map_err(|_| Error::ClipboardTimedOut)?;
        let mut ready = [PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)];
        if !matches!(poll(&mut ready, Some(&limit)), Ok(1..)) {
            return Err(Error::ClipboardTimedOut);
        }
        match pipe.read(&mut value[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(_) => return Err(Error::ClipboardRefused),
        }
    }
    value.truncate(filled);
    Ok(if filled > max_bytes { Pasted::TooMuch } else { Pasted::Text(value) })
}

fn is(value: &[u8], sha256: &[u8; 32]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| Secret::new(text.to_owned()).sha256() == *sha256)
}
