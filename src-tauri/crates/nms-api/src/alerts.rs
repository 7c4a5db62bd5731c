//! The NMS's own alarms, where operators look: version 1 raises them for tokens that are used and expire, and for those
//! whose value was found in public.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::TokenId;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A token that is used expires soon.
    TokenExpiring,
    /// A token that was used has expired: its source is silent.
    TokenExpired,
    /// A token's value was reported as found in public: anybody may have it.
    TokenReported,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AlertSeverity {
    /// There is time.
    Info,
    /// Soon.
    Warning,
    /// Now.
    Critical,
}

/// Whether an alert still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It stands.
    Open,
    /// What it was about is mended.
    Closed,
}

/// One alert. Of a token and an expiry there is one, whose severity rises; of a token that was reported there is one
/// more, which stays until its value is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Alert {
    /// Which: a UUIDv7. It stays the same while kind, severity and title follow the time.
    pub id: Uuid,
    /// What it is about; of a closed one, what it was about in the end.
    pub kind: AlertKind,
    /// One sentence for a person, in the language of the answer.
    pub title: String,
    /// How bad it is; of a closed one, how bad it was in the end.
    pub severity: AlertSeverity,
    /// Whether it stands.
    pub state: AlertState,
    /// The token that it is about.
    pub token_id: TokenId,
    /// When that token expires or expired, UTC.
    pub expires_at: DateTime<Utc>,
    /// Calls that were refused since, because the token had expired.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub refused_count: u64,
    /// Raised then, UTC.
    pub opened_at: DateTime<Utc>,
    /// Mended then, UTC: the token was extended, replaced or deleted.
    pub closed_at: Option<DateTime<Utc>>,
}

/// The answer of `GET /alerts`: open ones first, and of them what was found in public, then what expires first; then
/// closed ones, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AlertList {
    /// One page.
    pub alerts: Vec<Alert>,
}

/// The query of `GET /alerts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct AlertQuery {
    /// Alerts on a page, 1 to 500; left out: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
    /// Only these; left out: open and closed ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub state: Option<AlertState>,
    /// Where the page before ended; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl AlertState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}
