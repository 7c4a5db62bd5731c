//! What a person was reminded of, over restarts: token, expiry and step in a small file. No name and no value stands in
//! it. Where it cannot be read or written, a reminder comes once more, not never.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use nms_api::Token;
use serde::{Deserialize, Serialize};

use crate::view::ToldReminder;
use crate::whole_file::{self, Readers};

const VERSION: u32 = 1;
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What was told, by server.
pub(super) struct Told {
    path: PathBuf,
    /// `None`: not read yet.
    known: Option<Known>,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Known {
    version: u32,
    told: BTreeMap<String, Vec<ToldReminder>>,
}

impl Told {
    /// Reads nothing yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, known: None }
    }

    /// What was told of this server's tokens. Performs I/O.
    pub(super) fn at(&mut self, server: &str) -> &[ToldReminder] {
        self.known().told.get(server).map_or(&[], Vec::as_slice)
    }

    /// Remembers more, in the place of what was told of the same tokens. Performs I/O.
    pub(super) fn add(&mut self, server: &str, more: Vec<ToldReminder>) {
        let told = self.known().told.entry(server.to_owned()).or_default();
        told.retain(|old| !more.iter().any(|new| new.token_id == old.token_id));
        told.extend(more);
        self.write();
    }

    /// Lets go of what can never be due again: tokens that have expired, were deleted, or were given another expiry.
    /// `tokens` are all that expire soon. Performs I/O.
    pub(super) fn prune(&mut self, server: &str, tokens: &[Token], now: DateTime<Utc>) {
        let is_there = |told: &ToldReminder| {
            tokens.iter().any(|token| token.id == told.token_id && token.expires_at == told.expires_at)
        };
        let Some(told) = self.known().told.get_mut(server) else { return };
        let before = told.len();
        told.retain(|told| told.expires_at > now && is_there(told));
        if told.len() != before {
            self.write();
        }
    }

    fn known(&mut self) -> &mut Known {
        let path = &self.path;
        self.known.get_or_insert_with(|| read(path))
    }

    fn write(&self) {
        let Some(known) = &self.known else { return };
        let written = serde_json::to_vec(known).map_err(Into::into);
        if let Err(error) = written.and_then(|bytes| whole_file::write(&self.path, &bytes, Readers::Owner)) {
            tracing::warn!(%error, "what was told could not be remembered");
        }
    }
}

fn read(path: &Path) -> Known {
    let bytes = whole_file::read(path, MAX_BYTES).ok().flatten().unwrap_or_default();
    let known: Option<Known> = serde_json::from_slice(&bytes).ok();
    known.filter(|known| known.version == VERSION).unwrap_or_else(|| Known { version: VERSION, told: BTreeMap::new() })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::samples;
    use crate::view::ReminderStep;

    const SERVER: &str = "built-in /data";

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-11-{day:02}T10:00:00Z").parse().unwrap()
    }

    fn token(number: u128, day: u32) -> Token {
        Token { expires_at: at(day), ..samples::token(number, Some("a name that nobody shall find")) }
    }

    fn told(token: &Token, step: ReminderStep) -> ToldReminder {
        ToldReminder { token_id: token.id, expires_at: token.expires_at, step }
    }

    #[test]
    fn what_was_told_is_known_after_a_restart_and_holds_no_name() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config/reminders.json");
        let week = told(&token(1, 28), ReminderStep::Days7);
        Told::new(path.clone()).add(SERVER, vec![week.clone()]);
        assert_eq!(Told::new(path.clone()).at(SERVER), [week]);
        assert!(Told::new(path.clone()).at("https://nms.example").is_empty());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!std::fs::read_to_string(path).unwrap().contains("name"));
    }

    #[test]
    fn of_each_token_the_last_step_is_remembered() {
        let home = tempfile::tempdir().unwrap();
        let mut remembered = Told::new(home.path().join("r"));
        let (one, other) = (token(1, 28), token(2, 28));
        remembered.add(SERVER, vec![told(&one, ReminderStep::Days14), told(&other, ReminderStep::Days14)]);
        remembered.add(SERVER, vec![told(&one, ReminderStep::Days7)]);
        assert_eq!(remembered.at(SERVER), [told(&other, ReminderStep::Days14), told(&one, ReminderStep::Days7)]);
    }

    #[test]
    fn the_expired_the_deleted_and_the_prolonged_are_let_go_at_their_own_server_only() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("r");
        let mut remembered = Told::new(path.clone());
        let tokens = [token(1, 22), token(2, 28), token(3, 28), token(4, 28)];
        let all: Vec<_> = tokens.iter().map(|token| told(token, ReminderStep::Days7)).collect();
        remembered.add(SERVER, all.clone());
        remembered.add("https://nms.example", all.clone());
        // 1 has expired, 2 is as it was, 3 lasts longer, 4 is gone.
        remembered.prune(SERVER, &[token(1, 22), token(2, 28), token(3, 29)], at(23));
        assert_eq!(Told::new(path.clone()).at(SERVER), [told(&token(2, 28), ReminderStep::Days7)]);
        assert_eq!(Told::new(path).at("https://nms.example"), all);
    }

    #[test]
    fn a_file_that_cannot_be_read_costs_a_reminder_too_many_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("r");
        let week = told(&token(1, 28), ReminderStep::Days7);
        for text in ["", "{", "[]", r#"{"version":2,"told":{}}"#] {
            std::fs::write(&path, text).unwrap();
            let mut remembered = Told::new(path.clone());
            assert!(remembered.at(SERVER).is_empty(), "{text}");
            remembered.add(SERVER, vec![week.clone()]);
            assert_eq!(Told::new(path.clone()).at(SERVER), std::slice::from_ref(&week));
        }
    }
}
