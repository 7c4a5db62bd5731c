//! One connection: the built-in server, a client that speaks to it, and the session between them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use nms_api::Secret;
use nms_client::{Client, ServerAddress, TimeLimits};
use nms_custody::keyring::{Kept, Late, ServerKey};
use nms_server::{Clock, Damaged, Server, Settings, StartError};
use tauri::AppHandle;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::app::tell;
use crate::failure::{BuiltInReason, Damage, Failure, FailureKind};
use crate::session::SessionKeeper;
use crate::view::{BackupView, KeyringView, PortHolderView, ServerView};

/// By what the built-in server of a data folder is known: its port may change.
pub(crate) fn built_in_key(data_dir: &Path) -> String {
    format!("built-in {}", data_dir.display())
}

/// A running connection to the built-in server.
pub(crate) struct Connection {
    server: tokio::sync::Mutex<Option<Server>>,
    address: ServerAddress,
    data_dir: PathBuf,
    client: Mutex<Client>,
    keeper: SessionKeeper,
}

impl Connection {
    /// Starts the built-in server on its data folder, and takes up the session of the last start or opens one.
    pub(crate) async fn to_built_in(data_dir: PathBuf, events: AppHandle) -> Result<Arc<Self>, Failure> {
        let key = ServerKey::new(built_in_key(&data_dir));
        let (keeper, lates) = SessionKeeper::new(key, events.clone());
        let settings = Settings::built_in(data_dir.clone());
        let (server, kept) = tokio::join!(Server::start(settings, clock()), keeper.load());
        let server = server.map_err(start_failure)?;
        let damage_noticed = server.damage_noticed();
        let address = address_of(&server)?;
        let (client, fresh) = begin_session(&server, &address, kept, &keeper).await?;
        let server = tokio::sync::Mutex::new(Some(server));
        let connection = Arc::new(Self { server, address, data_dir, client: Mutex::new(client), keeper });
        tokio::spawn(Self::hear(Arc::downgrade(&connection), lates));
        tokio::spawn(async move {
            if damage_noticed.await {
                tell(&events, "store_damaged", ());
            }
        });
        if let Some(session) = fresh {
            // The keyring may take its time; the list does not wait for it.
            let connection = Arc::clone(&connection);
            tokio::spawn(async move { connection.keeper.store(&session).await });
        }
        Ok(connection)
    }

    /// What the page shows of the server, as it is now.
    pub(crate) async fn view(&self) -> ServerView {
        let usual_port_taken = match self.server.lock().await.as_ref() {
            Some(server) => server.usual_port_taken().await.map(PortHolderView::from),
            None => None,
        };
        ServerView {
            is_built_in: true,
            address: self.address.to_string(),
            data_dir: Some(self.data_dir.display().to_string()),
            usual_port_taken,
        }
    }

    /// What the server has met of damage of its store, where a look at all of it finds it.
    pub(crate) async fn damage(&self) -> Option<BuiltInReason> {
        let server = self.server.lock().await;
        server.as_ref()?.damage().await.map(|damaged| damage(Damage::InUse, damaged))
    }

    /// Where scripts and collectors reach it.
    pub(crate) fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// A client with the session of the moment.
    pub(crate) fn client(&self) -> Client {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the session is kept.
    pub(crate) fn keyring(&self) -> KeyringView {
        self.keeper.known()
    }

    /// Opens another session, in place of one that is over.
    pub(crate) async fn renew_session(&self) -> Result<Client, Failure> {
        let (client, session) = self.open_session().await?;
        self.keeper.store(&session).await;
        Ok(client)
    }

    /// Tries the keyring again, for the person who has started or unlocked it meanwhile.
    pub(crate) async fn retry_keyring(&self) -> Result<KeyringView, Failure> {
        let (_, session) = self.open_session().await?;
        Ok(self.keeper.store(&session).await)
    }

    /// Stops the server. What it has not yet written is written.
    pub(crate) async fn stop(&self) {
        if let Some(server) = self.server.lock().await.take() {
            server.stop().await;
        }
    }

    async fn open_session(&self) -> Result<(Client, Secret), Failure> {
        let server = self.server.lock().await;
        let Some(server) = server.as_ref() else { return Err(FailureKind::SignedOut.into()) };
        let (client, session) = open_session(server, &self.address).await?;
        self.set_client(client.clone());
        Ok((client, session))
    }

    fn set_client(&self, client: Client) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }

