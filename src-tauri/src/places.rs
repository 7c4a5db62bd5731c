//! Where the values of tokens were put: in which file, and whether in the system keychain. Never a value. So that whoever
//! deletes a token can have those removed too. Where it cannot be read, nothing is offered: less, and nothing wrong. A file
//! that is damaged is set aside before another takes its place; one of a newer version is that version's, and stays.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Utc;
use nms_api::TokenId;
use nms_custody::Saved;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::handover::Subject;
use crate::set_aside::set_aside;
use crate::view::{SetAsideReason, TokenPlaces};
use crate::whole_file::{self, Readers};

const VERSION: u64 = 1;
/// The latest; whoever saves more has forgotten the first.
const MAX_PLACES: usize = 5_000;
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// Where the value of one token was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// A name for the server that is good over restarts.
    pub(crate) server: String,
    /// Whose value.
    pub(crate) token_id: TokenId,
    /// How it begins, as lists show it: so that no other file is removed.
    pub(crate) prefix: String,
    /// How it ends.
    pub(crate) suffix: String,
    /// The file, where its name is text.
    pub(crate) file: Option<PathBuf>,
    /// In the keychain.
    pub(crate) in_keyring: bool,
}

impl Place {
    /// Of a value that was saved so.
    pub(crate) fn of(server: String, subject: Subject, saved: Saved) -> Self {
        let Subject { token_id, prefix, suffix, .. } = subject;
        Self { server, token_id, prefix, suffix, file: saved.file, in_keyring: saved.in_keyring }
    }

    fn is_of(&self, server: &str, token: TokenId) -> bool {
        self.server == server && self.token_id == token
    }
}

impl From<Place> for TokenPlaces {
    fn from(place: Place) -> Self {
        Self { file: place.file.map(|path| path.display().to_string()), in_keychain: place.in_keyring }
    }
}

/// All places, in memory and in a file. What changes them writes it, and blocks as long as the disk does.
pub(crate) struct Places {
    path: PathBuf,
    /// `None`: not read yet.
    known: Mutex<Option<Known>>,
}

#[derive(Default)]
struct Known {
    places: Vec<Place>,
    /// The file cannot be read and must not be lost.
    in_the_way: Option<SetAsideReason>,
}

#[derive(Serialize, Deserialize)]
struct Form<Places> {
    version: u64,
    places: Places,
}

impl Places {
    /// Reads nothing yet.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, known: Mutex::default() }
    }

    /// Where the value of this token was put. Performs I/O.
    pub(crate) fn at(&self, server: &str, token: TokenId) -> Option<Place> {
        let mut known = self.lock();
        let places = &self.read(&mut known).places;
        places.iter().find(|place| place.is_of(server, token)).cloned()
    }

    /// Remembers a place, in the stead of what was known of the same token; one that is nowhere is forgotten. Performs I/O.
    pub(crate) fn set(&self, mut place: Place) {
        // What is no text has no name in the file.
        place.file = place.file.filter(|path| path.to_str().is_some());
        let mut known = self.lock();
        let known = self.read(&mut known);
        let places = &mut known.places;
        places.retain(|known| !known.is_of(&place.server, place.token_id));
        if place.file.is_some() || place.in_keyring {
            places.push(place);
        }
        places.drain(..places.len().saturating_sub(MAX_PLACES));
        if let Err(error) = self.write(known) {
            tracing::warn!(%error, "where a value was put could not be remembered for the next start");
        }
    }

    fn write(&self, known: &mut Known) -> io::Result<()> {
        match known.in_the_way {
            Some(SetAsideReason::Newer) => return Err(io::Error::other("a newer version keeps the file")),
            Some(why @ SetAsideReason::Damaged) => drop(set_aside(&self.path, why, Utc::now())?),
            None => {}
        }
        known.in_the_way = None;
        let bytes = serde_json::to_vec(&Form { version: VERSION, places: &known.places })?;
        whole_file::write(&self.path, &bytes, Readers::Owner)
    }

    fn read<'a>(&self, known: &'a mut Option<Known>) -> &'a mut Known {
        known.get_or_insert_with(|| read(&self.path))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(path: &Path) -> Known {
    let places = match whole_file::read(path, MAX_BYTES) {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(bytes)) => parse(&bytes),
        Err(error) => {
            tracing::warn!(%error, "where values were put cannot be read");
            Err(SetAsideReason::Damaged)
        }
    };
    match places {
        Ok(places) => Known { places, in_the_way: None },
        Err(why) => Known { places: Vec::new(), in_the_way: Some(why) },
    }
}

