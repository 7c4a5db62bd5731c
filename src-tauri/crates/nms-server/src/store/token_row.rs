//! A token as it lies in the store, and how it becomes the one that is answered.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nms_api::addresses::RangeRefused;
use nms_api::{AddressRange, PermissionName, Token, TokenId, TokenState, UsedPermission, permissions, token_format};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Error, Owner, Result, instant};
use crate::etag;

/// The columns of [`TokenRow`], for a query to begin with. What verification needs is not among them.
macro_rules! token_columns {
    () => {
        "tokens.id, tokens.owner_id, tokens.organization_id, tokens.lookup_id, tokens.suffix, tokens.name, \
         tokens.description, tokens.permissions, tokens.allowed_addresses, tokens.created_at, tokens.updated_at, \
         tokens.expires_at, tokens.paused, tokens.version, tokens.use_count, tokens.last_used_at, \
         tokens.last_used_from, tokens.used_permissions, tokens.replaces, tokens.replaced_by, tokens.ends_at, \
         tokens.deleted_at, tokens.reported_at"
    };
}
pub(super) use token_columns;

/// A token's record. Its value is not in it, nor its hash.
#[derive(Clone, Debug)]
pub(crate) struct TokenRow {
    pub(crate) id: TokenId,
    pub(crate) owner: Owner,
    pub(crate) lookup_id: String,
    pub(crate) suffix: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) permissions: Vec<PermissionName>,
    pub(crate) allowed_addresses: Vec<AddressRange>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) paused: bool,
    pub(crate) version: i64,
    pub(crate) use_count: u64,
    pub(crate) last_used_at: Option<DateTime<Utc>>,
    pub(crate) last_used_from: Option<String>,
    pub(crate) used_permissions: BTreeMap<PermissionName, DateTime<Utc>>,
    pub(crate) replaces: Option<TokenId>,
    pub(crate) replaced_by: Option<TokenId>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) deleted_at: Option<DateTime<Utc>>,
    pub(crate) reported_at: Option<DateTime<Utc>>,
}

impl TokenRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: TokenId(uuid(row, "id")?),
            owner: Owner { person_id: uuid(row, "owner_id")?, organization_id: uuid(row, "organization_id")? },
            lookup_id: row.try_get("lookup_id")?,
            suffix: row.try_get("suffix")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            permissions: names(row.try_get("permissions")?),
            allowed_addresses: ranges(row.try_get("allowed_addresses")?)?,
            created_at: instant(row.try_get("created_at")?),
            updated_at: instant(row.try_get("updated_at")?),
            expires_at: instant(row.try_get("expires_at")?),
            paused: row.try_get::<i64, _>("paused")? != 0,
            version: row.try_get("version")?,
            use_count: row.try_get::<i64, _>("use_count")?.unsigned_abs(),
            last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(instant),
            last_used_from: row.try_get("last_used_from")?,
            used_permissions: used_permissions(row.try_get("used_permissions")?)?,
            replaces: optional_uuid(row, "replaces")?.map(TokenId),
            replaced_by: optional_uuid(row, "replaced_by")?.map(TokenId),
            ends_at: row.try_get::<Option<i64>, _>("ends_at")?.map(instant),
            deleted_at: row.try_get::<Option<i64>, _>("deleted_at")?.map(instant),
            reported_at: row.try_get::<Option<i64>, _>("reported_at")?.map(instant),
        })
    }

    /// When it was deleted, if that is over: a replaced one is from the instant on at which it ends, whether or not
    /// that is written down already.
    pub(crate) fn gone_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.deleted_at.or(self.ends_at.filter(|ends_at| *ends_at <= now))
    }

    /// An expiry beats a pause: resuming would not help. A deletion beats both.
    pub(crate) fn state(&self, now: DateTime<Utc>) -> TokenState {
        if self.gone_at(now).is_some() {
            return TokenState::Deleted;
        }
        match (self.expires_at <= now, self.paused) {
            (true, _) => TokenState::Expired,
            (false, true) => TokenState::Paused,
            (false, false) => TokenState::Active,
        }
    }

    /// As it is answered to somebody whose owner holds `held` now.
    pub(crate) fn into_token(self, held: &[PermissionName], now: DateTime<Utc>) -> Token {
        Token {
            state: self.state(now),
            deleted_at: self.gone_at(now),
            etag: etag::of(self.id, self.version),
            effective_permissions: permissions::effective(&self.permissions, held),
            id: self.id,
            organization_id: self.owner.organization_id,
            name: self.name,
            description: self.description,
            prefix: format!("{}{}", token_format::PREFIX, self.lookup_id),
            suffix: self.suffix,
            permissions: self.permissions,
            allowed_addresses: self.allowed_addresses.iter().map(ToString::to_string).collect(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
            last_used_from: self.last_used_from,
            use_count: self.use_count,
            used_permissions: self
                .used_permissions
                .into_iter()
                .map(|(permission, last_used_at)| UsedPermission { permission, last_used_at })
                .collect(),
            replaces: self.replaces,
            replaced_by: self.replaced_by,
            ends_at: self.ends_at,
            reported_at: self.reported_at,
        }
    }
}

/// Names as they stand in a column: a blank before, between and after.
pub(super) fn column_of(names: &[PermissionName]) -> String {
    names.iter().fold(String::from(" "), |column, name| column + name.as_str() + " ")
}

pub(super) fn names(column: &str) -> Vec<PermissionName> {
    column.split_ascii_whitespace().map(PermissionName::from).collect()
}

/// Ranges as they stand in a column, with a blank between.
pub(super) fn column_of_ranges(ranges: &[AddressRange]) -> String {
    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// What is no range is a fault: read as nothing it would mean "from anywhere".
pub(super) fn ranges(column: &str) -> Result<Vec<AddressRange>> {
    let range = |text: &str| text.parse().map_err(|error: RangeRefused| Error::Unexpected(error.into()));
    column.split_ascii_whitespace().map(range).collect()
}

pub(super) fn used_permissions(json: &str) -> Result<BTreeMap<PermissionName, DateTime<Utc>>> {
    let stored: BTreeMap<PermissionName, i64> = serde_json::from_str(json)?;
    Ok(stored.into_iter().map(|(permission, at)| (permission, instant(at))).collect())
}

pub(super) fn uuid(row: &AnyRow, column: &str) -> Result<uuid::Uuid> {
    Ok(row.try_get::<&str, _>(column)?.parse()?)
}

fn optional_uuid(row: &AnyRow, column: &str) -> Result<Option<uuid::Uuid>> {
    Ok(row.try_get::<Option<&str>, _>(column)?.map(str::parse).transpose()?)
}
