//! Reports of values that were found in public: taken in at once, looked up afterwards. Whoever reports learns neither
//! from the answer nor from its time whether anything was found.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nms_api::limits::MAX_REPORTS_PER_MINUTE;
use nms_api::{Actor, Event, EventKind, Slug};
use tokio::sync::{Notify, watch};

use crate::catalogue;
use crate::etag::Condition;
use crate::peer_limit::PeerLimit;
use crate::problems::Answer;
use crate::routes::tokens;
use crate::state::App;
use crate::store::{Known, TokenRow};
use crate::use_ledger::bare_event;

/// Why a token was deleted that the server's policy does not let live.
pub(crate) const REPORTED: &str = "reported";
/// The most hashes that wait to be looked up: 320 kB.
const MAX_WAITING: usize = 10_000;
/// How long to wait after a store that failed.
const RETRY: Duration = Duration::from_secs(60);

/// Reports that wait to be looked up.
#[derive(Debug)]
pub(crate) struct Reports {
    /// How often a peer may report.
    pub(crate) limit: PeerLimit,
    /// Whether a token that was reported is deleted; otherwise it is only marked.
    revokes: bool,
    waiting: Mutex<BTreeSet<[u8; 32]>>,
    came: Notify,
}

impl Reports {
    pub(crate) fn new(revokes: bool) -> Self {
        let limit = PeerLimit::per_minute(MAX_REPORTS_PER_MINUTE);
        Self { limit, revokes, waiting: Mutex::default(), came: Notify::new() }
    }

    /// Takes them in. False: too many wait already, and none of these was taken.
    pub(crate) fn take_in(&self, hashes: &[[u8; 32]]) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() + hashes.len() > MAX_WAITING {
            return false;
        }
        waiting.extend(hashes);
        self.came.notify_one();
        true
    }

    fn next(&self) -> Option<[u8; 32]> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).first().copied()
    }

    fn done_with(&self, hash: &[u8; 32]) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }
}

/// Looks up what comes in, until `stopping` says so. What cannot be written waits, and is tried again.
pub(crate) async fn work(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        look_up(&app).await;
        tokio::select! {
            () = app.reports.came.notified() => {}
            () = tokio::time::sleep(RETRY) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Looks up all that waits.
pub(crate) async fn look_up(app: &App) {
    while let Some(hash) = app.reports.next() {
        // What is wrong was logged where it was noticed.
        if look_up_one(app, &hash).await.is_err() {
            return;
        }
        app.reports.done_with(&hash);
    }
}

async fn look_up_one(app: &App, hash: &[u8; 32]) -> Answer<()> {
    let now = app.clock.now();
    let Some(Known { row, held }) = app.store.anybodys_token_by_hash(hash).await? else { return Ok(()) };
    if row.gone_at(now).is_some() {
        return Ok(());
    }
    let event = reported(app, &row)?;
    let is_marked = app.store.mark_reported(&row, app.random.id(now)?, event.at, &event).await?;
    if !is_marked || !app.reports.revokes {
        return Ok(());
    }
    let held = held.unwrap_or_else(catalogue::all);
    let row = TokenRow { reported_at: row.reported_at.or(Some(event.at)), ..row };
    match tokens::end(app, row, &held, &Actor::Server, &Condition::None, Some(REPORTED)).await {
        // Somebody was faster.
        Err(refusal) if refusal.slug() == Some(Slug::NotFound) => Ok(()),
        outcome => outcome,
    }
}

/// Counted, so that a storm of reports is one row.
fn reported(app: &App, row: &TokenRow) -> Answer<Event> {
    let at = app.clock.now();
    let event = bare_event(app.random.id(at)?, row.id, at, EventKind::Reported, Actor::Server);
    Ok(Event { count: Some(1), first_at: Some(at), ..event })
}
