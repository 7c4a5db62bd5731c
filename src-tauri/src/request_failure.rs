//! From what the client says of a request to what the page is told.

use nms_api::Slug;
use nms_client::{Action as Asked, Error, Refusal, Unreachable};

use crate::failure::{Action, Failure, FailureKind, UnreachableReason};

/// The failure of a request.
pub(crate) fn of(error: Error) -> Failure {
    let request_id = error.request_id().map(str::to_owned);
    Failure { what: kind(error), request_id }
}

/// Whether the session is over, as far as the last question tells.
pub(crate) fn is_session_over(error: &Error) -> bool {
    match error {
        Error::Refused(refusal) => matches!(refused((**refusal).clone()), FailureKind::SignedOut),
        Error::OutcomeUnknown { cause, .. } => is_session_over(cause),
        Error::Unreachable { .. }
        | Error::TimedOut
        | Error::Cut
        | Error::Redirected { .. }
        | Error::TooLarge
        | Error::NotTheContract { .. }
        | Error::Unexpected { .. }
        | Error::NotSendable { .. } => false,
    }
}

fn kind(error: Error) -> FailureKind {
    match error {
        Error::Unreachable { reason } => FailureKind::Unreachable { reason: reason.into() },
        Error::TimedOut => FailureKind::TimedOut,
        Error::Cut => FailureKind::Cut,
        Error::Redirected { .. } => FailureKind::Redirected,
        Error::TooLarge => FailureKind::AnswerTooLarge,
        Error::NotTheContract { status, .. } => FailureKind::NotTheContract { status },
        Error::Refused(refusal) => refused(*refusal),
        Error::Unexpected { status, .. } => FailureKind::Unexpected { status },
        Error::OutcomeUnknown { action, .. } => FailureKind::OutcomeUnknown { action: action.into() },
        Error::NotSendable { what } => FailureKind::OutOfBounds { field: what.to_owned() },
    }
}

fn refused(refusal: Refusal) -> FailureKind {
    let Refusal { status, permissions, field, retry_after_s, token, .. } = refusal;
    match refusal.slug {
        Slug::ForeignHost | Slug::ForeignOrigin => FailureKind::Foreign,
        Slug::BodyTooLarge => FailureKind::RequestTooLarge,
        // Of the token that was to be rotated, not of the session.
        Slug::TokenExpired if status == 409 => FailureKind::AlreadyExpired,
        Slug::TokenUnknown | Slug::TokenExpired | Slug::TokenPaused | Slug::TokenDeleted | Slug::TokenMasked => {
            FailureKind::SignedOut
        }
        Slug::SessionRequired | Slug::TokenRequired => FailureKind::Unexpected { status },
        Slug::PermissionMissing | Slug::PermissionLost => FailureKind::PermissionMissing { permissions },
        Slug::PermissionNotHeld => FailureKind::PermissionNotHeld { permissions },
        Slug::PermissionUnknown => FailureKind::PermissionUnknown { permissions },
        Slug::PermissionNotGrantable => FailureKind::PermissionNotGrantable { permissions },
        Slug::AddressNotAllowed => FailureKind::AddressNotAllowed,
        Slug::NotFound => FailureKind::NotFound,
        Slug::MethodNotAllowed | Slug::MediaType | Slug::Syntax | Slug::IdempotencyKey | Slug::EtagRequired => {
            FailureKind::Unexpected { status }
        }
        Slug::Invalid => FailureKind::Invalid { field },
        Slug::CursorInvalid => FailureKind::CursorInvalid,
        Slug::AlreadyReplaced => FailureKind::AlreadyReplaced,
        Slug::KeyReused => FailureKind::Unexpected { status },
        Slug::InProgress => FailureKind::InProgress { retry_after_s },
        Slug::TooManyTokens => FailureKind::TooManyTokens,
        Slug::KeySpent => FailureKind::KeySpent,
        Slug::Stale => FailureKind::Stale { token },
        Slug::RateLimited => FailureKind::RateLimited { retry_after_s },
        Slug::Internal => FailureKind::ServerFailed { status },
        Slug::StorageUnavailable => FailureKind::StorageUnavailable,
    }
}

impl From<Asked> for Action {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Create => Self::Create,
            Asked::Update => Self::Update,
            Asked::Delete => Self::Delete,
        }
    }
}

impl From<Unreachable> for UnreachableReason {
    fn from(reason: Unreachable) -> Self {
        match reason {
            Unreachable::Refused => Self::Refused,
            Unreachable::Dns => Self::Name,
            Unreachable::Silent => Self::Silent,
            Unreachable::NoRoute => Self::NoRoute,
            Unreachable::UntrustedCertificate => Self::UntrustedCertificate,
            Unreachable::CertificateName => Self::CertificateName,
            Unreachable::CertificateTime => Self::CertificateTime,
            Unreachable::Tls => Self::Tls,
            Unreachable::NotHttp => Self::NotHttp,
            Unreachable::Other => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(slug: Slug) -> Error {
        Error::Refused(Box::new(Refusal {
            slug,
            status: slug.status(),
            request_id: Some("r-1".into()),
            field: Some("name".into()),
            permissions: vec!["a:read".into()],
            retry_after_s: Some(3),
            token: None,
            detail: Some("what the server says to a person".into()),
        }))
    }

    #[test]
    fn every_refusal_has_a_failure_with_its_request_id_and_never_the_servers_sentence() {
        for slug in Slug::ALL {
            let failure = of(refusal(*slug));
            assert_eq!(failure.request_id.as_deref(), Some("r-1"), "{slug}");
            assert!(!serde_json::to_string(&failure).unwrap().contains("to a person"), "{slug}");
        }
    }

    #[test]
    fn what_a_sentence_needs_is_handed_on() {
        assert_eq!(of(refusal(Slug::Invalid)).what, FailureKind::Invalid { field: Some("name".into()) });
        assert_eq!(of(refusal(Slug::RateLimited)).what, FailureKind::RateLimited { retry_after_s: Some(3) });
        let permissions = vec!["a:read".into()];
        assert_eq!(of(refusal(Slug::PermissionNotHeld)).what, FailureKind::PermissionNotHeld { permissions });
        assert_eq!(of(refusal(Slug::TokenUnknown)).what, FailureKind::SignedOut);
    }

    #[test]
    fn a_session_that_is_over_is_seen_also_where_the_outcome_is_unknown() {
        assert!(is_session_over(&refusal(Slug::TokenExpired)));
        assert!(!is_session_over(&refusal(Slug::NotFound)));
        let unknown = |cause| Error::OutcomeUnknown { action: Asked::Create, cause: Box::new(cause) };
        assert!(is_session_over(&unknown(refusal(Slug::TokenUnknown))));
        assert!(!is_session_over(&unknown(Error::Cut)));
    }

    #[test]
    fn an_unknown_outcome_says_of_what() {
        for (asked, action, name) in [
            (Asked::Create, Action::Create, "create"),
            (Asked::Update, Action::Update, "update"),
            (Asked::Delete, Action::Delete, "delete"),
        ] {
            let failure = of(Error::OutcomeUnknown { action: asked, cause: Box::new(Error::Cut) });
            assert_eq!(failure.what, FailureKind::OutcomeUnknown { action });
            assert_eq!(serde_json::to_value(&failure).unwrap()["action"], name);
        }
    }
}
