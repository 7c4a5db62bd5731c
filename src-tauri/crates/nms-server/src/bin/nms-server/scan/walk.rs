//! Every file that can be reached from a path, without following symbolic links. What is passed over is named.

use std::fs::{self, FileType};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use super::{complain, complain_of, shown};

/// Calls `look` with every ordinary file at `path` or below it, in order. False: something could not be looked at.
/// Performs I/O.
pub(super) fn look_through(path: &Path, look: &mut dyn FnMut(&Path) -> bool) -> bool {
    // A stack and not recursion: folders may be as deep as they like.
    let mut waiting = vec![path.to_owned()];
    let mut is_whole = true;
    while let Some(path) = waiting.pop() {
        let kind = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => {
                is_whole &= complain_of(&path, Err(error));
                continue;
            }
        };
        if kind.is_dir() {
            match below(&path) {
                Ok(entries) => waiting.extend(entries),
                Err(error) => is_whole &= complain_of(&path, Err(error)),
            }
        } else if kind.is_file() {
            is_whole &= look(&path);
        } else {
            complain(&format!("{}: passed over: it is {}", shown(&path), called(kind)));
        }
    }
    is_whole
}

/// What a folder holds, the first last.
fn below(folder: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by(|a, b| b.cmp(a));
    Ok(entries)
}

/// Neither of these has a content of its own.
fn called(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}
