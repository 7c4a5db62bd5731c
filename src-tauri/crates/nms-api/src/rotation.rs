//! Rotation: a new token in the place of one that goes on working for a while, or not.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Secret, Token};

/// The body of `POST /tokens/{id}/rotate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Of the new token; left out: the server's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// How long the old token still works, in seconds, at most 7 days; left out: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 604_800))]
    pub overlap_s: Option<u32>,
}

/// The answer of `POST /tokens/{id}/rotate`, as a client reads it.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RotatedToken {
    /// The new token's record.
    pub token: Token,
    /// Its value; `None` when this is the replay of an answer that was lost.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required))]
    pub secret: Option<Secret>,
    /// The old token's record, as it is now; left out in a replay after it was forgotten.
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub replaced: Option<Token>,
}
