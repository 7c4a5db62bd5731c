//! The clipboard, on a thread of its own.
//!
//! On X11 arboard writes it, on Wayland a source of our own or the window's clipboard (`way.rs`); whether that worked is
//! asked as a stranger would ask, over a connection of its own, where a desktop lets strangers ask. Nothing here runs on
//! a caller's thread, and no call waits for another program without a limit.

mod form;
mod serving;
mod stay;
mod way;
mod wayland;
mod window;
mod worker;
mod x11;

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use nms_api::Secret;
use zeroize::Zeroizing;

use crate::Error;
use crate::inspect::Finding;

/// Clipboard managers put a value back within milliseconds after it was taken off. Empty is what is empty this long.
const QUIET: Duration = Duration::from_millis(150);
/// How often a value that comes back is taken off again, before it is told on.
const ROUNDS: usize = 3;

/// Waits for programs that put a value back; in haste half of the time that is left, so that one can still look.
fn settle(until: Instant) {
    std::thread::sleep(QUIET.min(until.saturating_duration_since(Instant::now()) / 2));
}

/// How a value came onto the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    /// A stranger read the same bytes.
    Checked,
    /// There is no stranger who could.
    NotChecked,
}

/// How the stay of a value on the clipboard ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was ours and is empty now.
    Emptied,
    /// It was somebody else's and was left alone.
    TakenOver,
    /// Another program holds our value and did not let go.
    KeptByOthers,
    /// Nothing can be pasted from us any more, but what the desktop may have kept can only be replaced by a window with
    /// the focus. To be tried again when the window's loss of the value is told.
    AwaitsFocus,
    /// The display does not answer.
    Unknown,
}

/// What a paste gives a stranger.
pub(crate) enum Pasted {
    /// There is nothing.
    Nothing,
    /// This text.
    Text(Zeroizing<Vec<u8>>),
    /// More than the stranger would take.
    TooMuch,
    /// Something that is no text.
    NoText,
}

/// Takes the result of a put. Answers whether anybody still wants it; what nobody wants is taken off again.
pub(crate) type PutDone = Box<dyn FnOnce(Result<Put, Error>) -> bool + Send>;
/// Takes the result of an emptying.
pub(crate) type EmptyDone = Box<dyn FnOnce(End) + Send>;
/// Takes the result of putting a text that is no secret.
pub(crate) type TextDone = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// Takes what the clipboard was found to hold.
pub(crate) type InspectDone = Box<dyn FnOnce(Result<Finding, Error>) + Send>;
/// Told when somebody else takes the clipboard, or when it becomes empty, after a put; and whenever it may be worth trying
/// again to empty it.
pub(crate) type Lost = Arc<dyn Fn() + Send + Sync>;

/// Tells one put from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PutId(pub(crate) u32);

enum Command {
    Put { id: PutId, secret: Secret, done: PutDone, lost: Lost },
    Text { text: String, done: TextDone },
    Empty { id: PutId, within: Duration, done: EmptyDone },
    Inspect { done: InspectDone },
}

/// Sends to the clipboard's thread, which ends when this is dropped.
pub(crate) struct Clipboard {
    commands: mpsc::Sender<Command>,
}

impl Clipboard {
    /// Starts the thread. It reaches for no display before it has to.
    pub(crate) fn start() -> Self {
        let (commands, received) = mpsc::channel();
        let work = move || worker::Worker::default().serve(&received);
        if let Err(error) = std::thread::Builder::new().name("clipboard".into()).spawn(work) {
            // Every command is then refused, since nobody receives it.
            tracing::error!(%error, "no thread for the clipboard");
        }
        Self { commands }
    }

    /// Puts a value on the clipboard and checks it. Once it is there, `lost` is told when it no longer is.
    pub(crate) fn put(&self, id: PutId, secret: Secret, done: PutDone, lost: Lost) {
        let refused = self.commands.send(Command::Put { id, secret, done, lost });
        if let Err(mpsc::SendError(Command::Put { done, .. })) = refused {
            done(Err(Error::ClipboardRefused));
        }
    }

    /// Puts a text on the clipboard that is no secret: unmarked, unchecked, there until somebody copies something else.
    pub(crate) fn put_text(&self, text: String, done: TextDone) {
        let refused = self.commands.send(Command::Text { text, done });
        if let Err(mpsc::SendError(Command::Text { done, .. })) = refused {
            done(Err(Error::ClipboardRefused));
        }
    }

    /// Looks, as a stranger would, at what the clipboard holds, whoever put it there.
    pub(crate) fn inspect(&self, done: InspectDone) {
        let refused = self.commands.send(Command::Inspect { done });
        if let Err(mpsc::SendError(Command::Inspect { done })) = refused {
            done(Err(Error::ClipboardRefused));
        }
    }

    /// Takes the value of that put off, if it is still there. `within` bounds the wait for other programs.
    pub(crate) fn empty(&self, id: PutId, within: Duration, done: EmptyDone) {
        let refused = self.commands.send(Command::Empty { id, within, done });
        if let Err(mpsc::SendError(Command::Empty { done, .. })) = refused {
            done(End::Unknown);
        }
    }
}
