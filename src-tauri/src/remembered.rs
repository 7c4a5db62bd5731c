//! The last list that the NMS answered, kept for when it cannot be reached: what a list shows, never a secret, since
//! none exists in it. One person's at one server; whoever else asks gets nothing.
//!
//! Not here: when to show it, and that nothing in it can be changed (the page).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::{Me, Sort, Token, TokenCounts, TokenQuery};
use nms_client::TokenPage;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::view::RememberedList;
use crate::whole_file::{self, Readers};

const VERSION: u32 = 1;
const MAX_ROWS: usize = 1_000;
/// What that many of the longest rows take up, and then some.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// How old the file's instant may get while nothing but uses has changed. Uses alone are not worth a write each time.
const STALE: TimeDelta = TimeDelta::minutes(5);

/// Whose list it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whose {
    /// The name of the server, good over restarts.
    pub(crate) server: String,
    /// The person.
    pub(crate) user_id: Uuid,
    /// Where they acted.
    pub(crate) organization_id: Uuid,
}

impl Whose {
    /// The person who is asking, at this server.
    pub(crate) fn of(me: &Me, server: String) -> Self {
        Self { server, user_id: me.user.id, organization_id: me.organization.id }
    }
}

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct List {
    version: u32,
    whose: Whose,
    read_at: DateTime<Utc>,
    counts: TokenCounts,
    tokens: Vec<Token>,
}

impl List {
    /// Whether the other says the same of every token, uses aside.
    fn says_the_same(&self, other: &Self) -> bool {
        let versions = |list: &Self| list.tokens.iter().map(|token| (token.id, token.etag.clone())).collect::<Vec<_>>();
        self.whose == other.whose && self.counts == other.counts && versions(self) == versions(other)
    }
}

/// The last list, in memory and in its file.
pub(crate) struct Remembered {
    path: PathBuf,
    last: Mutex<Option<Last>>,
    /// What the file holds, as far as this process wrote it. Held while it is written, so that the last list stays.
    written: Mutex<Option<Arc<List>>>,
}

/// What this process was answered.
#[derive(Clone)]
struct Last {
    list: Arc<List>,
    sort: Option<Sort>,
    /// Where the next page would begin that belongs to it.
    next: Option<String>,
}

/// Whether the answer to this query is a stretch of the whole list, in whatever order.
pub(crate) fn is_of_the_whole_list(query: &TokenQuery) -> bool {
    let TokenQuery { limit, sort, cursor, .. } = query.clone();
    *query == TokenQuery { limit, sort, cursor, ..TokenQuery::default() }
}

impl Remembered {
    /// Reads nothing yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, last: Mutex::default(), written: Mutex::default() }
    }

    /// Takes an answer in: the first page of the whole list, or the one that goes on where the last ended. Performs I/O.
    pub(crate) fn learn(&self, whose: Whose, query: &TokenQuery, page: TokenPage, at: DateTime<Utc>) {
        if !is_of_the_whole_list(query) {
            return;
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tokens = match (last.as_ref(), &query.cursor) {
            (_, None) => Vec::new(),
            (Some(last), cursor) if last.next == *cursor && last.sort == query.sort && last.list.whose == whose => {
                last.list.tokens.clone()
            }
            (_, Some(_)) => return,
        };
        tokens.extend(page.list.tokens);
        tokens.truncate(MAX_ROWS);
        let list = Arc::new(List { version: VERSION, whose, read_at: at, counts: page.list.counts, tokens });
        *last = Some(Last { list, sort: query.sort, next: page.next });
        drop(last);
        self.write();
    }

    /// The last list of this person; where nobody knows yet who it is, of whoever was last signed in to this server.
    /// What is another's is forgotten. Performs I/O.
    pub(crate) fn recall(&self, server: &str, whose: Option<&Whose>) -> Option<RememberedList> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|last| Arc::clone(&last.list));
        let list = last.or_else(|| read(&self.path).map(Arc::new))?;
        if whose.is_some_and(|whose| list.whose != *whose) {
            self.forget();
            return None;
        }
        let is_of_server = list.whose.server == server;
        let List { read_at, counts, tokens, .. } = Arc::unwrap_or_clone(list);
        is_of_server.then_some(RememberedList { tokens, counts, read_at })
    }

    /// Nothing of it is left, in memory and on disk: at sign-out, and when another person comes. Performs I/O.
    pub(crate) fn forget(&self) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *written = None;
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the remembered list could not be removed");
            }
            _ => {}
        }
    }

    /// Writes what is remembered now, where that is worth it.
    fn write(&self) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Last { list, .. }) = last else { return };
        let is_known = |file: &Arc<List>| file.says_the_same(&list) && list.read_at - file.read_at < STALE;
        if written.as_ref().is_some_and(is_known) {
            return;
        }
        let saved = serde_json::to_vec(&*list).map_err(Into::into);
        match saved.and_then(|bytes| whole_file::write(&self.path, &bytes, Readers::Owner)) {
            Ok(()) => *written = Some(list),
            // It is a help for a bad day; today is none.
            Err(error) => tracing::warn!(%error, "the list could not be remembered"),
        }
    }
}

/// A file of another version, or a damaged one, is as good as none: the next answer replaces it.
fn read(path: &Path) -> Option<List> {
    let bytes = whole_file::read(path, MAX_BYTES).ok()??;
    let mut list: List = serde_json::from_slice(&bytes).ok()?;
    list.tokens.truncate(MAX_ROWS);
    (list.version == VERSION).then_some(list)
}

#[cfg(test)]
mod tests;
