//! Problem details (RFC 9457) of the contract, and the stable slugs by which a program tells them apart.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{PermissionName, Token};

/// What `type` starts with; the slug follows.
pub const TYPE_PREFIX: &str = "urn:palpabl:nms:problem:";
/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! slugs {
    ($($(#[$doc:meta])* $variant:ident $slug:literal $status:literal,)*) => {
        /// What went wrong, as the last part of a problem's `type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Slug { $($(#[$doc])* $variant,)* }

        impl Slug {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }

            /// The HTTP status with which it is sent. One slug has two: `token-expired` is 401 for the token's own calls
            /// and 409 for a person who would rotate it.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// `None` for a slug of a later version.
            pub fn parse(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

impl Slug {
    /// The slug of a problem's `type`: what follows its last `:` or `/`. `None` for one of a later version or another
    /// server.
    pub fn of_type(kind: &str) -> Option<Self> {
        kind.rsplit([':', '/']).next().and_then(Self::parse)
    }
}

slugs! {
    /// The `Host` is not this server: somebody's page reached it under another name (DNS rebinding).
    ForeignHost "foreign-host" 421,
    /// A web page of another origin asked.
    ForeignOrigin "foreign-origin" 403,
    /// The body is over 64 KiB.
    BodyTooLarge "body-too-large" 413,
    /// No credential, or one that nobody knows.
    TokenUnknown "token-unknown" 401,
    /// The right value of a token whose time is over.
    TokenExpired "token-expired" 401,
    /// The right value of a paused token.
    TokenPaused "token-paused" 401,
    /// The right value of a token that was deleted in the last 90 days.
    TokenDeleted "token-deleted" 401,
    /// A masked value was sent instead of the token.
    TokenMasked "token-masked" 401,
    /// Managing tokens needs a person's session; an API token tried.
    SessionRequired "session-required" 403,
    /// Only a token can be asked about itself; a session tried.
    TokenRequired "token-required" 403,
    /// The token was never granted what the call needs.
    PermissionMissing "permission-missing" 403,
    /// The token was granted it, but its owner holds it no more.
    PermissionLost "permission-lost" 403,
    /// The person does not hold what they would grant.
    PermissionNotHeld "permission-not-held" 403,
    /// The token is not accepted from this address.
    AddressNotAllowed "address-not-allowed" 403,
    /// Not there, or not the caller's.
    NotFound "not-found" 404,
    /// The path has no such method; `Allow` names those it has.
    MethodNotAllowed "method-not-allowed" 405,
    /// The body is not `application/json`.
    MediaType "media-type" 415,
    /// The body is not JSON.
    Syntax "syntax" 400,
    /// `Idempotency-Key` is missing or no UUID.
    IdempotencyKey "idempotency-key" 400,
    /// A member is wrong; `field` says which.
    Invalid "invalid" 422,
    /// The cursor belongs to another sort or filter, or is none.
    CursorInvalid "cursor-invalid" 422,
    /// A permission that this server does not know.
    PermissionUnknown "permission-unknown" 422,
    /// A permission for sessions only.
    PermissionNotGrantable "permission-not-grantable" 422,
    /// The key was used for another body.
    KeyReused "key-reused" 422,
    /// The request with this key is still at work.
    InProgress "in-progress" 409,
    /// Another token was made in this one's place already.
    AlreadyReplaced "already-replaced" 409,
    /// The person has as many tokens as the server allows.
    TooManyTokens "too-many-tokens" 409,
    /// The token of this key was deleted meanwhile.
    KeySpent "key-spent" 410,
    /// Somebody changed the token since; `token` is how it is now.
    Stale "stale" 412,
    /// `If-Match` is missing.
    EtagRequired "etag-required" 428,
    /// Too many requests; `retry_after_s` says when again.
    RateLimited "rate-limited" 429,
    /// The server's fault; nothing was changed.
    Internal "internal" 500,
    /// The store cannot be written now (disk full, read-only); nothing was changed.
    StorageUnavailable "storage-unavailable" 503,
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A problem as it stands on the wire. Members that do not apply are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// [`TYPE_PREFIX`] and a slug.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, the same for each slug.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// For a person: what happened this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The member, query parameter or header that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The permissions that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<PermissionName>>,
    /// Seconds after which another try makes sense; as in `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub retry_after_s: Option<u64>,
    /// Of `stale`: the token as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Box<Token>>,
}

impl Problem {
    /// A problem of this slug, with nothing but what every problem has.
    pub fn new(slug: Slug, title: impl Into<String>) -> Self {
        Self {
            kind: format!("{TYPE_PREFIX}{slug}"),
            title: title.into(),
            status: slug.status(),
            detail: None,
            field: None,
            permissions: None,
            retry_after_s: None,
            token: None,
        }
    }

    /// The slug of its type, see [`Slug::of_type`].
    pub fn slug(&self) -> Option<Slug> {
        Slug::of_type(&self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_reads_as_it_is_written() {
        for slug in Slug::ALL {
            assert_eq!(Slug::parse(slug.as_str()), Some(*slug));
            assert_eq!(Problem::new(*slug, "").slug(), Some(*slug));
            assert!((400..600).contains(&slug.status()), "{slug}");
        }
    }

    #[test]
    fn a_problem_of_another_server_is_read_by_the_end_of_its_type() {
        for (kind, slug) in [
            ("https://nms.example/problems/token-expired", Some(Slug::TokenExpired)),
            ("about:blank", None),
            ("", None),
        ] {
            let problem = Problem { kind: kind.into(), ..Problem::new(Slug::Internal, "") };
            assert_eq!(problem.slug(), slug, "{kind}");
        }
    }

    #[test]
    fn members_that_do_not_apply_are_left_out() {
        let json = serde_json::to_value(Problem::new(Slug::NotFound, "Not found")).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"type": "urn:palpabl:nms:problem:not-found", "title": "Not found", "status": 404})
        );
    }
}
