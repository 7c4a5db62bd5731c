//! Reminds of expiries, 14, 7 and 1 day before, once each, through the desktop's notifications.
//!
//! Not here: the words (the page's) and when to look (the page asks what is due); what is due ([`due`]).

mod due;
mod told;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Utc};
use nms_api::{Sort, Token, TokenQuery, TokenState, limits};

use crate::failure::Failure;
use crate::notifications::{Notice, Notifier, Unavailable};
use crate::servers::Servers;
use crate::view::{Reminder, ReminderOutcome, ReminderWords};
use told::Told;

/// Pages of the largest size. Whoever has more tokens that expire within two weeks is reminded of the first.
const MAX_PAGES: usize = 20;

/// What is due and what was told.
pub(crate) struct Reminders {
    servers: Arc<Servers>,
    notifier: Notifier,
    told: Arc<std::sync::Mutex<Told>>,
}

impl Reminders {
    /// Reads nothing yet.
    pub(crate) fn new(path: PathBuf, servers: Arc<Servers>, notifier: Notifier) -> Self {
        Self { servers, notifier, told: Arc::new(std::sync::Mutex::new(Told::new(path))) }
    }

    /// What a person is to be reminded of now, the most urgent first.
    pub(crate) async fn due(&self) -> Result<Vec<Reminder>, Failure> {
        let now = self.servers.now().await?;
        let tokens = self.expiring(now).await?;
        let server = self.servers.key();
        let due = self.with_told(move |told| {
            told.prune(&server, &tokens, now);
            due::due(&tokens, told.at(&server), now)
        });
        Ok(due.await.unwrap_or_default())
    }

    /// Shows a notification, and remembers what it tells of once the desktop has taken it.
    pub(crate) async fn show(&self, words: ReminderWords) -> ReminderOutcome {
        let ReminderWords { title, body, click, token_id, told: now_told } = words;
        match self.notifier.show(Notice { title, body, click, opens: token_id }).await {
            Err(Unavailable) => ReminderOutcome::Unavailable,
            Ok(()) => {
                let server = self.servers.key();
                // Should it not be remembered, it is told once more: better than never.
                let _ = self.with_told(move |told| told.add(&server, now_told)).await;
                ReminderOutcome::Shown
            }
        }
    }

    /// The tokens that work and expire soon, the first first.
    async fn expiring(&self, now: DateTime<Utc>) -> Result<Vec<Token>, Failure> {
        let mut query = TokenQuery {
            limit: Some(limits::MAX_PAGE),
            sort: Some(Sort::Expires),
            state: Some(TokenState::Active),
            ..TokenQuery::default()
        };
        let mut tokens: Vec<Token> = Vec::new();
        for _ in 0..MAX_PAGES {
            let page = self.servers.list(&query).await?;
            tokens.extend(page.list.tokens);
            query.cursor = page.next;
            if query.cursor.is_none() || tokens.last().is_some_and(|last| due::is_far(last, now)) {
                break;
            }
        }
        Ok(tokens)
    }

    /// Works with what was told, on a thread that may wait for the disk.
    async fn with_told<T: Send + 'static>(&self, work: impl FnOnce(&mut Told) -> T + Send + 'static) -> Option<T> {
        let told = Arc::clone(&self.told);
        let work = move || work(&mut told.lock().unwrap_or_else(PoisonError::into_inner));
        tauri::async_runtime::spawn_blocking(work).await.ok()
    }
}
