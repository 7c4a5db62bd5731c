//! The advisory lock on a data folder: two processes never write one store.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Why a data folder could not be locked.
#[derive(Debug)]
pub(crate) enum LockRefused {
    /// Another process holds it.
    Held {
        /// Which, where it could be read.
        pid: Option<u32>,
    },
    /// The lock file cannot be had.
    Io(io::Error),
}

/// Held for as long as this lives; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    /// Locks `folder`, and leaves the process's id in the lock file for whoever comes second. Performs I/O.
    pub(crate) fn take(folder: &Path) -> Result<Self, LockRefused> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join("lock"))
            .map_err(LockRefused::Io)?;
        match file.try_lock() {
            Ok(()) => sign(&mut file).map_err(LockRefused::Io)?,
            Err(TryLockError::WouldBlock) => return Err(LockRefused::Held { pid: signature(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(LockRefused::Io(error)),
        }
        Ok(Self { _file: file })
    }
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn signature(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_and_learns_who_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataLock::take(folder.path()).unwrap();
        let Err(LockRefused::Held { pid }) = DataLock::take(folder.path()) else { panic!("locked twice") };
        assert_eq!(pid, Some(std::process::id()));
        drop(first);
        DataLock::take(folder.path()).unwrap();
    }
}
