//! What happened to a token, and who did it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{PermissionName, TokenId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Made.
    Created,
    /// It can do more, for longer, or from more places.
    Widened,
    /// It can do less, for less long, or from fewer places.
    Narrowed,
    /// Another name or description; or the same addresses, written otherwise.
    Described,
    /// Switched off for a while.
    Paused,
    /// Switched on again.
    Resumed,
    /// Made in another's place.
    Rotated,
    /// Another was made in its place.
    Replaced,
    /// Deleted, for good.
    Deleted,
    /// Its time is over.
    Expired,
    /// Its first accepted call.
    FirstUsed,
    /// An accepted call from an address that is new for it: only of a token that may be used from anywhere, and once
    /// its first use was 7 days ago.
    NewSource,
    /// Calls that were refused; counted, one row for each reason, address and permission.
    Refused,
    /// An admin looked at it.
    Reviewed,
    /// An admin ended it.
    Revoked,
    /// Its hash was reported as found in public.
    Reported,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A person with a session.
    Person {
        /// Which.
        id: Uuid,
        /// What they were called then.
        name: String,
    },
    /// The token itself.
    Token,
    /// Nobody: time, or the server.
    Server,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct Event {
    /// Which: a UUIDv7.
    pub id: Uuid,
    /// Of which token.
    pub token_id: TokenId,
    /// When; of counted calls, the last, UTC.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
    /// Who.
    pub actor: Actor,
    /// The members that changed, as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub from: Option<serde_json::Map<String, serde_json::Value>>,
    /// The members that changed, as they became; of `deleted`, the last record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub to: Option<serde_json::Map<String, serde_json::Value>>,
    /// Of refused calls: the problem's slug without `token-`. Of a deletion: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the program calls itself that made the first call, a call from a new source, or the last of the refused
    /// ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The permission that a refused call, or the first one, needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<PermissionName>,
    /// How many calls this row counts, or how many reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub count: Option<u64>,
    /// The first of those that this row counts, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<DateTime<Utc>>,
}

/// The answer of `GET /tokens/{id}/events`, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct EventList {
    /// One page.
    pub events: Vec<Event>,
}

/// An event, and what a person calls its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct EventOfToken {
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// What the token's owner calls it now, or called it last.
    pub token_name: Option<String>,
    /// What a list shows of its value.
    pub token_masked: String,
}

/// The answer of `GET /events`, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct EventOfTokenList {
    /// One page.
    pub events: Vec<EventOfToken>,
}
