//! Tokens: made, found, changed, deleted. Each write is one transaction with the events that it causes.

use chrono::{DateTime, Utc};
use nms_api::{Event, TokenId};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Row};

use super::follow::count;
use super::token_row::{column_of, column_of_ranges, names, token_columns};
use super::{KEPT_AFTER_DELETION, Owner, Result, Scope, Store, TokenRow, events, idempotency, micros, rotation};
use crate::{permission_bits, text_keys};

/// Asks for the token with this in a column, of one owner, whose trace is kept still.
macro_rules! kept_token {
    ($column:literal) => {
        concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE ",
            $column,
            " = $1 AND owner_id = $2 AND organization_id = $3 \
             AND (COALESCE(deleted_at, ends_at) IS NULL OR COALESCE(deleted_at, ends_at) > $4)"
        )
    };
}

/// What is stored of a new token.
pub(crate) struct NewRow {
    pub(crate) row: TokenRow,
    /// Of the whole value.
    pub(crate) sha256: [u8; 32],
}

/// What came of storing a new token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Created {
    /// It is there.
    Stored,
    /// Another token has this lookup id; nothing was stored.
    LookupIdTaken,
    /// The key was used meanwhile; nothing was stored.
    KeyTaken,
}

/// What verification needs of a token.
pub(crate) struct Verifiable {
    pub(crate) row: TokenRow,
    pub(crate) sha256: Vec<u8>,
    /// What the owner holds now; `None`: everything.
    pub(crate) held: Option<Vec<nms_api::PermissionName>>,
}

impl Store {
    /// Stores a token, its key and its first event, or nothing.
    pub(crate) async fn create_token(
        &self,
        new: &NewRow,
        scope: &Scope,
        body: &[u8; 32],
        event: &Event,
    ) -> Result<Created> {
        let mut write = self.write().await?;
        if !insert(&mut write, new).await? {
            write.undo().await?;
            return Ok(Created::LookupIdTaken);
        }
        if !idempotency::remember(&mut write, scope, body, new.row.id).await? {
            write.undo().await?;
            return Ok(Created::KeyTaken);
        }
        events::insert(&mut write, new.row.owner, event).await?;
        write.commit().await?;
        Ok(Created::Stored)
    }

    /// A token of this owner that is not deleted.
    pub(crate) async fn token(&self, owner: Owner, id: TokenId) -> Result<Option<TokenRow>> {
        const QUERY: &str = concat!(
            "SELECT ",
            token_columns!(),
            " FROM tokens WHERE id = $1 AND owner_id = $2 AND organization_id = $3 AND deleted_at IS NULL"
        );
        let row = sqlx::query(QUERY)
            .bind(id.to_string())
            .bind(owner.person_id.to_string())
            .bind(owner.organization_id.to_string())
            .fetch_optional(&self.reads)
            .await?;
        row.as_ref().map(TokenRow::read).transpose()
    }

    /// The token with this lookup id and this hash of its value, a deleted one too, and what its owner holds now.
    ///
    /// The hash is asked for so that a wrong value finds nothing, like an unknown one: reading a row takes longer than
    /// reading none. It does not decide: whoever asks compares again, in constant time. What the time of the database's
    /// comparison could tell is how a hash begins, from which no value follows.
    pub(crate) async fn verifiable(&self, lookup_id: &str, sha256: &[u8; 32]) -> Result<Option<Verifiable>> {
        const QUERY: &str = concat!(
            "SELECT ",
            token_columns!(),
            ", tokens.sha256, memberships.held FROM tokens JOIN memberships \
             ON memberships.person_id = tokens.owner_id AND memberships.organization_id = tokens.organization_id \
             WHERE tokens.lookup_id = $1 AND tokens.sha256 = $2"
        );
        tracing::trace!("a token is looked up");
        let query = sqlx::query(QUERY).bind(lookup_id).bind(sha256.as_slice());
        let Some(row) = query.fetch_optional(&self.reads).await? else { return Ok(None) };
        Ok(Some(Verifiable {
            sha256: row.try_get("sha256")?,
            held: row.try_get::<Option<&str>, _>("held")?.map(names),
            row: TokenRow::read(&row)?,
        }))
    }

