//! Changing and deleting a token, and finding out what became of it when the answer is lost.

use nms_api::{AddressRange, Etag, Slug, Token, TokenChanges, TokenId, TokenState, addresses, permissions, text};
use reqwest::{Method, StatusCode, header::IF_MATCH};
use tokio::time::Instant;
use tracing::{debug, instrument};

use crate::{
    Action, Client, Error,
    call::{self, Route},
    create::{Attempts, Next},
    page,
};

impl Client {
    /// `PATCH /tokens/{id}`, if the token still is the version `etag`.
    ///
    /// It is sent once. When the answer is lost the token is read: if it is as was asked for, the change took effect.
    /// Cancelling leaves open whether it did.
    ///
    /// # Errors
    /// `stale` with the token as it is now when somebody changed it since. After a lost answer: the error itself when
    /// the token still is the version `etag` (nothing was changed, as far as can be told) or when the server did answer
    /// (a fault of its own, a proxy's page), else [`Error::OutcomeUnknown`].
    #[instrument(level = "debug", skip_all)]
    pub async fn update_token(&self, id: TokenId, etag: &Etag, changes: &TokenChanges) -> Result<Token, Error> {
        let version = page::sendable(&etag.0).ok_or(Error::NotSendable { what: "etag" })?;
        let call = self.call(Method::PATCH, Route::Token(id)).with_header(IF_MATCH, version).with_body(changes)?;
        let deadline = self.deadline();
        let answered = self.send(&call, call::half_way(deadline)).await;
        match answered.and_then(|answer| answer.read(&[StatusCode::OK], &self.cleaner())) {
            Err(error) if error.leaves_open() => self.settle_change(id, etag, changes, error, deadline).await,
            result => result,
        }
    }

    async fn settle_change(
        &self,
        id: TokenId,
        etag: &Etag,
        changes: &TokenChanges,
        lost: Error,
        deadline: Instant,
    ) -> Result<Token, Error> {
        debug!("reading the token again");
        let answered = self.read(&self.call(Method::GET, Route::Token(id)), deadline).await;
        match answered.and_then(|answer| answer.read::<Token>(&[StatusCode::OK], &self.cleaner())) {
            Ok(now) if is_as_asked(&now, changes) => Ok(now),
            Ok(now) if now.etag == *etag => Err(lost),
            Ok(_) | Err(_) if lost.is_answer() => Err(lost),
            Ok(_) | Err(_) => Err(lost.outcome_unknown(Action::Update)),
        }
    }

    /// `DELETE /tokens/{id}`: at once and for good. When the answer is lost it is asked for again, and *not there* then
    /// counts as deleted.
    ///
    /// # Errors
    /// `not-found` when it was not there from the first; what the server said when each attempt was answered;
    /// [`Error::OutcomeUnknown`] when one was not, and it cannot be found out.
    #[instrument(level = "debug", skip_all)]
    pub async fn delete_token(&self, id: TokenId) -> Result<(), Error> {
        let call = self.call(Method::DELETE, Route::Token(id));
        let deadline = self.deadline();
        let mut attempts = Attempts::new(&self.0.limits, deadline);
        loop {
            let answer = self.send(&call, call::half_way(deadline)).await;
            let error = match answer {
                Ok(answer) if answer.status == StatusCode::NO_CONTENT => return Ok(()),
                Ok(answer) => answer.refusal(&self.cleaner()),
                Err(error) => error,
            };
            if attempts.open && error.slug() == Some(Slug::NotFound) {
                return Ok(());
            }
            match attempts.after(&error) {
                Next::Settled => return Err(error),
                Next::Again { wait } => tokio::time::sleep(wait).await,
                Next::AskByKey if attempts.unanswered => return Err(error.outcome_unknown(Action::Delete)),
                Next::AskByKey => return Err(error),
            }
        }
    }
}

/// Whether a token is what the changes ask for, as the server keeps it: texts trimmed and composed, permissions and
/// addresses folded, instants to the microsecond. Whether an expired one is paused cannot be seen.
fn is_as_asked(token: &Token, changes: &TokenChanges) -> bool {
    let same_text = |asked: &Option<Option<String>>, kept: fn(&str) -> Option<String>, now: &Option<String>| {
        asked.as_ref().is_none_or(|asked| asked.as_deref().and_then(kept) == *now)
    };
    same_text(&changes.name, |asked| text::name(asked).ok().flatten(), &token.name)
        && same_text(&changes.description, |asked| text::description(asked).ok().flatten(), &token.description)
        && changes.permissions.as_ref().is_none_or(|asked| permissions::folded(asked.clone()) == token.permissions)
        && changes.expires_at.is_none_or(|asked| asked.timestamp_micros() == token.expires_at.timestamp_micros())
        && changes.allowed_addresses.as_ref().is_none_or(|asked| are_kept_as(asked, &token.allowed_addresses))
        && changes.paused.is_none_or(|asked| token.state == if asked { TokenState::Paused } else { TokenState::Active })
}

fn are_kept_as(asked: &[String], kept: &[String]) -> bool {
    let ranges: Result<Vec<AddressRange>, _> = asked.iter().map(|range| range.parse()).collect();
    ranges.is_ok_and(|ranges| addresses::folded(ranges).iter().map(ToString::to_string).eq(kept.iter().cloned()))
}
