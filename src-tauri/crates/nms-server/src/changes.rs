//! What an edit makes of a token, and which events tell of it. No clock, no store.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::{Actor, AddressRange, Event, EventKind, PermissionName, addresses};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::store::TokenRow;
use crate::use_ledger::bare_event;

/// What is wanted, checked; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) name: Option<Option<String>>,
    pub(crate) description: Option<Option<String>>,
    pub(crate) permissions: Option<Vec<PermissionName>>,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) allowed_addresses: Option<Vec<AddressRange>>,
    pub(crate) paused: Option<bool>,
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
    changed.allowed_addresses = wanted.allowed_addresses.unwrap_or(changed.allowed_addresses);
    changed.paused = wanted.paused.unwrap_or(changed.paused);
    changed.updated_at = now;
    let told = told(row, &changed);
    (!told.is_empty()).then_some((changed, told))
}

/// The members that the event of a new token tells of.
pub(crate) fn made(row: &TokenRow) -> Map<String, Value> {
    only(members(row), &["name", "description", "permissions", "expires_at", "allowed_addresses"])
}

/// The event of a deletion: it holds the last record, as it was just before.
pub(crate) fn deleted(
    id: Uuid,
    row: &TokenRow,
    held: &[PermissionName],
    at: DateTime<Utc>,
    actor: Actor,
    reason: Option<&str>,
) -> Event {
    let last = row.clone().into_token(held, at - TimeDelta::microseconds(1));
    let Ok(Value::Object(last)) = serde_json::to_value(last) else {
        return bare_event(id, row.id, at, EventKind::Deleted, actor);
    };
    Event { to: Some(last), reason: reason.map(str::to_owned), ..bare_event(id, row.id, at, EventKind::Deleted, actor) }
}

/// The members that an event may tell of.
fn members(row: &TokenRow) -> Map<String, Value> {
    let Value::Object(members) = json!({
        "name": row.name,
        "description": row.description,
        "permissions": row.permissions,
        "expires_at": row.expires_at,
        "allowed_addresses": row.allowed_addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "paused": row.paused,
    }) else {
        return Map::new();
    };
    members
}

/// More permissions, a later expiry and more addresses widen, less of them narrows; a mixed edit does both.
fn told(before: &TokenRow, after: &TokenRow) -> Vec<Told> {
    let if_so = |so: bool, member: &'static str| so.then_some(member);
    let beyond = |wide: &TokenRow, narrow: &TokenRow| {
        let (granted, held): (BTreeSet<_>, BTreeSet<_>) =
            (wide.permissions.iter().collect(), narrow.permissions.iter().collect());
        vec![
            if_so(!granted.is_subset(&held), "permissions"),
            if_so(wide.expires_at > narrow.expires_at, "expires_at"),
            if_so(!addresses::cover(&narrow.allowed_addresses, &wide.allowed_addresses), "allowed_addresses"),
        ]
    };
    let described = vec![
        if_so(after.name != before.name, "name"),
        if_so(after.description != before.description, "description"),
        if_so(are_rewritten(&before.allowed_addresses, &after.allowed_addresses), "allowed_addresses"),
    ];
    [
        (EventKind::Widened, beyond(after, before)),
        (EventKind::Narrowed, beyond(before, after)),
        (EventKind::Described, described),
        (EventKind::Paused, vec![if_so(after.paused && !before.paused, "paused")]),
        (EventKind::Resumed, vec![if_so(before.paused && !after.paused, "paused")]),
    ]
    .into_iter()
    .map(|(kind, names)| (kind, names.into_iter().flatten().collect::<Vec<_>>()))
    .filter(|(_, names)| !names.is_empty())
    .map(|(kind, names)| Told { kind, from: only(members(before), &names), to: only(members(after), &names) })
    .collect()
}

/// Other ranges for the same addresses.
fn are_rewritten(before: &[AddressRange], after: &[AddressRange]) -> bool {
    before != after && addresses::cover(before, after) && addresses::cover(after, before)
}

fn only(mut members: Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    members.retain(|name, _| names.contains(&name.as_str()));
    members
}
