//! Permissions, their catalogue and the presets. The names come from the server; nothing here lists them.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

impl Risk {
    /// All of them, the least harm first.
    const ALL: [Self; 4] = [Self::Read, Self::SensitiveRead, Self::Write, Self::Admin];
    /// Their names on the wire, in the same order.
    const NAMES: [&'static str; 4] = ["read", "sensitive_read", "write", "admin"];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().zip(Self::ALL).find(|(known, _)| **known == name).map(|(_, risk)| risk)
    }
}

/// Risks that a query asks for together: on the wire their names with a comma between.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct Risks(Vec<Risk>);

impl Risks {
    /// At least one, each once, the least harm first.
    pub fn iter(&self) -> impl Iterator<Item = Risk> {
        self.0.iter().copied()
    }
}

impl Serialize for Risks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = Risk::NAMES.iter().zip(Risk::ALL).filter(|(_, risk)| self.0.contains(risk));
        serializer.serialize_str(&names.map(|(name, _)| *name).collect::<Vec<_>>().join(","))
    }
}

impl<'de> Deserialize<'de> for Risks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl Visitor<'_> for Names {
            type Value = Risks;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("risks with a comma between")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Risks, E> {
                let risk = |name| Risk::named(name).ok_or_else(|| E::unknown_variant(name, &Risk::NAMES));
                let mut risks = text.split(',').map(risk).collect::<Result<Vec<_>, _>>()?;
                // A long list of one word must not become a long condition.
                risks.sort_unstable();
                risks.dedup();
                Ok(Risks(risks))
            }
        }
        deserializer.deserialize_str(Names)
    }
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

    #[test]
    fn risks_read_as_they_are_written() {
        for (name, risk) in Risk::NAMES.into_iter().zip(Risk::ALL) {
            assert_eq!(serde_json::to_value(risk).unwrap(), name);
        }
        let two: Risks = serde_json::from_str(r#""admin,write,admin""#).unwrap();
        assert_eq!(two.iter().collect::<Vec<_>>(), [Risk::Write, Risk::Admin]);
        assert_eq!(serde_json::to_string(&two).unwrap(), r#""write,admin""#);
        for wrong in ["", "high", "write,", "write, admin"] {
            assert!(serde_json::from_value::<Risks>(wrong.into()).is_err(), "{wrong}");
        }
    }

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
