//! Use by day: what each caller needed, and how much.

use std::collections::HashMap;

use chrono::NaiveDate;
use nms_api::TokenId;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::token_row::uuid;
use super::{Error, Owner, Result, Store, instant, micros};
use crate::use_days::{CallKind, Calls, UseDay, UseDays};

impl Store {
    /// The use of a token from `first` on.
    pub(crate) async fn use_days(&self, token_id: TokenId, first: NaiveDate) -> Result<UseDays> {
        let rows = sqlx::query(
            "SELECT day, address, agent, permission, count, last_at FROM token_use WHERE token_id = $1 AND day >= $2",
        )
        .bind(token_id.to_string())
        .bind(first.to_string())
        .fetch_all(&self.reads)
        .await?;
        let mut days = UseDays::default();
        for row in &rows {
            let (kind, calls) = read(row)?;
            days.day(day(row)?).put(kind, calls);
        }
        Ok(days)
    }

    /// How often each of these tokens was used on each day from `first` on. Those that are not there, or not the
    /// owner's, are left out.
    pub(crate) async fn daily_use(
        &self,
        owner: Owner,
        ids: &[TokenId],
        first: NaiveDate,
    ) -> Result<HashMap<TokenId, Vec<(NaiveDate, u64)>>> {
        let mut text = String::from(
            "SELECT t.id, u.day, CAST(COALESCE(SUM(u.count), 0) AS BIGINT) AS count FROM tokens t \
             LEFT JOIN token_use u ON u.token_id = t.id AND u.day >= $3 \
             WHERE t.owner_id = $1 AND t.organization_id = $2 AND t.deleted_at IS NULL AND t.id IN (''",
        );
        for number in 0..ids.len() {
            text.push_str(&format!(", ${}", number + 4));
        }
        text.push_str(") GROUP BY t.id, u.day");
        // Only placeholders are in the text.
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(owner.person_id.to_string())
            .bind(owner.organization_id.to_string())
            .bind(first.to_string());
        let query = ids.iter().fold(query, |query, id| query.bind(id.to_string()));
        let mut daily: HashMap<TokenId, Vec<(NaiveDate, u64)>> = HashMap::new();
        for row in &query.fetch_all(&self.reads).await? {
            let days = daily.entry(TokenId(uuid(row, "id")?)).or_default();
            if row.try_get::<Option<&str>, _>("day")?.is_some() {
                days.push((day(row)?, row.try_get::<i64, _>("count")?.unsigned_abs()));
            }
        }
        Ok(daily)
    }
}

/// Counts into what is written; the token is there.
pub(super) async fn add(connection: &mut AnyConnection, token_id: TokenId, days: &UseDays) -> Result<()> {
    for (day, calls) in days.iter() {
        let mut written = written(&mut *connection, token_id, day).await?;
        let mut changed: Vec<CallKind> = calls.iter().map(|(kind, calls)| written.add(kind, calls)).collect();
        changed.sort_unstable();
        changed.dedup();
        for kind in &changed {
            let Some(calls) = written.of(kind) else { continue };
            put(&mut *connection, token_id, day, kind, calls).await?;
        }
    }
    Ok(())
}

async fn written(connection: &mut AnyConnection, token_id: TokenId, day: NaiveDate) -> Result<UseDay> {
    let rows = sqlx::query(
        "SELECT address, agent, permission, count, last_at FROM token_use WHERE token_id = $1 AND day = $2",
    )
    .bind(token_id.to_string())
    .bind(day.to_string())
    .fetch_all(connection)
    .await?;
    let mut written = UseDay::default();
    for row in &rows {
        let (kind, calls) = read(row)?;
        written.put(kind, calls);
    }
    Ok(written)
}

async fn put(
    connection: &mut AnyConnection,
    token_id: TokenId,
    day: NaiveDate,
    kind: &CallKind,
    calls: Calls,
) -> Result<()> {
    const QUERY: &str = "INSERT INTO token_use (token_id, day, address, agent, permission, count, last_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (token_id, day, address, agent, permission) \
         DO UPDATE SET count = excluded.count, last_at = excluded.last_at";
    sqlx::query(QUERY)
        .bind(token_id.to_string())
        .bind(day.to_string())
        .bind(kind.address.clone().unwrap_or_default())
        .bind(kind.agent.clone().unwrap_or_default())
        .bind(kind.permission.as_ref().map_or_else(String::new, ToString::to_string))
        .bind(calls.count.cast_signed())
        .bind(micros(calls.last_at))
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<(CallKind, Calls)> {
    let known = |column: &str| -> Result<Option<String>> {
        Ok(Some(row.try_get::<String, _>(column)?).filter(|text| !text.is_empty()))
    };
    let kind = CallKind {
        address: known("address")?,
        agent: known("agent")?,
        permission: known("permission")?.map(Into::into),
    };
    Ok((
        kind,
        Calls { count: row.try_get::<i64, _>("count")?.unsigned_abs(), last_at: instant(row.try_get("last_at")?) },
    ))
}

fn day(row: &AnyRow) -> Result<NaiveDate> {
    row.try_get::<&str, _>("day")?.parse().map_err(|error: chrono::ParseError| Error::Unexpected(error.into()))
}
