//! A stranger on a Wayland desktop with the data-control protocol: each question is a connection of its own.

use std::io::Read;
use std::os::fd::AsFd;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nms_api::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use wl_clipboard_rs::paste::{ClipboardType, Error as PasteError, MimeType, Seat, get_contents};
use wl_clipboard_rs::utils::is_primary_selection_supported;
use zeroize::Zeroizing;

use super::{End, Pasted, ROUNDS, settle};
use crate::Error;

/// What our value was (by its hash: the value itself is not kept).
#[derive(Debug, Clone, Copy)]
pub(super) struct Receipt {
    sha256: [u8; 32],
}

/// Whether this desktop has the protocol. PRIMARY is only asked about, by the same call with which arboard finds out.
pub(super) fn can_be_seen() -> bool {
    is_primary_selection_supported().is_ok()
}

/// Reads the clipboard as text and compares.
pub(super) fn check(secret: &Secret, limit: Duration) -> Result<Receipt, Error> {
    match paste(Secret::MAX_BYTES, limit)? {
        Pasted::Text(value) if secret.matches(&value) => Ok(Receipt { sha256: secret.sha256() }),
        Pasted::Text(_) | Pasted::Nothing | Pasted::TooMuch | Pasted::NoText => Err(Error::ClipboardDiffers),
    }
}

/// Clears the clipboard if our value is on it, and looks again. The protocol lets a program clear anybody's, so the
/// question comes right before.
pub(super) fn take_off(receipt: Receipt, limit: Duration) -> End {
    let until = Instant::now() + limit;
    let mut end = seen(receipt, limit);
    for _ in 0..ROUNDS {
        if end != End::KeptByOthers {
            return end;
        }
        if arboard::Clipboard::new().and_then(|mut clipboard| clipboard.clear()).is_err() {
            return End::Unknown;
        }
        settle(until);
        end = seen(receipt, limit);
    }
    end
}

/// What a person would paste now; `KeptByOthers`: our value.
fn seen(receipt: Receipt, limit: Duration) -> End {
    match paste(Secret::MAX_BYTES, limit) {
        Ok(Pasted::Nothing) => End::Emptied,
        Ok(Pasted::Text(value)) if is(&value, &receipt.sha256) => End::KeptByOthers,
        Ok(Pasted::Text(_) | Pasted::TooMuch) | Err(Error::ClipboardTimedOut) => End::TakenOver,
        Ok(Pasted::NoText) | Err(_) => End::Unknown,
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
