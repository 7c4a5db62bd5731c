//! Tokens whose value was found in public: looked up by its hash, whoever owns them, and marked.

use chrono::{DateTime, Utc};
use nms_api::{Event, PermissionName};
use sqlx::Row;
use uuid::Uuid;

use super::token_row::{names, token_columns};
use super::{Result, Store, TokenRow, events, micros};

/// A token that a hash leads to, and what its owner holds.
pub(crate) struct Known {
    pub(crate) row: TokenRow,
    /// `None`: everything.
    pub(crate) held: Option<Vec<PermissionName>>,
}

impl Store {
    /// The token with this hash of its value, a deleted one too. Of an owner who is no member any more, too: they hold
    /// nothing.
    pub(crate) async fn anybodys_token_by_hash(&self, sha256: &[u8; 32]) -> Result<Option<Known>> {
        const QUERY: &str = concat!(
            "SELECT ",
            token_columns!(),
            ", CASE WHEN memberships.person_id IS NULL THEN '' ELSE memberships.held END AS held \
             FROM tokens LEFT JOIN memberships \
             ON memberships.person_id = tokens.owner_id AND memberships.organization_id = tokens.organization_id \
             WHERE tokens.sha256 = $1"
        );
        let row = sqlx::query(QUERY).bind(sha256.as_slice()).fetch_optional(&self.reads).await?;
        row.map(|row| {
            Ok(Known { held: row.try_get::<Option<&str>, _>("held")?.map(names), row: TokenRow::read(&row)? })
        })
        .transpose()
    }

    /// Marks a token as reported, with its event; the first report stays the one that counts. False: it was deleted.
    pub(crate) async fn mark_reported(
        &self,
        row: &TokenRow,
        alert_id: Uuid,
        at: DateTime<Utc>,
        event: &Event,
    ) -> Result<bool> {
        const QUERY: &str = "UPDATE tokens SET reported_at = COALESCE(reported_at, $1), \
             report_id = COALESCE(report_id, $2) WHERE id = $3 AND deleted_at IS NULL";
        let mut write = self.write().await?;
        let done = sqlx::query(QUERY)
            .bind(micros(at))
            .bind(alert_id.to_string())
            .bind(row.id.to_string())
            .execute(&mut *write)
            .await?;
        if done.rows_affected() == 0 {
            write.undo().await?;
            return Ok(false);
        }
        events::insert(&mut write, row.owner, event).await?;
        write.commit().await?;
        Ok(true)
    }
}
