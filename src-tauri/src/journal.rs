//! What was asked of an NMS and is not over: a token that may have been made and whose value may be nobody's, and one
//! whose place another has taken. Noted before a request is sent, so that no end of the app, however sudden, leaves a
//! token that nobody knows of. No secret stands in it, only the idempotency key by which the NMS can be asked.
//!
//! Not here: the file's form ([`file`]), and what becomes of what is found in it (`unfinished.rs`).

mod file;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::TokenId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::failure::FileReason;
use crate::remembered::Whose;
use crate::set_aside;
use crate::view::{SetAside, SetAsideReason};

/// How long a request may be on its way: as long an NMS that knows no such token may yet make it.
const ON_ITS_WAY: TimeDelta = TimeDelta::minutes(10);
/// Of a name; a label needs no more.
const MAX_NAME_CHARS: usize = 100;

/// One creation, from before it was sent until nothing of it is left to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Under which it was sent. It is bound to a person and an organisation, not to a session.
    pub(crate) key: Uuid,
    /// Whose it is: nobody else asks for it.
    pub(crate) whose: Whose,
    /// What was asked for.
    pub(crate) what: What,
    /// The token that is deleted once the new value was handed over.
    pub(crate) ends: Option<TokenId>,
    /// What the person called it, for whoever reads the file.
    pub(crate) name: Option<String>,
    /// By this computer's clock.
    pub(crate) begun_at: DateTime<Utc>,
    /// How far it came.
    pub(crate) phase: Phase,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum What {
    /// A new token.
    New,
    /// The same as this one, anew.
    Replacing { id: TokenId },
    /// One in the place of this one, which works on for so many seconds.
    Rotating { id: TokenId, overlap_s: u32 },
}

/// How far a creation came, as far as was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Phase {
    /// It may have been sent.
    Sent,
    /// The answer came, with the value: this app held it.
    Made { token_id: TokenId },
    /// The token exists, and its value never came.
    Lost { token_id: TokenId },
    /// The value was handed over; the token that it replaces is still to be deleted.
    HandedOver { token_id: TokenId },
}

impl Entry {
    /// A creation that is about to be sent.
    pub(crate) fn about(key: Uuid, whose: Whose, what: What, at: DateTime<Utc>) -> Self {
        Self { key, whose, what, ends: None, name: None, begun_at: at, phase: Phase::Sent }
    }

    /// The same, with a label.
    pub(crate) fn called(self, name: Option<&str>) -> Self {
        Self { name: name.map(|name| name.chars().take(MAX_NAME_CHARS).collect()), ..self }
    }

    /// The token, once it is known.
    pub(crate) fn token_id(&self) -> Option<TokenId> {
        match self.phase {
            Phase::Sent => None,
            Phase::Made { token_id } | Phase::Lost { token_id } | Phase::HandedOver { token_id } => Some(token_id),
        }
    }

    /// Whether its request could still reach an NMS that knows nothing of it.
    pub(crate) fn may_be_on_its_way(&self, now: DateTime<Utc>) -> bool {
        self.phase == Phase::Sent && now - self.begun_at < ON_ITS_WAY
    }

    fn is_handed_over(&self) -> bool {
        matches!(self.phase, Phase::HandedOver { .. })
    }
}

/// The journal and its file. What changes it writes it, and blocks as long as the disk does: see [`Journal::work`].
pub(crate) struct Journal {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    /// Keys of what goes on in this run of the app: under way, or in the vault.
    live: HashSet<Uuid>,
    in_the_way: Option<SetAsideReason>,
    set_aside: Option<SetAside>,
}

