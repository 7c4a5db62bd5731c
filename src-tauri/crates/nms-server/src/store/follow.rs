//! What is stored beside a snapshot and follows from the catalogue of the program: made anew when the store was
//! written by a program with another one.

use sqlx::Row;

use super::token_row::names;
use super::{Result, Store};
use crate::permission_bits;

impl Store {
    /// Brings it up to date. Costs a look while the catalogue is the same.
    pub(super) async fn follow_catalogue(&self) -> Result<()> {
        let meaning = permission_bits::meaning();
        let stored: Option<String> =
            sqlx::query_scalar("SELECT names FROM catalogue_of_bits").fetch_optional(&self.writes).await?;
        if stored.is_some_and(|stored| stored == meaning) {
            return Ok(());
        }
        let mut write = self.write().await?;
        let rows = sqlx::query("SELECT id, permissions FROM tokens").fetch_all(&mut *write).await?;
        for row in &rows {
            let permissions = names(row.try_get("permissions")?);
            sqlx::query("UPDATE tokens SET permission_bits = $1, permission_count = $2 WHERE id = $3")
                .bind(permission_bits::of(&permissions))
                .bind(count(&permissions))
                .bind(row.try_get::<&str, _>("id")?)
                .execute(&mut *write)
                .await?;
        }
        sqlx::query("DELETE FROM catalogue_of_bits").execute(&mut *write).await?;
        sqlx::query("INSERT INTO catalogue_of_bits (names) VALUES ($1)").bind(meaning).execute(&mut *write).await?;
        write.commit().await?;
        Ok(())
    }
}

/// How many permissions a snapshot has, as it is stored.
pub(super) fn count(permissions: &[nms_api::PermissionName]) -> i64 {
    i64::try_from(permissions.len()).unwrap_or(i64::MAX)
}
