//! A store that is damaged is said to be, is kept, and is put right from its last automatic backup.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::disk::behind_a_shell;
use crate::older::{connect, store_file};
use crate::running::{Running, all_files, complaint, now, printed, until};

const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];
const DAMAGED: &str = "damaged; it was kept as it is";

/// The backups of a folder, oldest first.
fn backups(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("backups")).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("nms-"));
    paths.sort();
    paths
}

/// A folder with a token, of which there is a backup, and one that was made after it; its secrets.
fn used(folder: &Path) -> [(String, String); 2] {
    let server = Running::start(folder);
    let before = server.make("before");
    until("the first start's backup", || !backups(folder).is_empty());
    server.stop();
    fs::remove_dir_all(folder.join("backups")).unwrap();
    let server = Running::start(folder);
    until("the second start's backup", || !backups(folder).is_empty());
    let after = server.make("after");
    server.stop();
    [before, after]
}

/// Everything that is in the folder but the lock and the backups.
fn store(folder: &Path) -> Vec<(String, Vec<u8>)> {
    all_files(folder).into_iter().filter(|(name, _)| name != "lock" && !name.starts_with("backups/")).collect()
}

fn overwrite(file: &Path, from: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(bytes).unwrap();
}

fn truncate(file: &Path, length: u64) {
    OpenOptions::new().write(true).open(file).unwrap().set_len(length).unwrap();
}

/// Damages a store in this way, and sees it said in these words, kept, and replaced.
fn check(damage: fn(&Path), words: &str) {
    let folder = tempfile::tempdir().unwrap();
    let [before, after] = used(folder.path());
    damage(&store_file(folder.path()));
    let damaged = store(folder.path());
    let day = backups(folder.path())[0].file_stem().unwrap().to_string_lossy().replace("nms-", "");
    let path = folder.path().display();
    let said = format!(
        "nms-server: the store in {path} is {words}; the last automatic backup is of {day}: nms-server restore --data \
         {path} puts it in its place\n"
    );
    for command in [SERVE, &["session"], &["held", "--set", "none"]] {
        assert!(complaint(folder.path(), command).ends_with(&said), "{command:?}");
        assert!(store(folder.path()) == damaged, "{command:?} has touched it");
    }
    let told = printed(folder.path(), &["restore"]);
    assert!(told.contains(&day) && told.contains("works again"), "{told}");
    assert_eq!(told.contains("is kept in"), !damaged.is_empty(), "{told}");
    let kept: Vec<_> = store(folder.path()).into_iter().filter(|(name, _)| name.starts_with("damaged-")).collect();
    let bare = |(name, bytes): (String, Vec<u8>)| (name.rsplit('/').next().unwrap().to_owned(), bytes);
    assert!(kept.into_iter().map(bare).eq(damaged), "the damaged store is kept, byte for byte");
    let server = Running::start(folder.path());
    assert_eq!(server.get(&format!("/tokens/{}", before.0))["name"], "before");
    assert_eq!(server.with(&before.1, "GET", "/devices").send().unwrap().status(), 200);
    assert_eq!(server.with(&after.1, "GET", "/devices").send().unwrap().status(), 401, "it was made after the backup");
    server.make("life goes on");
}

#[test]
fn a_damaged_page_is_noticed_and_the_last_backup_takes_the_store_s_place() {
    check(|store| overwrite(store, 4096 * 3, &[0xa5; 4096]), DAMAGED);
}

#[test]
fn a_store_that_is_no_database_any_more_is_replaced_too() {
    check(|store| overwrite(store, 0, b"not a database"), DAMAGED);
}

#[test]
fn a_store_that_was_cut_off_is_replaced_too() {
    check(|store| truncate(store, fs::metadata(store).unwrap().len() / 2), DAMAGED);
}

#[test]
fn an_empty_store_of_which_there_is_a_backup_is_lost_and_not_new() {
    check(|store| truncate(store, 0), "gone");
    check(|store| fs::remove_file(store).unwrap(), "gone");
}

