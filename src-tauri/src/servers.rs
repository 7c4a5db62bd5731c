//! Which NMS we speak to: today the one that runs inside this app. Nothing else may assume that there is only one, or
//! that it is ours.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use nms_api::{Me, TokenQuery};
use nms_client::{Client, TokenPage};
use tauri::AppHandle;
use tokio::sync::Mutex;

use crate::asking::{self, Nms};
use crate::connection::{self, Connection};
use crate::failure::{Failure, FailureKind, RestoreReason};
use crate::remembered::Whose;
use crate::restoring;
use crate::view::RestoredView;

/// The NMS that we speak to. Connects on the first need, and again when that failed.
pub(crate) struct Servers {
    data_dir: PathBuf,
    events: AppHandle,
    connection: Mutex<Option<Arc<Connection>>>,
    /// Who we were there when it was last asked.
    whose: std::sync::Mutex<Option<Whose>>,
}

impl Servers {
    /// Nothing is started yet.
    pub(crate) fn new(data_dir: PathBuf, events: AppHandle) -> Self {
        Self { data_dir, events, connection: Mutex::new(None), whose: std::sync::Mutex::default() }
    }

    /// The connection; made if there is none. Whoever asks meanwhile waits for the same one.
    pub(crate) async fn connected(&self) -> Result<Arc<Connection>, Failure> {
        // Held across the start on purpose: two starts would race for one store.
        let mut connection = self.connection.lock().await;
        if let Some(connection) = connection.as_ref() {
            return Ok(Arc::clone(connection));
        }
        let made = Connection::to_built_in(self.data_dir.clone(), self.events.clone()).await?;
        *connection = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Puts the backup of this day in the place of the built-in server's damaged store. A server that runs on what is left
    /// of it is stopped before; the next need starts one.
    pub(crate) async fn restore(&self, day: NaiveDate) -> Result<RestoredView, Failure> {
        // Held meanwhile: nobody starts on what is being exchanged.
        let mut connection = self.connection.lock().await;
        if let Some(running) = connection.as_ref() {
            if running.damage().await.is_none() {
                return Err(FailureKind::NotRestored { reason: RestoreReason::NotDamaged }.into());
            }
            running.stop().await;
            *connection = None;
        }
        restoring::restore(&self.data_dir, day).await
    }

    /// Asks the NMS, with a new session when the one of the moment is over.
    pub(crate) async fn ask<T, F>(&self, request: impl Fn(Client) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, nms_client::Error>>,
    {
        asking::ask(self, request).await
    }

    /// The same where nothing is changed. What our own server fails for is told then, where it is damage of its store.
    async fn read<T, F>(&self, request: impl Fn(Client) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, nms_client::Error>>,
    {
        let failure = match self.ask(request).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let damage = match failure.what {
            FailureKind::ServerFailed { .. } => self.connected().await?.damage().await,
            _ => None,
        };
        let what = damage.map(|reason| FailureKind::BuiltInServer { reason });
        Err(Failure { what: what.unwrap_or(failure.what), request_id: failure.request_id })
    }

    /// A name for the server that is good over restarts, whether it can be reached or not.
    pub(crate) fn key(&self) -> String {
        connection::built_in_key(&self.data_dir)
    }

    /// Who we are there, and what we hold.
    pub(crate) async fn me(&self) -> Result<Me, Failure> {
        let me = self.read(|client| async move { client.me().await }).await?;
        *self.whose.lock().unwrap_or_else(PoisonError::into_inner) = Some(Whose::of(&me, self.key()));
        Ok(me)
    }

    /// Whose lists we get there, as far as that is known without asking.
    pub(crate) fn known_whose(&self) -> Option<Whose> {
        self.whose.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The server's clock, as far as its answers tell.
    pub(crate) async fn now(&self) -> Result<DateTime<Utc>, Failure> {
        Ok(Utc::now() + self.client().await?.clock_skew().unwrap_or_default())
    }

    /// One page of the person's tokens.
    pub(crate) async fn list(&self, query: &TokenQuery) -> Result<TokenPage, Failure> {
        self.read(|client| async move { client.tokens(query).await }).await
    }

    /// Ends what we started: what is not yet on disk is written.
    pub(crate) async fn stop(&self) {
        let connection = self.connection.lock().await.take();
        if let Some(connection) = connection {
            connection.stop().await;
        }
    }
}

impl Nms for Servers {
    async fn client(&self) -> Result<Client, Failure> {
        Ok(self.connected().await?.client())
    }

    async fn renewed(&self) -> Result<Client, Failure> {
        self.connected().await?.renew_session().await
    }

    async fn whose(&self) -> Result<Whose, Failure> {
        match self.known_whose() {
            Some(whose) => Ok(whose),
            None => self.me().await.map(|me| Whose::of(&me, self.key())),
        }
    }
}
