//! [`App`] owns what the window works with: the NMS that we speak to, and custody. The only managed state.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Utc;
use nms_api::{Token, TokenId, TokenQuery};
use nms_client::{Created as Answer, TokenPage};
use nms_custody::keyring::TokenEntry;
use nms_custody::{Clock, Custody, Handle, Saved, VaultState};
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::Notify;

use crate::appearance::Appearances;
use crate::asking::Nms;
use crate::creations::{self, Creations, Wanted};
use crate::custody_view;
use crate::failure::{Failure, FailureKind, FileReason};
use crate::handover::{HandedOver, Handover, Subject};
use crate::journal::Journal;
use crate::leaving::Leaving;
use crate::notifications::Notifier;
use crate::places::{Place, Places};
use crate::remembered::{self, Remembered};
use crate::reminders::Reminders;
use crate::reveal::Shown;
use crate::servers::Servers;
use crate::settings::SettingsStore;
use crate::unfinished::Unfinished;
use crate::view::{CloseRequest, Created, OpenToken, RememberedList, Settings, SettingsView, VaultView};
use crate::window;

/// Everything that commands work with.
pub(crate) struct App {
    custody: Custody,
    handover: Arc<Handover>,
    servers: Arc<Servers>,
    journal: Arc<Journal>,
    places: Arc<Places>,
    creations: Creations<Servers>,
    unfinished: Unfinished<Servers>,
    appearances: Appearances,
    settings: Arc<SettingsStore>,
    remembered: Arc<Remembered>,
    reminders: Reminders,
    /// Rung when the person stops an export.
    stop_export: Notify,
    /// As the page told it last.
    form_unsaved: AtomicBool,
    leaving: Leaving,
    events: AppHandle,
}

impl App {
    /// Starts the built-in server and custody, both without waiting for them.
    pub(crate) fn start(app: &AppHandle) -> tauri::Result<Self> {
        let handover = Arc::new(Handover::default());
        let settings = Arc::new(SettingsStore::open(app.path().app_config_dir()?.join("settings.json"), Utc::now()));
        let servers = Arc::new(Servers::new(app.path().app_data_dir()?, app.clone()));
        tauri::async_runtime::spawn({
            let servers = Arc::clone(&servers);
            // A failure is told to the page when it asks.
            async move { drop(servers.connected().await) }
        });
        let remembered = Arc::new(Remembered::new(app.path().app_cache_dir()?.join("last-list.json")));
        let chosen = settings.settings();
        let told = app.path().app_config_dir()?.join("reminders.json");
        let reminders = Reminders::new(told, Arc::clone(&servers), open_notifier(app));
        let custody = open_custody(app, &handover, &chosen);
        let appearances = Appearances::watch(app, chosen.theme);
        let journal = Arc::new(Journal::open(app.path().app_data_dir()?.join("journal.json"), Utc::now()));
        let places = Arc::new(Places::new(app.path().app_data_dir()?.join("places.json")));
        let creations = Creations::new(Arc::clone(&servers), Arc::clone(&journal), creations::PATIENCE);
        let unfinished = Unfinished::new(Arc::clone(&servers), Arc::clone(&journal));
        Ok(Self {
            custody,
            handover,
            servers,
            journal,
            places,
            creations,
            unfinished,
            appearances,
            settings,
            remembered,
            reminders,
            stop_export: Notify::new(),
            form_unsaved: AtomicBool::new(false),
            leaving: Leaving::default(),
            events: app.clone(),
        })
    }

    pub(crate) fn custody(&self) -> &Custody {
        &self.custody
    }

    pub(crate) fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    pub(crate) fn servers(&self) -> &Arc<Servers> {
        &self.servers
    }

    pub(crate) fn appearances(&self) -> &Appearances {
        &self.appearances
    }

    pub(crate) fn settings(&self) -> &SettingsStore {
        &self.settings
    }

    /// Applies settings at once; then keeps them. They hold also where they could not be kept.
    pub(crate) async fn choose(&self, settings: Settings) -> Result<SettingsView, Failure> {
        self.custody.set_settings(settings.of_custody());
        self.appearances.choose(settings.theme);
        self.settings.set(settings);
        let store = Arc::clone(&self.settings);
        let saved = tauri::async_runtime::spawn_blocking(move || store.save(Utc::now())).await;
        match saved.unwrap_or(Err(FileReason::Other)) {
            Ok(()) => Ok(self.settings.view()),
            Err(reason) => Err(FailureKind::SettingsNotSaved { reason }.into()),
        }
    }

    pub(crate) fn reminders(&self) -> &Reminders {
        &self.reminders
    }

    /// Keeps a page of the list for when the NMS cannot be reached. Nobody waits for that.
    pub(crate) fn remember(&self, query: &TokenQuery, page: &TokenPage) {
        if !remembered::is_of_the_whole_list(query) {
            return;
        }
        let (remembered, servers) = (Arc::clone(&self.remembered), Arc::clone(&self.servers));
        let (query, page, at) = (query.clone(), page.clone(), Utc::now());
        tauri::async_runtime::spawn(async move {
            let Ok(whose) = servers.whose().await else { return };
            tauri::async_runtime::spawn_blocking(move || remembered.learn(whose, &query, page, at));
        });
    }

