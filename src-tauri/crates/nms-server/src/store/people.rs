//! The person of the built-in server, their organisation, and what they hold there.

use nms_api::{Organization, PermissionName, User};
use sqlx::Row;
use uuid::Uuid;

use super::token_row::{column_of, names, uuid};
use super::{Owner, Result, Store, devices};

/// The person whose computer the built-in server runs on.
pub(crate) struct BuiltIn {
    pub(crate) user: User,
    pub(crate) organization: Organization,
}

impl BuiltIn {
    pub(crate) fn owner(&self) -> Owner {
        Owner { person_id: self.user.id, organization_id: self.organization.id }
    }
}

/// What a store holds after its first start.
pub(crate) struct FirstStart {
    pub(crate) built_in: BuiltIn,
    pub(crate) devices: Vec<nms_api::Device>,
}

impl Store {
    /// The person of the built-in server; `None` before the first start.
    pub(crate) async fn built_in(&self) -> Result<Option<BuiltIn>> {
        let row = sqlx::query(
            "SELECT p.id AS person_id, p.name AS person_name, o.id AS organization_id, o.name AS organization_name \
             FROM people p JOIN memberships m ON m.person_id = p.id JOIN organizations o ON o.id = m.organization_id \
             WHERE p.built_in = 1 ORDER BY o.id LIMIT 1",
        )
        .fetch_optional(&self.reads)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(BuiltIn {
            user: User { id: uuid(&row, "person_id")?, name: row.try_get("person_name")? },
            organization: Organization { id: uuid(&row, "organization_id")?, name: row.try_get("organization_name")? },
        }))
    }

    /// Writes what a store needs to begin with, all or nothing.
    pub(crate) async fn begin_with(&self, first: &FirstStart) -> Result<()> {
        let BuiltIn { user, organization } = &first.built_in;
        let mut write = self.write().await?;
        sqlx::query("INSERT INTO organizations (id, name) VALUES ($1, $2)")
            .bind(organization.id.to_string())
            .bind(&organization.name)
            .execute(&mut *write)
            .await?;
        sqlx::query("INSERT INTO people (id, name, built_in) VALUES ($1, $2, 1)")
            .bind(user.id.to_string())
            .bind(&user.name)
            .execute(&mut *write)
            .await?;
        sqlx::query("INSERT INTO memberships (person_id, organization_id, held) VALUES ($1, $2, NULL)")
            .bind(user.id.to_string())
            .bind(organization.id.to_string())
            .execute(&mut *write)
            .await?;
        for device in &first.devices {
            devices::insert(&mut write, organization.id, device).await?;
        }
        write.commit().await?;
        Ok(())
    }

    /// Calls a person by another name.
    pub(crate) async fn rename_person(&self, id: Uuid, name: &str) -> Result<()> {
        sqlx::query("UPDATE people SET name = $1 WHERE id = $2")
            .bind(name)
            .bind(id.to_string())
            .execute(&self.writes)
            .await?;
        Ok(())
    }

    /// What a person holds; `None`: everything.
    pub(crate) async fn held(&self, owner: Owner) -> Result<Option<Vec<PermissionName>>> {
        let column: Option<String> =
            sqlx::query_scalar("SELECT held FROM memberships WHERE person_id = $1 AND organization_id = $2")
                .bind(owner.person_id.to_string())
                .bind(owner.organization_id.to_string())
                .fetch_one(&self.reads)
                .await?;
        Ok(column.as_deref().map(names))
    }

    /// Sets what a person holds, from the next request on; `None`: everything.
    pub(crate) async fn set_held(&self, owner: Owner, held: Option<&[PermissionName]>) -> Result<()> {
        sqlx::query("UPDATE memberships SET held = $1 WHERE person_id = $2 AND organization_id = $3")
            .bind(held.map(column_of))
            .bind(owner.person_id.to_string())
            .bind(owner.organization_id.to_string())
            .execute(&self.writes)
            .await?;
        Ok(())
    }

    /// Where a person could act.
    pub(crate) async fn organizations(&self, person_id: Uuid) -> Result<Vec<Organization>> {
        let rows = sqlx::query(
            "SELECT o.id, o.name FROM organizations o JOIN memberships m ON m.organization_id = o.id \
             WHERE m.person_id = $1 ORDER BY o.name, o.id",
        )
        .bind(person_id.to_string())
        .fetch_all(&self.reads)
        .await?;
        rows.iter().map(|row| Ok(Organization { id: uuid(row, "id")?, name: row.try_get("name")? })).collect()
    }
}
