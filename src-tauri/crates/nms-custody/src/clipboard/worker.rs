//! The clipboard's thread: owns what is served, and asks a stranger after each thing it does.

use std::sync::mpsc;
use std::time::Duration;

use nms_api::Secret;

use super::way::{Held, READ_LIMIT, Text, Way};
use super::{Command, End, Lost, Pasted, PutDone, PutId};
use crate::Error;
use crate::inspect::{Finding, Form, MAX_BYTES, inspect_bytes};
use crate::memory::Undumpable;

#[derive(Default)]
pub(super) struct Worker {
    /// A value of ours that was put on the clipboard.
    ours: Option<(PutId, Held)>,
    text: Option<Text>,
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
        if let Some((_, held)) = self.ours.take() {
            held.take_off(READ_LIMIT);
        }
    }

    fn put(&mut self, id: PutId, secret: &Secret, done: PutDone, lost: Lost) {
        // What is there from before is replaced in any case; its copy in memory goes first.
        (self.ours, self.text) = (None, None);
        match Way::of_this_desktop().and_then(|way| way.put(secret)) {
            Ok((held, how)) => {
                // `lost` is heard by a custody that knows of the put, and `done` tells it.
                if done(Ok(how)) {
                    held.watch(lost);
                    self.ours = Some((id, held));
                } else {
                    held.take_off(READ_LIMIT);
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
        self.text = Some(Way::of_this_desktop()?.put_text(text)?);
        Ok(())
    }

    fn empty(&mut self, id: PutId, within: Duration) -> End {
        // Taken off already, or replaced by a later one of ours.
        let Some((_, held)) = self.ours.take_if(|(ours, _)| *ours == id) else { return End::Emptied };
        let off = held.take_off(within);
        self.ours = off.left.map(|held| (id, held));
        off.end
    }
}

/// What is read is wiped before this returns, and nobody looks into the process meanwhile.
fn inspect() -> Result<Finding, Error> {
    let _undumpable = Undumpable::begin();
    match Way::of_this_desktop()?.paste(MAX_BYTES)? {
        Pasted::Text(text) => Ok(inspect_bytes(&text)),
        Pasted::TooMuch => Ok(Finding::plain(Form::TooMuch)),
        Pasted::Nothing | Pasted::NoText => Ok(Finding::plain(Form::Empty)),
    }
}
