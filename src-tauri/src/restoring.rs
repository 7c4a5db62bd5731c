//! A backup takes the place of the built-in server's damaged store, or the page is told why not.

use std::path::Path;

use chrono::NaiveDate;
use nms_server::{RestoreError, Restored, StartError};

use crate::connection;
use crate::failure::{Failure, FailureKind, FileReason, RestoreReason};
use crate::view::RestoredView;

/// Puts the backup of this day, and no other, in the place of the damaged store. No server may run meanwhile. Performs
/// I/O.
pub(crate) async fn restore(data_dir: &Path, day: NaiveDate) -> Result<RestoredView, Failure> {
    match nms_server::restore(data_dir, Some(day), &connection::clock()).await {
        Ok(Restored { backup, set_aside }) => {
            Ok(RestoredView { backup: backup.into(), kept_in: set_aside.map(|folder| folder.display().to_string()) })
        }
        Err(error) => {
            tracing::error!(%error, "no backup was put in the store's place");
            Err(FailureKind::NotRestored { reason: reason(error) }.into())
        }
    }
}

fn reason(error: RestoreError) -> RestoreReason {
    match error {
        RestoreError::NotDamaged { .. } => RestoreReason::NotDamaged,
        RestoreError::NoBackup { .. } => RestoreReason::NoBackup,
        RestoreError::Folder(StartError::Locked { pid, .. }) => RestoreReason::Locked { pid },
        RestoreError::Folder(StartError::FolderUnusable { folder, source }) => {
            RestoreReason::Folder { path: folder.display().to_string(), why: FileReason::from(source) }
        }
        // A store that a later version has written is whole, as far as this one can tell.
        RestoreError::Folder(StartError::NewerSchema { .. }) => RestoreReason::NotDamaged,
        RestoreError::Folder(
            StartError::Damaged(_) | StartError::Gone(_) | StartError::NoPort { .. } | StartError::Internal(_),
        ) => RestoreReason::Fault,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use nms_server::{Clock, Server, Settings};
    use tempfile::TempDir;

    use super::*;

    async fn server(folder: &Path) -> Server {
        let settings = Settings { listen: ([127, 0, 0, 1], 0).into(), ..Settings::built_in(folder.to_owned()) };
        Server::start(settings, Clock::system()).await.unwrap()
    }

    fn store(folder: &Path) -> PathBuf {
        folder.join("nms.sqlite3")
    }

    /// A folder with one backup and a store that is damaged; the backup's day.
    async fn damaged() -> (TempDir, NaiveDate) {
        let folder = tempfile::tempdir().unwrap();
        let running = server(folder.path()).await;
        let day = loop {
            let names = fs::read_dir(folder.path().join("backups")).into_iter().flatten().flatten();
            let mut names = names.map(|entry| entry.file_name().into_string().unwrap());
            if let Some(name) = names.find(|name| name.starts_with("nms-")) {
                break name["nms-".len()..][..10].parse().unwrap();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        running.stop().await;
        fs::write(store(folder.path()), "this is no database").unwrap();
        (folder, day)
    }

    async fn refused(folder: &Path, day: NaiveDate) -> FailureKind {
        restore(folder, day).await.unwrap_err().what
    }

    fn because(reason: RestoreReason) -> FailureKind {
        FailureKind::NotRestored { reason }
    }

    #[tokio::test]
    async fn the_backup_of_that_day_takes_the_place_of_the_store_which_is_kept() {
        let begun: DateTime<Utc> = Utc::now();
        let (folder, day) = damaged().await;
        let RestoredView { backup, kept_in } = restore(folder.path(), day).await.unwrap();
        assert_eq!(backup.day, day);
        assert!(backup.made_at.is_some_and(|at| at >= begun && at <= Utc::now()), "{backup:?}");
        let kept_in = PathBuf::from(kept_in.unwrap());
        assert_eq!(fs::read(store(&kept_in)).unwrap(), b"this is no database");
        // It runs again, and what is whole is replaced by nothing.
        let running = server(folder.path()).await;
        assert_eq!(refused(folder.path(), day).await, because(RestoreReason::Locked { pid: Some(std::process::id()) }));
        running.stop().await;
        assert_eq!(refused(folder.path(), day).await, because(RestoreReason::NotDamaged));
    }

    #[tokio::test]
    async fn without_that_backup_or_where_nothing_can_be_written_the_store_stays_as_it_was() {
        let (folder, day) = damaged().await;
        assert_eq!(refused(folder.path(), day.pred_opt().unwrap()).await, because(RestoreReason::NoBackup));
        // A folder stands where the copy is to be written.
        fs::create_dir(folder.path().join("restored.sqlite3")).unwrap();
        let path = folder.path().display().to_string();
        let why = FileReason::NotAllowed;
        assert_eq!(refused(folder.path(), day).await, because(RestoreReason::Folder { path, why }));
        assert_eq!(fs::read(store(folder.path())).unwrap(), b"this is no database");
        fs::remove_dir(folder.path().join("restored.sqlite3")).unwrap();
        assert_eq!(restore(folder.path(), day).await.unwrap().backup.day, day);
    }
}
