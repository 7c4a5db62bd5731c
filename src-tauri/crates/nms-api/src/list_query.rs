//! What may be asked of a list of tokens: page, order, filters.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Risks, TokenState};

/// By what a list is ordered. Nulls come last, the id breaks ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Sort {
    /// By name.
    #[serde(rename = "name")]
    Name,
    /// By name, from the end.
    #[serde(rename = "-name")]
    NameDescending,
    /// Oldest first.
    #[serde(rename = "created_at")]
    Created,
    /// Newest first.
    #[default]
    #[serde(rename = "-created_at")]
    CreatedDescending,
    /// The next to expire first.
    #[serde(rename = "expires_at")]
    Expires,
    /// The last to expire first.
    #[serde(rename = "-expires_at")]
    ExpiresDescending,
    /// The longest unused first.
    #[serde(rename = "last_used_at")]
    LastUsed,
    /// The last used first.
    #[serde(rename = "-last_used_at")]
    LastUsedDescending,
    /// The least used first.
    #[serde(rename = "use_count")]
    UseCount,
    /// The most used first.
    #[serde(rename = "-use_count")]
    UseCountDescending,
    /// The smallest snapshot first.
    #[serde(rename = "permission_count")]
    PermissionCount,
    /// The largest snapshot first.
    #[serde(rename = "-permission_count")]
    PermissionCountDescending,
}

impl Sort {
    /// All of them, with their names on the wire.
    pub const NAMED: [(&'static str, Self); 12] = [
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("created_at", Self::Created),
        ("-created_at", Self::CreatedDescending),
        ("expires_at", Self::Expires),
        ("-expires_at", Self::ExpiresDescending),
        ("last_used_at", Self::LastUsed),
        ("-last_used_at", Self::LastUsedDescending),
        ("use_count", Self::UseCount),
        ("-use_count", Self::UseCountDescending),
        ("permission_count", Self::PermissionCount),
        ("-permission_count", Self::PermissionCountDescending),
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        Self::NAMED.iter().find(|(_, sort)| *sort == self).map_or("-created_at", |(name, _)| name)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The query of `GET /tokens`. All filters must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct TokenQuery {
    /// Tokens on a page, 1 to 500; left out: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
    /// Left out: newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: Option<Sort>,
    /// Every word must be in the name, description, masked value, a permission, a range of allowed addresses or an
    /// address from which it was used in the last 30 days; case folded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// Only these. Not `deleted`: no list holds them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(schema_with = listed_states))]
    pub state: Option<TokenState>,
    /// Only active ones that lapse within so many days and have no successor yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 3660))]
    pub expires_within_days: Option<u32>,
    /// Only those that were not used for so many days and made as long ago: never used counts from the making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 3660))]
    pub unused_days: Option<u32>,
    /// Only those that were never used; with `false` only those that were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_used: Option<bool>,
    /// Only those whose snapshot holds a permission of each of these risks, with a comma between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, pattern = "^(read|sensitive_read|write|admin)(,(read|sensitive_read|write|admin))*$"))]
    pub risk: Option<Risks>,
    /// Only those whose snapshot holds what the owner holds no more; with `false` only the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<bool>,
    /// Only those with more than so many days from their making to their expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 3660))]
    pub lifetime_over_days: Option<u32>,
    /// Only the one that was made with this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<Uuid>,
    /// Where the page before ended; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The states of tokens that a list may hold.
#[cfg(feature = "openapi")]
fn listed_states() -> utoipa::openapi::Object {
    let states = [TokenState::Active, TokenState::Paused, TokenState::Expired].map(TokenState::as_str);
    utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String).enum_values(Some(states)).build()
}

/// The query of a list that is paged and nothing else, like `GET /tokens/{id}/events`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Entries on a page, 1 to 500; left out: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
    /// Where the page before ended; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

impl TokenState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
        }
    }
}

/// The query of `GET /events`. All filters must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// Entries on a page, 1 to 500; left out: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
    /// Only these kinds, with a comma between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<String>,
    /// Every word must be in the token's name, description, masked value, a permission or a range of allowed addresses,
    /// or in the event's address; case folded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: Option<String>,
    /// Where the page before ended; opaque.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_reads_as_it_is_written() {
        for (name, sort) in Sort::NAMED {
            assert_eq!(serde_json::to_string(&sort).unwrap(), format!("\"{name}\""));
            assert_eq!(serde_json::from_str::<Sort>(&format!("\"{name}\"")).unwrap(), sort);
            assert_eq!(sort.to_string(), name);
        }
    }

    #[test]
    fn a_page_is_asked_for_by_limit_and_cursor_and_nothing_else() {
        let asked: PageQuery = serde_json::from_str(r#"{"limit":5,"cursor":"x"}"#).unwrap();
        assert_eq!(asked, PageQuery { limit: Some(5), cursor: Some("x".to_owned()) });
        assert!(serde_json::from_str::<PageQuery>(r#"{"sort":"at"}"#).is_err());
    }
}