    /// The last list that was kept so.
    pub(crate) async fn remembered(&self) -> Option<RememberedList> {
        let (remembered, server, whose) =
            (Arc::clone(&self.remembered), self.servers.key(), self.servers.known_whose());
        tauri::async_runtime::spawn_blocking(move || remembered.recall(&server, whose.as_ref())).await.ok()?
    }

    /// The vault, as the page sees it.
    pub(crate) fn vault(&self) -> VaultView {
        custody_view::view(&self.custody.view(), &self.handover)
    }

    /// Makes a token and puts its secret into the vault. `replaces` is deleted once the new value was handed over.
    pub(crate) async fn create(&self, wanted: Wanted, replaces: Option<TokenId>) -> Result<Created, Failure> {
        if !self.custody.has_room() {
            return Err(FailureKind::VaultOccupied.into());
        }
        match self.creations.make(wanted, replaces).await? {
            Answer::Lost { token } => Ok(lost(token)),
            Answer::Fresh { token, secret } => Ok(self.take_in(token, secret, replaces).await),
        }
    }

    /// Stops the wait of [`create`](Self::create), if there is one. What the server makes all the same is deleted, and
    /// `create` answers what became of it.
    pub(crate) fn stop_waiting(&self) {
        self.creations.stop();
    }

    /// The token of the last creation whose outcome was unknown, if it was made.
    pub(crate) async fn find_out(&self) -> Result<Option<Created>, Failure> {
        Ok(self.creations.find_out().await?.map(lost))
    }

    /// Deletes a token; one that is gone already is gone. The page is told where that is news of a replaced one.
    pub(crate) async fn delete(&self, id: TokenId) -> Result<(), Failure> {
        let deleted = match self.servers.ask(|client| async move { client.delete_token(id).await }).await {
            Err(failure) if failure.what == FailureKind::NotFound => Ok(()),
            answer => answer,
        };
        if deleted.is_ok() {
            self.journal.work(move |journal| journal.forget(id)).await;
        }
        if self.handover.learn(id, &deleted) {
            tell(&self.events, "vault", self.vault());
        }
        deleted
    }

    /// What an earlier run of the app, or a failure of this one, left unfinished.
    pub(crate) fn unfinished(&self) -> &Unfinished<Servers> {
        &self.unfinished
    }

    /// Wipes the secret. Where it was not handed over, a person decided that nobody needs it.
    pub(crate) async fn close_vault(&self, handle: Handle) {
        self.custody.close(handle);
        let subject = self.handover.subject(handle).filter(|_| !self.handover.is_handed_over(handle));
        if let Some(subject) = subject {
            self.unfinished.settle(subject.token_id).await;
        }
    }

    /// Ends the reading of every export that is under way.
    pub(crate) fn stop_export(&self) {
        self.stop_export.notify_waiters();
    }

    /// Until the person stops it.
    pub(crate) async fn export_stopped(&self) {
        self.stop_export.notified().await;
    }

    /// Where the secret of this handle was saved, if it was.
    pub(crate) fn saved_path(&self, number: Option<u64>) -> Option<PathBuf> {
        let (handle, saved) = match self.custody.view().vault {
            VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => (held.handle, held.saved),
            VaultState::Copied { handle, saved }
            | VaultState::Arrived { handle, saved }
            | VaultState::Expired { handle, saved } => (handle, saved),
            VaultState::Empty => return None,
        };
        saved.file.filter(|_| Some(u64::from(handle.number())) == number)
    }

    /// Stores the secret in the system's keyring, where other programs find it by its token.
    pub(crate) async fn save_to_keyring(&self, handle: Handle) -> Result<(), Failure> {
        let Some(subject) = self.handover.subject(handle) else { return Err(FailureKind::VaultGone.into()) };
        Ok(self.custody.save_to_keyring(handle, self.entry(subject.token_id, subject.name)).await?)
    }

    /// Where the value of this token was put.
    pub(crate) async fn places(&self, token: TokenId) -> Option<Place> {
        let (places, server) = (Arc::clone(&self.places), self.servers.key());
        tauri::async_runtime::spawn_blocking(move || places.at(&server, token)).await.ok()?
    }

    /// Removes the value of a deleted token from where it was put: the keychain, the file, or both.
    pub(crate) async fn remove_places(&self, token: TokenId, file: bool, keychain: bool) -> Result<(), Failure> {
        let Some(mut place) = self.places(token).await else { return Ok(()) };
        if keychain && place.in_keyring {
            self.custody.remove_from_keyring(self.entry(token, None)).await.map_err(custody_view::not_cleared)?;
            place.in_keyring = false;
            self.set_place(place.clone()).await;
        }
        if let Some(path) = place.file.take_if(|_| file) {
            let (prefix, suffix) = (place.prefix.clone(), place.suffix.clone());
            self.custody.remove_file(&path, prefix, suffix).await.map_err(custody_view::not_removed)?;
            self.set_place(place).await;
        }
        Ok(())
    }

