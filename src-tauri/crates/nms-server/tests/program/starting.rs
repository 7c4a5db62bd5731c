//! What keeps the program from starting, and what it then leaves alone.

use std::path::Path;

use nms_server::{Clock, Server, Settings, StartError};
use rustix::process::Signal;
use sqlx::Connection;

use crate::older::{connect, store_file};
use crate::running::{Running, all_files, complaint, printed};

fn settings(folder: &Path, listen: &str, fallback: bool) -> Settings {
    Settings { listen: listen.parse().unwrap(), fallback, ..Settings::built_in(folder.to_owned()) }
}

/// Every file below a folder with its bytes, all but the lock.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    all_files(folder).into_iter().filter(|(name, _)| name != "lock").collect()
}

#[test]
fn a_second_program_on_one_folder_is_told_who_was_first() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(folder.path());
    let said = complaint(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let pid = first.child.id();
    assert_eq!(said, format!("nms-server: another process ({pid}) uses the data folder {}\n", folder.path().display()));
    first.stop();
    Running::start(folder.path());
}

#[tokio::test]
async fn a_second_server_in_one_process_is_refused_too_until_the_first_stops() {
    let folder = tempfile::tempdir().unwrap();
    let first = Server::start(settings(folder.path(), "127.0.0.1:0", false), Clock::system()).await.unwrap();
    let second = Server::start(settings(folder.path(), "127.0.0.1:0", false), Clock::system()).await;
    assert!(matches!(second, Err(StartError::Locked { pid, .. }) if pid == Some(std::process::id())));
    first.stop().await;
    Server::start(settings(folder.path(), "127.0.0.1:0", false), Clock::system()).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_with_its_holder() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let refused = Server::start(settings(folder.path(), &address.to_string(), false), Clock::system()).await;
    let Err(StartError::NoPort { holder: Some(holder), .. }) = refused else { panic!("it listens twice") };
    assert_eq!((holder.port, holder.pid), (address.port(), Some(std::process::id())));
    let elsewhere = Server::start(settings(folder.path(), &address.to_string(), true), Clock::system()).await.unwrap();
    // One of the next, as at the next start.
    assert!((1..=9).contains(&(elsewhere.address().port() - address.port())), "{}", elsewhere.address());
    assert_eq!(elsewhere.usual_port_taken().await, Some(holder));
    drop(taken);
    let left = elsewhere.usual_port_taken().await.unwrap();
    assert_eq!((left.port, left.is_held, left.pid, left.program), (address.port(), false, None, None));
    elsewhere.stop().await;
    let usual = Server::start(settings(folder.path(), &address.to_string(), true), Clock::system()).await.unwrap();
    assert_eq!((usual.address(), usual.usual_port_taken().await), (address, None));
    usual.stop().await;
}

/// Leaves a store that a later version has written; its log beside it, as after a kill, or brought home.
async fn written_later(folder: &Path, is_killed: bool) {
    let elsewhere = tempfile::tempdir().unwrap();
    printed(elsewhere.path(), &["session"]);
    let mut store = connect(&store_file(elsewhere.path())).await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', 1, x'00', 0)";
    sqlx::query(later).execute(&mut store).await.unwrap();
    if !is_killed {
        store.close().await.unwrap();
    }
    for (name, content) in bytes(elsewhere.path()).into_iter().filter(|(name, _)| !name.ends_with("-shm")) {
        std::fs::write(folder.join(name), content).unwrap();
    }
}

#[tokio::test]
async fn a_store_of_a_later_version_is_refused_and_not_touched() {
    for is_killed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        written_later(folder.path(), is_killed).await;
        let before = bytes(folder.path());
        assert_eq!(before.len(), if is_killed { 2 } else { 1 });
        for command in
            [&["serve", "--listen", "127.0.0.1:0"][..], &["session"], &["held", "--set", "none"], &["restore"]]
        {
            let said = complaint(folder.path(), command);
            assert!(said.contains("was written by a later version of this program; it was not touched"), "{said}");
            // What several connections tell each other is no part of the store.
            let mut after = bytes(folder.path());
            after.retain(|(name, _)| !name.ends_with("-shm"));
            assert!(after == before, "{command:?}, killed: {is_killed}");
        }
    }
}

#[test]
fn a_damaged_store_is_said_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nms.sqlite3"), "not a database, however long it is. ".repeat(200)).unwrap();
    let before = bytes(folder.path());
    let said = complaint(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(said.contains("is damaged; it was kept as it is"), "{said}");
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn a_folder_that_cannot_be_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let said = complaint(&file.join("below"), &["session"]);
    assert!(said.contains("cannot be used"), "{said}");
}

#[test]
fn a_killed_program_leaves_nothing_that_keeps_the_next_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Running::start(folder.path());
    let (id, secret) = first.make("kept");
    first.signal(Signal::KILL);
    first.child.wait().unwrap();
    let second = Running::start(folder.path());
    assert_eq!(second.get(&format!("/tokens/{id}"))["name"], "kept", "an answered creation is on the disk");
    assert_eq!(second.with(&secret, "GET", "/devices").send().unwrap().status(), 200);
    assert_eq!(second.with(&first.session, "GET", "/me").send().unwrap().status(), 200);
}

#[test]
fn both_signals_that_ask_to_end_end_it_with_everything_written() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Running::start(folder.path());
        let (id, secret) = server.make("used");
        for _ in 0..7 {
            server.with(&secret, "GET", "/devices").send().unwrap();
        }
        server.signal(signal);
        assert!(server.child.wait().unwrap().success());
        let again = Running::start(folder.path());
        let token = again.get(&format!("/tokens/{id}"));
        assert_eq!((&token["use_count"], &token["last_used_from"]), (&7.into(), &"127.0.0.1".into()));
    }
}
