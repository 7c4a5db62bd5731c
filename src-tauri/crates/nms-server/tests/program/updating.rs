//! A store of an older schema is brought forward by a program that is killed at it: each step is there as a whole or not
//! at all, and the next start goes on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use sqlx::{Connection, SqliteConnection};

use crate::older::{KEPT, LIVE, Rows, connect, lay, store_file};
use crate::rounds::{rounds, tell};
use crate::running::{Running, all_files, now, program, whole};

/// A page as it stands in the log.
const PAGE_OF_LOG: u64 = 24 + 4096;

/// What a store says of its schema.
#[derive(Debug, PartialEq, Eq)]
struct Schema {
    steps: usize,
    definitions: Vec<String>,
}

async fn schema(store: &mut SqliteConnection) -> Schema {
    const DEFINITIONS: &str = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master \
                               WHERE tbl_name <> '_sqlx_migrations' ORDER BY 1";
    let steps: Result<i64, sqlx::Error> =
        sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(&mut *store).await;
    // Before the first step there is not even the table that counts them.
    let steps = usize::try_from(steps.unwrap_or(0)).unwrap();
    Schema { steps, definitions: sqlx::query_scalar(DEFINITIONS).fetch_all(store).await.unwrap() }
}

/// The schemas, by how many steps have made them.
async fn schemas() -> Vec<Schema> {
    let mut known = vec![Schema { steps: 0, definitions: Vec::new() }];
    for kept in KEPT {
        let folder = tempfile::tempdir().unwrap();
        lay(kept, folder.path()).await;
        known.push(schema(&mut connect(&store_file(folder.path())).await).await);
    }
    known
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("nms.sqlite3-wal")
}

fn pages_of_log(folder: &Path) -> u64 {
    fs::metadata(log_of(folder)).map_or(0, |log| log.len() / PAGE_OF_LOG)
}

/// A folder with the store that `steps` have made; without any, it is empty.
fn laid(steps: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    if steps > 0 {
        now(lay(KEPT[steps - 1], folder.path()));
    }
    folder
}

/// How many pages a start writes into the log until it answers.
fn pages_of_a_start(steps: usize) -> u64 {
    let folder = laid(steps);
    let _server = Running::again(folder.path(), "");
    pages_of_log(folder.path())
}

/// Starts the program and kills it as soon as its log has so many pages.
fn kill_at(folder: &Path, pages: u64) {
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while pages_of_log(folder) < pages && begun.elapsed() < Duration::from_secs(10) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// How many steps are done after the kill: these as a whole, with every row of `before`, and nothing of the next. Seen
/// on a copy: looking would bring the log home.
fn left(folder: &Path, before: Option<&Rows>, known: &[Schema]) -> usize {
    let copy = tempfile::tempdir().unwrap();
    for (name, bytes) in all_files(folder).into_iter().filter(|(name, _)| name.starts_with("nms.sqlite3")) {
        fs::write(copy.path().join(name), bytes).unwrap();
    }
    let file = store_file(copy.path());
    assert_eq!(whole(&file), ["ok"]);
    now(async {
        let mut store = connect(&file).await;
        let found = schema(&mut store).await;
        assert_eq!(found, known[found.steps], "between two schemas");
        if let Some(before) = before {
            let mut missing = before.missing_in(&before.again(&mut store).await);
            // Each start calls the person by the name of the account.
            missing.retain(|row| !row.contains("FROM people"));
            assert_eq!(missing, [] as [&str; 0]);
        }
        store.close().await.unwrap();
        found.steps
    })
}

/// The next start: everything is there, and works.
fn goes_on(folder: &Path, before: Option<&Rows>, known: &[Schema]) {
    Running::again(folder, "").stop();
    assert_eq!(left(folder, before, known), KEPT.len());
    let server = Running::again(folder, LIVE.1);
    let path = if before.is_some() { "/devices" } else { "/health" };
    assert_eq!(server.ask("GET", path).send().unwrap().status(), 200);
}

#[test]
fn killed_while_it_brings_a_store_forward_it_leaves_one_schema_or_the_next_and_goes_on() {
    let known = now(schemas());
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    for steps in 0..KEPT.len() {
        let pages = pages_of_a_start(steps);
        let times = rounds(2, 150) as u64;
        for round in 0..times {
            let folder = laid(steps);
            let before =
                (steps > 0).then(|| now(async { Rows::of(&mut connect(&store_file(folder.path())).await).await }));
            assert!(before.as_ref().is_none_or(|before| before.count() >= 17));
            kill_at(folder.path(), 1 + (2 * round + 1) * pages / (2 * times));
            let left = left(folder.path(), before.as_ref(), &known);
            assert!(left >= steps);
            *found.entry(left).or_default() += 1;
            goes_on(folder.path(), before.as_ref(), &known);
        }
    }
    tell(&format!("kills by the schema that they left: {found:?}; none between, every row there"));
}
