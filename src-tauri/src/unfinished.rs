//! What an earlier run of the app left unfinished, as the NMS knows it: asked by the idempotency key alone, never sent
//! again. A token whose value was not handed over is told; one that a handed-over successor was to end is ended.
//!
//! Not here: what the person does about it (replace, delete, keep).

use std::sync::Arc;

use chrono::Utc;
use nms_api::{Token, TokenId};
use tokio::sync::Mutex;

use crate::asking::{Nms, ask};
use crate::failure::{Failure, FailureKind};
use crate::journal::{Entry, Journal, Phase};
use crate::view::{UnfinishedToken, UnfinishedView};

/// Looks through the journal.
pub(crate) struct Unfinished<N> {
    nms: Arc<N>,
    journal: Arc<Journal>,
    /// One look at a time: nothing is ended, and told, twice.
    looking: Mutex<()>,
}

impl<N: Nms> Unfinished<N> {
    pub(crate) fn new(nms: Arc<N>, journal: Arc<Journal>) -> Self {
        Self { nms, journal, looking: Mutex::default() }
    }

    /// What there is to decide, and what was ended by this look.
    ///
    /// # Errors
    /// The NMS could not be asked: all is as it was, and the next look asks again.
    pub(crate) async fn look(&self) -> Result<UnfinishedView, Failure> {
        let _one = self.looking.lock().await;
        let (is_empty, set_aside) =
            self.journal.work(|journal| (journal.is_empty(), journal.set_aside())).await.unwrap_or((true, None));
        let mut view = UnfinishedView { tokens: Vec::new(), ended: Vec::new(), set_aside };
        if is_empty {
            return Ok(view);
        }
        let whose = self.nms.whose().await?;
        let entries = self.journal.work(move |journal| journal.unfinished(&whose)).await.unwrap_or_default();
        for entry in entries {
            let key = entry.key;
            match ask(&*self.nms, |client| async move { client.token_by_key(key).await }).await? {
                None => self.nothing_there(&entry).await,
                Some(token) => self.there_is(entry, token, &mut view).await,
            }
        }
        Ok(view)
    }

    /// The person keeps the token as it is: it is not asked about again.
    pub(crate) async fn settle(&self, token: TokenId) {
        self.journal.work(move |journal| journal.settle(token)).await;
    }

    /// It was never made, or is deleted. What it was to replace stays: no new value is there to take its place.
    async fn nothing_there(&self, entry: &Entry) {
        if !entry.may_be_on_its_way(Utc::now()) {
            let key = entry.key;
            self.journal.work(move |journal| journal.end(key)).await;
        }
    }

    async fn there_is(&self, entry: Entry, token: Token, view: &mut UnfinishedView) {
        let (key, token_id) = (entry.key, token.id);
        match (&entry.phase, entry.ends) {
            (Phase::HandedOver { .. }, Some(old)) => {
                if self.is_ended(old).await {
                    self.journal.work(move |journal| journal.end(key)).await;
                    view.ended.push(token);
                }
            }
            (Phase::HandedOver { .. }, None) => drop(self.journal.work(move |journal| journal.end(key)).await),
            (Phase::Made { .. }, _) => view.tokens.push(UnfinishedToken { token, may_be_held: true }),
            (Phase::Lost { .. }, _) => view.tokens.push(UnfinishedToken { token, may_be_held: false }),
            (Phase::Sent, _) => {
                // So that what is decided of the token is decided of this.
                self.journal.work(move |journal| journal.note(key, Phase::Lost { token_id })).await;
                view.tokens.push(UnfinishedToken { token, may_be_held: false });
            }
        }
    }

    /// Deletes what was to be deleted. Where that fails, the next look tries again.
    async fn is_ended(&self, old: TokenId) -> bool {
        match ask(&*self.nms, |client| async move { client.delete_token(old).await }).await {
            Ok(()) => true,
            Err(failure) if failure.what == FailureKind::NotFound => true,
            Err(failure) => {
                tracing::warn!(request_id = failure.request_id, "a replaced token could not be deleted");
                false
            }
        }
    }
}
