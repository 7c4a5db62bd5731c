//! A data folder that is locked and open, with its person: what a server is built on, and what the program's other
//! commands use while no server runs.

use std::io;
use std::path::Path;

use crate::backups;
use crate::clock::Clock;
use crate::data_folder;
use crate::error::{Damaged, StartError};
use crate::first_start::first_start;
use crate::lock::{DataLock, LockRefused};
use crate::owner_commands::OwnerCommands;
use crate::random::Random;
use crate::restore;
use crate::store::{self, BuiltIn, OpenRefused, Store};

/// Locked until this is closed or dropped.
pub(crate) struct Workshop {
    pub(crate) owner: OwnerCommands,
    _lock: DataLock,
}

impl Workshop {
    /// Locks and opens `folder`, made where it is missing, and fills it at the first start. Performs I/O.
    pub(crate) async fn open(folder: &Path, person_name: &str, clock: Clock) -> Result<Self, StartError> {
        let lock = lock(folder)?;
        let path = data_folder::store_path(folder);
        // Whoever has a backup had a store: to begin anew in silence would be to lose it.
        let is_lost = std::fs::metadata(&path).map_or(0, |file| file.len()) == 0 && !backups::list(folder).is_empty();
        if is_lost {
            return Err(StartError::Gone(damaged(folder).await));
        }
        let file = data_folder::store_file(folder).map_err(unusable(folder))?;
        let store = match store::open(&file).await {
            Ok(store) => store,
            Err(refused) => return Err(not_opened(refused, folder).await),
        };
        let random = Random::system();
        let built_in = match fill(&store, person_name, &clock, &random).await {
            Ok(built_in) => built_in,
            Err(error) => return Err(not_opened(error.into(), folder).await),
        };
        Ok(Self { owner: OwnerCommands { owner: built_in.owner(), store, clock, random }, _lock: lock })
    }

    /// Closes the store and frees the folder.
    pub(crate) async fn close(self) {
        self.owner.store.close().await;
    }
}

/// Makes a data folder where it is missing, and locks it. Performs I/O.
pub(crate) fn lock(folder: &Path) -> Result<DataLock, StartError> {
    data_folder::prepare(folder).map_err(unusable(folder))?;
    DataLock::take(folder).map_err(|refused| match refused {
        LockRefused::Held { pid } => StartError::Locked { pid, folder: folder.to_owned() },
        LockRefused::Io(source) => unusable(folder)(source),
    })
}

fn unusable(folder: &Path) -> impl Fn(io::Error) -> StartError {
    let folder = folder.to_owned();
    move |source| StartError::FolderUnusable { folder: folder.clone(), source }
}

/// With the backup that can be had instead. Performs I/O.
async fn damaged(folder: &Path) -> Damaged {
    Damaged { folder: folder.to_owned(), backup: restore::newest_whole(folder, None).await }
}

/// Looks at all of the store of this folder beside a server that has it open; `None`: it is whole, or cannot be looked at.
/// Performs I/O.
pub(crate) async fn damage_beside(folder: &Path) -> Option<Damaged> {
    match store::inspect_beside(&data_folder::store_path(folder)).await {
        Err(store::Error::Damaged(_)) => Some(damaged(folder).await),
        Ok(_) => None,
        Err(error) => {
            tracing::warn!(%error, "damage was met, and the store cannot be looked at");
            None
        }
    }
}

async fn fill(store: &Store, person_name: &str, clock: &Clock, random: &Random) -> store::Result<BuiltIn> {
    if let Some(built_in) = store.built_in().await? {
        if built_in.user.name != person_name {
            store.rename_person(built_in.user.id, person_name).await?;
        }
        return Ok(built_in);
    }
    let first =
        first_start(person_name, random, clock.now()).map_err(|error| store::Error::Unexpected(error.into()))?;
    store.begin_with(&first).await?;
    Ok(first.built_in)
}

/// Why a store was not opened, as a start is refused for it. Performs I/O: looks for a backup of a damaged one.
pub(crate) async fn not_opened(refused: OpenRefused, folder: &Path) -> StartError {
    match refused {
        OpenRefused::Newer => StartError::NewerSchema { folder: folder.to_owned() },
        OpenRefused::Store(store::Error::Damaged(error)) => {
            tracing::error!(%error, "the store is damaged");
            StartError::Damaged(damaged(folder).await)
        }
        OpenRefused::Store(store::Error::Unavailable(source)) => unusable(folder)(io::Error::other(source)),
        OpenRefused::Store(store::Error::Unexpected(source)) => StartError::Internal(source),
    }
}
