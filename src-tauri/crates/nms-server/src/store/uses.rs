//! Writes a batch of uses, refused calls and renewed sessions, all or nothing.

use std::collections::{BTreeMap, HashMap};

use nms_api::{Event, PermissionName, TokenId};
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::token_row::{used_permissions, uuid};
use super::{Owner, Result, Seen, Store, alerts, events, micros, sources, use_days};
use crate::use_days::UseDays;
use crate::use_ledger::{Uses, first_used_event};

/// What is written at once.
pub(crate) struct Batch<'a> {
    pub(crate) uses: Vec<(TokenId, &'a Uses, Uuid)>,
    /// In the order in which they came.
    pub(crate) seen: Vec<Seen<'a>>,
    /// Of the tokens of `uses`.
    pub(crate) days: &'a HashMap<TokenId, UseDays>,
    pub(crate) refused: Vec<Event>,
    pub(crate) sessions: Vec<(Uuid, chrono::DateTime<chrono::Utc>)>,
}

impl Store {
    /// Writes it. Tokens that were purged meanwhile are passed over.
    pub(crate) async fn write_uses(&self, batch: &Batch<'_>) -> Result<()> {
        let mut write = self.write().await?;
        for (id, uses, event_id) in &batch.uses {
            if add_uses(&mut write, *id, uses, *event_id).await?
                && let Some(days) = batch.days.get(id)
            {
                use_days::add(&mut write, *id, days).await?;
            }
        }
        sources::learn(&mut write, &batch.seen).await?;
        for event in &batch.refused {
            if let Some(owner) = owner_of(&mut write, event.token_id).await? {
                events::insert_refused(&mut write, owner, event).await?;
                alerts::count_refused(&mut write, event).await?;
            }
        }
        for (id, last_used_at) in &batch.sessions {
            sqlx::query("UPDATE sessions SET last_used_at = $1 WHERE id = $2 AND last_used_at < $1")
                .bind(micros(*last_used_at))
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        write.commit().await?;
        Ok(())
    }
}

async fn owner_of(connection: &mut AnyConnection, id: TokenId) -> Result<Option<Owner>> {
    let row = sqlx::query("SELECT owner_id, organization_id FROM tokens WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Owner { person_id: uuid(&row, "owner_id")?, organization_id: uuid(&row, "organization_id")? }))
}

/// False: the token is not there any more.
async fn add_uses(connection: &mut AnyConnection, id: TokenId, uses: &Uses, event_id: Uuid) -> Result<bool> {
    let row = sqlx::query("SELECT owner_id, organization_id, use_count, used_permissions FROM tokens WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(false) };
    let owner = Owner { person_id: uuid(&row, "owner_id")?, organization_id: uuid(&row, "organization_id")? };
    if row.try_get::<i64, _>("use_count")? == 0 {
        events::insert(&mut *connection, owner, &first_used_event(id, uses, event_id)).await?;
    }
    let mut permissions = used_permissions(row.try_get("used_permissions")?)?;
    uses.merge_permissions_into(&mut permissions);
    let permissions: BTreeMap<&PermissionName, i64> =
        permissions.iter().map(|(name, at)| (name, micros(*at))).collect();
    sqlx::query(
        "UPDATE tokens SET use_count = use_count + $1, last_used_at = $2, last_used_from = $3, used_permissions = $4 \
         WHERE id = $5",
    )
    .bind(uses.count.cast_signed())
    .bind(micros(uses.last_at))
    .bind(&uses.last_from)
    .bind(serde_json::to_string(&permissions)?)
    .bind(id.to_string())
    .execute(connection)
    .await?;
    Ok(true)
}
