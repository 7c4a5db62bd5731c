//! Sessions: the credentials of people. Of each only its SHA-256.

use chrono::{DateTime, Utc};
use nms_api::{Organization, PermissionName, User};
use sqlx::Row;
use uuid::Uuid;

use super::token_row::{names, uuid};
use super::{Owner, Result, Store, instant, micros};

/// What verification needs of a session, and who acts with it.
pub(crate) struct SessionRow {
    pub(crate) id: Uuid,
    pub(crate) sha256: Vec<u8>,
    pub(crate) last_used_at: DateTime<Utc>,
    pub(crate) user: User,
    pub(crate) organization: Organization,
    /// What the person holds now; `None`: everything.
    pub(crate) held: Option<Vec<PermissionName>>,
}

impl Store {
    /// Remembers a session that was opened just now.
    pub(crate) async fn open_session(
        &self,
        id: Uuid,
        owner: Owner,
        lookup_id: &str,
        sha256: &[u8; 32],
        at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO sessions (id, person_id, organization_id, lookup_id, sha256, opened_at, last_used_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.to_string())
        .bind(owner.person_id.to_string())
        .bind(owner.organization_id.to_string())
        .bind(lookup_id)
        .bind(sha256.as_slice())
        .bind(micros(at))
        .bind(micros(at))
        .execute(&self.writes)
        .await?;
        Ok(())
    }

    /// The session with this lookup id.
    pub(crate) async fn session(&self, lookup_id: &str) -> Result<Option<SessionRow>> {
        let row = sqlx::query(
            "SELECT s.id, s.sha256, s.last_used_at, p.id AS person_id, p.name AS person_name, \
             o.id AS organization_id, o.name AS organization_name, m.held FROM sessions s \
             JOIN people p ON p.id = s.person_id JOIN organizations o ON o.id = s.organization_id \
             JOIN memberships m ON m.person_id = s.person_id AND m.organization_id = s.organization_id \
             WHERE s.lookup_id = $1",
        )
        .bind(lookup_id)
        .fetch_optional(&self.reads)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(SessionRow {
            id: uuid(&row, "id")?,
            sha256: row.try_get("sha256")?,
            last_used_at: instant(row.try_get("last_used_at")?),
            user: User { id: uuid(&row, "person_id")?, name: row.try_get("person_name")? },
            organization: Organization { id: uuid(&row, "organization_id")?, name: row.try_get("organization_name")? },
            held: row.try_get::<Option<&str>, _>("held")?.map(names),
        }))
    }
}
