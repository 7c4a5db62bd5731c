//! What can go wrong with a secret in custody, told apart by what the caller can do about it.

use std::io;

use crate::keyring::Reason;

/// Why a secret was not kept, copied, saved or drawn. None of them loses a secret that is held, and none repeats one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another secret is held and not handed over yet. Close that one first. The one that was refused is wiped: ask
    /// [`Custody::has_room`](crate::Custody::has_room) before a secret is made.
    #[error("another secret is held")]
    Occupied,
    /// This handle holds nothing (closed, wiped by time, or never given): nothing helps but another token.
    #[error("nothing is held under this handle")]
    NotHeld,
    /// This secret was copied and checked: it is on the clipboard only, and there is no second copy.
    #[error("already copied")]
    AlreadyCopied,
    /// A copy is under way. Wait for its end.
    #[error("a copy is under way")]
    CopyUnderWay,

    /// There is no clipboard that can be reached: no display, or a desktop that lets no program write it unasked. The
    /// secret stays: try again, or take another way out.
    #[error("no clipboard can be reached")]
    NoClipboard,
    /// This desktop lets only the window with the focus copy, and ours has it not. The secret stays: bring the window to
    /// the front and try again, or take another way out.
    #[error("the window needs the focus to copy")]
    ClipboardNeedsFocus,
    /// The clipboard did not take the value. The secret stays: try again.
    #[error("the clipboard refused the value")]
    ClipboardRefused,
    /// Another program replaced the value at once, so that a paste would give something else. The secret stays: end
    /// that program, or take another way out.
    #[error("the clipboard holds something else than the value")]
    ClipboardDiffers,
    /// The display or the program that owns the clipboard did not answer in time. The secret stays: try again.
    #[error("the clipboard did not answer in time")]
    ClipboardTimedOut,
    /// The value holds characters that could mean something in the text around it. The secret stays: copy it alone.
    #[error("the value does not fit into the text around it")]
    NotFramable,
    /// A value of ours is on the clipboard, and another text would push it out. Paste it first, or empty the clipboard.
    #[error("the clipboard holds a secret that was copied")]
    ClipboardHoldsSecret,

    /// A file of that name exists and was not to be replaced. It is untouched.
    #[error("the file exists")]
    FileExists,
    /// The folder does not exist, or is not a folder.
    #[error("no such folder")]
    NoSuchFolder,
    /// The path names something that a file cannot replace: a folder, a pipe, a device; or it names no file at all.
    #[error("not a path of a plain file")]
    NotAFile,
    /// The folder or the file system may not be written.
    #[error("writing is not allowed there")]
    FileRefused,
    /// The file system keeps no permissions, so that others could read the file. Nothing was written.
    #[error("others could read a file there")]
    FileNotPrivate,
    /// No space left. An older file of that name is untouched.
    #[error("no space left")]
    DiskFull,
    /// The file held something else when it was read back. It was removed.
    #[error("the file read back differs")]
    FileDiffers,
    /// The file system did not answer in time. Whether the file is there will be seen in the view once it answers.
    #[error("the file system did not answer in time")]
    FileTimedOut,
    /// Another fault of the file system; the source is for the log.
    #[error("the file could not be written")]
    FileFailed(#[source] io::Error),
    /// The system's keyring did not take the value, for this reason. The secret stays: mend that and try again, or take
    /// another way out.
    #[error("the keyring did not take the value: {0}")]
    KeyringFailed(Reason),
    /// A file that was to be looked at could not be read.
    #[error("the file was not read: {0}")]
    FileNotRead(NotRead),

    /// The value holds characters that the picture's font lacks, or too many of them. Take another way out.
    #[error("the value cannot be drawn")]
    NotDrawable,
}

/// Why a file could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It is not there (any more).
    #[error("it is not there")]
    NotFound,
    /// The person may not read it.
    #[error("reading is not allowed")]
    NotAllowed,
    /// A folder, a pipe, a device.
    #[error("it is no plain file")]
    NotAFile,
    /// The file system did not answer in time.
    #[error("the file system did not answer in time")]
    TimedOut,
    /// Another fault of the file system.
    #[error("another fault of the file system")]
    Other,
}
