//! What lies on the disk, who may read it, and what happens when there is no room.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;
use uuid::Uuid;

use crate::running::{Running, files_with, json_of, printed, program, until};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The program behind a shell that prepares its surroundings.
pub(crate) fn behind_a_shell(preparation: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{preparation}; exec \"$0\" \"$@\"")).arg(program().get_program()).stdin(Stdio::null());
    shell
}

#[test]
fn nobody_else_may_read_the_folder_or_anything_in_it() {
    let parent = tempfile::tempdir().unwrap();
    let odd = OsStr::from_bytes(b"a folder/with \xc3\xbcnusual % # ? names and \xff, which is no text");
    let folder = parent.path().join(odd);
    let server = Running::start_with(behind_a_shell("umask 000"), &folder);
    server.make("a");
    assert_eq!(mode(&folder), 0o700);
    until("a backup", || files_with(&folder, b"SQLite format 3").iter().any(|name| name.starts_with("backups/nms-")));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        let expected = if entry.file_type().unwrap().is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&entry.path()), expected, "{entry:?}");
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["backups", "control.sock", "lock", "nms.sqlite3", "nms.sqlite3-shm", "nms.sqlite3-wal"]);
}

#[test]
fn a_folder_that_others_could_read_is_closed_to_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.path().join("nms.sqlite3"), "").unwrap();
    printed(folder.path(), &["session"]);
    assert_eq!((mode(folder.path()), mode(&folder.path().join("nms.sqlite3"))), (0o700, 0o600));
}

#[test]
fn the_log_tells_no_credential_no_key_and_nothing_that_people_typed() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = program();
    command.env("RUST_LOG", "trace").stderr(std::fs::File::create(&log).unwrap());
    let server = Running::start_with(command, &folder.path().join("data"));
    let (name, key) = ("typed-by-a-person", Uuid::now_v7().to_string());
    let body = serde_json::json!({"name": name, "description": "typed-too", "permissions": ["devices:read"]});
    let create = || server.ask("POST", "/tokens").header("Idempotency-Key", &key).json(&body).send().unwrap();
    let secret = json_of(create())["secret"].as_str().unwrap().to_owned();
    create();
    server.with(&secret, "GET", "/devices?typed-in-a-query").send().unwrap();
    server.ask("GET", "/tokens?q=typed-in-a-search").send().unwrap();
    server.with("pnms_pat_typed-wrongly", "GET", "/devices").send().unwrap();
    let session = server.session.clone();
    server.stop();
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("answered"), "it does tell something");
    for canary in [&secret, &session, &key, "typed", "pnms_pat_", "pnms_ses_"] {
        assert!(!text.contains(canary), "{canary}");
    }
}

#[test]
fn without_room_nothing_is_lost_and_with_room_again_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing may be written to a file; the system's signal for it is ignored, so that writing fails instead.
    let server = Running::start_with(behind_a_shell("trap '' XFSZ"), folder.path());
    let (id, secret) = server.make("before");
    let limit = |bytes: Option<u64>| {
        let pid = Pid::from_child(&server.child);
        prlimit(Some(pid), Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
    };
    limit(Some(0));
    let refused = server.create("no room");
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "1");
    let problem: Value = serde_json::from_str(&refused.text().unwrap()).unwrap();
    assert_eq!(problem["type"], "urn:palpabl:nms:problem:storage-unavailable");
    // What is there can be read and used, and use is counted, if only in memory.
    for _ in 0..3 {
        assert_eq!(server.with(&secret, "GET", "/devices").send().unwrap().status(), 200);
    }
    assert_eq!(server.get(&format!("/tokens/{id}"))["use_count"], 3);
    assert_eq!(server.get("/tokens?sort=-use_count")["tokens"][0]["use_count"], 3);
    assert_eq!(server.ask("DELETE", &format!("/tokens/{id}")).send().unwrap().status(), 503);
    assert_eq!(server.with(&secret, "GET", "/devices").send().unwrap().status(), 200, "not deleted is not deleted");
    limit(None);
    server.make("after");
    server.stop();
    let again = Running::start(folder.path());
    assert_eq!(again.get(&format!("/tokens/{id}"))["use_count"], 4);
    assert_eq!(again.get("/tokens")["counts"]["all"], 2);
}
