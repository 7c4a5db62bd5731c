//! Why a server does not start, or does not do what the program asks of it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::port_holder::PortHolder;

/// Why a server does not start. Named by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process uses the data folder. Nothing was touched. End that one, or use its server.
    #[error("another process{} uses the data folder {folder}", pid.map(|pid| format!(" ({pid})")).unwrap_or_default())]
    Locked {
        /// Which process, where it could be read.
        pid: Option<u32>,
        /// The data folder.
        folder: PathBuf,
    },
    /// A later version of this program has written the store, which was not touched. Use that version.
    #[error("the store in {folder} was written by a later version of this program; it was not touched")]
    NewerSchema {
        /// The data folder.
        folder: PathBuf,
    },
    /// The store's file is no database or is damaged. It was kept as it is.
    #[error("the store in {folder} is damaged; it was kept as it is")]
    Damaged {
        /// The data folder.
        folder: PathBuf,
    },
    /// The data folder cannot be made, read or written. Mend its disk, its rights, or choose another.
    #[error("the data folder {folder} cannot be used: {source}")]
    FolderUnusable {
        /// The data folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The port is taken, or the address is not this computer's. Choose another, or end who holds it.
    #[error("cannot listen on {address}: {source}{}", holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default())]
    NoPort {
        /// Where it should have listened.
        address: SocketAddr,
        /// Who sits there, when it is taken.
        holder: Option<PortHolder>,
        /// What the system says.
        source: io::Error,
    },
    /// A fault of this program; nothing to be done but to report it.
    #[error("the server cannot start: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A session could not be opened. None was; trying again may help.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The store cannot be written now: disk full or read-only.
    #[error("the store cannot be written now")]
    StorageUnavailable,
    /// A fault of this program or its computer.
    #[error("a session could not be opened")]
    Internal,
}

/// What the person holds could not be read or set. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// These names are no permissions of this server.
    #[error("this server does not know {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// The store cannot be used now.
    #[error("the store cannot be used now")]
    StorageUnavailable,
}
