//! Forgets what nobody may ask for any more.

use chrono::{DateTime, Utc};

use super::{KEPT_AFTER_DELETION, Result, Store, micros};
use crate::use_days::first_day;

impl Store {
    /// Removes tokens that were deleted long enough ago, with all that is theirs, alerts that were closed as long ago, use of
    /// which is told no more, and sessions last used before `sessions_before`.
    pub(crate) async fn purge(&self, now: DateTime<Utc>, sessions_before: DateTime<Utc>) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM tokens WHERE deleted_at <= $1")
            .bind(micros(now - KEPT_AFTER_DELETION))
            .execute(&mut *write)
            .await?;
        sqlx::query("DELETE FROM alerts WHERE closed_at <= $1")
            .bind(micros(now - KEPT_AFTER_DELETION))
            .execute(&mut *write)
            .await?;
        sqlx::query("DELETE FROM token_use WHERE day < $1")
            .bind(first_day(now).to_string())
            .execute(&mut *write)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE last_used_at <= $1")
            .bind(micros(sessions_before))
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(())
    }
}
