//! The way over the clipboard, and the ways off it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Custody, Inner};
use crate::clipboard::{End, Put, PutId};
use crate::{Error, Frame, Handle};

/// How long a copy may take, its check included.
const COPY_LIMIT: Duration = Duration::from_secs(5);
/// How long another program may take to say what is on the clipboard, before it is left alone.
pub(super) const EMPTY_LIMIT: Duration = Duration::from_secs(2);
/// The same when the app is on its way out, and the longest that its end may be held up.
const LEAVE_ASK_LIMIT: Duration = Duration::from_millis(250);
const LEAVE_LIMIT: Duration = Duration::from_millis(450);

/// How a copy went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// A stranger read the same bytes from the clipboard. The secret is not held any more.
    Checked,
    /// It was handed to the clipboard, and nobody can tell whether it can be pasted. The secret is held until
    /// [`Custody::confirm_arrival`].
    NotChecked,
}

impl Custody {
    /// Copies the value to the clipboard, marked as a password, and asks as a stranger whether it is there. Succeeds at
    /// most once for each secret; PRIMARY is never touched.
    ///
    /// # Errors
    /// The variants of [`Error`] about the clipboard: the secret is still held, and another try is possible.
    pub async fn copy(&self, handle: Handle) -> Result<Copied, Error> {
        self.copy_within(handle, &Frame::default()).await
    }

    /// The same of the value with a text around it (the lines of a configuration): the whole is copied and checked, and
    /// is then the one copy.
    ///
    /// # Errors
    /// As [`copy`](Self::copy); [`Error::NotFramable`].
    pub async fn copy_within(&self, handle: Handle, frame: &Frame) -> Result<Copied, Error> {
        let (put, secret) = self.inner.change(|state, _| {
            let put = PutId(state.next_number());
            state.vault.begin_copy(handle, put).map(|secret| (put, secret))
        })?;
        let secret = frame.around(secret).inspect_err(|_| {
            self.inner.give_up_copy(put);
        })?;
        let (answer, mut answered) = oneshot::channel();
        let inner = Arc::downgrade(&self.inner);
        let done = move |result| {
            let Some(inner) = inner.upgrade() else { return false };
            let wanted = inner.end_copy(handle, put, &result);
            // Nobody waits any more: the view says it.
            drop(answer.send(result));
            wanted
        };
        let inner = Arc::downgrade(&self.inner);
        let lost = move || {
            if let Some(inner) = inner.upgrade() {
                inner.lost(put);
            }
        };
        self.inner.clipboard.put(put, secret, Box::new(done), Arc::new(lost));
        let in_time = timeout(COPY_LIMIT, &mut answered).await;
        match in_time {
            Ok(result) => result.unwrap_or(Err(Error::ClipboardRefused)).map(Copied::from),
            Err(_) if self.inner.give_up_copy(put) => Err(Error::ClipboardTimedOut),
            // It ended in the same moment, and its answer is on the way.
            Err(_) => answered.await.unwrap_or(Err(Error::ClipboardRefused)).map(Copied::from),
        }
    }

    /// The person says that the value arrived where it was pasted: it is wiped here.
    ///
    /// Asynchronous like its siblings, so that the shell may treat all ways of handing over alike.
    #[expect(clippy::unused_async, reason = "one shape for every way of handing over")]
    pub async fn confirm_arrival(&self, handle: Handle) {
        self.inner.change(|state, _| state.vault.confirm_arrival(handle));
    }

