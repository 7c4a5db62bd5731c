//! Alerts: about tokens that expire, each with how many calls were refused since; and about tokens whose value was found
//! in public, which follow from the tokens themselves and are stored nowhere else.

use chrono::{DateTime, Utc};
use nms_api::{AlertState, Event, Slug, TokenId, token_format};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::token_row::uuid;
use super::{Owner, Result, Store, instant, micros};
use crate::use_ledger::reason_of;

/// An alert, and what is told of its token.
pub(crate) struct AlertRow {
    pub(crate) id: Uuid,
    pub(crate) token_id: TokenId,
    pub(crate) name: Option<String>,
    pub(crate) masked: String,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) refused_count: u64,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) closed_at: Option<DateTime<Utc>>,
    /// Whether it is about a value that was found in public, and not about the expiry.
    pub(crate) is_report: bool,
}

/// A token that needs an alert for this expiry and has none that is open.
pub(crate) struct Unraised {
    token_id: TokenId,
    expires_at: DateTime<Utc>,
}

/// Where a page of alerts ended: whether among the closed ones, the value by which those are ordered, the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct AlertPosition(i64, i64, Uuid);

impl AlertPosition {
    /// Before the first.
    const FIRST: Self = Self(-1, 0, Uuid::nil());
}

/// Whose alerts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose {
    /// Of the person's own tokens.
    Own(Owner),
    /// Of everybody's tokens in the organisation.
    Everybodys(Uuid),
}

/// What is true of an open alert whose token was extended, replaced or deleted.
macro_rules! mended {
    () => {
        "closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.id = alerts.token_id \
         AND tokens.expires_at = alerts.expires_at AND tokens.deleted_at IS NULL AND tokens.replaced_by IS NULL)"
    };
}
/// Alerts that are raised when an expiry comes near.
macro_rules! about_expiries {
    () => {
        "SELECT a.id, a.token_id, a.owner_id, a.organization_id, t.name, t.lookup_id, t.suffix, a.expires_at, \
         COALESCE(r.count, 0) AS refused_count, a.opened_at, a.closed_at, a.expires_at AS open_place, \
         CAST(0 AS BIGINT) AS is_report \
         FROM alerts a JOIN tokens t ON t.id = a.token_id LEFT JOIN refused_since_expiry r \
         ON r.token_id = a.token_id AND r.expires_at = a.expires_at"
    };
}

/// Of every token that was reported; they close when its value is refused for good.
macro_rules! about_reports {
    () => {
        "SELECT report_id, id, owner_id, organization_id, name, lookup_id, suffix, expires_at, CAST(0 AS BIGINT), \
         reported_at, COALESCE(deleted_at, CASE WHEN ends_at <= $9 THEN ends_at END), -reported_at, CAST(1 AS BIGINT) \
         FROM tokens WHERE reported_at IS NOT NULL"
    };
}

