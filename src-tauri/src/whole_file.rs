//! Files that are there whole or not at all: written under another name beside the old one, synced, then renamed over
//! it. What is read has a limit.
//!
//! Not here: what stands in them; and secrets, whose files custody writes and reads back itself.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use uuid::Uuid;

use crate::failure::FileReason;

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner only. The folder is made (0700) where it is missing.
    Owner,
    /// Whoever the person lets read their documents (`umask`). The folder must be there: they chose it.
    AsUsual,
}

/// The bytes of a file; `None` where there is none. Performs I/O.
///
/// # Errors
/// Besides those of the file system: `FileTooLarge` beyond `max_bytes`, `InvalidInput` for what is no plain file.
pub(crate) fn read(path: &Path, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    match std::fs::metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        // A pipe would be waited for.
        Ok(found) if !found.is_file() => return Err(ErrorKind::InvalidInput.into()),
        found => found?,
    };
    let mut bytes = Vec::new();
    File::open(path)?.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes { Err(ErrorKind::FileTooLarge.into()) } else { Ok(Some(bytes)) }
}

/// Writes a file in the place of an older one, in one step. A symbolic link is replaced itself. Performs I/O.
///
/// # Errors
/// Those of the file system, and `IsADirectory` for what a file cannot replace; an older file is then untouched.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(ErrorKind::IsADirectory.into());
    };
    if readers == Readers::Owner {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match std::fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() && !there.is_symlink() => return Err(ErrorKind::IsADirectory.into()),
        _ => {}
    }
    let begun = folder.join(format!(".{}.{}.part", name.to_string_lossy(), Uuid::new_v4().simple()));
    let written = write_new(&begun, bytes, readers).and_then(|()| std::fs::rename(&begun, path));
    if written.is_err() {
        // Nothing of ours stays behind; where even that fails, the first error says why.
        drop(std::fs::remove_file(&begun));
        return written;
    }
    // So that the name survives a power cut too. Not every file system can; the bytes themselves are synced already.
    drop(File::open(folder).and_then(|folder| folder.sync_all()));
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mode = match readers {
        Readers::Owner => 0o600,
        Readers::AsUsual => 0o666,
    };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

impl From<io::Error> for FileReason {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::IsADirectory => Self::NotAllowed,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NoFolder,
            ErrorKind::AlreadyExists => Self::Exists,
            kind => {
                tracing::warn!(?kind, "a file could not be written");
                Self::Other
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_the_owner_reads_what_is_written_for_them_and_nothing_is_left_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("made/for/us.json");
        write(&path, b"one", Readers::Owner).unwrap();
        write(&path, b"two", Readers::Owner).unwrap();
        assert_eq!(read(&path, 3).unwrap().as_deref(), Some(b"two".as_slice()));
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(names(path.parent().unwrap()), ["us.json"]);
    }

    #[test]
    fn an_older_file_that_others_could_read_is_closed_to_them() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        std::fs::write(&path, "open").unwrap();
        assert_ne!(mode(&path), 0o600);
        write(&path, b"closed", Readers::Owner).unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn what_a_link_leads_to_is_untouched() {
        let home = tempfile::tempdir().unwrap();
        let (target, link) = (home.path().join("target"), home.path().join("link"));
        std::fs::write(&target, "precious").unwrap();
        symlink(&target, &link).unwrap();
        write(&link, b"new", Readers::AsUsual).unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"precious");
        assert_eq!(std::fs::read(&link).unwrap(), b"new");
    }

    #[test]
    fn what_cannot_be_replaced_is_refused_and_nothing_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("folder");
        std::fs::create_dir(&folder).unwrap();
        let refused = |path: &Path| FileReason::from(write(path, b"x", Readers::AsUsual).unwrap_err());
        assert_eq!(refused(&folder), FileReason::NotAllowed);
        assert_eq!(refused(Path::new("/")), FileReason::NotAllowed);
        assert_eq!(refused(&home.path().join("missing/a")), FileReason::NoFolder);
        assert_eq!(names(home.path()), ["folder"]);
    }

    #[test]
    fn what_is_too_large_or_no_file_is_not_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read(&path, 4).unwrap().as_deref(), Some(b"four".as_slice()));
        assert_eq!(read(&path, 3).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read(home.path(), 3).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(read(&home.path().join("missing"), 3).unwrap(), None);
    }
}