#[test]
fn what_is_whole_locked_or_has_no_good_backup_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    used(folder.path());
    let (path, file, backup) = (folder.path().display(), store_file(folder.path()), backups(folder.path()).remove(0));
    let refused = |said: &str| {
        let before = store(folder.path());
        assert_eq!(complaint(folder.path(), &["restore"]), format!("nms-server: {said}\n"));
        assert!(store(folder.path()) == before);
    };
    refused(&format!("the store in {path} is not damaged; it was not touched"));
    let running = Running::start(folder.path());
    assert!(complaint(folder.path(), &["restore"]).contains("another process"));
    running.stop();
    // The newest backup is damaged itself: an older one that is whole serves.
    let older = backup.with_file_name("nms-2026-01-02.sqlite3");
    fs::copy(&backup, &older).unwrap();
    overwrite(&backup, 4096 * 3, &[0xa5; 4096]);
    overwrite(&file, 4096 * 3, &[0xa5; 4096]);
    assert!(printed(folder.path(), &["restore"]).contains("2026-01-02"));
    overwrite(&older, 4096 * 3, &[0xa5; 4096]);
    overwrite(&file, 4096 * 3, &[0xa5; 4096]);
    let none = format!("there is no backup in {path} that could take its place; nothing was touched");
    let before = store(folder.path());
    assert!(complaint(folder.path(), &["restore"]).ends_with(&format!("nms-server: {none}\n")));
    assert!(store(folder.path()) == before);
    fs::remove_dir_all(folder.path().join("backups")).unwrap();
    assert!(complaint(folder.path(), SERVE).ends_with("there is no automatic backup that could take its place\n"));
}

#[test]
fn where_there_is_no_room_for_the_backup_nothing_is_touched_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    used(folder.path());
    overwrite(&store_file(folder.path()), 0, b"not a database");
    let before = store(folder.path());
    // No file may grow beyond 8 KiB (in the shell's blocks of 512 bytes); what goes beyond is refused.
    let mut command = behind_a_shell("trap '' XFSZ; ulimit -f 16");
    let output = command.arg("restore").arg("--data").arg(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot be used: File too large"), "{said}");
    assert!(store(folder.path()) == before);
    printed(folder.path(), &["restore"]);
    Running::start(folder.path());
}

#[test]
fn what_is_damaged_while_the_server_runs_is_said_in_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    used(folder.path());
    let server = Running::start(folder.path());
    let file = store_file(folder.path());
    let length = fs::metadata(&file).unwrap().len();
    // All but the pages that the start has read.
    let tables = "SELECT rootpage FROM sqlite_master WHERE name IN ('devices', 'devices_by_name')";
    let pages: Vec<i64> = now(async { sqlx::query_scalar(tables).fetch_all(&mut connect(&file).await).await.unwrap() });
    for page in pages {
        let from = (page.unsigned_abs() - 1) * 4096;
        assert!(from < length);
        overwrite(&file, from, &[0xa5; 4096]);
    }
    let answer = server.ask("GET", "/devices").send().unwrap();
    assert_eq!(answer.status(), 500);
    let text = answer.text().unwrap();
    assert!(text.contains("is damaged") && text.contains("restores the last backup"), "{text}");
    assert_eq!(server.ask("GET", "/me").send().unwrap().status(), 200, "what is whole is answered");
}

#[test]
fn nobody_else_may_read_a_backup_and_a_killed_server_leaves_none_that_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("backups")).unwrap();
    fs::write(folder.path().join("backups/unfinished.sqlite3"), "as a killed server leaves it").unwrap();
    let server = Running::start(folder.path());
    until("a backup", || !backups(folder.path()).is_empty());
    server.stop();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("backups")), 0o700);
    assert_eq!(mode(&backups(folder.path())[0]), 0o600);
    assert_eq!(fs::read_dir(folder.path().join("backups")).unwrap().count(), 1);
}
