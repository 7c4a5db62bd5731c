//! Tokens that are being made: noted in the journal, sent, stopped, and asked after when nobody knows what became of
//! them. A creation whose outcome is unknown keeps its idempotency key, so that sending it again never makes a second.
//!
//! Not here: the vault, where the secret goes, and the window; what a later start of the app finds (`unfinished.rs`).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::Utc;
use nms_api::{NewToken, Rotation, Token, TokenId};
use nms_client::{Client, Created as Made};
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::asking::{Nms, ask};
use crate::failure::{Action, Failure, FailureKind, FileReason};
use crate::journal::{Entry, Journal, Phase, What};

/// How long a person who stopped waits until it is said what became of it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How many creations of unknown outcome are kept; the oldest goes first.
const MAX_OPEN: usize = 8;

/// A token that is to be made.
#[derive(Clone)]
pub(crate) enum Wanted {
    /// Out of what the person chose.
    New(NewToken),
    /// The same as this one, as far as it could be had when it was first asked for.
    Replacing(TokenId, NewToken),
    /// In the place of this one.
    Rotated(TokenId, Rotation),
}

impl Wanted {
    async fn ask(&self, client: &Client, key: Uuid) -> Result<Made, nms_client::Error> {
        match self {
            Self::New(new) | Self::Replacing(_, new) => client.create_token(new, key).await,
            Self::Rotated(id, rotation) => client.rotate_token(*id, rotation, key).await,
        }
    }

    /// As the journal has it, and the label.
    fn noted(&self) -> (What, Option<&str>) {
        match self {
            Self::New(new) => (What::New, new.name.as_deref()),
            Self::Replacing(id, new) => (What::Replacing { id: *id }, new.name.as_deref()),
            Self::Rotated(id, rotation) => {
                (What::Rotating { id: *id, overlap_s: rotation.overlap_s.unwrap_or_default() }, None)
            }
        }
    }

    /// Whether a person who asks for this asks for that again. (What a replacement is made of depends on the moment.)
    fn is_again(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::New(new), Self::New(earlier)) => new == earlier,
            (Self::Replacing(id, _), Self::Replacing(earlier, _)) => id == earlier,
            (Self::Rotated(id, rotation), Self::Rotated(earlier, as_before)) => {
                id == earlier && rotation.overlap_s == as_before.overlap_s
            }
            (Self::New(_) | Self::Replacing(..) | Self::Rotated(..), _) => false,
        }
    }
}

/// What is sent, and under which key: the same bytes each time.
#[derive(Clone)]
struct Sending {
    key: Uuid,
    wanted: Wanted,
}

/// The creations of one NMS.
pub(crate) struct Creations<N> {
    nms: Arc<N>,
    journal: Arc<Journal>,
    /// Those of unknown outcome, the latest last.
    open: Mutex<Vec<Sending>>,
    /// Rung when the person stops waiting.
    stop: Notify,
    patience: Duration,
}

impl<N: Nms> Creations<N> {
    /// `patience` bounds the wait of whoever stopped.
    pub(crate) fn new(nms: Arc<N>, journal: Arc<Journal>, patience: Duration) -> Self {
        Self { nms, journal, open: Mutex::default(), stop: Notify::new(), patience }
    }

    /// Makes one token. What was asked for before, and has an unknown outcome, is sent under its old key. `ends` is the
    /// token that is to be deleted once the new value was handed over. It stands in the journal before it is sent, and
    /// stays there until somebody says that the value was handed over, or that there is no such token.
    ///
    /// # Errors
    /// [`FailureKind::Cancelled`]: somebody stopped it, and there is no token. [`FailureKind::OutcomeUnknown`]: its key
    /// is kept. [`FailureKind::JournalNotWritten`]: nothing was sent. Any other: there is no token.
    pub(crate) async fn make(&self, wanted: Wanted, ends: Option<TokenId>) -> Result<Made, Failure> {
        let (sending, is_again) = self.begin(wanted);
        self.note_down(&sending, ends).await?;
        let mut sent = tokio::spawn(send(Arc::clone(&self.nms), sending.clone()));
        let made = tokio::select! {
            answer = &mut sent => self.settle(&sending, is_again, answer).await,
            () = self.stop.notified() => self.stopped(&sending, is_again, sent).await,
        };
        self.learn(sending.key, &made).await;
        made
    }

    /// Ends the wait of every [`make`](Self::make), which then says what became of it.
    pub(crate) fn stop(&self) {
        self.stop.notify_waiters();
    }

    /// The token of the latest creation of unknown outcome, if it was made; nobody holds its value. Asks by the key
    /// alone. While there is none the key is kept: a request may still be on its way.
    pub(crate) async fn find_out(&self) -> Result<Option<Token>, Failure> {
        let Some(key) = self.open().last().map(|sending| sending.key) else { return Ok(None) };
        let found = self.by_key(key).await?;
        if let Some(token) = &found {
            self.forget(key);
            let token_id = token.id;
            self.journal.work(move |journal| journal.note(key, Phase::Lost { token_id })).await;
        }
        Ok(found)
    }

