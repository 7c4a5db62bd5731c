//! The file of the settings: one JSON object with a `version`. Members that it lacks have their defaults; members that
//! this version does not know are kept for the one that wrote them.

use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Settings;
use crate::bounds::Bounded;
use crate::view::SetAsideReason;
use crate::whole_file::{self, Readers};

const VERSION: u64 = 1;
const MAX_BYTES: u64 = 256 * 1024;

/// What is known of the file besides the settings.
#[derive(Default)]
pub(super) struct Kept {
    /// Its members, those included that only another version knows.
    members: Map<String, Value>,
    /// It cannot be read and must not be lost.
    pub(super) in_the_way: Option<SetAsideReason>,
}

/// The settings in the file, or the defaults and why. Performs I/O.
pub(super) fn read(path: &Path) -> (Settings, Kept, Option<SetAsideReason>) {
    let read = match whole_file::read(path, MAX_BYTES) {
        Ok(None) => return (Settings::default(), Kept::default(), None),
        Ok(Some(bytes)) => parse(&bytes),
        Err(error) => {
            tracing::warn!(%error, "the settings cannot be read");
            Err(SetAsideReason::Damaged)
        }
    };
    match read {
        Ok((settings, members)) => (settings, Kept { members, in_the_way: None }, None),
        Err(why) => (Settings::default(), Kept { in_the_way: Some(why), ..Kept::default() }, Some(why)),
    }
}

fn parse(bytes: &[u8]) -> Result<(Settings, Map<String, Value>), SetAsideReason> {
    let Ok(Value::Object(members)) = serde_json::from_slice(bytes) else { return Err(SetAsideReason::Damaged) };
    match members.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => return Err(SetAsideReason::Newer),
        Some(_) | None => return Err(SetAsideReason::Damaged),
    }
    let mut whole = members_of(&Settings::default());
    whole.extend(members.clone());
    let settings: Settings = serde_json::from_value(Value::Object(whole)).map_err(|_| SetAsideReason::Damaged)?;
    match settings.out_of_bounds() {
        None => Ok((settings, members)),
        Some(_) => Err(SetAsideReason::Damaged),
    }
}

/// Performs I/O.
pub(super) fn write(path: &Path, settings: &Settings, kept: &Kept) -> io::Result<()> {
    let mut members = kept.members.clone();
    members.insert("version".to_owned(), json!(VERSION));
    members.extend(members_of(settings));
    let mut text = serde_json::to_vec_pretty(&members)?;
    text.push(b'\n');
    whole_file::write(path, &text, Readers::Owner)
}

fn members_of(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(members)) => members,
        // A struct of plain members is always an object.
        Ok(_) | Err(_) => Map::new(),
    }
}
