//! The data folder: 0700, and the store's file 0600 before SQLite, which would make it 0644, first opens it.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The store's file within the data folder. SQLite gives its companions (`-wal`, `-shm`) the same mode.
const STORE: &str = "nms.sqlite3";

/// Makes `folder` where it is missing and closes it to everybody else. Performs I/O.
pub(crate) fn prepare(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// Where the store's file lies, or would.
pub(crate) fn store_path(folder: &Path) -> PathBuf {
    folder.join(STORE)
}

/// The store's file, made empty and 0600 where it is missing. Performs I/O.
pub(crate) fn store_file(folder: &Path) -> io::Result<PathBuf> {
    let path = store_path(folder);
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(path)
}
