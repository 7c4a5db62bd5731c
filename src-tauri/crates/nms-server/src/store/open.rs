//! Opens the store: looks at it without writing, then brings it forward, one transaction a step.

use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, LazyLock, Once};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, ConnectOptions};

use super::inspect::{Inspected, inspect};
use super::{Error, Result, Store};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");
/// How many answers can be read at once.
const READERS: u32 = 4;
/// How long a query waits for a connection before the store counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(5);

/// The newest step that this program knows.
pub(super) static KNOWN: LazyLock<i64> =
    LazyLock::new(|| MIGRATIONS.iter().map(|step| step.version).max().unwrap_or(0));

/// Why the store could not be opened.
#[derive(Debug)]
pub(crate) enum OpenRefused {
    /// A later version of this program has written it. The file was not touched.
    Newer,
    /// The rest.
    Store(Error),
}

impl<E: Into<Error>> From<E> for OpenRefused {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// Opens the store in `file`, which is there, if only empty. Performs I/O.
pub(crate) async fn open(file: &Path) -> std::result::Result<Store, OpenRefused> {
    match inspect(file).await? {
        Inspected::Newer => return Err(OpenRefused::Newer),
        Inspected::Empty | Inspected::Whole => {}
    }
    let options = options(file, Mode::Write)?;
    let writes = pool(options.clone(), 1);
    MIGRATIONS.run(&writes).await.map_err(refused)?;
    let store = Store { reads: pool(options, READERS), writes, commits: Arc::default() };
    store.follow_catalogue().await?;
    Ok(store)
}

/// Whoever connects calls this first.
pub(super) fn with_drivers() {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
}

fn refused(error: MigrateError) -> OpenRefused {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => OpenRefused::Newer,
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => OpenRefused::Store(error.into()),
        // The library's enum is open; the rest is about the migrations themselves.
        error => OpenRefused::Store(Error::Unexpected(error.into())),
    }
}

fn pool(options: AnyConnectOptions, connections: u32) -> AnyPool {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(durable(connection)))
        .connect_lazy_with(options)
}

/// WAL loses acknowledged writes in a power cut unless every commit is synced.
async fn durable(connection: &mut AnyConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .execute(connection)
        .await?;
    Ok(())
}

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    Write,
    Read,
    /// Nobody writes meanwhile: no lock is taken, and no log is looked for or left behind.
    ReadAlone,
}

pub(super) fn options(file: &Path, mode: Mode) -> Result<AnyConnectOptions> {
    let (mode, more) = match mode {
        Mode::Write => ("rw", ""),
        Mode::Read => ("ro", ""),
        Mode::ReadAlone => ("ro", "?immutable=1"),
    };
    // The library takes text alone and undoes one escaping; what is left is SQLite's own form, which takes any bytes.
    let options: AnyConnectOptions =
        format!("sqlite:{}?mode={mode}", escaped(format!("{}{more}", uri(file)?).as_bytes())?).parse()?;
    // What a statement does to whom belongs into events, not into a log.
    Ok(options.disable_statement_logging())
}

/// The name of a file as SQLite takes it, whatever bytes are in it (<https://www.sqlite.org/uri.html>).
pub(super) fn uri(file: &Path) -> Result<String> {
    let path = std::path::absolute(file).map_err(sqlx::Error::Io)?;
    Ok(format!("file://{}", escaped(path.as_os_str().as_bytes())?))
}

fn escaped(bytes: &[u8]) -> Result<String> {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => text.push(char::from(*byte)),
            _ => write!(text, "%{byte:02X}").map_err(|error| Error::Unexpected(error.into()))?,
        }
    }
    Ok(text)
}

impl Store {
    /// Whether the database answers.
    pub(crate) async fn answers(&self) -> Result<()> {
        sqlx::query("SELECT 1 FROM people LIMIT 1").fetch_optional(&self.reads).await?;
        Ok(())
    }

    /// Closes every connection; the last one brings the write-ahead log home into the file.
    pub(crate) async fn close(&self) {
        self.reads.close().await;
        self.writes.close().await;
    }
}
