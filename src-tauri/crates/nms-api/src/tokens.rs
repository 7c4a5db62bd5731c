//! The token as it is listed, and what may be asked about one. No member from which the secret follows.

use std::fmt;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::{PermissionName, Secret};

/// Which token: a UUIDv7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct TokenId(pub Uuid);

impl fmt::Display for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The version of a token's record, exactly as it stands in `ETag` and `If-Match`, quotes included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct Etag(pub String);

/// Whether a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It is accepted.
    Active,
    /// Refused until somebody resumes it.
    Paused,
    /// Refused; a new expiry revives it.
    Expired,
    /// Gone for good. No list holds it: only whoever finds its value, or rotated it, is told.
    Deleted,
}

/// A permission that a token has needed, and when last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct UsedPermission {
    /// Which.
    pub permission: PermissionName,
    /// The last call that needed it.
    pub last_used_at: DateTime<Utc>,
}

/// A token, as its owner sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// Where it acts, and nowhere else.
    pub organization_id: Uuid,
    /// What its owner calls it. Two may be alike.
    pub name: Option<String>,
    /// What its owner noted.
    pub description: Option<String>,
    /// The beginning of its value: kind and lookup id.
    pub prefix: String,
    /// The last four characters of its value.
    pub suffix: String,
    /// The snapshot that was granted, folded.
    pub permissions: Vec<PermissionName>,
    /// What is left of the snapshot with what the owner holds now, folded.
    pub effective_permissions: Vec<PermissionName>,
    /// CIDR ranges from which it is accepted; empty: anywhere.
    pub allowed_addresses: Vec<String>,
    /// UTC.
    pub created_at: DateTime<Utc>,
    /// The last change that `etag` counts, UTC.
    pub updated_at: DateTime<Utc>,
    /// From then on it is refused, UTC.
    pub expires_at: DateTime<Utc>,
    /// Whether it works.
    pub state: TokenState,
    /// The last call that was accepted, UTC.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The address from which that call came.
    pub last_used_from: Option<String>,
    /// Calls that were accepted.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub use_count: u64,
    /// The permissions that it has ever needed.
    pub used_permissions: Vec<UsedPermission>,
    /// The token in whose place this one was made.
    pub replaces: Option<TokenId>,
    /// The token that was made in this one's place.
    pub replaced_by: Option<TokenId>,
    /// Replaced, and deleted then, UTC.
    pub ends_at: Option<DateTime<Utc>>,
    /// Of a deleted token: since when, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its value was reported as found in public: since when that is known, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub reported_at: Option<DateTime<Utc>>,
    /// The record's version, for `If-Match`.
    pub etag: Etag,
}

impl Token {
    /// What a list shows of the value: beginning, ellipsis, last four.
    pub fn masked(&self) -> String {
        format!("{}…{}", self.prefix, self.suffix)
    }
}

/// The body of `POST /tokens`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// At most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// At least one, each held now.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub permissions: Vec<PermissionName>,
    /// Left out: the server's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Addresses and CIDR ranges from which alone it is accepted, at most 50; left out or empty: anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub allowed_addresses: Option<Vec<String>>,
}

/// The body of `PATCH /tokens/{id}`: what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct TokenChanges {
    /// `null` clears it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[cfg_attr(feature = "typescript", ts(type = "string | null", optional))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub name: Option<Option<String>>,
    /// `null` clears it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[cfg_attr(feature = "typescript", ts(type = "string | null", optional))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub description: Option<Option<String>>,
    /// Replaces the whole snapshot; each must be held now. Never `null`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_items = 1))]
    pub permissions: Option<Vec<PermissionName>>,
    /// Within the limits; revives an expired token. Never `null`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub expires_at: Option<DateTime<Utc>>,
    /// Replaces all addresses and CIDR ranges, at most 50; empty: anywhere. Never `null`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_items = 50))]
    pub allowed_addresses: Option<Vec<String>>,
    /// Refuses every call until it is `false` again. Never `null`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub paused: Option<bool>,
}

/// Tells `null` (clear it) from a member that is not there (leave it).
fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// Refuses `null` where leaving out means "as it is" and nothing can be cleared.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The answer of `POST /tokens`, as a client reads it.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// The record.
    pub token: Token,
    /// The value; `None` when this is the replay of an answer that was lost.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required))]
    pub secret: Option<Secret>,
}

