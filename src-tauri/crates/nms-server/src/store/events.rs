//! What happened to tokens: written in the transaction of what they tell, read newest first.

use chrono::{DateTime, Utc};
use nms_api::{Actor, Event, EventKind, EventOfToken, TokenId, token_format};
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::statement::Statement;
use super::token_row::uuid;
use super::{KEPT_AFTER_DELETION, Owner, Result, Store, instant, micros};
use crate::use_ledger::MAX_REFUSED_KINDS;

/// The columns of an event, for a query to begin with.
macro_rules! event_columns {
    () => {
        "SELECT events.id, events.token_id, events.at, events.kind, events.actor, events.from_members, \
         events.to_members, events.reason, events.address, events.agent, events.permission, events.count, events.first_at"
    };
}

/// Where a page of events ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventPosition {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: Uuid,
}

impl EventPosition {
    /// Before the newest.
    const NEWEST: Self = Self { at: DateTime::<Utc>::MAX_UTC, id: Uuid::max() };
}

impl Store {
    /// Up to `limit` events of a token, newest first.
    pub(crate) async fn events(
        &self,
        token_id: TokenId,
        after: Option<EventPosition>,
        limit: u32,
    ) -> Result<Vec<Event>> {
        const QUERY: &str = concat!(
            event_columns!(),
            " FROM events WHERE token_id = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"
        );
        let after = after.unwrap_or(EventPosition::NEWEST);
        let rows = sqlx::query(QUERY)
            .bind(token_id.to_string())
            .bind(micros(after.at))
            .bind(after.id.to_string())
            .bind(i64::from(limit))
            .fetch_all(&self.reads)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Up to `limit` events of all the owner's tokens, newest first: deleted ones' too, as long as they are kept.
    pub(crate) async fn events_of_owner(
        &self,
        owner: Owner,
        wanted: &WantedEvents,
        now: DateTime<Utc>,
    ) -> Result<Vec<EventOfToken>> {
        let statement = of_owner(owner, wanted, now)?;
        let rows = statement.query().fetch_all(&self.reads).await?;
        rows.iter().map(read_with_token).collect()
    }

    /// The owner's tokens that lapsed and of whose lapse no event tells yet, each with its expiry.
    pub(crate) async fn untold_expiries(
        &self,
        owner: Owner,
        now: DateTime<Utc>,
    ) -> Result<Vec<(TokenId, DateTime<Utc>)>> {
        let rows = sqlx::query(
            "SELECT id, expires_at FROM tokens WHERE owner_id = $1 AND organization_id = $2 AND expires_at <= $3 \
             AND (deleted_at IS NULL OR expires_at < deleted_at) AND (ends_at IS NULL OR expires_at < ends_at) \
             AND NOT EXISTS (SELECT 1 FROM events \
             WHERE events.once_key = 'expired ' || tokens.id || ' ' || tokens.expires_at)",
        )
        .bind(owner.person_id.to_string())
        .bind(owner.organization_id.to_string())
        .bind(micros(now))
        .fetch_all(&self.reads)
        .await?;
        rows.iter().map(|row| Ok((TokenId(uuid(row, "id")?), instant(row.try_get("expires_at")?)))).collect()
    }

    /// Writes events that nobody's request caused; what stands there already stays one.
    pub(crate) async fn note(&self, owner: Owner, events: &[Event]) -> Result<()> {
        let mut write = self.write().await?;
        insert_all(&mut write, owner, events).await?;
        write.commit().await?;
        Ok(())
    }
}

/// Which events of an owner.
#[derive(Debug, Default)]
pub(crate) struct WantedEvents {
    /// None: of every kind.
    pub(crate) kinds: Vec<EventKind>,
    /// Folded, as in `text_keys::words`.
    pub(crate) words: Vec<String>,
    pub(crate) after: Option<EventPosition>,
    pub(crate) limit: u32,
}

fn of_owner(owner: Owner, wanted: &WantedEvents, now: DateTime<Utc>) -> Result<Statement> {
    const COLUMNS: &str = concat!(
        event_columns!(),
        ", tokens.name, tokens.lookup_id, tokens.suffix FROM events JOIN tokens ON tokens.id = events.token_id"
    );
    let mut statement = Statement::default();
    let after = wanted.after.unwrap_or(EventPosition::NEWEST);
    let person = statement.text(owner.person_id.to_string());
    let organization = statement.text(owner.organization_id.to_string());
    let (at, id) = (statement.number(micros(after.at)), statement.text(after.id.to_string()));
    let kept_since = statement.number(micros(now - KEPT_AFTER_DELETION));
    statement.sql = format!(
        "{COLUMNS} WHERE events.owner_id = {person} AND events.organization_id = {organization} \
         AND (events.at, events.id) < ({at}, {id}) AND (tokens.deleted_at IS NULL OR tokens.deleted_at > {kept_since})"
    );
    if !wanted.kinds.is_empty() {
        let kinds: Vec<String> =
            wanted.kinds.iter().map(|kind| Ok(statement.text(kind_word(*kind)?))).collect::<Result<_>>()?;
        statement.sql += &format!(" AND events.kind IN ({})", kinds.join(", "));
    }
    for word in &wanted.words {
        let pattern = statement.holding(word);
        statement.sql += &format!(
            " AND (tokens.search_text LIKE {pattern} ESCAPE '\\' OR events.address LIKE {pattern} ESCAPE '\\' \
             OR LOWER(events.agent) LIKE {pattern} ESCAPE '\\')"
        );
    }
    let limit = statement.number(i64::from(wanted.limit));
    statement.sql += &format!(" ORDER BY events.at DESC, events.id DESC LIMIT {limit}");
    Ok(statement)
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
        // Whoever knows a value could fill the disk with reports of it.
        EventKind::Reported => Some(format!("reported {}", event.token_id)),
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
        | EventKind::Revoked => None,
    }
}

