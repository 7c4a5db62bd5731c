//! What an edit makes of a token, and which events tell of it. No clock, no store.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nms_api::{EventKind, PermissionName};
use serde_json::{Map, Value, json};

use crate::store::TokenRow;

/// What is wanted, checked; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) name: Option<Option<String>>,
    pub(crate) description: Option<Option<String>>,
    pub(crate) permissions: Option<Vec<PermissionName>>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

/// What an event tells: the members that changed, as they were and as they became.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) kind: EventKind,
    pub(crate) from: Map<String, Value>,
    pub(crate) to: Map<String, Value>,
}

/// The changed record, still at the version that it was made from; `None` when nothing changes.
pub(crate) fn apply(row: &TokenRow, wanted: Wanted, now: DateTime<Utc>) -> Option<(TokenRow, Vec<Told>)> {
    let mut changed = row.clone();
    changed.name = wanted.name.unwrap_or(changed.name);
    changed.description = wanted.description.unwrap_or(changed.description);
    changed.permissions = wanted.permissions.unwrap_or(changed.permissions);
    changed.expires_at = wanted.expires_at.unwrap_or(changed.expires_at);
    changed.updated_at = now;
    let told = told(row, &changed);
    (!told.is_empty()).then_some((changed, told))
}

/// The members that an event may tell of.
pub(crate) fn members(row: &TokenRow) -> Map<String, Value> {
    let Value::Object(members) = json!({
        "name": row.name,
        "description": row.description,
        "permissions": row.permissions,
        "expires_at": row.expires_at,
    }) else {
        return Map::new();
    };
    members
}

/// More permissions or a later expiry widen, fewer or an earlier one narrow; a mixed edit does both.
fn told(before: &TokenRow, after: &TokenRow) -> Vec<Told> {
    let (had, has): (BTreeSet<_>, BTreeSet<_>) =
        (before.permissions.iter().collect(), after.permissions.iter().collect());
    let if_so = |so: bool, member: &'static str| so.then_some(member);
    let widened =
        [if_so(!has.is_subset(&had), "permissions"), if_so(after.expires_at > before.expires_at, "expires_at")];
    let narrowed =
        [if_so(!had.is_subset(&has), "permissions"), if_so(after.expires_at < before.expires_at, "expires_at")];
    let described =
        [if_so(after.name != before.name, "name"), if_so(after.description != before.description, "description")];
    [(EventKind::Widened, widened), (EventKind::Narrowed, narrowed), (EventKind::Described, described)]
        .into_iter()
        .map(|(kind, names)| (kind, names.into_iter().flatten().collect::<Vec<_>>()))
        .filter(|(_, names)| !names.is_empty())
        .map(|(kind, names)| Told { kind, from: only(members(before), &names), to: only(members(after), &names) })
        .collect()
}

fn only(mut members: Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    members.retain(|name, _| names.contains(&name.as_str()));
    members
}
