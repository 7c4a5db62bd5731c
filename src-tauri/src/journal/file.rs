//! The file of the journal: JSON with a `version`, of which only the person can read anything.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Entry;
use crate::view::SetAsideReason;
use crate::whole_file::{self, Readers};

const VERSION: u64 = 1;
/// Thousands of entries: so many are never open.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Form<Entries> {
    version: u64,
    entries: Entries,
}

/// What is noted; nothing where there is no file. Performs I/O.
///
/// # Errors
/// Why it cannot be read; it is untouched.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>, SetAsideReason> {
    match whole_file::read(path, MAX_BYTES) {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(bytes)) => parse(&bytes),
        Err(error) => {
            tracing::warn!(%error, "the journal cannot be read");
            Err(SetAsideReason::Damaged)
        }
    }
}

/// The version decides first: what a newer one writes may look like anything.
fn parse(bytes: &[u8]) -> Result<Vec<Entry>, SetAsideReason> {
    let whole: Value = serde_json::from_slice(bytes).map_err(|_| SetAsideReason::Damaged)?;
    match whole.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => return Err(SetAsideReason::Newer),
        Some(_) | None => return Err(SetAsideReason::Damaged),
    }
    let form: Form<Vec<Entry>> = serde_json::from_value(whole).map_err(|_| SetAsideReason::Damaged)?;
    Ok(form.entries)
}

/// Whole or not at all, and on the disk when this returns. Performs I/O.
pub(super) fn write(path: &Path, entries: &[Entry]) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(&Form { version: VERSION, entries })?;
    text.push(b'\n');
    whole_file::write(path, &text, Readers::Owner)
}