    /// Into the journal, on the disk, before anything is sent.
    async fn note_down(&self, sending: &Sending, ends: Option<TokenId>) -> Result<(), Failure> {
        let whose = self.nms.whose().await?;
        let (what, name) = sending.wanted.noted();
        let entry = Entry { ends, ..Entry::about(sending.key, whose, what, Utc::now()).called(name) };
        let noted = self.journal.work(move |journal| journal.begin(entry)).await;
        noted.unwrap_or(Err(FileReason::Other)).map_err(|reason| FailureKind::JournalNotWritten { reason }.into())
    }

    /// What became of it, for the journal. What has an unknown outcome, by this attempt or an earlier one, stays as it
    /// is.
    async fn learn(&self, key: Uuid, made: &Result<Made, Failure>) {
        let is_open = self.open().iter().any(|sending| sending.key == key);
        let phase = match made {
            Ok(Made::Fresh { token, .. }) => Some(Phase::Made { token_id: token.id }),
            Ok(Made::Lost { token }) => Some(Phase::Lost { token_id: token.id }),
            Err(_) => None,
        };
        let came = matches!(made, Ok(Made::Fresh { .. }));
        let learnt = self.journal.work(move |journal| {
            match phase {
                Some(phase) => journal.note(key, phase),
                None if !is_open => journal.end(key),
                None => {}
            }
            if !came {
                journal.let_go(key);
            }
        });
        learnt.await;
    }

    fn begin(&self, wanted: Wanted) -> (Sending, bool) {
        match self.open().iter().find(|earlier| wanted.is_again(&earlier.wanted)) {
            Some(earlier) => (earlier.clone(), true),
            None => (Sending { key: Uuid::new_v4(), wanted }, false),
        }
    }

    /// What an attempt came to, with the earlier ones under the same key.
    async fn settle(
        &self,
        sending: &Sending,
        is_again: bool,
        answer: Result<Result<Made, Failure>, JoinError>,
    ) -> Result<Made, Failure> {
        match answer.unwrap_or(Err(unknown())) {
            Err(failure) if is_unknown(&failure) => {
                self.keep(sending);
                Err(failure)
            }
            Err(failure) if is_again && failure.what != FailureKind::KeySpent => {
                // It says nothing of the attempts before.
                match self.by_key(sending.key).await {
                    Ok(Some(token)) => {
                        self.forget(sending.key);
                        Ok(Made::Lost { token })
                    }
                    Ok(None) => Err(failure),
                    Err(_) => Err(Failure { request_id: failure.request_id, ..unknown() }),
                }
            }
            settled => {
                self.forget(sending.key);
                settled
            }
        }
    }

    /// Nobody wants it any more: waits a while for what became of it, and deletes that.
    async fn stopped(
        &self,
        sending: &Sending,
        is_again: bool,
        mut sent: JoinHandle<Result<Made, Failure>>,
    ) -> Result<Made, Failure> {
        let until = Instant::now() + self.patience;
        let settled = timeout_at(until, async {
            let answer = (&mut sent).await;
            self.settle(sending, is_again, answer).await
        });
        match settled.await {
            Ok(Ok(Made::Fresh { token, .. } | Made::Lost { token })) => self.undo(token, until).await,
            Ok(Err(failure)) if is_unknown(&failure) => Err(failure),
            Ok(Err(_)) => Err(FailureKind::Cancelled.into()),
            Err(_) => {
                // Nothing may go on behind the back of whoever asks by the key.
                sent.abort();
                self.keep(sending);
                Err(unknown())
            }
        }
    }

    /// Deletes a token that nobody wants; one that stays is answered as what it is, a token whose value nobody holds.
    async fn undo(&self, token: Token, until: Instant) -> Result<Made, Failure> {
        let id = token.id;
        let deleted = timeout_at(until, ask(&*self.nms, |client| async move { client.delete_token(id).await })).await;
        match deleted {
            Ok(Ok(())) => Err(FailureKind::Cancelled.into()),
            Ok(Err(failure)) if failure.what == FailureKind::NotFound => Err(FailureKind::Cancelled.into()),
            Ok(Err(_)) | Err(_) => Ok(Made::Lost { token }),
        }
    }

    async fn by_key(&self, key: Uuid) -> Result<Option<Token>, Failure> {
        ask(&*self.nms, |client| async move { client.token_by_key(key).await }).await
    }

    fn keep(&self, sending: &Sending) {
        let mut open = self.open();
        open.retain(|earlier| earlier.key != sending.key);
        if open.len() == MAX_OPEN {
            open.remove(0);
        }
        open.push(sending.clone());
    }

    fn forget(&self, key: Uuid) {
        self.open().retain(|sending| sending.key != key);
    }

    fn open(&self) -> MutexGuard<'_, Vec<Sending>> {
        // Whole values are put in and taken out: a panic elsewhere leaves none half written.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn send<N: Nms>(nms: Arc<N>, sending: Sending) -> Result<Made, Failure> {
    let sending = &sending;
    ask(&*nms, |client| async move { sending.wanted.ask(&client, sending.key).await }).await
}

fn unknown() -> Failure {
    FailureKind::OutcomeUnknown { action: Action::Create }.into()
}

fn is_unknown(failure: &Failure) -> bool {
    matches!(failure.what, FailureKind::OutcomeUnknown { .. })
}

#[cfg(test)]
mod tests;
