//! What can go wrong in the store, by what can be done about it.

use sqlx::error::DatabaseError;

/// A query or a write did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Disk full, read-only or busy: the same again may work later.
    #[error("the store cannot be used now: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The file is no database, or a page of it is damaged.
    #[error("the store is damaged: {0}")]
    Damaged(#[source] sqlx::Error),
    /// Anything else: a fault in this program.
    #[error("the store answered with what was not expected: {0}")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Unavailable(error),
            sqlx::Error::Database(from_sqlite) => match primary_code(from_sqlite.as_ref()) {
                Some(code) if UNAVAILABLE.contains(&code) => Self::Unavailable(error),
                Some(code) if DAMAGED.contains(&code) => Self::Damaged(error),
                Some(_) | None => Self::Unexpected(error.into()),
            },
            // The library's enum is open; what it adds later is a fault until it is known.
            _ => Self::Unexpected(error.into()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

impl From<uuid::Error> for Error {
    fn from(error: uuid::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

/// PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN (<https://www.sqlite.org/rescode.html>).
const UNAVAILABLE: [u32; 7] = [3, 5, 6, 8, 10, 13, 14];
/// CORRUPT, NOTADB.
const DAMAGED: [u32; 2] = [11, 26];

/// SQLite's extended result codes carry the primary one in their lowest byte.
fn primary_code(error: &dyn DatabaseError) -> Option<u32> {
    error.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}
