//! Permissions, their catalogue and the presets. The names come from the server; nothing here lists them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a permission, `resource:action`. Opaque here: only a server knows which there are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct PermissionName(String);

impl PermissionName {
    /// The name as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PermissionName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for PermissionName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for PermissionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How much harm a permission can do in the wrong hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Reads what most people of the NMS may see.
    Read,
    /// Reads content that is itself confidential.
    SensitiveRead,
    /// Changes something.
    Write,
    /// Changes who may do what, or what cannot be undone.
    Admin,
}

/// One permission of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Permission {
    /// `resource:action`.
    pub name: PermissionName,
    /// The heading under which a picker shows it, in the language of the answer.
    pub group: String,
    /// What it allows, in the language of the answer.
    pub description: String,
    /// How much harm it can do.
    pub risk: Risk,
    /// What a picker adds visibly beside it. The server implies nothing.
    pub suggests: Vec<PermissionName>,
    /// False: for sessions only, never in a token.
    pub grantable: bool,
}

/// A ready choice of permissions for a usual kind of service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Preset {
    /// Stable, for programs.
    pub id: String,
    /// For people, in the language of the answer.
    pub name: String,
    /// What it chooses; a picker leaves out what the person does not hold.
    pub permissions: Vec<PermissionName>,
}

/// The answer of `GET /permissions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Catalogue {
    /// In the order in which a picker shows them.
    pub permissions: Vec<Permission>,
    /// In the order in which a picker offers them.
    pub presets: Vec<Preset>,
}

/// Folds a list as the contract wants it stored: sorted by name, without duplicates.
pub fn folded(mut names: Vec<PermissionName>) -> Vec<PermissionName> {
    names.sort_unstable();
    names.dedup();
    names
}

/// What a token can do now: what it was granted, as far as its owner still holds it. Both lists are folded.
pub fn effective(snapshot: &[PermissionName], held: &[PermissionName]) -> Vec<PermissionName> {
    snapshot.iter().filter(|name| held.binary_search(name).is_ok()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(list: &[u8]) -> Vec<PermissionName> {
        folded(list.iter().map(|letter| PermissionName::from(char::from(b'a' + letter % 26).to_string())).collect())
    }

    proptest! {
        #[test]
        fn effective_is_never_more_than_either_side(snapshot: Vec<u8>, held: Vec<u8>) {
            let (snapshot, held) = (names(&snapshot), names(&held));
            let effective = effective(&snapshot, &held);
            for name in &effective {
                prop_assert!(snapshot.contains(name) && held.contains(name));
            }
            for name in &snapshot {
                prop_assert_eq!(held.contains(name), effective.contains(name));
            }
        }

        #[test]
        fn folding_sorts_and_drops_duplicates(list: Vec<u8>) {
            let folded = names(&list);
            prop_assert!(folded.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
