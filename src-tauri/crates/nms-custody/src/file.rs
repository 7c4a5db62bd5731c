//! A secret in a file that only its owner may read: the value, and nothing else, since that is what collectors read.
//!
//! Everything is done relative to the opened folder, so that a folder that is exchanged meanwhile changes nothing.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use nms_api::Secret;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fchmod, fstat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::Error;

/// What to do with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it alone and say so.
    Refuse,
    /// Replace it in one step. A symbolic link is replaced itself; what it points to is untouched.
    Replace,
}

/// A file that was written and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// Where it lies.
    pub path: PathBuf,
}

/// Writes, syncs, reads back. Performs I/O, and may take as long as the file system does.
pub(crate) fn write(secret: &Secret, path: &Path, overwrite: Overwrite) -> Result<SavedFile, Error> {
    let (folder, name) = open_folder(path)?;
    match overwrite {
        Overwrite::Refuse => write_new(&folder, name, secret)?,
        Overwrite::Replace => replace(&folder, name, secret)?,
    }
    Ok(SavedFile { path: path.to_owned() })
}

/// The name must not exist, not even as a link that leads nowhere. What was begun is removed when it fails.
fn write_new(folder: &OwnedFd, name: &OsStr, secret: &Secret) -> Result<(), Error> {
    let file = create(folder, name)?;
    fill(folder, name, file, secret).inspect_err(|_| remove(folder, name))
}

/// `O_EXCL` never follows a link, and the mode holds from the first moment, whatever the umask adds.
fn create(folder: &OwnedFd, name: &OsStr) -> Result<OwnedFd, Error> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(folder, name, flags, Mode::RUSR | Mode::WUSR).map_err(file_error)
}

fn replace(folder: &OwnedFd, name: &OsStr, secret: &Secret) -> Result<(), Error> {
    match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
        Ok(FileType::RegularFile | FileType::Symlink) | Err(Errno::NOENT) => {}
        Ok(_) => return Err(Error::NotAFile),
        Err(error) => return Err(file_error(error)),
    }
    let temporary = temporary_name()?;
    write_new(folder, &temporary, secret)?;
    renameat(folder, &temporary, folder, name).map_err(file_error).inspect_err(|_| remove(folder, &temporary))?;
    sync_folder(folder);
    Ok(())
}

fn fill(folder: &OwnedFd, name: &OsStr, file: OwnedFd, secret: &Secret) -> Result<(), Error> {
    fchmod(&file, Mode::RUSR | Mode::WUSR).map_err(file_error)?;
    // File systems without permissions (FAT, some network shares) take the call and ignore it.
    let mode = Mode::from_raw_mode(fstat(&file).map_err(file_error)?.st_mode);
    if mode.intersects(Mode::RWXG | Mode::RWXO) {
        return Err(Error::FileNotPrivate);
    }
    let mut file = File::from(file);
    file.write_all(secret.expose().as_bytes()).and_then(|()| file.sync_all()).map_err(io_error)?;
    drop(file);
    sync_folder(folder);
    read_back(folder, name, secret)
}

fn read_back(folder: &OwnedFd, name: &OsStr, secret: &Secret) -> Result<(), Error> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(openat(folder, name, flags, Mode::empty()).map_err(file_error)?);
    // One more byte than there should be, so that a longer file is noticed.
    let limit = secret.expose().len() + 1;
    let mut found = Zeroizing::new(Vec::with_capacity(limit));
    file.take(limit as u64).read_to_end(&mut found).map_err(io_error)?;
    if secret.matches(&found) { Ok(()) } else { Err(Error::FileDiffers) }
}

/// Removes a file that holds one value, which begins and ends so, and nothing else. Performs I/O.
pub(crate) fn remove_value(path: &Path, prefix: &str, suffix: &str) -> Result<(), Error> {
    let (folder, name) = match open_folder(path) {
        // Its folder is gone: so is it.
        Err(Error::NoSuchFolder) => return Ok(()),
        opened => opened?,
    };
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(&folder, name, flags, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(()),
        opened => opened.map_err(file_error)?,
    };
    if FileType::from_raw_mode(fstat(&file).map_err(file_error)?.st_mode) != FileType::RegularFile {
        return Err(Error::NotAFile);
    }
    let mut found = Zeroizing::new(Vec::with_capacity(Secret::MAX_BYTES + 1));
    File::from(file).take(Secret::MAX_BYTES as u64 + 1).read_to_end(&mut found).map_err(io_error)?;
    let is_it = found.len() <= Secret::MAX_BYTES
        && found.starts_with(prefix.as_bytes())
        && found.ends_with(suffix.as_bytes())
        && !found.iter().any(u8::is_ascii_whitespace);
    if !is_it {
        return Err(Error::FileDiffers);
    }
    unlinkat(&folder, name, AtFlags::empty()).map_err(file_error)?;
    sync_folder(&folder);
    Ok(())
}

fn open_folder(path: &Path) -> Result<(OwnedFd, &OsStr), Error> {
    let name = path.file_name().ok_or(Error::NotAFile)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok((openat(CWD, parent, flags, Mode::empty()).map_err(folder_error)?, name))
}

/// Hidden, random, and unlike anything that a collector reads.
fn temporary_name() -> Result<OsString, Error> {
    let mut bits = [0; 8];
    getrandom::fill(&mut bits).map_err(|_| Error::FileFailed(std::io::ErrorKind::Other.into()))?;
    Ok(format!(".palpabl-{:016x}.part", u64::from_be_bytes(bits)).into())
}

/// So that the name survives a power cut too. Not every file system can; the value itself is synced already.
fn sync_folder(folder: &OwnedFd) {
    if let Err(error) = rustix::fs::fsync(folder) {
        tracing::debug!(%error, "the folder could not be synced");
    }
}

fn remove(folder: &OwnedFd, name: &OsStr) {
    if let Err(error) = unlinkat(folder, name, AtFlags::empty()) {
        tracing::warn!(%error, "a file that was begun could not be removed");
    }
}

fn folder_error(error: Errno) -> Error {
    match error {
        Errno::NOENT | Errno::NOTDIR => Error::NoSuchFolder,
        other => file_error(other),
    }
}

fn file_error(error: Errno) -> Error {
    match error {
        Errno::EXIST => Error::FileExists,
        Errno::ACCESS | Errno::PERM | Errno::ROFS => Error::FileRefused,
        Errno::NOSPC | Errno::DQUOT => Error::DiskFull,
        Errno::ISDIR | Errno::LOOP | Errno::INVAL | Errno::NAMETOOLONG => Error::NotAFile,
        other => Error::FileFailed(other.into()),
    }
}

fn io_error(error: std::io::Error) -> Error {
    match error.raw_os_error() {
        Some(code) => file_error(Errno::from_raw_os_error(code)),
        None => Error::FileFailed(error),
    }
}

#[cfg(test)]
mod tests;
