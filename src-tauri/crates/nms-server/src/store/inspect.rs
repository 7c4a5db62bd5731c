//! Looks at a store's file without writing: who wrote it last, and is it whole?

use std::path::Path;

use sqlx::{AnyConnection, ConnectOptions, Connection};

use super::open::{KNOWN, Mode, options, with_drivers};
use super::{Error, Result};

/// What a look found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inspected {
    /// Nothing is in it.
    Empty,
    /// It is whole, and this program can read it or bring it forward.
    Whole,
    /// A later version of this program has written it.
    Newer,
}

/// Looks at the store in `file`, through a connection that cannot write. Performs I/O: reads all of it but the indexes,
/// some 40 ms for 10,000 tokens.
///
/// # Errors
/// [`Error::Damaged`] when it is not whole.
pub(crate) async fn inspect(file: &Path) -> Result<Inspected> {
    with_drivers();
    if length(file) == 0 {
        return Ok(Inspected::Empty);
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    // Where there is no write-ahead log to read besides, it is told that nothing will change, or it would leave an empty
    // one behind.
    let mode = if length(Path::new(&log)) == 0 { Mode::ReadAlone } else { Mode::Read };
    look_through(file, mode).await
}

/// The same beside a server that has it open and may be writing: what stands in its log and is locked by it counts.
pub(crate) async fn inspect_beside(file: &Path) -> Result<Inspected> {
    look_through(file, Mode::Read).await
}

async fn look_through(file: &Path, mode: Mode) -> Result<Inspected> {
    let mut connection = options(file, mode)?.connect().await?;
    let found = look(&mut connection).await;
    connection.close().await?;
    found
}

async fn look(connection: &mut AnyConnection) -> Result<Inspected> {
    // First: what a later version has written is not for this one to judge.
    if newest_step(connection).await? > *KNOWN {
        return Ok(Inspected::Newer);
    }
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(connection).await?;
    if found == "ok" { Ok(Inspected::Whole) } else { Err(Error::Damaged(sqlx::Error::Protocol(found))) }
}

async fn newest_step(connection: &mut AnyConnection) -> Result<i64> {
    let begun: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await?;
    if begun == 0 {
        return Ok(0);
    }
    Ok(sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations").fetch_one(connection).await?)
}

/// What cannot be looked at counts as empty: opening it says why.
fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}
