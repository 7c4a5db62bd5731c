//! Refusals as they are answered: problem details (RFC 9457) with the headers that belong to them.
//!
//! A refusal says nothing of what went wrong inside: that is logged where it is noticed.

use axum::http::header::{ALLOW, CONTENT_TYPE, ETAG, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use nms_api::problem::MEDIA_TYPE;
use nms_api::{PermissionName, Problem, Slug, Token};

use crate::random::NoRandomness;
use crate::store;

/// After how many seconds another try makes sense when nobody knows better.
const RETRY_AFTER_S: u64 = 1;

/// On an answer of ours: a query has met damage of the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MetDamage;

/// A request that is not carried out.
#[derive(Debug)]
pub(crate) struct Refusal {
    problem: Box<Problem>,
    headers: HeaderMap,
    has_met_damage: bool,
}

pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// A refusal that says `detail` to a person.
    pub(crate) fn new(slug: Slug, detail: impl Into<String>) -> Self {
        let mut problem = Problem::new(slug, title(slug));
        problem.detail = Some(detail.into());
        Self { problem: Box::new(problem), headers: HeaderMap::new(), has_met_damage: false }.with_challenge(slug)
    }

    /// A member, query member or header is wrong.
    pub(crate) fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Slug::Invalid, detail).naming(field)
    }

    /// There is no such thing, or it is not the caller's: which, is not said.
    pub(crate) fn not_found() -> Self {
        Self::new(Slug::NotFound, "There is nothing here, or nothing of yours.")
    }

    /// Too many calls of one peer; another is taken after so many seconds.
    pub(crate) fn rate_limited(seconds: u64) -> Self {
        Self::new(Slug::RateLimited, "Wait before the next call.").retry_after(seconds)
    }

    /// Another method: `allowed` are those that there are.
    pub(crate) fn method_not_allowed(allowed: &str) -> Self {
        Self::new(Slug::MethodNotAllowed, format!("This path answers {allowed}.")).with_header(ALLOW, allowed)
    }

    /// What the token is now does not allow it. `token-expired` has a status of its own where a person is told.
    pub(crate) fn conflict(slug: Slug, detail: impl Into<String>) -> Self {
        let mut refusal = Self::new(slug, detail);
        refusal.problem.status = StatusCode::CONFLICT.as_u16();
        refusal.headers.remove(WWW_AUTHENTICATE);
        refusal
    }

    /// The token was changed since; here it is.
    pub(crate) fn stale(token: Token) -> Self {
        let mut refusal =
            Self::new(Slug::Stale, "The token was changed since you read it.").with_header(ETAG, &token.etag.0);
        refusal.problem.token = Some(Box::new(token));
        refusal
    }

    /// The fault is the server's. What it was, is logged and not said.
    pub(crate) fn internal() -> Self {
        Self::new(Slug::Internal, "The server failed. Nothing was changed.")
    }

    /// What it is.
    pub(crate) fn slug(&self) -> Option<Slug> {
        self.problem.slug()
    }

    /// Names the member, query member or header.
    pub(crate) fn naming(mut self, field: impl Into<String>) -> Self {
        self.problem.field = Some(field.into());
        self
    }

    /// Names the permissions that it is about.
    pub(crate) fn about(mut self, permissions: Vec<PermissionName>) -> Self {
        self.problem.permissions = Some(permissions);
        self
    }

    /// Says after how many seconds to try again, in both places.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.problem.retry_after_s = Some(seconds);
        self.with_header(RETRY_AFTER, &seconds.to_string())
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Without a credential there is no error to name (RFC 6750, section 3.1).
    pub(crate) fn no_credential() -> Self {
        Self::new(Slug::TokenUnknown, "The request carries no credential that is known here.")
            .with_header(WWW_AUTHENTICATE, CHALLENGE)
    }

    /// A 401 names its error for programs that know RFC 6750 and not this contract.
    fn with_challenge(self, slug: Slug) -> Self {
        match slug.status() {
            401 => self.with_header(WWW_AUTHENTICATE, &format!("{CHALLENGE}, error=\"invalid_token\"")),
            _ => self,
        }
    }

    /// A 403 for want of a permission, which RFC 6750 calls a scope.
    pub(crate) fn insufficient(slug: Slug, permission: &str, detail: impl Into<String>) -> Self {
        Self::new(slug, detail).about(vec![permission.into()]).with_header(
            WWW_AUTHENTICATE,
            &format!("{CHALLENGE}, error=\"insufficient_scope\", scope=\"{permission}\""),
        )
    }
}

const CHALLENGE: &str = "Bearer realm=\"nms\"";

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, MEDIA_TYPE)], self.headers, body).into_response();
        if self.has_met_damage {
            response.extensions_mut().insert(MetDamage);
        }
        response
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "the store failed a request");
        match error {
            store::Error::Unavailable(_) => {
                Self::new(Slug::StorageUnavailable, "The store cannot be used now. Nothing was changed.")
                    .retry_after(RETRY_AFTER_S)
            }
            store::Error::Damaged(_) => {
                let detail = "The server's store is damaged; it is kept as it is. Nothing was changed. Whoever runs the \
                              server ends it and restores the last backup.";
                Self { has_met_damage: true, ..Self::new(Slug::Internal, detail) }
            }
            store::Error::Unexpected(_) => Self::internal(),
        }
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a request needed randomness");
        Self::internal()
    }
}

/// Short, the same for each slug.
fn title(slug: Slug) -> &'static str {
    match slug {
        Slug::ForeignHost => "This server has another name",
        Slug::ForeignOrigin => "Web pages of other origins are not answered",
        Slug::BodyTooLarge => "The body is too large",
        Slug::TokenUnknown => "The credential is not known",
        Slug::TokenExpired => "The token has expired",
        Slug::TokenPaused => "The token is paused",
        Slug::TokenDeleted => "The token was deleted",
        Slug::TokenMasked => "This is a masked value, not the token",
        Slug::SessionRequired => "This needs a person's session",
        Slug::TokenRequired => "This needs an API token",
        Slug::PermissionMissing => "The permission was never granted",
        Slug::PermissionLost => "The token's owner no longer holds the permission",
        Slug::PermissionNotHeld => "You do not hold what you would grant",
        Slug::AddressNotAllowed => "The token is not accepted from this address",
        Slug::NotFound => "Not found",
        Slug::MethodNotAllowed => "The path has no such method",
        Slug::MediaType => "The body must be application/json",
        Slug::Syntax => "The body is not JSON",
        Slug::IdempotencyKey => "Idempotency-Key is missing or not a UUID",
        Slug::Invalid => "A member is not valid",
        Slug::CursorInvalid => "The cursor belongs to another list",
        Slug::PermissionUnknown => "The permission is not known",
        Slug::PermissionNotGrantable => "The permission is for sessions only",
        Slug::KeyReused => "The idempotency key was used for another request",
        Slug::AlreadyReplaced => "Another token was made in its place already",
        Slug::InProgress => "The request with this key is still at work",
        Slug::TooManyTokens => "There are as many tokens as are allowed",
        Slug::KeySpent => "The token that this key made was deleted",
        Slug::Stale => "The token was changed since",
        Slug::EtagRequired => "If-Match is missing",
        Slug::RateLimited => "Too many requests",
        Slug::Internal => "The server failed",
        Slug::StorageUnavailable => "The store cannot be used now",
    }
}
