//! Looks for tokens in files and folders, and says of each whether it works here. A value goes nowhere: what is printed
//! is what a list shows of it, what is asked is its hash.

mod pieces;
mod walk;

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nms_api::{TokenHash, TokenState};
use nms_server::{MAX_STATES, PersonCommand, PersonReply, Settings, command};
use pieces::Stretch;
use tokio::sync::mpsc;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything was looked at, and no token found.
    Clean,
    /// Everything was looked at, and tokens found.
    Found,
    /// Something could not be looked at, or not be asked about; what was found is printed all the same.
    Trouble,
}

/// A token that was found.
struct Hit {
    path: PathBuf,
    /// From 1.
    line: u64,
    masked: String,
    hash: TokenHash,
}

/// How many are kept until they are asked about together.
const MAX_KEPT: usize = 10_000;

/// Looks through `paths`, prints what is found, and complains of what could not be looked at. Performs I/O.
pub(crate) async fn scan(settings: &Settings, paths: Vec<PathBuf>) -> io::Result<Verdict> {
    // Asking would make a folder that is not there.
    let folder = std::fs::metadata(&settings.data_dir);
    folder.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", shown(&settings.data_dir))))?;
    let (found, mut coming) = mpsc::channel(64);
    let looking = tokio::task::spawn_blocking(move || look_through(&paths, &found));
    let (mut hits, mut has_hits, mut is_whole) = (Vec::new(), false, true);
    loop {
        let room = MAX_KEPT - hits.len();
        let is_over = coming.recv_many(&mut hits, room).await == 0;
        if is_over || hits.len() == MAX_KEPT {
            has_hits |= !hits.is_empty();
            is_whole &= tell_of(settings, &hits).await?;
            hits.clear();
        }
        if is_over {
            break;
        }
    }
    is_whole &= looking.await?;
    Ok(match (is_whole, has_hits) {
        (false, _) => Verdict::Trouble,
        (true, false) => Verdict::Clean,
        (true, true) => Verdict::Found,
    })
}

/// Whether everything was looked at.
fn look_through(paths: &[PathBuf], found: &mpsc::Sender<Hit>) -> bool {
    let mut look_into = |file: &Path| {
        let looked = pieces::look_into(file, &mut |Stretch { line, found: token }| {
            let hit = Hit { path: file.to_owned(), line, masked: token.masked, hash: token.hash };
            // Nobody takes it any more when printing failed, which is told there.
            let _ = found.blocking_send(hit);
        });
        complain_of(file, looked)
    };
    let mut is_whole = true;
    for path in paths {
        is_whole &= walk::look_through(path, &mut look_into);
    }
    is_whole
}

/// Prints them with their states. False: those could not be had.
async fn tell_of(settings: &Settings, hits: &[Hit]) -> io::Result<bool> {
    let (states, is_whole) = match states(settings, hits).await {
        Ok(states) => (states, true),
        Err(why) => {
            complain(&format!("whether they work here cannot be told: {why}"));
            (HashMap::new(), false)
        }
    };
    print(hits, &states)?;
    Ok(is_whole)
}

/// The state of each hash that is known here. Asks nobody when nothing was found.
async fn states(
    settings: &Settings,
    hits: &[Hit],
) -> Result<HashMap<String, Option<TokenState>>, nms_server::CommandError> {
    let mut hashes: Vec<TokenHash> = hits.iter().map(|hit| hit.hash.clone()).collect();
    hashes.sort_by(|a, b| a.sha256.cmp(&b.sha256));
    hashes.dedup();
    let mut known = HashMap::new();
    for of in hashes.chunks(MAX_STATES) {
        if let PersonReply::States(states) = command(settings, PersonCommand::States { of: of.to_vec() }).await? {
            known.extend(of.iter().map(|hash| hash.sha256.clone()).zip(states));
        }
    }
    Ok(known)
}

fn print(hits: &[Hit], states: &HashMap<String, Option<TokenState>>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for Hit { path, line, masked, hash } in hits {
        let state = match states.get(&hash.sha256) {
            Some(state) => said(*state),
            None => "not compared",
        };
        writeln!(out, "{}:{line}:{masked}: {state}", shown(path))?;
    }
    out.flush()
}

fn said(state: Option<TokenState>) -> &'static str {
    match state {
        Some(TokenState::Active) => "works here: delete and replace it",
        Some(TokenState::Paused) => "paused here",
        Some(TokenState::Expired) => "expired here",
        Some(TokenState::Deleted) => "deleted here",
        None => "not known here",
    }
}

/// Whether all of it was looked at.
fn complain_of(path: &Path, looked: io::Result<()>) -> bool {
    let Err(error) = looked else { return true };
    complain(&format!("{}: {error}", shown(path)));
    false
}

/// A path on one line, whatever its name holds: a name must not look like a finding.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(char::is_control, "\u{fffd}")
}

/// Says what stands in the way, on standard error.
fn complain(why: &str) {
    // With nobody to read it there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "nms-server: {why}");
}
