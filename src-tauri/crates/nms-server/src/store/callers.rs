//! Who used which token lately: for whoever knows an address or a program, and not the token.

use chrono::{DateTime, NaiveDate, Utc};
use nms_api::limits::MAX_CALLERS;
use nms_api::{CallerOfToken, TokenId, token_format};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::statement::Statement;
use super::token_row::uuid;
use super::{KEPT_AFTER_DELETION, Owner, Result, Store, instant, micros};

impl Store {
    /// Callers of the owner's tokens from `first` on in whose address or program every word is, the last first; of
    /// deleted tokens too, as long as their trace is kept.
    pub(crate) async fn callers(
        &self,
        owner: Owner,
        words: &[String],
        first: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Vec<CallerOfToken>> {
        let statement = called(owner, words, first, now);
        statement.query().fetch_all(&self.reads).await?.iter().map(read).collect()
    }
}

fn called(owner: Owner, words: &[String], first: NaiveDate, now: DateTime<Utc>) -> Statement {
    let mut statement = Statement::default();
    let person = statement.text(owner.person_id.to_string());
    let organization = statement.text(owner.organization_id.to_string());
    let (first, kept_since) = (statement.text(first.to_string()), statement.number(micros(now - KEPT_AFTER_DELETION)));
    statement.sql = format!(
        "SELECT t.id, t.name, t.lookup_id, t.suffix, u.address, u.agent, \
         CAST(SUM(u.count) AS BIGINT) AS count, MAX(u.last_at) AS last_at \
         FROM token_use u JOIN tokens t ON t.id = u.token_id \
         WHERE t.owner_id = {person} AND t.organization_id = {organization} AND u.day >= {first} \
         AND (t.deleted_at IS NULL OR t.deleted_at > {kept_since})"
    );
    for word in words {
        let pattern = statement.holding(word);
        statement.sql +=
            &format!(" AND (u.address LIKE {pattern} ESCAPE '\\' OR LOWER(u.agent) LIKE {pattern} ESCAPE '\\')");
    }
    let limit = statement.number(i64::from(MAX_CALLERS));
    statement.sql += &format!(
        " GROUP BY t.id, t.name, t.lookup_id, t.suffix, u.address, u.agent ORDER BY last_at DESC, t.id LIMIT {limit}"
    );
    statement
}

fn read(row: &AnyRow) -> Result<CallerOfToken> {
    let known = |column: &str| -> Result<Option<String>> {
        Ok(Some(row.try_get::<String, _>(column)?).filter(|text| !text.is_empty()))
    };
    Ok(CallerOfToken {
        token_id: TokenId(uuid(row, "id")?),
        token_name: row.try_get("name")?,
        token_masked: token_format::mask(row.try_get("lookup_id")?, row.try_get("suffix")?),
        address: known("address")?,
        agent: known("agent")?,
        count: row.try_get::<i64, _>("count")?.unsigned_abs(),
        last_at: instant(row.try_get("last_at")?),
    })
}
