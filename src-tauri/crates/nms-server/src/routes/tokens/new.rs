//! A token that is not there yet: what it shall be, and the record that it begins with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nms_api::{AddressRange, PermissionName, TokenId};

use crate::auth::NewCredential;
use crate::store::{NewRow, Owner, TokenRow};

/// How often a lookup id is drawn. Two of 62⁸ that are alike are rare; that many in a row mean a broken generator.
pub(super) const DRAWS: usize = 5;

/// What a token shall be, checked.
pub(super) struct Planned {
    pub(super) at: DateTime<Utc>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) permissions: Vec<PermissionName>,
    pub(super) allowed_addresses: Vec<AddressRange>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) replaces: Option<TokenId>,
}

impl Planned {
    /// Its record, active and unused, with what is kept of its value.
    pub(super) fn row(&self, id: TokenId, owner: Owner, credential: &NewCredential) -> NewRow {
        let row = TokenRow {
            id,
            owner,
            lookup_id: credential.lookup_id.clone(),
            suffix: credential.suffix.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            permissions: self.permissions.clone(),
            allowed_addresses: self.allowed_addresses.clone(),
            created_at: self.at,
            updated_at: self.at,
            expires_at: self.expires_at,
            paused: false,
            version: 1,
            use_count: 0,
            last_used_at: None,
            last_used_from: None,
            used_permissions: BTreeMap::new(),
            replaces: self.replaces,
            replaced_by: None,
            ends_at: None,
            deleted_at: None,
            reported_at: None,
        };
        NewRow { row, sha256: credential.secret.sha256() }
    }
}