/// How many tokens the caller has, filters ignored: what the filter of the same name would leave. A server that does
/// not count a kind leaves it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenCounts {
    /// In any state.
    pub all: u32,
    /// Accepted now.
    pub active: u32,
    /// Paused.
    pub paused: u32,
    /// Past their expiry.
    pub expired: u32,
    /// Active, and lapsing within 14 days.
    #[serde(default)]
    pub expiring: u32,
    /// Without one accepted call.
    #[serde(default)]
    pub never_used: u32,
    /// Not used for 30 days, and made as long ago.
    #[serde(default)]
    pub unused: u32,
    /// With a permission of risk `write`.
    #[serde(default)]
    pub writes: u32,
    /// With a permission of risk `admin`.
    #[serde(default)]
    pub admin: u32,
    /// With a permission of risk `sensitive_read`.
    #[serde(default)]
    pub sensitive: u32,
    /// With a permission that the owner holds no more.
    #[serde(default)]
    pub lost: u32,
    /// More than 180 days from their making to their expiry.
    #[serde(default)]
    pub long_lived: u32,
}

/// The answer of `GET /tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TokenList {
    /// One page.
    pub tokens: Vec<Token>,
    /// All of the caller's.
    pub counts: TokenCounts,
    /// How many of them fit what was asked for, on this page and on the others; `None`: the server does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<u32>,
}

/// The answer of `GET /token`: what a service learns about the token that it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenItself {
    /// The record.
    pub token: Token,
    /// Seconds until it expires, or ends because it was replaced.
    pub seconds_left: i64,
}

/// The body of `POST /tokens/identify`: of a value that somebody found only its hash travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenHash {
    /// Of the whole value, as lower-case hex.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
}

impl TokenHash {
    /// As it travels.
    pub fn of(sha256: &[u8; 32]) -> Self {
        Self { sha256: HEXLOWER.encode(sha256) }
    }

    /// As it is kept; `None`: it is not 64 digits of lower-case hex.
    pub fn bytes(&self) -> Option<[u8; 32]> {
        HEXLOWER.decode(self.sha256.as_bytes()).ok()?.try_into().ok()
    }
}

/// The body of `POST /tokens/report`: hashes of values that somebody found where anybody can read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenReport {
    /// Of each whole value, as lower-case hex; 1 to 100.
    #[cfg_attr(feature = "openapi", schema(schema_with = reported_hashes))]
    pub sha256: Vec<String>,
}

/// What may be reported at once.
#[cfg(feature = "openapi")]
fn reported_hashes() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
    let hash = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-f]{64}$"));
    ArrayBuilder::new()
        .description(Some("Of each whole value, as lower-case hex."))
        .items(hash)
        .min_items(Some(1))
        .max_items(Some(crate::limits::MAX_REPORTED))
        .build()
}

/// The answer of `GET /tokens/{id}/propagation`: how far the last change has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Propagation {
    /// Processes that the server consists of.
    pub processes: u32,
    /// Those of them that know the change.
    pub have_it: u32,
    /// When it was made, UTC.
    pub since: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_tells_clearing_from_leaving() {
        for (json, name) in
            [("{}", None), (r#"{"name":null}"#, Some(None)), (r#"{"name":"a"}"#, Some(Some("a".to_owned())))]
        {
            let changes: TokenChanges = serde_json::from_str(json).unwrap();
            assert_eq!(changes.name, name);
            assert_eq!(serde_json::to_string(&changes).unwrap(), json);
        }
    }

    #[test]
    fn what_cannot_be_cleared_cannot_be_null() {
        for json in
            [r#"{"permissions":null}"#, r#"{"expires_at":null}"#, r#"{"allowed_addresses":null}"#, r#"{"paused":null}"#]
        {
            assert!(serde_json::from_str::<TokenChanges>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn members_of_later_versions_are_ignored_in_answers_and_refused_in_requests() {
        assert!(serde_json::from_str::<TokenCounts>(r#"{"all":1,"active":1,"paused":0,"expired":0,"new":9}"#).is_ok());
        assert!(serde_json::from_str::<NewToken>(r#"{"permissions":["a:b"],"paused":true}"#).is_err());
    }
}
