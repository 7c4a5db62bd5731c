//! Stores of every schema, as the servers of their time left them, and what is in a store, to be compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

/// The stores that are kept, oldest first: one for each schema that there was, this program's included.
pub(crate) const KEPT: [&str; 5] = [
    include_str!("schema-1.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
    include_str!("schema-5.sql"),
];
/// The token in them that works, its value, and the key with which it was made.
pub(crate) const LIVE: (&str, &str) =
    ("01a207d9-2100-7000-8000-000000000001", "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV");

/// The rows of some tables, by the query that asks for them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rows(BTreeMap<String, Vec<String>>);

/// The store's file.
pub(crate) fn store_file(folder: &Path) -> PathBuf {
    folder.join("nms.sqlite3")
}

pub(crate) async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap()
}

/// Lays a kept store into a folder.
pub(crate) async fn lay(kept: &'static str, folder: &Path) {
    // A dump names tables before they are there.
    let options = SqliteConnectOptions::new().filename(store_file(folder)).create_if_missing(true);
    let mut store = options.foreign_keys(false).connect().await.unwrap();
    sqlx::raw_sql(kept).execute(&mut store).await.unwrap();
    store.close().await.unwrap();
}

impl Rows {
    /// Every row of every table, all its columns but what follows from the catalogue of the program that opens it.
    pub(crate) async fn of(store: &mut SqliteConnection) -> Self {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT tables.name, columns.name FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns \
             WHERE tables.type = 'table' AND tables.name NOT IN ('_sqlx_migrations', 'catalogue_of_bits') \
             ORDER BY 1, columns.cid",
        )
        .fetch_all(&mut *store)
        .await
        .unwrap();
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (table, column) in columns {
            if !["permission_bits", "permission_count"].contains(&column.as_str()) {
                tables.entry(table).or_default().push(format!("quote({column})"));
            }
        }
        let queries = tables
            .into_iter()
            .map(|(table, columns)| format!("SELECT {} FROM {table} ORDER BY 1", columns.join(" || ', ' || ")));
        Self::asked(queries, store).await
    }

    /// The rows of the same columns, as they are now.
    pub(crate) async fn again(&self, store: &mut SqliteConnection) -> Self {
        Self::asked(self.0.keys().cloned(), store).await
    }

    async fn asked(queries: impl Iterator<Item = String>, store: &mut SqliteConnection) -> Self {
        let mut rows = BTreeMap::new();
        for query in queries {
            let found: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(query.clone())).fetch_all(&mut *store).await.unwrap();
            rows.insert(query, found);
        }
        Self(rows)
    }

    /// Those that are not among `others`.
    pub(crate) fn missing_in(&self, others: &Self) -> Vec<String> {
        let missing = |(query, rows): (&String, &Vec<String>)| {
            let found = &others.0[query];
            rows.iter().filter(|row| !found.contains(row)).map(|row| format!("{query}: {row}")).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(missing).collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}
