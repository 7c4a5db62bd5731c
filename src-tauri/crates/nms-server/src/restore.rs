//! Puts the last good backup in the place of a damaged store. The damaged one is set aside, never removed: there may be
//! more to save from it than a backup has.
//!
//! Killed at any moment it leaves the damaged store or the restored one, and can be called again.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use crate::backups::{self, Backup};
use crate::clock::Clock;
use crate::data_folder;
use crate::error::{RestoreError, StartError};
use crate::store::{self, Inspected};
use crate::workshop;

/// What [`restore`] did.
#[derive(Debug)]
pub struct Restored {
    /// The backup that is the store now. What happened after it is not in there: a token that was deleted since works
    /// again, and whoever restores must be told so.
    pub backup: Backup,
    /// The folder in which the damaged store lies; `None` where there was nothing left of it.
    pub set_aside: Option<PathBuf>,
}

/// Sets the damaged store of a data folder aside and puts a backup that is whole in its place: that of `day` and no
/// other, or the newest. The folder is locked meanwhile. Performs I/O.
///
/// # Errors
/// [`RestoreError`]: the store is as it was.
pub async fn restore(data_dir: &Path, day: Option<NaiveDate>, clock: &Clock) -> Result<Restored, RestoreError> {
    let _lock = workshop::lock(data_dir)?;
    let file = data_folder::store_path(data_dir);
    match store::inspect(&file).await {
        Ok(Inspected::Whole) => return Err(RestoreError::NotDamaged { folder: data_dir.to_owned() }),
        Ok(Inspected::Newer) => return Err(StartError::NewerSchema { folder: data_dir.to_owned() }.into()),
        Ok(Inspected::Empty) | Err(store::Error::Damaged(_)) => {}
        Err(error) => return Err(workshop::not_opened(error.into(), data_dir).await.into()),
    }
    let backup = newest_whole(data_dir, day).await;
    let backup = backup.ok_or_else(|| RestoreError::NoBackup { folder: data_dir.to_owned() })?;
    let unusable = |source| StartError::FolderUnusable { folder: data_dir.to_owned(), source };
    let set_aside = exchange(data_dir, &file, &backup.path, clock.now()).map_err(unusable)?;
    Ok(Restored { backup, set_aside })
}

/// The newest backup that is whole: of this day, or of any. Performs I/O: reads all of it, and of those that are not.
pub(crate) async fn newest_whole(data_dir: &Path, day: Option<NaiveDate>) -> Option<Backup> {
    for backup in backups::list(data_dir).into_iter().filter(|backup| day.is_none_or(|day| backup.day == day)) {
        match store::inspect(&backup.path).await {
            Ok(Inspected::Whole) => return Some(backup),
            found => tracing::warn!(day = %backup.day, ?found, "a backup cannot be used"),
        }
    }
    None
}

/// The order matters: first the copy, which takes long and changes nothing; then the log goes, which belongs to the
/// damaged file alone; then one takes the other's place in one step.
fn exchange(data_dir: &Path, file: &Path, backup: &Path, now: DateTime<Utc>) -> io::Result<Option<PathBuf>> {
    let unfinished = data_dir.join("restored.sqlite3");
    remove_if_there(&unfinished)?;
    if let Err(error) = copy(backup, &unfinished) {
        // It takes room, most often where there is none.
        remove_if_there(&unfinished)?;
        return Err(error);
    }
    let set_aside = data_dir.join(format!("damaged-{}", now.format("%Y-%m-%dT%H%M%S%.6fZ")));
    let is_kept = PARTS.iter().any(|end| part(file, end).exists());
    if is_kept {
        DirBuilder::new().mode(0o700).create(&set_aside)?;
        keep(file, &set_aside)?;
    }
    fs::rename(&unfinished, file)?;
    File::open(data_dir)?.sync_all()?;
    Ok(is_kept.then_some(set_aside))
}

fn copy(backup: &Path, unfinished: &Path) -> io::Result<()> {
    let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(unfinished)?;
    io::copy(&mut File::open(backup)?, &mut copy)?;
    copy.sync_all()
}

/// The file itself and the two of its log.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

fn part(file: &Path, end: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(end);
    file.with_file_name(name)
}

/// Moves the log, and gives the file itself a second name.
fn keep(file: &Path, set_aside: &Path) -> io::Result<()> {
    for (end, put) in PARTS.iter().zip([fs::hard_link, fs::rename, fs::rename] as [fn(PathBuf, PathBuf) -> _; 3]) {
        let part = part(file, end);
        let kept = set_aside.join(part.file_name().unwrap_or_default());
        if_there(put(part, kept))?;
    }
    File::open(set_aside)?.sync_all()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    if_there(fs::remove_file(path))
}

fn if_there(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
