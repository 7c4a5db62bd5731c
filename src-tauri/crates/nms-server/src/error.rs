//! Why a server does not start, or does not do what the program asks of it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::backups::Backup;
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
    /// The store's file is no database or is damaged. It was kept as it is. [`restore`](crate::restore) puts a backup in
    /// its place.
    #[error("the store in {} is damaged; it was kept as it is{}", .0.folder.display(), offer(.0))]
    Damaged(Damaged),
    /// The store's file is gone or empty, although there are backups of it. [`restore`](crate::restore) puts one in its
    /// place.
    #[error("the store in {} is gone{}", .0.folder.display(), offer(.0))]
    Gone(Damaged),
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

/// A store that cannot be used any more, and what can be had instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The data folder.
    pub folder: PathBuf,
    /// The last automatic backup that is whole, if there is any.
    pub backup: Option<Backup>,
}

fn offer(Damaged { folder, backup }: &Damaged) -> String {
    let Some(backup) = backup else { return "; there is no automatic backup that could take its place".to_owned() };
    let (day, folder) = (backup.day, folder.display());
    format!("; the last automatic backup is of {day}: nms-server restore --data {folder} puts it in its place")
}

/// Why no backup was put in the store's place. The store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The folder cannot be used now, as a server could not start in it.
    #[error(transparent)]
    Folder(#[from] StartError),
    /// The store is whole. Whoever wants to go back all the same copies a backup over it while no server runs.
    #[error("the store in {folder} is not damaged; it was not touched")]
    NotDamaged {
        /// The data folder.
        folder: PathBuf,
    },
    /// There is no backup, or none that is whole.
    #[error("there is no backup in {folder} that could take its place; nothing was touched")]
    NoBackup {
        /// The data folder.
        folder: PathBuf,
    },
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
