//! Snapshots as numbers, so that the database finds by one comparison which tokens hold what.
//!
//! A permission's bit is its place in the catalogue. What is stored was made from one catalogue and is made anew when
//! the program brings another (`store/follow.rs`); risks and what a person holds are never stored, only asked with.

use nms_api::{PermissionName, Risk};

use crate::catalogue;

/// Of what the catalogue does not know, or knows no more.
const UNKNOWN: i64 = 1 << 62;
/// The database's integers have a sign.
const MAX_PERMISSIONS: usize = 62;

const _: () = assert!(catalogue::SIZE <= MAX_PERMISSIONS, "a second column of bits is needed");

/// Of these permissions.
pub(crate) fn of(names: &[PermissionName]) -> i64 {
    names.iter().map(bit).fold(0, |bits, bit| bits | bit)
}

/// Of every permission of this risk.
pub(crate) fn of_risk(risk: Risk) -> i64 {
    catalogue::entries()
        .enumerate()
        .filter(|(_, (_, known))| *known == risk)
        .fold(0, |bits, (place, _)| bits | 1 << place)
}

/// Of every permission but these, unknown ones included.
pub(crate) fn beyond(held: &[PermissionName]) -> i64 {
    !of(held) & i64::MAX | UNKNOWN
}

/// What the bits mean: every name of the catalogue, in its order.
pub(crate) fn meaning() -> String {
    catalogue::entries().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
}

fn bit(name: &PermissionName) -> i64 {
    catalogue::entries().position(|(known, _)| known == name.as_str()).map_or(UNKNOWN, |place| 1 << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<PermissionName> {
        list.iter().map(|name| PermissionName::from(*name)).collect()
    }

    #[test]
    fn every_permission_has_a_bit_of_its_own() {
        let all = catalogue::all();
        assert_eq!(of(&all).count_ones() as usize, all.len());
        assert_eq!(of(&all) & UNKNOWN, 0);
        assert_eq!(of(&names(&["devices:fly"])), UNKNOWN);
    }

    #[test]
    fn every_permission_has_one_risk() {
        let risks = [Risk::Read, Risk::SensitiveRead, Risk::Write, Risk::Admin].map(of_risk);
        assert_eq!(risks.iter().fold(0, |bits, risk| bits ^ risk), of(&catalogue::all()));
        assert_ne!(of_risk(Risk::Admin) & of(&names(&["devices:delete"])), 0);
        assert_eq!(of_risk(Risk::Admin) & of(&names(&["devices:read", "devices:write"])), 0);
    }

    #[test]
    fn beyond_what_is_held_lies_all_else_and_what_nobody_knows() {
        let held = names(&["devices:read", "sites:read"]);
        assert_eq!(beyond(&held) & of(&held), 0);
        assert_ne!(beyond(&held) & of(&names(&["devices:read", "devices:write"])), 0);
        assert_eq!(beyond(&catalogue::all()) & of(&catalogue::all()), 0);
        assert_ne!(beyond(&catalogue::all()) & of(&names(&["devices:fly"])), 0);
    }
}
