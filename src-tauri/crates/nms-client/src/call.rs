//! One question to the server and its answer: built, sent, measured, logged. Not here: when to ask again.

use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use nms_api::{Secret, TokenId};
use reqwest::{
    Method, Request, StatusCode, Url,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;
use tokio::time::Instant;
use tracing::{Span, debug, field::Empty, instrument};
use zeroize::Zeroizing;

use crate::{Error, NotBuilt, address::BASE_PATH, answer::Answer, clean::Cleaner, client::Client, trouble};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const JSON_OR_PROBLEM: HeaderValue = HeaderValue::from_static("application/json, application/problem+json");
const NOT_COMPRESSED: HeaderValue = HeaderValue::from_static("identity");

/// The largest answer about one thing that is read, in bytes.
pub(crate) const MAX_ONE_BYTES: usize = 1024 * 1024;

/// What is asked about.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    Me,
    Permissions,
    Tokens,
    Token(TokenId),
    Events(TokenId),
    Use(TokenId),
    UseDays,
    AllEvents,
    Callers,
    Rotate(TokenId),
    Identify,
}

impl Route {
    /// For logs: without what tells one thing from another.
    fn template(self) -> &'static str {
        match self {
            Self::Me => "/me",
            Self::Permissions => "/permissions",
            Self::Tokens => "/tokens",
            Self::Token(_) => "/tokens/{id}",
            Self::Events(_) => "/tokens/{id}/events",
            Self::Use(_) => "/tokens/{id}/use",
            Self::UseDays => "/tokens/use",
            Self::AllEvents => "/events",
            Self::Callers => "/callers",
            Self::Rotate(_) => "/tokens/{id}/rotate",
            Self::Identify => "/tokens/identify",
        }
    }

    fn path(self) -> String {
        match self {
            Self::Token(id) => format!("{BASE_PATH}/tokens/{id}"),
            Self::Events(id) => format!("{BASE_PATH}/tokens/{id}/events"),
            Self::Use(id) => format!("{BASE_PATH}/tokens/{id}/use"),
            Self::Rotate(id) => format!("{BASE_PATH}/tokens/{id}/rotate"),
            Self::Me
            | Self::Permissions
            | Self::Tokens
            | Self::UseDays
            | Self::AllEvents
            | Self::Callers
            | Self::Identify => format!("{BASE_PATH}{}", self.template()),
        }
    }
}

/// A request that can be sent more than once, each time the same bytes.
pub(crate) struct Call {
    method: Method,
    route: Route,
    pub(crate) url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
    max_bytes: usize,
}

impl Call {
    pub(crate) fn with_query(mut self, pairs: &[(String, String)]) -> Self {
        if !pairs.is_empty() {
            self.url.query_pairs_mut().extend_pairs(pairs);
        }
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(crate) fn with_body(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let bytes = serde_json::to_vec(body).map_err(|_| Error::NotSendable { what: "body" })?;
        self.body = Some(bytes.into());
        Ok(self.with_header(CONTENT_TYPE, JSON))
    }

    pub(crate) fn with_max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

impl Client {
    pub(crate) fn call(&self, method: Method, route: Route) -> Call {
        let mut url = self.0.base.clone();
        url.set_path(&route.path());
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.0.authorization.clone());
        headers.insert(ACCEPT, JSON_OR_PROBLEM);
        headers.insert(ACCEPT_ENCODING, NOT_COMPRESSED);
        Call { method, route, url, headers, body: None, max_bytes: MAX_ONE_BYTES }
    }

    /// Sends once and waits for the whole answer, at the latest until `until`. Performs I/O.
    #[instrument(level = "debug", skip_all, fields(method = %call.method, route = call.route.template(), status = Empty))]
    pub(crate) async fn send(&self, call: &Call, until: Instant) -> Result<Answer, Error> {
        let started = Instant::now();
        let result = tokio::time::timeout_at(until, self.exchange(call)).await.unwrap_or(Err(Error::TimedOut));
        if let Ok(answer) = &result {
            Span::current().record("status", answer.status.as_u16());
        }
        debug!(duration_ms = started.elapsed().as_millis(), complete = result.is_ok(), "asked");
        result
    }

    async fn exchange(&self, call: &Call) -> Result<Answer, Error> {
        let sent_at = Utc::now();
        let limits = &self.0.limits;
        let sent = tokio::time::timeout(limits.first_byte(), self.0.http.execute(call.request())).await;
        let response = sent.map_err(|_| Error::TimedOut)?.map_err(|error| trouble::while_sending(&error))?;
        self.0.clock.observe(response.headers().get(DATE), sent_at, Utc::now());
        let status = response.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            return Err(Error::Redirected { status: status.as_u16() });
        }
        Answer::receive(response, call.max_bytes, limits.read, &self.cleaner()).await
    }

    /// Reads something, at the latest until `until`. What a cut connection left unanswered is asked once more: a
    /// server may close one that was not in use at the very moment when it is used again.
    pub(crate) async fn read(&self, call: &Call, until: Instant) -> Result<Answer, Error> {
        match self.send(call, until).await {
            Err(Error::Cut) => self.send(call, until).await,
            result => result,
        }
    }

    pub(crate) fn cleaner(&self) -> Cleaner<'_> {
        Cleaner { credential: &self.0.credential }
    }

    /// When a call that begins now must be over.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.0.limits.total
    }
}

/// Half of what is left until `deadline`: whatever one attempt meets, there is time to ask about it.
pub(crate) fn half_way(deadline: Instant) -> Instant {
    let now = Instant::now();
    now + deadline.saturating_duration_since(now) / 2
}

/// Whether a wait leaves time to ask again.
pub(crate) fn leaves_time(wait: Duration, deadline: Instant) -> bool {
    wait < deadline.saturating_duration_since(Instant::now()) / 2
}

/// The credential as a header (RFC 6750, section 2.1) that is never shown, and wiped with its last owner.
pub(crate) fn bearer(credential: &Secret) -> Result<HeaderValue, NotBuilt> {
    const SCHEME: &str = "Bearer ";
    let value = credential.expose();
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NotBuilt::Credential);
    }
    let mut text = Zeroizing::new(Vec::with_capacity(SCHEME.len() + value.len()));
    text.extend_from_slice(SCHEME.as_bytes());
    text.extend_from_slice(value.as_bytes());
    let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(|_| NotBuilt::Credential)?;
    header.set_sensitive(true);
    Ok(header)
}
