//! Lists of tokens: filtered, ordered and cut into pages by the database.
//!
//! A page begins after a position, not after a number of rows, so that deletions between two pages lose nothing.

use chrono::{DateTime, Utc};
use nms_api::{Sort, TokenCounts, TokenState};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row};
use uuid::Uuid;

use super::token_row::token_columns;
use super::{Owner, Result, Store, TokenRow, micros};

/// What is asked.
pub(crate) struct Asked {
    pub(crate) owner: Owner,
    pub(crate) now: DateTime<Utc>,
    pub(crate) filters: Filters,
    pub(crate) sort: Sort,
    pub(crate) after: Option<Position>,
    pub(crate) limit: u32,
}

/// What must hold of a token, all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters {
    /// Folded, as in `text_keys::words`.
    pub(crate) words: Vec<String>,
    pub(crate) state: Option<TokenState>,
    pub(crate) idempotency_key: Option<Uuid>,
}

/// Where a page ended: the value by which it is ordered, and the id that breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// `None`: among those without a value, which come last.
    pub(crate) key: Option<SortKey>,
    pub(crate) id: Uuid,
}

/// A value by which a list is ordered.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum SortKey {
    Number(i64),
    Text(String),
}

impl Store {
    /// A page, with the position of each token in this order.
    pub(crate) async fn list_tokens(&self, asked: &Asked) -> Result<Vec<(TokenRow, Position)>> {
        let statement = Statement::of(asked);
        let rows = statement.query().fetch_all(&self.reads).await?;
        rows.iter()
            .map(|row| {
                let token = TokenRow::read(row)?;
                let position = Position { key: key_of(row, asked.sort)?, id: token.id.0 };
                Ok((token, position))
            })
            .collect()
    }

    /// How many tokens the owner has in each state.
    pub(crate) async fn count_tokens(&self, owner: Owner, now: DateTime<Utc>) -> Result<TokenCounts> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS everything, COALESCE(SUM(CASE WHEN expires_at <= $1 THEN 1 ELSE 0 END), 0) AS expired, \
             COALESCE(SUM(CASE WHEN expires_at > $1 AND paused = 1 THEN 1 ELSE 0 END), 0) AS paused \
             FROM tokens WHERE owner_id = $2 AND organization_id = $3 AND deleted_at IS NULL",
        )
        .bind(micros(now))
        .bind(owner.person_id.to_string())
        .bind(owner.organization_id.to_string())
        .fetch_one(&self.reads)
        .await?;
        let count = |column| -> Result<u32> { Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX)) };
        let (all, expired, paused) = (count("everything")?, count("expired")?, count("paused")?);
        Ok(TokenCounts { all, active: all - expired - paused, paused, expired })
    }
}

/// The column of an order, whether it descends, and whether it may be null.
fn order(sort: Sort) -> (&'static str, bool, bool) {
    match sort {
        Sort::Name => ("name_key", false, true),
        Sort::NameDescending => ("name_key", true, true),
        Sort::Created => ("created_at", false, false),
        Sort::CreatedDescending => ("created_at", true, false),
        Sort::Expires => ("expires_at", false, false),
        Sort::ExpiresDescending => ("expires_at", true, false),
        Sort::LastUsed => ("last_used_at", false, true),
        Sort::LastUsedDescending => ("last_used_at", true, true),
        Sort::UseCount => ("use_count", false, false),
        Sort::UseCountDescending => ("use_count", true, false),
    }
}

fn key_of(row: &AnyRow, sort: Sort) -> Result<Option<SortKey>> {
    let (column, _, _) = order(sort);
    Ok(match sort {
        Sort::Name | Sort::NameDescending => row.try_get::<Option<String>, _>(column)?.map(SortKey::Text),
        Sort::Created
        | Sort::CreatedDescending
        | Sort::Expires
        | Sort::ExpiresDescending
        | Sort::LastUsed
        | Sort::LastUsedDescending
        | Sort::UseCount
        | Sort::UseCountDescending => row.try_get::<Option<i64>, _>(column)?.map(SortKey::Number),
    })
}

/// A query's text with its values, in the order of their placeholders.
struct Statement {
    text: String,
    values: Vec<SortKey>,
}

impl Statement {
    fn of(asked: &Asked) -> Self {
        const COLUMNS: &str = concat!("SELECT ", token_columns!(), ", name_key FROM tokens WHERE ");
        let mut statement = Self { text: COLUMNS.to_owned(), values: Vec::new() };
        let owner = statement.placeholder(SortKey::Text(asked.owner.person_id.to_string()));
        let organization = statement.placeholder(SortKey::Text(asked.owner.organization_id.to_string()));
        statement.text += &format!("owner_id = {owner} AND organization_id = {organization} AND deleted_at IS NULL");
        statement.filter(&asked.filters, asked.now);
        statement.cut(asked);
        statement
    }

    fn placeholder(&mut self, value: SortKey) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn filter(&mut self, filters: &Filters, now: DateTime<Utc>) {
        for word in &filters.words {
            let pattern = self.placeholder(SortKey::Text(format!("%{}%", escaped(word))));
            self.text += &format!(" AND search_text LIKE {pattern} ESCAPE '\\'");
        }
        if let Some(state) = filters.state {
            let now = self.placeholder(SortKey::Number(micros(now)));
            self.text += &match state {
                TokenState::Active => format!(" AND expires_at > {now} AND paused = 0"),
                TokenState::Paused => format!(" AND expires_at > {now} AND paused = 1"),
                TokenState::Expired => format!(" AND expires_at <= {now}"),
            };
        }
        if let Some(key) = filters.idempotency_key {
            let key = self.placeholder(SortKey::Text(key.to_string()));
            self.text += &format!(
                " AND id IN (SELECT token_id FROM idempotency_keys k WHERE k.owner_id = $1 \
                 AND k.organization_id = $2 AND k.key = {key})"
            );
        }
    }

    /// Begins after the position, orders, and ends at the limit.
    fn cut(&mut self, asked: &Asked) {
        let (column, descends, nullable) = order(asked.sort);
        let (beyond, direction) = if descends { ("<", "DESC") } else { (">", "ASC") };
        if let Some(Position { key, id }) = &asked.after {
            let id = self.placeholder(SortKey::Text(id.to_string()));
            let condition = match key {
                None => format!(" AND {column} IS NULL AND id {beyond} {id}"),
                Some(key) => {
                    let key = self.placeholder(key.clone());
                    let or_null = if nullable { format!(" OR {column} IS NULL") } else { String::new() };
                    format!(" AND (({column}, id) {beyond} ({key}, {id}){or_null})")
                }
            };
            self.text += &condition;
        }
        let nulls = if nullable { " NULLS LAST" } else { "" };
        let limit = self.placeholder(SortKey::Number(i64::from(asked.limit)));
        self.text += &format!(" ORDER BY {column} {direction}{nulls}, id {direction} LIMIT {limit}");
    }

    fn query(&self) -> Query<'static, Any, AnyArguments> {
        // Only column names and placeholders of this file are in the text.
        let query = sqlx::query(AssertSqlSafe(self.text.clone()));
        self.values.iter().cloned().fold(query, |query, value| match value {
            SortKey::Number(number) => query.bind(number),
            SortKey::Text(text) => query.bind(text),
        })
    }
}

/// A word as it stands in a pattern of `LIKE`.
fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
