//! What happened to tokens: written in the transaction of what they tell, read newest first.

use chrono::{DateTime, Utc};
use nms_api::{Actor, Event, EventKind, TokenId};
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::token_row::uuid;
use super::{Owner, Result, Store, instant, micros};

/// Where a page of events ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventPosition {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: Uuid,
}

impl Store {
    /// Up to `limit` events of a token, newest first.
    pub(crate) async fn events(
        &self,
        token_id: TokenId,
        after: Option<EventPosition>,
        limit: u32,
    ) -> Result<Vec<Event>> {
        let after = after.unwrap_or(EventPosition { at: DateTime::<Utc>::MAX_UTC, id: Uuid::max() });
        let rows = sqlx::query(
            "SELECT id, token_id, at, kind, actor, from_members, to_members, reason, address, permission, count, \
             first_at FROM events WHERE token_id = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
        )
        .bind(token_id.to_string())
        .bind(micros(after.at))
        .bind(after.id.to_string())
        .bind(i64::from(limit))
        .fetch_all(&self.reads)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Writes an event that nobody's request caused; one that stands there already stays one.
    pub(crate) async fn note(&self, owner: Owner, event: &Event) -> Result<()> {
        let mut write = self.write().await?;
        insert(&mut write, owner, event).await?;
        write.commit().await?;
        Ok(())
    }
}

pub(super) async fn insert_all(connection: &mut AnyConnection, owner: Owner, events: &[Event]) -> Result<()> {
    for event in events {
        insert(connection, owner, event).await?;
    }
    Ok(())
}

/// What makes an event one that stands in the store once only.
fn once_key(event: &Event) -> Option<String> {
    match event.kind {
        EventKind::Expired => Some(format!("expired {} {}", event.token_id, micros(event.at))),
        EventKind::Refused => Some(format!(
            "refused {} {} {} {}",
            event.token_id,
            event.reason.as_deref().unwrap_or_default(),
            event.address.as_deref().unwrap_or_default(),
            event.permission.as_ref().map_or("", |permission| permission.as_str()),
        )),
        EventKind::Created
        | EventKind::Widened
        | EventKind::Narrowed
        | EventKind::Described
        | EventKind::Paused
        | EventKind::Resumed
        | EventKind::Rotated
        | EventKind::Replaced
        | EventKind::Deleted
        | EventKind::FirstUsed
        | EventKind::NewSource
        | EventKind::Reviewed
        | EventKind::Revoked
        | EventKind::Reported => None,
    }
}

/// Writes an event. One that stands there already, by its `once_key`, takes up the new count.
pub(super) async fn insert(connection: &mut AnyConnection, owner: Owner, event: &Event) -> Result<()> {
    const QUERY: &str = "INSERT INTO events (id, token_id, owner_id, organization_id, at, kind, actor, from_members, \
         to_members, reason, address, permission, count, first_at, once_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (once_key) DO UPDATE SET count = events.count + excluded.count, at = excluded.at";
    sqlx::query(QUERY)
        .bind(event.id.to_string())
        .bind(event.token_id.to_string())
        .bind(owner.person_id.to_string())
        .bind(owner.organization_id.to_string())
        .bind(micros(event.at))
        .bind(word(&serde_json::to_value(event.kind)?))
        .bind(serde_json::to_string(&event.actor)?)
        .bind(event.from.as_ref().map(serde_json::to_string).transpose()?)
        .bind(event.to.as_ref().map(serde_json::to_string).transpose()?)
        .bind(&event.reason)
        .bind(&event.address)
        .bind(event.permission.as_ref().map(|permission| permission.as_str().to_owned()))
        .bind(event.count.map(u64::cast_signed))
        .bind(event.first_at.map(micros))
        .bind(once_key(event))
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Event> {
    let kind = Value::from(row.try_get::<&str, _>("kind")?);
    Ok(Event {
        id: uuid(row, "id")?,
        token_id: TokenId(uuid(row, "token_id")?),
        at: instant(row.try_get("at")?),
        kind: serde_json::from_value(kind)?,
        actor: serde_json::from_str::<Actor>(row.try_get("actor")?)?,
        from: members(row.try_get("from_members")?)?,
        to: members(row.try_get("to_members")?)?,
        reason: row.try_get("reason")?,
        address: row.try_get("address")?,
        permission: row.try_get::<Option<&str>, _>("permission")?.map(Into::into),
        count: row.try_get::<Option<i64>, _>("count")?.map(i64::cast_unsigned),
        first_at: row.try_get::<Option<i64>, _>("first_at")?.map(instant),
    })
}

fn members(json: Option<&str>) -> Result<Option<Map<String, Value>>> {
    Ok(json.map(serde_json::from_str).transpose()?)
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
