//! What can go wrong, named by what the caller can do.
//!
//! Nothing here holds a credential, an address or a body. What a server wrote is cleaned before it gets here
//! (see `clean`) and, where it is meant for a person, left out of `Debug` and `Display`.

use std::fmt;

use nms_api::{PermissionName, Slug, Token};

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection came about: the request was never sent, nothing was changed. (Besides
    /// [`Unreachable::NotHttp`], where something else than an NMS took the request.)
    #[error("the server cannot be reached: {reason}")]
    Unreachable {
        /// What stood in the way.
        reason: Unreachable,
    },
    /// The server was silent or slow beyond the time limits. A read can be tried again.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection ended before the answer did. A read can be tried again.
    #[error("the connection was cut before the answer was complete")]
    Cut,
    /// The server wants to send the caller elsewhere. It was not followed: credentials go nowhere else.
    #[error("the server redirects (status {status}), which is not followed")]
    Redirected {
        /// The HTTP status, 300 to 399.
        status: u16,
    },
    /// The answer is larger than any that the contract can give.
    #[error("the answer is too large")]
    TooLarge,
    /// What answered does not speak the contract: another program, a proxy's page, a broken answer.
    #[error("the answer (status {status}) is not of the form that the contract gives it")]
    NotTheContract {
        /// The HTTP status.
        status: u16,
        /// `X-Request-Id`, printable ASCII.
        request_id: Option<String>,
    },
    /// The server refused, and said why.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The server refused for a reason that this version does not know.
    #[error("the server refused (status {status}) for a reason that is not known here")]
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// `X-Request-Id`, printable ASCII.
        request_id: Option<String>,
    },
    /// The request may or may not have taken effect. Of a creation: ask [`token_by_key`](crate::Client::token_by_key)
    /// with its key until that answers, and never send it anew under another key. Of a change: read the token again.
    /// Of a deletion: delete again.
    #[error("whether the request took effect is not known: {cause}")]
    OutcomeUnknown {
        /// What was asked for.
        action: Action,
        /// What the last question came to.
        cause: Box<Error>,
    },
    /// What the caller gave cannot stand in a request; nothing was sent.
    #[error("the {what} cannot stand in a request")]
    NotSendable {
        /// Which part.
        what: &'static str,
    },
}

/// What a request was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a token: create, or rotate.
    Create,
    /// Change one.
    Update,
    /// Delete one.
    Delete,
}

/// Why no connection came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unreachable {
    /// Nothing listens there.
    #[error("nothing listens at that address")]
    Refused,
    /// The name of the server cannot be found.
    #[error("its name cannot be found")]
    Dns,
    /// No answer to the attempt to connect within the limit.
    #[error("the connection did not come about in time")]
    Silent,
    /// No way there: network down, host unreachable.
    #[error("there is no way to it")]
    NoRoute,
    /// Its certificate was issued by nobody whom this computer trusts.
    #[error("its certificate was issued by nobody whom this computer trusts")]
    UntrustedCertificate,
    /// Its certificate is for another name.
    #[error("its certificate is for another name")]
    CertificateName,
    /// Its certificate has expired, or is not valid yet.
    #[error("its certificate has expired or is not valid yet")]
    CertificateTime,
    /// TLS failed otherwise: too old a protocol, or no TLS at all.
    #[error("no encrypted connection came about")]
    Tls,
    /// Something answered, but not in HTTP.
    #[error("what listens there does not speak HTTP")]
    NotHttp,
    /// Anything else.
    #[error("the connection did not come about")]
    Other,
}

/// A refusal that the contract knows. `Debug` and `Display` leave out what is text for people.
#[derive(Clone, PartialEq)]
pub struct Refusal {
    /// Why.
    pub slug: Slug,
    /// The HTTP status of the answer.
    pub status: u16,
    /// `X-Request-Id`, printable ASCII.
    pub request_id: Option<String>,
    /// The member, query parameter or header that is wrong.
    pub field: Option<String>,
    /// The permissions that it is about.
    pub permissions: Vec<PermissionName>,
    /// Seconds after which another try makes sense, at most a day.
    pub retry_after_s: Option<u64>,
    /// Of `stale`: the token as it is now.
    pub token: Option<Box<Token>>,
    /// The server's own words for a person, in one line.
    pub detail: Option<String>,
}

impl Error {
    /// Why the server refused, where it said so.
    pub fn slug(&self) -> Option<Slug> {
        match self {
            Self::Refused(refusal) => Some(refusal.slug),
            _ => None,
        }
    }

    /// The server's name for the request, for its operator.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.request_id.as_deref(),
            Self::NotTheContract { request_id, .. } | Self::Unexpected { request_id, .. } => request_id.as_deref(),
            Self::OutcomeUnknown { cause, .. } => cause.request_id(),
            Self::Unreachable { .. }
            | Self::TimedOut
            | Self::Cut
            | Self::Redirected { .. }
            | Self::TooLarge
            | Self::NotSendable { .. } => None,
        }
    }

    /// Whether the request may have taken effect although this came back.
    pub(crate) fn leaves_open(&self) -> bool {
        match self {
            Self::TimedOut | Self::Cut | Self::TooLarge | Self::OutcomeUnknown { .. } => true,
            Self::Unreachable { reason } => *reason == Unreachable::NotHttp,
            Self::NotTheContract { status, .. } | Self::Unexpected { status, .. } => {
                *status < 300 || *status == 408 || *status >= 500
            }
            Self::Refused(refusal) => refusal.status >= 500 || refusal.slug == Slug::InProgress,
            Self::Redirected { .. } | Self::NotSendable { .. } => false,
        }
    }

    /// Whether the server, or something in its place, answered as a whole. What it said then says more than that
    /// nobody knows.
    pub(crate) fn is_answer(&self) -> bool {
        match self {
            Self::NotTheContract { .. } | Self::Refused(_) | Self::Unexpected { .. } => true,
            Self::Unreachable { .. }
            | Self::TimedOut
            | Self::Cut
            | Self::Redirected { .. }
            | Self::TooLarge
            | Self::OutcomeUnknown { .. }
            | Self::NotSendable { .. } => false,
        }
    }

    pub(crate) fn outcome_unknown(self, action: Action) -> Self {
        match self {
            Self::OutcomeUnknown { .. } => self,
            cause => Self::OutcomeUnknown { action, cause: Box::new(cause) },
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the server refused (status {}): {}", self.status, self.slug)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Refusal")
            .field("slug", &self.slug)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("retry_after_s", &self.retry_after_s)
            .finish_non_exhaustive()
    }
}