    /// Copies a text that is no secret (a shell line, say), for a page that has no clipboard of its own.
    ///
    /// # Errors
    /// [`Error::ClipboardHoldsSecret`] while a copied secret is there, which stays; else the variants about the clipboard.
    pub async fn copy_text(&self, text: String) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        // Nobody waits any more: the text is there, or is not, without harm.
        self.inner.clipboard.put_text(text, Box::new(move |result| drop(answer.send(result))));
        match timeout(COPY_LIMIT, answered).await {
            Ok(answered) => answered.unwrap_or(Err(Error::ClipboardRefused)),
            Err(_) => Err(Error::ClipboardTimedOut),
        }
    }

    /// Whether a value of ours is on the clipboard.
    pub fn clipboard_pending(&self) -> bool {
        self.inner.look(|state, _| state.clipboard_pending())
    }

    /// Empties the clipboard now, if it holds our value. Returns when that was seen, after seconds at most.
    pub async fn empty_clipboard(&self) {
        // What does not come in time comes later, into the view.
        drop(timeout(EMPTY_LIMIT * 2, self.inner.empty(EMPTY_LIMIT)).await);
    }

    /// Every way out (quit, sign-out, SIGTERM): wipes what is held, and empties the clipboard if it holds our value.
    /// Returns within 500 ms. Custody can be used again afterwards.
    pub async fn leave(&self) {
        let under_way = self.inner.change(|state, _| std::mem::take(&mut state.vault).copy_under_way());
        let going = async {
            // Its result does not count any more: what it put there is taken off before the next command.
            if let Some(put) = under_way {
                self.inner.take_off(put, LEAVE_ASK_LIMIT).await;
            }
            self.inner.empty(LEAVE_ASK_LIMIT).await;
        };
        drop(timeout(LEAVE_LIMIT, going).await);
    }
}

impl From<Put> for Copied {
    fn from(put: Put) -> Self {
        match put {
            Put::Checked => Self::Checked,
            Put::NotChecked => Self::NotChecked,
        }
    }
}

impl Inner {
    /// Takes the result of an attempt. Answers whether it counts: one that comes too late does not, and is undone.
    fn end_copy(&self, handle: Handle, put: PutId, result: &Result<Put, Error>) -> bool {
        self.change(|state, now| {
            if !state.vault.end_copy(put) {
                state.put_failed();
                return false;
            }
            match result {
                Ok(Put::Checked) => state.vault.handed_over(),
                Ok(Put::NotChecked) => state.vault.not_checked(),
                Err(_) => {
                    state.put_failed();
                    return false;
                }
            }
            state.put_on_clipboard(handle, put, now);
            true
        })
    }

    /// Ends an attempt from this side, so that its result will not count. Answers whether it was still under way.
    fn give_up_copy(&self, put: PutId) -> bool {
        self.change(|state, _| state.vault.end_copy(put))
    }

    /// The clipboard has another owner, or the window has the focus again: our copy of the value goes, and what is there
    /// now is seen.
    fn lost(self: &Arc<Self>, put: PutId) {
        if self.change(|state, _| state.is_ours(put).then(|| state.begin_emptying()).flatten()).is_some() {
            self.send_empty(put, EMPTY_LIMIT, None);
        }
    }

    /// Takes off what of ours is on the clipboard.
    async fn empty(self: &Arc<Self>, within: Duration) {
        if let Some(put) = self.change(|state, _| state.begin_emptying()) {
            self.take_off(put, within).await;
        }
    }

    async fn take_off(self: &Arc<Self>, put: PutId, within: Duration) {
        let (answer, answered) = oneshot::channel();
        self.send_empty(put, within, Some(answer));
        // Without an answer there is no thread any more, and so no value either.
        drop(answered.await);
    }

    /// Has the clipboard's thread take a value of ours off.
    pub(super) fn send_empty(self: &Arc<Self>, put: PutId, within: Duration, answer: Option<oneshot::Sender<()>>) {
        let inner = Arc::downgrade(self);
        let done = move |end: End| {
            if let Some(inner) = inner.upgrade() {
                inner.change(|state, _| state.clipboard_ended(put, end));
            }
            // Nobody waits any more: the view says it.
            let _ = answer.map(|answer| answer.send(()));
        };
        self.clipboard.empty(put, within, Box::new(done));
    }
}