    /// Stores a changed token when it is still at the version that `changed` was made from. False: it is not.
    pub(crate) async fn update_token(&self, changed: &TokenRow, events: &[Event]) -> Result<bool> {
        const QUERY: &str = "UPDATE tokens SET name = $1, description = $2, name_key = $3, search_text = $4, \
             permissions = $5, permission_bits = $6, permission_count = $7, allowed_addresses = $8, paused = $9, \
             expires_at = $10, updated_at = $11, version = version + 1 \
             WHERE id = $12 AND version = $13 AND deleted_at IS NULL AND (ends_at IS NULL OR ends_at > $11)";
        let mut write = self.write().await?;
        let done = sqlx::query(QUERY)
            .bind(&changed.name)
            .bind(&changed.description)
            .bind(changed.name.as_deref().map(text_keys::sorting))
            .bind(text_keys::searching(changed))
            .bind(column_of(&changed.permissions))
            .bind(permission_bits::of(&changed.permissions))
            .bind(count(&changed.permissions))
            .bind(column_of_ranges(&changed.allowed_addresses))
            .bind(i64::from(changed.paused))
            .bind(micros(changed.expires_at))
            .bind(micros(changed.updated_at))
            .bind(changed.id.to_string())
            .bind(changed.version)
            .execute(&mut *write)
            .await?;
        if done.rows_affected() == 0 {
            write.undo().await?;
            return Ok(false);
        }
        events::insert_all(&mut write, changed.owner, events).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Ends a token for good, with its events, when it is still at this version; `kept` is how the one becomes whose place
    /// it took, where that no longer ends by it. False: one of them is another by now, or it was deleted.
    pub(crate) async fn delete_token(
        &self,
        row: &TokenRow,
        at: DateTime<Utc>,
        events: &[Event],
        kept: Option<&TokenRow>,
    ) -> Result<bool> {
        let mut write = self.write().await?;
        let done =
            sqlx::query("UPDATE tokens SET deleted_at = $1 WHERE id = $2 AND version = $3 AND deleted_at IS NULL")
                .bind(micros(at))
                .bind(row.id.to_string())
                .bind(row.version)
                .execute(&mut *write)
                .await?;
        let is_done = done.rows_affected() > 0
            && match kept {
                Some(kept) => rotation::replace(&mut write, kept).await?,
                None => true,
            };
        if !is_done {
            write.undo().await?;
            return Ok(false);
        }
        events::insert_all(&mut write, row.owner, events).await?;
        write.commit().await?;
        Ok(true)
    }

    /// The token of this owner with this hash of its value, a deleted one too as long as its trace is kept.
    pub(crate) async fn token_by_hash(
        &self,
        owner: Owner,
        sha256: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<TokenRow>> {
        self.kept_token(sqlx::query(kept_token!("sha256")).bind(sha256.as_slice()), owner, now).await
    }

    /// A token of this owner, a deleted one too as long as its events are kept.
    pub(crate) async fn token_or_its_trace(
        &self,
        owner: Owner,
        id: TokenId,
        now: DateTime<Utc>,
    ) -> Result<Option<TokenRow>> {
        self.kept_token(sqlx::query(kept_token!("id")).bind(id.to_string()), owner, now).await
    }

    /// `which`: a [`kept_token`] query, with its column bound.
    async fn kept_token(
        &self,
        which: Query<'_, Any, AnyArguments>,
        owner: Owner,
        now: DateTime<Utc>,
    ) -> Result<Option<TokenRow>> {
        let row = which
            .bind(owner.person_id.to_string())
            .bind(owner.organization_id.to_string())
            .bind(micros(now - KEPT_AFTER_DELETION))
            .fetch_optional(&self.reads)
            .await?;
        row.as_ref().map(TokenRow::read).transpose()
    }
}

/// False: the lookup id is taken.
pub(super) async fn insert(connection: &mut AnyConnection, new: &NewRow) -> Result<bool> {
    const QUERY: &str = "INSERT INTO tokens (id, owner_id, organization_id, lookup_id, suffix, sha256, name, \
         description, name_key, search_text, permissions, permission_bits, permission_count, allowed_addresses, \
         created_at, updated_at, expires_at, replaces) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         ON CONFLICT (lookup_id) DO NOTHING";
    let row = &new.row;
    let done = sqlx::query(QUERY)
        .bind(row.id.to_string())
        .bind(row.owner.person_id.to_string())
        .bind(row.owner.organization_id.to_string())
        .bind(&row.lookup_id)
        .bind(&row.suffix)
        .bind(new.sha256.as_slice())
        .bind(&row.name)
        .bind(&row.description)
        .bind(row.name.as_deref().map(text_keys::sorting))
        .bind(text_keys::searching(row))
        .bind(column_of(&row.permissions))
        .bind(permission_bits::of(&row.permissions))
        .bind(count(&row.permissions))
        .bind(column_of_ranges(&row.allowed_addresses))
        .bind(micros(row.created_at))
        .bind(micros(row.updated_at))
        .bind(micros(row.expires_at))
        .bind(row.replaces.map(|id| id.to_string()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