    async fn set_place(&self, place: Place) {
        let places = Arc::clone(&self.places);
        // Should it not be remembered, an offer comes once more.
        drop(tauri::async_runtime::spawn_blocking(move || places.set(place)).await);
    }

    fn remember_place(&self, subject: Subject, saved: Saved) {
        self.places.set(Place::of(self.servers.key(), subject, saved));
    }

    /// Under which a token's secret stands in the keyring.
    fn entry(&self, token: TokenId, name: Option<String>) -> TokenEntry {
        TokenEntry { server: self.servers.key(), token_id: token.to_string(), name }
    }

    /// What closing the window now would lose.
    pub(crate) fn close_request(&self) -> CloseRequest {
        let unsaved = matches!(
            self.custody.view().vault,
            VaultState::Holding(held) | VaultState::CopiedNotChecked(held) if !held.saved.is_anywhere()
        );
        CloseRequest {
            unsaved,
            clipboard_pending: self.custody.clipboard_pending(),
            form_unsaved: self.form_unsaved.load(Ordering::Relaxed),
        }
    }

    /// A form holds, or holds no longer, something that was not saved: closing the window then asks first.
    pub(crate) fn tell_form(&self, is_unsaved: bool) {
        self.form_unsaved.store(is_unsaved, Ordering::Relaxed);
    }

    /// Hides the picture of a secret, if one is shown.
    pub(crate) fn hide_picture(&self) {
        match self.custody.view().vault {
            VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => self.custody.hide(held.handle),
            VaultState::Empty | VaultState::Copied { .. } | VaultState::Arrived { .. } | VaultState::Expired { .. } => {
            }
        }
    }

    /// A vault that was filled meanwhile takes no other value: then nobody holds it.
    async fn take_in(&self, token: Token, secret: nms_api::Secret, replaces: Option<TokenId>) -> Created {
        let Ok(handle) = self.custody.keep(secret) else {
            let token_id = token.id;
            self.journal.work(move |journal| journal.lose(token_id)).await;
            return lost(token);
        };
        self.handover.begin(handle, &token, replaces);
        Created::InVault { token: Box::new(token), vault: Box::new(self.vault()) }
    }

    /// A value was handed over: that is noted, and then the token that ends by it is deleted.
    async fn finish(&self, over: HandedOver) {
        self.journal.work(move |journal| journal.hand_over(over.token_id)).await;
        let Some(old) = over.ends else { return };
        if let Err(failure) = self.delete(old).await {
            // The page is told, and it stays in the list, where the person sees it beside the new one.
            tracing::warn!(request_id = failure.request_id, "the replaced token could not be deleted");
        }
        tell(&self.events, "tokens_changed", ());
    }

    /// The handle that the page means; custody refuses one that it does not know.
    pub(crate) fn handle(number: u64) -> Result<Handle, Failure> {
        u32::try_from(number).map(Handle::from_number).map_err(|_| FailureKind::VaultGone.into())
    }
}

fn lost(token: Token) -> Created {
    Created::Lost { token: Box::new(token) }
}

/// Custody whose changes are told to the page, and which lets a replaced token go when its time has come.
fn open_custody(app: &AppHandle, handover: &Arc<Handover>, chosen: &Settings) -> Custody {
    let (events, handover, shown) = (app.clone(), Arc::clone(handover), Shown::default());
    Custody::open(chosen.of_custody(), clock(), move |view| {
        if let Some((subject, saved)) = handover.learn_place(&view) {
            let app = events.clone();
            tauri::async_runtime::spawn_blocking(move || app.state::<App>().remember_place(subject, saved));
        }
        if let Some(over) = handover.take(&view) {
            let app = events.clone();
            tauri::async_runtime::spawn(async move { app.state::<App>().finish(over).await });
        }
        tell(&events, "vault", custody_view::view(&view, &handover));
        shown.look(&events, &view);
    })
}

/// Notifications whose click shows the window and tells the page which token they were about.
fn open_notifier(app: &AppHandle) -> Notifier {
    let app = app.clone();
    Notifier::start(move |id| {
        window::show(&app);
        tell(&app, "open_token", OpenToken { id });
    })
}

#[cfg(not(feature = "e2e"))]
fn clock() -> Clock {
    Clock::system()
}

#[cfg(feature = "e2e")]
fn clock() -> Clock {
    crate::e2e::clock()
}

/// Tells the page something. A page that is gone needs not be told.
pub(crate) fn tell(app: &AppHandle, event: &str, payload: impl serde::Serialize + Clone) {
    if let Err(error) = app.emit(event, payload) {
        tracing::warn!(event, %error, "the page could not be told");
    }
}
