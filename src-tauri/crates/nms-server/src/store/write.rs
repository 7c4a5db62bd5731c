//! A transaction that writes.
//!
//! Not sqlx's own: when SQLite refuses a COMMIT for want of room it may have rolled back already; sqlx's ROLLBACK then
//! fails, its count of open transactions stays one too high, and a later "commit" only releases a savepoint: it would
//! be answered as done and never reach the disk. Here, whatever did not end well ends with its connection.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};

use super::{Result, Store};

/// Rolled back when dropped without [`Write::commit`].
pub(super) struct Write {
    connection: PoolConnection<Any>,
    commits: Arc<AtomicU64>,
    has_ended_well: bool,
}

impl Store {
    /// Begins to write: alone, since there is one connection that writes.
    pub(super) async fn write(&self) -> Result<Write> {
        let connection = self.writes.acquire().await?;
        let mut write = Write { connection, commits: Arc::clone(&self.commits), has_ended_well: false };
        sqlx::query("BEGIN").execute(&mut *write).await?;
        Ok(write)
    }

    /// How many transactions were written so far: whoever sees the same number knows that nothing changed.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }
}

impl Write {
    /// Makes it last: when this returns, it is on the disk.
    pub(super) async fn commit(self) -> Result<()> {
        let commits = Arc::clone(&self.commits);
        self.end("COMMIT").await?;
        commits.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Undoes it and keeps the connection: for what turned out to be nothing to write.
    pub(super) async fn undo(self) -> Result<()> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, statement: &'static str) -> Result<()> {
        sqlx::query(statement).execute(&mut *self).await?;
        self.has_ended_well = true;
        Ok(())
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if !self.has_ended_well {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for Write {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}
