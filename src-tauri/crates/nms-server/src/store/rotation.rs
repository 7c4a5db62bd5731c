//! Replacements: made in one transaction with what becomes of the old token, and ended when their time is over.

use chrono::{DateTime, Utc};
use nms_api::{Event, PermissionName};
use sqlx::{AnyConnection, Row};

use super::token_row::{names, token_columns};
use super::{NewRow, Result, Scope, Store, TokenRow, events, idempotency, instant, micros, tokens};

/// What came of storing a replacement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rotated {
    /// It is there, and the old token knows it.
    Stored,
    /// Another token has this lookup id; nothing was stored.
    LookupIdTaken,
    /// The key was used meanwhile; nothing was stored.
    KeyTaken,
    /// Somebody changed the old token since; nothing was stored.
    OldChanged,
}

/// A replaced token whose time is over, and what its owner holds.
pub(crate) struct Ended {
    pub(crate) row: TokenRow,
    /// `None`: everything.
    pub(crate) held: Option<Vec<PermissionName>>,
}

impl Store {
    /// Stores a token in the place of another, which is `old` afterwards and must still be at that version; or nothing.
    pub(crate) async fn rotate_token(
        &self,
        new: &NewRow,
        old: &TokenRow,
        scope: &Scope,
        body: &[u8; 32],
        events: &[Event],
    ) -> Result<Rotated> {
        let mut write = self.write().await?;
        let outcome = if !replace(&mut write, old).await? {
            Rotated::OldChanged
        } else if !tokens::insert(&mut write, new).await? {
            Rotated::LookupIdTaken
        } else if !idempotency::remember(&mut write, scope, body, new.row.id).await? {
            Rotated::KeyTaken
        } else {
            events::insert_all(&mut write, new.row.owner, events).await?;
            write.commit().await?;
            return Ok(Rotated::Stored);
        };
        write.undo().await?;
        Ok(outcome)
    }

    /// Replaced tokens that end at `now` or ended before, and are not deleted yet. Of an owner who is no member any
    /// more, too: they hold nothing.
    pub(crate) async fn ended_tokens(&self, now: DateTime<Utc>) -> Result<Vec<Ended>> {
        const QUERY: &str = concat!(
            "SELECT ",
            token_columns!(),
            ", CASE WHEN memberships.person_id IS NULL THEN '' ELSE memberships.held END AS held \
             FROM tokens LEFT JOIN memberships \
             ON memberships.person_id = tokens.owner_id AND memberships.organization_id = tokens.organization_id \
             WHERE tokens.ends_at <= $1 AND tokens.deleted_at IS NULL ORDER BY tokens.ends_at"
        );
        let rows = sqlx::query(QUERY).bind(micros(now)).fetch_all(&self.reads).await?;
        rows.iter()
            .map(|row| {
                Ok(Ended { held: row.try_get::<Option<&str>, _>("held")?.map(names), row: TokenRow::read(row)? })
            })
            .collect()
    }

    /// When the next replaced token ends.
    pub(crate) async fn next_end(&self) -> Result<Option<DateTime<Utc>>> {
        const QUERY: &str = "SELECT MIN(ends_at) FROM tokens WHERE ends_at IS NOT NULL AND deleted_at IS NULL";
        let next: Option<i64> = sqlx::query_scalar(QUERY).fetch_one(&self.reads).await?;
        Ok(next.map(instant))
    }
}

/// False: the old token is not what it was. A deletion is no new version, a replacement is, and so is its end.
pub(super) async fn replace(connection: &mut AnyConnection, old: &TokenRow) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE tokens SET replaced_by = $1, ends_at = $2, expires_at = $3, updated_at = $4, deleted_at = $5, \
         version = version + 1 WHERE id = $6 AND version = $7 AND deleted_at IS NULL",
    )
    .bind(old.replaced_by.map(|id| id.to_string()))
    .bind(old.ends_at.map(micros))
    .bind(micros(old.expires_at))
    .bind(micros(old.updated_at))
    .bind(old.deleted_at.map(micros))
    .bind(old.id.to_string())
    .bind(old.version)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
