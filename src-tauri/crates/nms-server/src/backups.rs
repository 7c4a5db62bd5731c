//! Automatic backups: a copy of the whole store for each day (UTC) on which the server ran, the last seven, in a folder of
//! the data folder. What puts one in the place of a damaged store is `restore.rs`.
//!
//! A copy gets its name when all of it is on the disk, so that whatever has the name of a backup is one. A store that
//! cannot be read as a whole makes none, and therefore never takes the place of a good one.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::watch;

use crate::state::App;
use crate::store::{self, Store};

/// The folder within the data folder. Its files are 0600, itself 0700.
const FOLDER: &str = "backups";
/// How many are kept.
const KEPT: usize = 7;
/// A copy that is not finished. A killed server leaves it, the next one removes it.
const UNFINISHED: &str = "unfinished.sqlite3";
/// What a person waits for at a start comes first.
const BREATH: Duration = Duration::from_secs(1);
/// How often to look whether the day has a backup. Not a sleep until midnight: that would not count while the computer
/// sleeps, nor see a clock that is set.
const LOOK_TIME: Duration = Duration::from_secs(60 * 60);

/// A copy of the whole store, as it was at some instant of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// Everything that happened before this instant is in it. `None`: its file bears the time of another day, as a copy
    /// of it may.
    pub made_at: Option<DateTime<Utc>>,
    /// Its file, an SQLite database.
    pub path: PathBuf,
}

/// Why a backup was not made. Those that there are stay.
#[derive(Debug, thiserror::Error)]
enum NotMade {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("the folder of backups cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// The backups of a data folder, newest first; none where the folder cannot be read. Performs I/O.
pub(crate) fn list(data_dir: &Path) -> Vec<Backup> {
    let entries = fs::read_dir(data_dir.join(FOLDER)).into_iter().flatten().flatten();
    let mut backups: Vec<Backup> = entries.filter_map(|entry| backup(entry.path())).collect();
    backups.sort_unstable_by_key(|backup| std::cmp::Reverse(backup.day));
    backups
}

/// Makes the day's backup when it has none, and looks again every hour, until `stopping` says so.
pub(crate) async fn keep(app: App, data_dir: PathBuf, mut stopping: watch::Receiver<bool>) {
    let mut wait = BREATH;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => wait = LOOK_TIME,
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        match make(&app.store, &data_dir, app.clock.now()).await {
            Ok(()) => {}
            Err(NotMade::Store(error @ store::Error::Damaged(_))) => {
                app.damage.learn(&error);
                tracing::error!(
                    %error,
                    "there is no backup of today, and there will be none: end the server, then `nms-server restore`"
                );
            }
            Err(error) => tracing::warn!(%error, "there is no backup of today; the next hour tries again"),
        }
    }
}

async fn make(store: &Store, data_dir: &Path, now: DateTime<Utc>) -> Result<(), NotMade> {
    let folder = data_dir.join(FOLDER);
    let path = folder.join(name(now.date_naive()));
    if path.exists() {
        return Ok(());
    }
    let unfinished = folder.join(UNFINISHED);
    begin(&folder, &unfinished)?;
    let copied = store.copy_into(&unfinished).await;
    if copied.is_err() {
        // It takes room, most often where there is none.
        fs::remove_file(&unfinished)?;
    }
    copied?;
    let copy = File::open(&unfinished)?;
    copy.set_modified(SystemTime::from(now))?;
    copy.sync_all()?;
    fs::rename(&unfinished, &path)?;
    File::open(&folder)?.sync_all()?;
    Ok(forget_old(data_dir)?)
}

/// An empty file that nobody else may read: SQLite writes into it and keeps its mode.
fn begin(folder: &Path, unfinished: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    match fs::remove_file(unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(unfinished)?;
    Ok(())
}

fn forget_old(data_dir: &Path) -> io::Result<()> {
    list(data_dir).iter().skip(KEPT).try_for_each(|old| fs::remove_file(&old.path))
}

const BEFORE: &str = "nms-";
const AFTER: &str = ".sqlite3";

fn name(day: NaiveDate) -> String {
    format!("{BEFORE}{day}{AFTER}")
}

/// `None` for a file of another name.
fn backup(path: PathBuf) -> Option<Backup> {
    let day = path.file_name()?.to_str()?.strip_prefix(BEFORE)?.strip_suffix(AFTER)?.parse().ok()?;
    let made_at = fs::metadata(&path).and_then(|file| file.modified()).ok().map(DateTime::<Utc>::from);
    Some(Backup { day, made_at: made_at.filter(|at| at.date_naive() == day), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_a_backup_is_of_its_day_and_of_no_instant() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        let file = File::create(folder.path().join(FOLDER).join("nms-2026-01-02.sqlite3")).unwrap();
        let found = || list(folder.path()).remove(0);
        assert_eq!((found().day.to_string(), found().made_at), ("2026-01-02".to_owned(), None));
        let made_at: DateTime<Utc> = "2026-01-02T10:00:00Z".parse().unwrap();
        file.set_modified(SystemTime::from(made_at)).unwrap();
        assert_eq!(found().made_at, Some(made_at));
    }
}
