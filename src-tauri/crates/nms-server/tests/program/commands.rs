//! `session`, `held`, `--help`, and what is asked wrongly.

use serde_json::json;

use crate::running::{Running, complaint, files_with, printed, program, run, until};

#[test]
fn a_session_is_printed_alone_with_and_without_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let before = printed(folder.path(), &["session"]);
    let server = Running::start(folder.path());
    let during = printed(folder.path(), &["session"]);
    assert_ne!(before, during);
    for session in [&before, &during] {
        let credential = session.strip_suffix('\n').unwrap();
        assert!(credential.starts_with("pnms_ses_") && !credential.contains(char::is_whitespace), "{session:?}");
        assert_eq!(server.with(credential, "GET", "/me").send().unwrap().status(), 200);
    }
}

#[test]
fn what_the_person_holds_is_set_at_once_on_a_running_server_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path());
    let (_, token) = server.make("poller");
    let devices = || server.with(&token, "GET", "/devices").send().unwrap().status().as_u16();
    assert_eq!(devices(), 200);
    assert_eq!(printed(folder.path(), &["held"]).lines().count(), 38);
    assert_eq!(printed(folder.path(), &["held", "--set", "sites:read, alerts:read"]), "alerts:read\nsites:read\n");
    assert_eq!(devices(), 403);
    assert_eq!(server.get("/me")["permissions"], json!(["alerts:read", "sites:read"]));
    server.stop();
    assert_eq!(printed(folder.path(), &["held"]), "alerts:read\nsites:read\n");
    assert_eq!(printed(folder.path(), &["held", "--set", "none"]), "");
    assert_eq!(printed(folder.path(), &["held", "--set", "all"]).lines().count(), 38);
}

#[test]
fn a_folder_however_deep_has_its_socket() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep/".repeat(60));
    let server = Running::start(&folder);
    assert!(printed(&folder, &["session"]).starts_with("pnms_ses_"), "through the running server, which has the lock");
    until("a backup", || !files_with(&folder.join("backups"), b"SQLite format 3").is_empty());
    server.stop();
    let mut left: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!(left, ["backups", "lock", "nms.sqlite3"], "the log is brought home, the socket is gone");
}

#[test]
fn a_permission_that_nobody_knows_is_named_and_nothing_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let said = "nms-server: this server does not know devices:fly\n";
    assert_eq!(complaint(folder.path(), &["held", "--set", "devices:read devices:fly"]), said);
    let _server = Running::start(folder.path());
    assert_eq!(complaint(folder.path(), &["held", "--set", "devices:fly"]), said);
    assert_eq!(printed(folder.path(), &["held"]).lines().count(), 38);
}

#[test]
fn help_names_every_command_and_wrong_calls_lead_to_it() {
    let help = program().arg("--help").output().unwrap();
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.status.success()
            && ["serve", "session", "held", "restore", "scan", "--set", "--revoke-reported"]
                .iter()
                .all(|word| text.contains(word))
    );
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["sing"][..],
        &["serve", "--listen", "nowhere"],
        &["serve", "--set", "all"],
        &["session", "--listen", "127.0.0.1:1"],
        &["held", "--sett", "all"],
        &["held", "more"],
        &["restore", "--set", "all"],
        &["restore", "--listen", "127.0.0.1:1"],
        &["session", "--revoke-reported"],
    ] {
        assert!(complaint(folder.path(), arguments).ends_with("Try: nms-server --help\n"), "{arguments:?}");
    }
    let bare = program().output().unwrap();
    assert_eq!(bare.status.code(), Some(1));
    assert!(run(folder.path(), &["--version"]).status.success());
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was made by any of these");
}
