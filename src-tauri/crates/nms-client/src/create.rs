//! Making a token, and finding out what became of it when the answer is lost.

use std::{fmt, time::Duration};

use nms_api::{CreatedToken, NewToken, Rotation, Secret, Slug, Token, TokenId};
use reqwest::{
    Method, StatusCode,
    header::{HeaderName, HeaderValue},
};
use serde::Serialize;
use tokio::time::Instant;
use tracing::{debug, instrument};
use uuid::Uuid;

use crate::{
    Action, Client, Error, TimeLimits,
    call::{self, Call, Route},
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// How often a request is sent at most when its answers are lost.
const MAX_ATTEMPTS: u32 = 4;
/// The longest wait for another request with the same key, whatever the server says.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// What a creation came to.
pub enum Created {
    /// The token and its value. There is no second answer with it.
    Fresh {
        /// The record.
        token: Token,
        /// The value.
        secret: Secret,
    },
    /// The token exists, and nobody holds its value: the answer with it was lost. Replace or delete it.
    Lost {
        /// The record.
        token: Token,
    },
}

impl fmt::Debug for Created {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, token) = match self {
            Self::Fresh { token, .. } => ("Fresh", token),
            Self::Lost { token } => ("Lost", token),
        };
        formatter.debug_struct(name).field("id", &token.id).finish_non_exhaustive()
    }
}

impl Client {
    /// `POST /tokens`: makes one token, and never a second one under the same key.
    ///
    /// When the answer is lost (cut, late, broken, 5xx) the same bytes are sent again with the same key, at most four
    /// times; each attempt has half of the time that is left. While the server says that the first is at work, it is
    /// waited for. What still is not clear then is asked by the key alone.
    ///
    /// Cancelling (dropping the future) leaves open whether the token was made: ask
    /// [`token_by_key`](Self::token_by_key), as after [`Error::OutcomeUnknown`].
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when it cannot be found out; any other error means that no token was made.
    /// (`key-spent`: it was made, and deleted meanwhile.)
    #[instrument(level = "debug", skip_all, fields(permissions = new.permissions.len()))]
    pub async fn create_token(&self, new: &NewToken, key: Uuid) -> Result<Created, Error> {
        self.make(Route::Tokens, new, key).await
    }

    /// `POST /tokens/{id}/rotate`: a new token in the place of one that goes on working for the overlap that is asked
    /// for. Sent, settled and cancelled as [`create_token`](Self::create_token).
    ///
    /// # Errors
    /// As [`create_token`](Self::create_token); also `token-expired` and `already-replaced`.
    #[instrument(level = "debug", skip_all)]
    pub async fn rotate_token(&self, id: TokenId, rotation: &Rotation, key: Uuid) -> Result<Created, Error> {
        self.make(Route::Rotate(id), rotation, key).await
    }

    async fn make(&self, route: Route, body: &impl Serialize, key: Uuid) -> Result<Created, Error> {
        let key_header =
            HeaderValue::from_str(&key.to_string()).map_err(|_| Error::NotSendable { what: "idempotency key" })?;
        let call = self.call(Method::POST, route).with_header(IDEMPOTENCY_KEY, key_header).with_body(body)?;
        let deadline = self.deadline();
        let mut attempts = Attempts::new(&self.0.limits, deadline);
        loop {
            let error = match self.send_creation(&call, call::half_way(deadline)).await {
                Ok(created) => return Ok(created),
                Err(error) => error,
            };
            match attempts.after(&error) {
                Next::Settled => return Err(error),
                Next::Again { wait } => tokio::time::sleep(wait).await,
                Next::AskByKey => return self.settle_by_key(key, error, deadline).await,
            }
        }
    }

    async fn send_creation(&self, call: &Call, until: Instant) -> Result<Created, Error> {
        let answer = self.send(call, until).await?;
        let created: CreatedToken = answer.read(&[StatusCode::CREATED, StatusCode::OK], &self.cleaner())?;
        Ok(match created.secret {
            Some(secret) => Created::Fresh { token: created.token, secret },
            None => Created::Lost { token: created.token },
        })
    }

    async fn settle_by_key(&self, key: Uuid, last: Error, deadline: Instant) -> Result<Created, Error> {
        debug!("asking by the key alone");
        match self.token_by_key_until(key, deadline).await {
            Ok(Some(token)) => Ok(Created::Lost { token }),
            // The server refused the last attempt, and has no token of the ones before.
            Ok(None) if last.slug().is_some_and(|slug| slug != Slug::InProgress) => Err(last),
            // A request that is still on its way could yet make one.
            Ok(None) | Err(_) => Err(last.outcome_unknown(Action::Create)),
        }
    }
}

/// What to do after an attempt that failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is clear what became of it.
    Settled,
    /// Send the same again.
    Again { wait: Duration },
    /// Ask by the key whether there is a token.
    AskByKey,
}

/// How often and when a request was sent whose outcome may be open.
pub(crate) struct Attempts {
    left: u32,
    wait: Duration,
    deadline: Instant,
    /// Whether one of them may have taken effect.
    pub(crate) open: bool,
    /// Whether one of them got no whole answer.
    pub(crate) unanswered: bool,
}

impl Attempts {
    pub(crate) fn new(limits: &TimeLimits, deadline: Instant) -> Self {
        Self { left: MAX_ATTEMPTS, wait: limits.first_wait, deadline, open: false, unanswered: false }
    }

    pub(crate) fn after(&mut self, error: &Error) -> Next {
        if error.slug() == Some(Slug::InProgress) {
            self.open = true;
            return self.unless_late(self.wait_for_the_first(error));
        }
        self.open |= error.leaves_open();
        self.unanswered |= error.leaves_open() && !error.is_answer();
        // A server that is gone after it took a request is most often starting again.
        let gone = matches!(error, Error::Unreachable { .. });
        if !self.open || error.slug() == Some(Slug::KeySpent) {
            return Next::Settled;
        }
        self.left -= 1;
        if self.left == 0 || !(error.leaves_open() || gone) {
            return Next::AskByKey;
        }
        let wait = self.wait;
        self.wait = wait * 2;
        self.unless_late(wait)
    }

    fn unless_late(&self, wait: Duration) -> Next {
        if call::leaves_time(wait, self.deadline) { Next::Again { wait } } else { Next::AskByKey }
    }

    fn wait_for_the_first(&self, error: &Error) -> Duration {
        let Error::Refused(refusal) = error else { return self.wait };
        refusal.retry_after_s.map_or(self.wait, Duration::from_secs).clamp(self.wait.min(MAX_WAIT), MAX_WAIT)
    }
}