/// The version decides first: what a newer one writes may look like anything.
fn parse(bytes: &[u8]) -> Result<Vec<Place>, SetAsideReason> {
    let whole: Value = serde_json::from_slice(bytes).map_err(|_| SetAsideReason::Damaged)?;
    match whole.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => return Err(SetAsideReason::Newer),
        Some(_) | None => return Err(SetAsideReason::Damaged),
    }
    let form: Form<Vec<Place>> = serde_json::from_value(whole).map_err(|_| SetAsideReason::Damaged)?;
    Ok(form.places)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use nms_api::Token;

    use super::*;
    use crate::samples;

    fn place(number: u128, file: &str) -> Place {
        let Token { id, name, prefix, suffix, .. } = samples::token(number, Some("a name that nobody shall find"));
        let subject = Subject { token_id: id, name, prefix, suffix, replaced: None };
        let saved = Saved { file: Some(file.into()), in_keyring: true };
        Place::of("built-in /data".to_owned(), subject, saved)
    }

    #[test]
    fn places_are_known_after_a_restart_each_of_its_own_token_and_server() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data/places.json");
        let (one, other) = (place(1, "/home/a/one"), place(2, "/home/a/other"));
        let places = Places::new(path.clone());
        places.set(one.clone());
        places.set(other.clone());
        places.set(Place { file: None, ..one.clone() });
        let again = Places::new(path.clone());
        assert_eq!(again.at("built-in /data", one.token_id), Some(Place { file: None, ..one.clone() }));
        assert_eq!(again.at("built-in /data", other.token_id), Some(other));
        assert_eq!(again.at("https://nms.example", one.token_id), None);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!std::fs::read_to_string(&path).unwrap().contains("a name"), "a path may tell; a name need not");
        again.set(Place { file: None, in_keyring: false, ..one.clone() });
        assert_eq!(Places::new(path).at("built-in /data", one.token_id), None, "nowhere any more");
    }

    #[test]
    fn what_cannot_be_read_offers_nothing_is_set_aside_and_is_begun_anew() {
        for text in ["", "{", "[]", r#"{"version":0,"places":[]}"#, r#"{"version":1,"places":[{"token_id":7}]}"#] {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("places.json");
            std::fs::write(&path, text).unwrap();
            let (places, one) = (Places::new(path.clone()), place(1, "/a"));
            assert_eq!(places.at(&one.server, one.token_id), None, "{text}");
            places.set(one.clone());
            assert_eq!(Places::new(path.clone()).at(&one.server, one.token_id), Some(one));
            let others = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
            let aside: Vec<PathBuf> = others.filter(|other| *other != path).collect();
            assert_eq!(aside.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect::<Vec<_>>(), [text]);
        }
    }

    #[test]
    fn the_file_of_a_newer_version_stays_as_it_is_and_what_is_put_meanwhile_is_known_until_the_end() {
        let home = tempfile::tempdir().unwrap();
        let (path, text) = (home.path().join("places.json"), r#"{"version":2,"where":{"anything":"else"}}"#);
        std::fs::write(&path, text).unwrap();
        let (places, one) = (Places::new(path.clone()), place(1, "/a"));
        assert_eq!(places.at(&one.server, one.token_id), None);
        places.set(one.clone());
        assert_eq!(places.at(&one.server, one.token_id), Some(one));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_whose_name_is_no_text_is_not_offered() {
        use std::os::unix::ffi::OsStringExt;
        let home = tempfile::tempdir().unwrap();
        let places = Places::new(home.path().join("places.json"));
        let file = Some(std::ffi::OsString::from_vec(b"/home/\xff".to_vec()).into());
        places.set(Place { file, ..place(1, "") });
        assert_eq!(places.at("built-in /data", place(1, "").token_id).and_then(|place| place.file), None);
    }
}
