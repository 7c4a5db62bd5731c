//! Lists of tokens: filtered, ordered, counted and cut into pages by the database.
//!
//! A page begins after a position, not after a number of rows, so that deletions between two pages lose nothing.

use nms_api::Sort;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::statement::{Statement, Value};
use super::token_kinds::{Kind, Scene, none_of, or_one_of};
use super::token_row::token_columns;
use super::{Result, Store, TokenRow};

/// What is asked.
pub(crate) struct Asked {
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
    pub(crate) kinds: Vec<Kind>,
    pub(crate) idempotency_key: Option<Uuid>,
}

/// Where a page ended: the value by which it is ordered, and the id that breaks ties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// `None`: among those without a value, which come last.
    pub(crate) key: Option<Value>,
    pub(crate) id: Uuid,
}

impl Store {
    /// A page, with the position of each token in this order.
    pub(crate) async fn list_tokens(&self, scene: Scene<'_>, asked: &Asked) -> Result<Vec<(TokenRow, Position)>> {
        let statement = page(scene, asked);
        let rows = statement.query().fetch_all(&self.reads).await?;
        rows.iter()
            .map(|row| {
                let token = TokenRow::read(row)?;
                let position = Position { key: key_of(row, asked.sort)?, id: token.id.0 };
                Ok((token, position))
            })
            .collect()
    }

    /// How many tokens the owner has of each kind.
    pub(crate) async fn count_tokens<const N: usize>(&self, scene: Scene<'_>, kinds: &[Kind; N]) -> Result<[u32; N]> {
        let mut statement = Statement::default();
        let of_owner = statement.of_owner(scene);
        let of_kinds = kinds.iter().map(|kind| statement.of_kind(kind, scene)).collect::<Vec<_>>();
        let counts: Vec<String> = of_kinds.iter().map(|kind| format!("COUNT(CASE WHEN {kind} THEN 1 END)")).collect();
        statement.sql = format!("SELECT {} FROM tokens WHERE {of_owner}", counts.join(", "));
        let row = statement.query().fetch_one(&self.reads).await?;
        let mut counted = [0; N];
        for (place, count) in counted.iter_mut().enumerate() {
            *count = count_at(&row, place)?;
        }
        Ok(counted)
    }

    /// How many tokens of the owner the filters leave.
    pub(crate) async fn count_matching(&self, scene: Scene<'_>, filters: &Filters) -> Result<u32> {
        let mut statement = Statement::default();
        let (of_owner, of_filters) = (statement.of_owner(scene), statement.of_filters(filters, scene));
        statement.sql = format!("SELECT COUNT(*) FROM tokens WHERE {of_owner} AND {of_filters}");
        count_at(&statement.query().fetch_one(&self.reads).await?, 0)
    }
}

fn count_at(row: &AnyRow, place: usize) -> Result<u32> {
    Ok(u32::try_from(row.try_get::<i64, _>(place)?).unwrap_or(u32::MAX))
}

/// Which tokens are on the page is found out by their ids first: of the thousands that are looked at, the database then
/// carries ids and sort keys through its sorting, and not whole records.
fn page(scene: Scene<'_>, asked: &Asked) -> Statement {
    const COLUMNS: &str = concat!("SELECT ", token_columns!(), ", name_key, permission_count FROM tokens");
    let mut statement = Statement::default();
    let of_owner = statement.of_owner(scene);
    let of_filters = statement.of_filters(&asked.filters, scene);
    statement.sql = format!("{COLUMNS} WHERE id IN (SELECT id FROM tokens WHERE {of_owner} AND {of_filters}");
    statement.begin_after(asked);
    let (order, limit) = (ordered(asked.sort), statement.number(i64::from(asked.limit)));
    statement.sql += &format!("{order} LIMIT {limit}){order}");
    statement
}

fn ordered(sort: Sort) -> String {
    let (column, descends, nullable) = order(sort);
    let (direction, nulls) = (if descends { "DESC" } else { "ASC" }, if nullable { " NULLS LAST" } else { "" });
    format!(" ORDER BY {column} {direction}{nulls}, id {direction}")
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
        Sort::PermissionCount => ("permission_count", false, false),
        Sort::PermissionCountDescending => ("permission_count", true, false),
    }
}

fn key_of(row: &AnyRow, sort: Sort) -> Result<Option<Value>> {
    let (column, _, _) = order(sort);
    Ok(match sort {
        Sort::Name | Sort::NameDescending => row.try_get::<Option<String>, _>(column)?.map(Value::Text),
        Sort::Created
        | Sort::CreatedDescending
        | Sort::Expires
        | Sort::ExpiresDescending
        | Sort::LastUsed
        | Sort::LastUsedDescending
        | Sort::UseCount
        | Sort::UseCountDescending
        | Sort::PermissionCount
        | Sort::PermissionCountDescending => row.try_get::<Option<i64>, _>(column)?.map(Value::Number),
    })
}

impl Statement {
    /// The condition for what all the filters leave; the first two values are the owner's.
    fn of_filters(&mut self, filters: &Filters, scene: Scene<'_>) -> String {
        let mut conditions: Vec<String> = filters.words.iter().map(|word| self.search(word, scene)).collect();
        conditions.extend(filters.kinds.iter().map(|kind| self.of_kind(kind, scene)));
        if let Some(key) = filters.idempotency_key {
            let key = self.text(key.to_string());
            conditions.push(format!(
                "id IN (SELECT token_id FROM idempotency_keys k WHERE k.owner_id = $1 \
                 AND k.organization_id = $2 AND k.key = {key})"
            ));
        }
        if conditions.is_empty() { self.of_kind(&Kind::Any, scene) } else { conditions.join(" AND ") }
    }

    /// In the texts of a token or in the address of its last use, which may not be written yet; what looks like an address
    /// also in those of its use in the last 30 days, which are too many to be looked through for every word.
    fn search(&mut self, word: &str, scene: Scene<'_>) -> String {
        let pattern = self.holding(word);
        let (used, used_from) = (none_of(scene.unwritten.used()), or_one_of(scene.unwritten.used_from(word)));
        let earlier = if looks_like_address(word) {
            format!(" OR id IN (SELECT token_id FROM token_use WHERE address LIKE {pattern} ESCAPE '\\')")
        } else {
            String::new()
        };
        format!(
            "(search_text LIKE {pattern} ESCAPE '\\' \
             OR (last_used_from LIKE {pattern} ESCAPE '\\'{used}){used_from}{earlier})"
        )
    }

    /// Leaves what stands behind the position, in this order.
    fn begin_after(&mut self, asked: &Asked) {
        let Some(Position { key, id }) = &asked.after else { return };
        let (column, descends, nullable) = order(asked.sort);
        let beyond = if descends { "<" } else { ">" };
        let id = self.text(id.to_string());
        let condition = match key {
            None => format!(" AND {column} IS NULL AND id {beyond} {id}"),
            Some(key) => {
                let key = self.value(key.clone());
                let or_null = if nullable { format!(" OR {column} IS NULL") } else { String::new() };
                format!(" AND (({column}, id) {beyond} ({key}, {id}){or_null})")
            }
        };
        self.sql += &condition;
    }
}

/// A part of one, of IPv4 or IPv6.
fn looks_like_address(word: &str) -> bool {
    word.contains(['.', ':']) && word.chars().all(|one| one.is_ascii_hexdigit() || one == '.' || one == ':')
}
