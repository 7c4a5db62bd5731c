//! The clipboard's thread: owns arboard, and asks a stranger after each thing it does.

use std::sync::mpsc;
use std::time::Duration;

use arboard::SetExtLinux;
use nms_api::Secret;

use super::serving::Serving;
use super::stranger::{Receipt, Stranger};
use super::{Command, End, Lost, Pasted, Put, PutDone, PutId};
use crate::Error;
use crate::inspect::{Finding, Form, MAX_BYTES, inspect_bytes};
use crate::memory::Undumpable;

/// How long the stranger waits for the bytes.
const READ_LIMIT: Duration = Duration::from_secs(2);
/// Programs that take every new value over do so within milliseconds. The check comes after them, so that what it saw
/// is what a person will paste.
const SETTLE: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(super) struct Worker {
    ours: Option<Ours>,
    /// Serves a text that is no secret, as long as it lives.
    text: Option<Serving>,
}

/// A value of ours that was put on the clipboard, and how to take it off.
struct Ours {
    id: PutId,
    /// Serves the value, and holds the one copy of it, as long as it lives.
    serving: Serving,
    stranger: Stranger,
    receipt: Receipt,
}

impl Worker {
    /// Until nobody can send any more. What is then still on the clipboard is taken off.
    pub(super) fn serve(mut self, commands: &mpsc::Receiver<Command>) {
        for command in commands {
            match command {
                Command::Put { id, secret, done, lost } => self.put(id, &secret, done, lost),
                Command::Text { text, done } => done(self.put_text(text)),
                Command::Empty { id, within, done } => done(self.empty(id, within)),
                Command::Inspect { done } => done(inspect()),
            }
        }
        if let Some(ours) = &self.ours {
            self.empty(ours.id, READ_LIMIT);
        }
    }

    fn put(&mut self, id: PutId, secret: &Secret, done: PutDone, lost: Lost) {
        // What is there from before is replaced in any case; its copy in memory goes first.
        (self.ours, self.text) = (None, None);
        match put(id, secret) {
            Ok((ours, how)) => {
                let receipt = ours.receipt;
                let stranger = ours.stranger;
                // Before anybody is told, so that an emptying that follows at once finds it.
                self.ours = Some(ours);
                if done(Ok(how)) {
                    stranger.watch(receipt, lost);
                } else {
                    self.empty(id, READ_LIMIT);
                }
            }
            Err(error) => {
                done(Err(error));
            }
        }
    }

    fn put_text(&mut self, text: String) -> Result<(), Error> {
        if self.ours.is_some() {
            return Err(Error::ClipboardHoldsSecret);
        }
        let mut serving = Serving::start().map_err(|error| unreachable_or_refused(&error))?;
        serving.arboard().set_text(text).map_err(|error| unreachable_or_refused(&error))?;
        self.text = Some(serving);
        Ok(())
    }

    fn empty(&mut self, id: PutId, within: Duration) -> End {
        // Taken off already, or replaced by a later one of ours.
        let Some(Ours { serving, stranger, receipt, .. }) = self.ours.take_if(|ours| ours.id == id) else {
            return End::Emptied;
        };
        let end = stranger.take_off(receipt, within);
        // With it goes the copy that it served, and its connection's buffers.
        drop(serving);
        end
    }
}

/// Everything is undone by dropping when a step fails.
fn put(id: PutId, secret: &Secret) -> Result<(Ours, Put), Error> {
    let stranger = Stranger::of_this_desktop()?;
    let mut serving = Serving::start().map_err(|error| unreachable_or_refused(&error))?;
    let text = secret.expose().to_owned();
    serving.arboard().set().exclude_from_history().text(text).map_err(|error| unreachable_or_refused(&error))?;
    std::thread::sleep(SETTLE);
    let (receipt, how) = stranger.check(secret, READ_LIMIT)?;
    Ok((Ours { id, serving, stranger, receipt }, how))
}

/// What is read is wiped before this returns, and nobody looks into the process meanwhile.
fn inspect() -> Result<Finding, Error> {
    let _undumpable = Undumpable::begin();
    match Stranger::of_this_desktop()?.paste(MAX_BYTES, READ_LIMIT)? {
        Pasted::Text(text) => Ok(inspect_bytes(&text)),
        Pasted::TooMuch => Ok(Finding::plain(Form::TooMuch)),
        Pasted::Nothing | Pasted::NoText => Ok(Finding::plain(Form::Empty)),
    }
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
