//! A running server: started inside a process, stopped with everything written down.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::body::Bytes;
use nms_api::{PermissionName, Secret};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::answer_counts::AnswerCounts;
use crate::auth::{AccessTable, Guesses, Undeclared};
use crate::clock::Clock;
use crate::damage::Damage;
use crate::error::{Damaged, HeldError, SessionError, StartError};
use crate::hosts::Hosts;
use crate::keys_at_work::KeysAtWork;
use crate::listener::{self, Listening};
use crate::port_holder::{self, PortHolder};
use crate::random::Random;
use crate::reports::Reports;
use crate::settings::Settings;
use crate::state::{App, Parts};
use crate::use_ledger::UseLedger;
use crate::workshop::{self, Workshop};
use crate::{alert_watch, backups, connections, control, endings, housekeeping, reports, routes};

/// A server that answers on its port and on `control.sock`, until it is stopped or dropped.
pub struct Server {
    address: SocketAddr,
    /// The port that was asked for, when another program had it.
    usual_port_taken: Option<u16>,
    folder: PathBuf,
    workshop: Workshop,
    app: App,
    stopping: watch::Sender<bool>,
    connections: JoinHandle<()>,
    others: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on the current tokio runtime. Performs I/O.
    ///
    /// # Errors
    /// [`StartError`] says what can be done; nothing keeps running and nothing keeps the folder then.
    pub async fn start(settings: Settings, clock: Clock) -> Result<Self, StartError> {
        let workshop = Workshop::open(&settings.data_dir, &settings.person_name, clock).await?;
        let Listening { listener, address, taken } = match listener::listen(&settings).await {
            Ok(listening) => listening,
            Err(error) => {
                workshop.close().await;
                return Err(error);
            }
        };
        let (routes, document) = routes::documented();
        let reports = Reports::new(settings.revoke_reported);
        let app = app(&workshop, address, &document, reports).map_err(|error| StartError::Internal(error.into()))?;
        let (stopping, stopped) = watch::channel(false);
        let routes = routes::guarded(routes, app.clone());
        let mut others = vec![
            tokio::spawn(housekeeping::write_uses(app.clone(), stopped.clone())),
            tokio::spawn(housekeeping::purge(app.clone(), stopped.clone())),
            tokio::spawn(endings::write_ends(app.clone(), stopped.clone())),
            tokio::spawn(alert_watch::watch(app.clone(), stopped.clone())),
            tokio::spawn(backups::keep(app.clone(), settings.data_dir.clone(), stopped.clone())),
            tokio::spawn(reports::work(app.clone(), stopped.clone())),
        ];
        match control::bind(&settings.data_dir) {
            Ok(socket) => others.push(tokio::spawn(control::serve(socket, workshop.owner.clone(), stopped.clone()))),
            // The app speaks to the server inside its own process; only the program's other commands miss it.
            Err(error) => tracing::warn!(%error, "there is no control socket"),
        }
        let connections = tokio::spawn(connections::serve(listener, routes, stopped));
        Ok(Self {
            address,
            usual_port_taken: taken,
            folder: settings.data_dir,
            workshop,
            app,
            stopping,
            connections,
            others,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who sits on the port that was asked for at this moment, when it was taken and this server listens on another.
    /// Performs I/O: reads `/proc`.
    pub async fn usual_port_taken(&self) -> Option<PortHolder> {
        let port = self.usual_port_taken?;
        tokio::task::spawn_blocking(move || port_holder::find(port)).await.ok()
    }

    /// Opens a session for the person of this server. It holds all that they hold, and ends after 12 hours without
    /// use.
    ///
    /// # Errors
    /// [`SessionError`]: none was opened.
    pub async fn open_session(&self) -> Result<Secret, SessionError> {
        self.workshop.owner.open_session().await
    }

    /// What the person of this server holds now, folded.
    ///
    /// # Errors
    /// [`HeldError::StorageUnavailable`].
    pub async fn held(&self) -> Result<Vec<PermissionName>, HeldError> {
        self.workshop.owner.held().await
    }

    /// Sets what the person of this server holds, from the next request on; `None`: everything.
    ///
    /// # Errors
    /// [`HeldError`]: they hold what they held.
    pub async fn set_held(&self, held: Option<Vec<PermissionName>>) -> Result<(), HeldError> {
        self.workshop.owner.set_held(held).await
    }

    /// Ends when a query has met damage of the store: then [`damage`](Self::damage) has something to look for. The server
    /// goes on with what can still be read. `false`: the server has ended without.
    pub fn damage_noticed(&self) -> impl Future<Output = bool> + Send + use<> {
        self.app.damage.noticed()
    }

    /// The store's damage, where a query has met some and a look at all of it finds it. [`restore`](crate::restore) puts a
    /// backup in its place once this server was stopped. Performs I/O: reads the store and its backups then.
    pub async fn damage(&self) -> Option<Damaged> {
        if !self.app.damage.is_noticed() {
            return None;
        }
        workshop::damage_beside(&self.folder).await
    }

    /// Stops: lets what is at work finish, writes down what was only counted, closes the store, frees the folder.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        for task in std::iter::once(self.connections).chain(self.others) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server had failed");
            }
        }
        reports::look_up(&self.app).await;
        self.app.settle().await;
        control::remove(&self.folder);
        self.workshop.close().await;
    }
}

fn app(
    workshop: &Workshop,
    address: SocketAddr,
    document: &utoipa::openapi::OpenApi,
    reports: Reports,
) -> Result<App, Fault> {
    let document = serde_json::to_value(document)?;
    Ok(App::new(Parts {
        store: workshop.owner.store.clone(),
        ledger: UseLedger::default(),
        clock: workshop.owner.clock.clone(),
        random: Random::system(),
        hosts: Hosts::of(address),
        access: AccessTable::read(&document)?,
        keys_at_work: KeysAtWork::default(),
        guesses: Guesses::default(),
        something_ends: Notify::default(),
        answers: AnswerCounts::default(),
        reports,
        damage: Damage::default(),
        document: Bytes::from(serde_json::to_vec(&document)?),
    }))
}

#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Undeclared(#[from] Undeclared),
    #[error(transparent)]
    Document(#[from] serde_json::Error),
}