impl Journal {
    /// Reads the file. One that is damaged, or of a newer version, is set aside, whole, under a name with the instant
    /// `at`. Performs I/O.
    pub(crate) fn open(path: PathBuf, at: DateTime<Utc>) -> Self {
        let (entries, in_the_way) = match file::read(&path) {
            Ok(entries) => (entries, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let journal = Self { path, state: Mutex::new(State { entries, in_the_way, ..State::default() }) };
        if let Err(reason) = journal.clear_the_way(&mut journal.state(), at) {
            tracing::warn!(?reason, "a journal that cannot be read could not be set aside");
        }
        journal
    }

    /// Does something with the journal on a thread that may wait for the disk; `None` when that thread panicked.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Option<T> {
        let journal = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&journal)).await.ok()
    }

    /// Notes a creation before it is sent; it is live from now on. One of the same key is noted already. Performs I/O.
    ///
    /// # Errors
    /// Why it could not be written: then nothing may be sent.
    pub(crate) fn begin(&self, entry: Entry) -> Result<(), FileReason> {
        let mut state = self.state();
        self.clear_the_way(&mut state, entry.begun_at)?;
        let key = entry.key;
        if !state.entries.iter().any(|known| known.key == key) {
            state.entries.push(entry);
            if let Err(error) = file::write(&self.path, &state.entries) {
                state.entries.pop();
                return Err(error.into());
            }
        }
        state.live.insert(key);
        Ok(())
    }

    /// How far it came. Performs I/O.
    pub(crate) fn note(&self, key: Uuid, phase: Phase) {
        self.change(|entries| {
            entries.iter_mut().filter(|one| one.key == key).for_each(|one| one.phase = phase.clone())
        });
    }

    /// The value of this token came, and could not be kept. Performs I/O.
    pub(crate) fn lose(&self, token: TokenId) {
        let is_it = |one: &&mut Entry| one.token_id() == Some(token);
        let mut keys = Vec::new();
        self.change(|entries| {
            for one in entries.iter_mut().filter(is_it) {
                one.phase = Phase::Lost { token_id: token };
                keys.push(one.key);
            }
        });
        keys.into_iter().for_each(|key| self.let_go(key));
    }

    /// Nothing of it goes on in this run of the app any more: what is left of it is unfinished.
    pub(crate) fn let_go(&self, key: Uuid) {
        self.state().live.remove(&key);
    }

    /// Nothing is left to do of it. Performs I/O.
    pub(crate) fn end(&self, key: Uuid) {
        self.change(|entries| entries.retain(|one| one.key != key));
    }

    /// The value of this token is known to be somewhere else. Performs I/O.
    pub(crate) fn hand_over(&self, token: TokenId) {
        self.change(|entries| {
            let is_it = |one: &Entry| one.token_id() == Some(token);
            entries.retain(|one| !is_it(one) || one.ends.is_some());
            let left = entries.iter_mut().filter(|one| is_it(one));
            left.for_each(|one| one.phase = Phase::HandedOver { token_id: token });
        });
    }

    /// A person decided that this token stays as it is, whoever holds its value. Performs I/O.
    pub(crate) fn settle(&self, token: TokenId) {
        self.change(|entries| entries.retain(|one| one.token_id() != Some(token) || one.is_handed_over()));
    }

    /// This token is deleted. Performs I/O.
    pub(crate) fn forget(&self, token: TokenId) {
        self.change(|entries| {
            let is_over = |one: &Entry| one.is_handed_over() && one.ends == Some(token);
            entries.retain(|one| one.token_id() != Some(token) && !is_over(one));
        });
    }

    /// What earlier runs of the app, and failures of this one, left unfinished for this person.
    pub(crate) fn unfinished(&self, whose: &Whose) -> Vec<Entry> {
        let state = self.state();
        let is_left = |one: &&Entry| one.whose == *whose && !state.live.contains(&one.key);
        state.entries.iter().filter(is_left).cloned().collect()
    }

    /// Whether nothing at all is noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.state().entries.is_empty()
    }

    /// What could not be read, and where it lies now.
    pub(crate) fn set_aside(&self) -> Option<SetAside> {
        self.state().set_aside.clone()
    }

    /// Holds in memory in any case. A file that keeps more than is left costs a question at the next start, no token.
    fn change(&self, change: impl FnOnce(&mut Vec<Entry>)) {
        let mut state = self.state();
        let before = state.entries.clone();
        change(&mut state.entries);
        if state.entries == before {
            return;
        }
        let State { entries, live, .. } = &mut *state;
        live.retain(|key| entries.iter().any(|one| one.key == *key));
        if let Err(error) = file::write(&self.path, &state.entries) {
            tracing::warn!(%error, "the journal could not be written");
        }
    }

    fn clear_the_way(&self, state: &mut State, at: DateTime<Utc>) -> Result<(), FileReason> {
        let Some(why) = state.in_the_way else { return Ok(()) };
        state.set_aside = Some(set_aside::set_aside(&self.path, why, at)?);
        state.in_the_way = None;
        tracing::warn!(?why, "the journal could not be read and was set aside");
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Entries are changed one by one, each to a whole one: a panic elsewhere leaves none half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