    /// Takes what the keyring says after its limit, for instance when a person has answered its question.
    async fn hear(connection: Weak<Self>, mut lates: UnboundedReceiver<Late>) {
        while let Some(late) = lates.recv().await {
            let Some(connection) = connection.upgrade() else { return };
            match late {
                Late::Loaded(Kept::Found(session)) => connection.take_up(session).await,
                Late::Loaded(Kept::Empty) => drop(connection.renew_session().await),
                Late::Loaded(Kept::Unavailable(reason)) => drop(connection.keeper.stored(Err(reason))),
                Late::Stored(answer) => drop(connection.keeper.stored(answer)),
                Late::Forgotten(_) => {}
            }
        }
    }

    /// Goes on with the session that the keyring had, where it is still good.
    async fn take_up(&self, session: Secret) {
        match good(&self.address, session).await {
            Some(client) => {
                self.set_client(client);
                self.keeper.learn(KeyringView::Kept);
            }
            None => drop(self.renew_session().await),
        }
    }
}

/// The session of the last start where it is still good; a new one otherwise, and whether that is to be kept.
async fn begin_session(
    server: &Server,
    address: &ServerAddress,
    kept: Kept,
    keeper: &SessionKeeper,
) -> Result<(Client, Option<Secret>), Failure> {
    let may_be_stored = match kept {
        Kept::Found(session) => match good(address, session).await {
            Some(client) => {
                keeper.learn(KeyringView::Kept);
                return Ok((client, None));
            }
            None => true,
        },
        Kept::Empty => true,
        Kept::Unavailable(reason) => {
            keeper.stored(Err(reason));
            false
        }
    };
    let (client, session) = open_session(server, address).await?;
    Ok((client, may_be_stored.then_some(session)))
}

/// A client with this session, if the server takes it.
async fn good(address: &ServerAddress, session: Secret) -> Option<Client> {
    let client = client(address, session).ok()?;
    client.me().await.is_ok().then_some(client)
}

/// Opens a session and answers it twice: within a client, which sends it, and for the keyring, which keeps it.
async fn open_session(server: &Server, address: &ServerAddress) -> Result<(Client, Secret), Failure> {
    let session = server.open_session().await.map_err(|_| FailureKind::StorageUnavailable)?;
    let for_keyring = Secret::new(session.expose().to_owned());
    Ok((client(address, session)?, for_keyring))
}

fn client(address: &ServerAddress, session: Secret) -> Result<Client, Failure> {
    let built = Client::new(reached_at(address), session, TimeLimits::default());
    built.map_err(|error| {
        tracing::error!(%error, "no client could be built");
        FailureKind::BuiltInServer { reason: BuiltInReason::Fault }.into()
    })
}

#[cfg(not(feature = "e2e"))]
fn reached_at(address: &ServerAddress) -> ServerAddress {
    address.clone()
}

#[cfg(not(feature = "e2e"))]
pub(crate) fn clock() -> Clock {
    Clock::system()
}

#[cfg(feature = "e2e")]
pub(crate) fn clock() -> Clock {
    crate::e2e::server_clock()
}

#[cfg(feature = "e2e")]
fn reached_at(address: &ServerAddress) -> ServerAddress {
    crate::e2e::relay().unwrap_or_else(|| address.clone())
}

fn address_of(server: &Server) -> Result<ServerAddress, Failure> {
    // Our own server listens on loopback, which the client always takes; were it not so, nothing could be asked.
    let fault = |_| FailureKind::BuiltInServer { reason: BuiltInReason::Fault }.into();
    ServerAddress::parse(&format!("http://{}", server.address())).map_err(fault)
}

fn start_failure(error: StartError) -> Failure {
    tracing::error!(%error, "the built-in server did not start");
    let reason = match error {
        StartError::Locked { pid, .. } => BuiltInReason::Locked { pid },
        StartError::NewerSchema { .. } => BuiltInReason::NewerSchema,
        StartError::Damaged(damaged) => damage(Damage::Unreadable, damaged),
        StartError::Gone(damaged) => damage(Damage::Gone, damaged),
        StartError::NoPort { .. } => BuiltInReason::NoPort,
        StartError::FolderUnusable { folder, .. } => BuiltInReason::Folder { path: folder.display().to_string() },
        StartError::Internal(_) => BuiltInReason::Fault,
    };
    FailureKind::BuiltInServer { reason }.into()
}

fn damage(found: Damage, Damaged { folder, backup }: Damaged) -> BuiltInReason {
    BuiltInReason::Damaged { found, folder: folder.display().to_string(), backup: backup.map(BackupView::from) }
}