/// Writes refused calls; without their address when the token has so many kinds of them that no more are told apart.
pub(super) async fn insert_refused(connection: &mut AnyConnection, owner: Owner, event: &Event) -> Result<()> {
    const QUERY: &str = "SELECT COUNT(*) FROM events WHERE token_id = $1 AND kind = 'refused' \
         AND NOT EXISTS (SELECT 1 FROM events WHERE once_key = $2)";
    let others: i64 = sqlx::query_scalar(QUERY)
        .bind(event.token_id.to_string())
        .bind(once_key(event))
        .fetch_one(&mut *connection)
        .await?;
    if usize::try_from(others).is_ok_and(|others| others < MAX_REFUSED_KINDS) {
        return insert(connection, owner, event).await;
    }
    insert(connection, owner, &Event { address: None, ..event.clone() }).await
}

/// Writes an event. One that stands there already, by its `once_key`, takes up the new count.
pub(super) async fn insert(connection: &mut AnyConnection, owner: Owner, event: &Event) -> Result<()> {
    const QUERY: &str = "INSERT INTO events (id, token_id, owner_id, organization_id, at, kind, actor, from_members, \
         to_members, reason, address, agent, permission, count, first_at, once_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
         ON CONFLICT (once_key) \
         DO UPDATE SET count = events.count + excluded.count, at = excluded.at, agent = excluded.agent";
    sqlx::query(QUERY)
        .bind(event.id.to_string())
        .bind(event.token_id.to_string())
        .bind(owner.person_id.to_string())
        .bind(owner.organization_id.to_string())
        .bind(micros(event.at))
        .bind(kind_word(event.kind)?)
        .bind(serde_json::to_string(&event.actor)?)
        .bind(event.from.as_ref().map(serde_json::to_string).transpose()?)
        .bind(event.to.as_ref().map(serde_json::to_string).transpose()?)
        .bind(&event.reason)
        .bind(&event.address)
        .bind(&event.agent)
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
        agent: row.try_get("agent")?,
        permission: row.try_get::<Option<&str>, _>("permission")?.map(Into::into),
        count: row.try_get::<Option<i64>, _>("count")?.map(i64::cast_unsigned),
        first_at: row.try_get::<Option<i64>, _>("first_at")?.map(instant),
    })
}

fn read_with_token(row: &AnyRow) -> Result<EventOfToken> {
    Ok(EventOfToken {
        event: read(row)?,
        token_name: row.try_get("name")?,
        token_masked: token_format::mask(row.try_get("lookup_id")?, row.try_get("suffix")?),
    })
}

fn members(json: Option<&str>) -> Result<Option<Map<String, Value>>> {
    Ok(json.map(serde_json::from_str).transpose()?)
}

/// A kind as it is stored: its name on the wire.
fn kind_word(kind: EventKind) -> Result<String> {
    Ok(serde_json::to_value(kind)?.as_str().unwrap_or_default().to_owned())
}
