//! Reads a file that somebody chose, as far as it is worth looking at.

use std::io::Read;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::{Finding, MAX_BYTES, inspect_bytes};
use crate::error::{Error, NotRead};

/// Performs I/O, and may take as long as the file system does.
pub(crate) fn inspect(path: &Path) -> Result<Finding, Error> {
    // Not blocking: a pipe would be waited for.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = openat(CWD, path, flags, Mode::empty()).map_err(not_read)?;
    let kind = FileType::from_raw_mode(fstat(&file).map_err(not_read)?.st_mode);
    if kind != FileType::RegularFile {
        return Err(Error::FileNotRead(NotRead::NotAFile));
    }
    // Room for all of it at once, and one byte more, so that a longer file is noticed.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    let read = std::fs::File::from(file).take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| not_read(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
    Ok(inspect_bytes(&bytes))
}

fn not_read(error: Errno) -> Error {
    Error::FileNotRead(match error {
        Errno::NOENT | Errno::NOTDIR => NotRead::NotFound,
        Errno::ACCESS | Errno::PERM => NotRead::NotAllowed,
        Errno::ISDIR | Errno::LOOP | Errno::NXIO | Errno::NODEV => NotRead::NotAFile,
        other => {
            tracing::warn!(error = %other, "a file could not be read");
            NotRead::Other
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::Form;

    const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

    #[track_caller]
    fn check(bytes: &[u8], expected: Form) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(inspect(&path).unwrap().form, expected);
    }

    #[track_caller]
    fn refused(path: &Path, expected: NotRead) {
        match inspect(path) {
            Err(Error::FileNotRead(why)) => assert_eq!(why, expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_looked_at_up_to_its_limit() {
        check(VALUE.as_bytes(), Form::Token);
        check(b"", Form::Empty);
        check(&[0xff, 0xfe, b'p', 0], Form::NotText);
        let padded = |length: usize| format!("{VALUE}{}", " ".repeat(length - VALUE.len()));
        check(padded(MAX_BYTES).as_bytes(), Form::Token);
        check(padded(MAX_BYTES + 1).as_bytes(), Form::TooMuch);
    }

    #[test]
    fn what_is_no_file_is_refused_and_never_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
        refused(&pipe, NotRead::NotAFile);
        refused(folder.path(), NotRead::NotAFile);
        refused(Path::new("/dev/zero"), NotRead::NotAFile);
        refused(&folder.path().join("missing"), NotRead::NotFound);
        refused(&pipe.join("below"), NotRead::NotFound);
    }
}