impl Store {
    /// Tokens that were used since `used_since`, expire until `until` and have no open alert for that. Nobody uses a
    /// token after its expiry, so there is none that expired before `used_since`.
    pub(crate) async fn tokens_without_alert(
        &self,
        used_since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Unraised>> {
        let rows = sqlx::query(
            "SELECT id, expires_at FROM tokens WHERE expires_at > $1 AND expires_at <= $2 AND last_used_at >= $1 \
             AND deleted_at IS NULL AND replaced_by IS NULL AND NOT EXISTS (SELECT 1 FROM alerts \
             WHERE alerts.token_id = tokens.id AND alerts.expires_at = tokens.expires_at AND closed_at IS NULL)",
        )
        .bind(micros(used_since))
        .bind(micros(until))
        .fetch_all(&self.reads)
        .await?;
        let unraised = |row: &AnyRow| {
            Ok(Unraised { token_id: TokenId(uuid(row, "id")?), expires_at: instant(row.try_get("expires_at")?) })
        };
        rows.iter().map(unraised).collect()
    }

    /// Whether an open alert is about what is mended.
    pub(crate) async fn has_mended_alerts(&self) -> Result<bool> {
        const QUERY: &str = concat!("SELECT 1 FROM alerts WHERE ", mended!(), " LIMIT 1");
        Ok(sqlx::query(QUERY).fetch_optional(&self.reads).await?.is_some())
    }

    /// The first expiry of a token after `then`.
    pub(crate) async fn next_expiry(&self, then: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        const QUERY: &str = "SELECT MIN(expires_at) FROM tokens WHERE expires_at > $1 AND deleted_at IS NULL";
        let next: Option<i64> = sqlx::query_scalar(QUERY).bind(micros(then)).fetch_one(&self.reads).await?;
        Ok(next.map(instant))
    }

    /// Raises alerts, where their tokens still need them, and closes what is mended. An alert that was closed for an
    /// expiry which the token has again is opened again.
    pub(crate) async fn write_alerts(&self, raised: &[(Uuid, Unraised)], now: DateTime<Utc>) -> Result<()> {
        const RAISE: &str = "INSERT INTO alerts (id, token_id, owner_id, organization_id, expires_at, opened_at) \
             SELECT CAST($1 AS TEXT), id, owner_id, organization_id, expires_at, CAST($2 AS BIGINT) FROM tokens \
             WHERE id = $3 AND expires_at = $4 AND deleted_at IS NULL AND replaced_by IS NULL \
             ON CONFLICT (token_id, expires_at) DO UPDATE SET closed_at = NULL";
        const CLOSE: &str = concat!(
            "UPDATE alerts SET closed_at = COALESCE(\
             (SELECT COALESCE(deleted_at, updated_at) FROM tokens WHERE tokens.id = alerts.token_id), $1) WHERE ",
            mended!()
        );
        let mut write = self.write().await?;
        for (id, Unraised { token_id, expires_at }) in raised {
            sqlx::query(RAISE)
                .bind(id.to_string())
                .bind(micros(now))
                .bind(token_id.to_string())
                .bind(micros(*expires_at))
                .execute(&mut *write)
                .await?;
        }
        sqlx::query(CLOSE).bind(micros(now)).execute(&mut *write).await?;
        write.commit().await
    }

    /// Up to `limit` alerts: open ones first, and of them what was found in public, the newest first, and then what
    /// expires first; then closed ones, the newest first.
    pub(crate) async fn alerts(
        &self,
        whose: Whose,
        state: Option<AlertState>,
        after: Option<AlertPosition>,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<(AlertRow, AlertPosition)>> {
        const QUERY: &str = concat!(
            "SELECT * FROM (SELECT *, CAST(CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_closed, \
             CASE WHEN closed_at IS NULL THEN open_place ELSE -closed_at END AS place FROM (",
            about_expiries!(),
            " UNION ALL ",
            about_reports!(),
            ") AS alerted WHERE organization_id = $1 AND ($2 = '' OR owner_id = $2)) AS told \
             WHERE is_closed BETWEEN $3 AND $4 AND (is_closed, place, id) > ($5, $6, $7) \
             ORDER BY is_closed, place, id LIMIT $8"
        );
        let (organization_id, owner_id) = match whose {
            Whose::Own(owner) => (owner.organization_id, owner.person_id.to_string()),
            Whose::Everybodys(organization_id) => (organization_id, String::new()),
        };
        let (least, most): (i64, i64) = match state {
            Some(AlertState::Open) => (0, 0),
            Some(AlertState::Closed) => (1, 1),
            None => (0, 1),
        };
        let AlertPosition(is_closed, place, id) = after.unwrap_or(AlertPosition::FIRST);
        let rows = sqlx::query(QUERY)
            .bind(organization_id.to_string())
            .bind(owner_id)
            .bind(least)
            .bind(most)
            .bind(is_closed)
            .bind(place)
            .bind(id.to_string())
            .bind(i64::from(limit))
            .bind(micros(now))
            .fetch_all(&self.reads)
            .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<(AlertRow, AlertPosition)> {
    let id = uuid(row, "id")?;
    let alert = AlertRow {
        id,
        token_id: TokenId(uuid(row, "token_id")?),
        name: row.try_get("name")?,
        masked: token_format::mask(row.try_get("lookup_id")?, row.try_get("suffix")?),
        expires_at: instant(row.try_get("expires_at")?),
        refused_count: row.try_get::<i64, _>("refused_count")?.unsigned_abs(),
        opened_at: instant(row.try_get("opened_at")?),
        closed_at: row.try_get::<Option<i64>, _>("closed_at")?.map(instant),
        is_report: row.try_get::<i64, _>("is_report")? != 0,
    };
    Ok((alert, AlertPosition(row.try_get("is_closed")?, row.try_get("place")?, id)))
}

/// Counts calls that were refused because their token had expired towards its present expiry: an earlier one has a
/// count of its own. Other events are none of these.
pub(super) async fn count_refused(connection: &mut AnyConnection, event: &Event) -> Result<()> {
    const QUERY: &str = "INSERT INTO refused_since_expiry (token_id, expires_at, count) \
         SELECT id, expires_at, CAST($1 AS BIGINT) FROM tokens WHERE id = $2 AND expires_at <= $3 \
         ON CONFLICT (token_id, expires_at) DO UPDATE SET count = refused_since_expiry.count + excluded.count";
    if event.reason.as_deref() != Some(reason_of(Slug::TokenExpired)) {
        return Ok(());
    }
    sqlx::query(QUERY)
        .bind(event.count.unwrap_or_default().cast_signed())
        .bind(event.token_id.to_string())
        .bind(micros(event.at))
        .execute(connection)
        .await?;
    Ok(())
}
