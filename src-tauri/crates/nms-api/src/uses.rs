//! What tokens were used for: counted by day, caller and permission. What would break, and what a token needs, is read
//! from here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{PermissionName, TokenId};

/// The accepted calls of one token on one day that came from one caller and needed one permission.
///
/// A token's day has few records, however many callers there are: once it has 100, further programs are not told apart
/// (`agent` is null); once it has 200, further addresses neither (`address` is null too). Every call is counted, once,
/// and permissions are always told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UseRecord {
    /// The day in UTC.
    pub day: NaiveDate,
    /// From where; null: from further ones, which are not told apart.
    pub address: Option<String>,
    /// What the caller calls itself (`User-Agent`), without control characters, at most 120 characters; null: it does
    /// not say, or it is one of those that are not told apart.
    pub agent: Option<String>,
    /// What the calls needed; null: nothing.
    pub permission: Option<PermissionName>,
    /// How many calls.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub count: u64,
    /// The last of them, UTC.
    pub last_at: DateTime<Utc>,
}

/// The answer of `GET /tokens/{id}/use`: today and the 29 days before, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UseList {
    /// All of them.
    #[serde(rename = "use")]
    pub records: Vec<UseRecord>,
}

/// The query of `GET /tokens/use`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct DailyUseQuery {
    /// Ids of tokens with a comma between, 1 to 500.
    #[cfg_attr(
        feature = "openapi",
        param(
            pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,499}$"
        )
    )]
    pub ids: String,
}

/// The accepted calls of one token by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DailyUse {
    /// Which.
    pub token_id: TokenId,
    /// Calls on each of 30 days in UTC, the oldest first; the last is `today`.
    #[cfg_attr(feature = "typescript", ts(type = "Array<number>"))]
    #[cfg_attr(feature = "openapi", schema(min_items = 30, max_items = 30))]
    pub days: Vec<u64>,
}

/// The query of `GET /callers`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct CallerQuery {
    /// Every word must be in the caller's address or in what it calls itself; case folded. Left out: everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
}

/// Who used a token in the last 30 days: one program at one address. Of a token that was deleted meanwhile too, for as
/// long as its events are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CallerOfToken {
    /// Which token.
    pub token_id: TokenId,
    /// What the token's owner calls it now, or called it last.
    pub token_name: Option<String>,
    /// What a list shows of its value.
    pub token_masked: String,
    /// From where; null: from further ones, which are not told apart.
    pub address: Option<String>,
    /// What the caller calls itself; null as in [`UseRecord`].
    pub agent: Option<String>,
    /// How many calls.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub count: u64,
    /// The last of them, UTC.
    pub last_at: DateTime<Utc>,
}

/// The answer of `GET /callers`: at most 50, whoever called last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CallerList {
    /// Of all the caller's tokens.
    pub callers: Vec<CallerOfToken>,
}

/// The answer of `GET /tokens/use`, in the order in which the ids were asked for. What is not there, or not the
/// caller's, is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DailyUseList {
    /// One for each token.
    #[serde(rename = "use")]
    pub tokens: Vec<DailyUse>,
    /// The day in UTC that the last of each token's days stands for.
    pub today: NaiveDate,
}
