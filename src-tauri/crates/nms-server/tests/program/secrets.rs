//! No credential is in any file below the data folder, at any time: while tokens are made, after that, when all is over.

use std::collections::HashSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use serde_json::json;
use uuid::Uuid;

use crate::rounds::{rounds, tell};
use crate::running::{Running, all_files, files_with, json_of};

/// Of a credential, the part that is secret: 190 bits.
const SECRET: std::ops::Range<usize> = 17..49;

/// How many whole credentials are in there, whoever's: what is shown of one ends after its lookup id.
fn credentials(content: &[u8]) -> usize {
    let is_one = |at: usize| {
        let rest = &content[at..];
        (rest.starts_with(b"pnms_pat_") || rest.starts_with(b"pnms_ses_"))
            && rest[9..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count() >= 40
    };
    content.iter().enumerate().filter(|(_, byte)| **byte == b'p').filter(|(at, _)| is_one(*at)).count()
}

/// The files in which one of these secret parts stands, whatever stands around it.
fn files_with_any(folder: &Path, secrets: &HashSet<Vec<u8>>) -> Vec<String> {
    let is_run = |window: &[u8]| window.iter().all(u8::is_ascii_alphanumeric);
    let holds = |content: &[u8]| content.windows(32).any(|window| is_run(window) && secrets.contains(window));
    all_files(folder).into_iter().filter(|(_, content)| holds(content)).map(|(name, _)| name).collect()
}

/// Looks through all files again and again until `end` is over; how often.
fn search(folder: &Path, end: &Receiver<()>) -> usize {
    let mut times = 0;
    while end.try_recv() == Err(TryRecvError::Empty) {
        for (name, content) in all_files(folder) {
            assert_eq!(credentials(&content), 0, "{name} holds a credential");
        }
        times += 1;
    }
    times
}

/// Makes, uses, rotates and deletes tokens, sends a creation twice; every value that was said.
fn live(server: &Running, times: usize) -> HashSet<Vec<u8>> {
    let mut values = vec![server.session.clone()];
    for number in 0..times {
        let body = json!({"name": format!("token {number}"), "permissions": ["devices:read"]});
        let key = Uuid::now_v7().to_string();
        let create = || server.ask("POST", "/tokens").header("Idempotency-Key", &key).json(&body).send().unwrap();
        let made = json_of(create());
        assert!(json_of(create())["secret"].is_null());
        let (path, secret) = (format!("/tokens/{}", made["token"]["id"].as_str().unwrap()), made["secret"].clone());
        values.push(secret.as_str().unwrap().to_owned());
        server.with(secret.as_str().unwrap(), "GET", "/devices").send().unwrap();
        if number % 3 == 1 {
            server.ask("DELETE", &path).send().unwrap();
        } else if number % 3 == 2 {
            let rotate = server.ask("POST", &format!("{path}/rotate")).header("Idempotency-Key", &key).json(&json!({}));
            values.push(json_of(rotate.send().unwrap())["secret"].as_str().unwrap().to_owned());
        }
    }
    values.iter().map(|value| value.as_bytes()[SECRET].to_vec()).collect()
}

#[test]
fn no_credential_is_in_any_file_at_any_time() {
    let (folder, times) = (tempfile::tempdir().unwrap(), rounds(24, 1_000));
    let server = Running::start(folder.path());
    let (begun, end) = channel();
    let (secrets, searches) = std::thread::scope(|scope| {
        // Dropped at the end of the work, however it ends.
        let searching = scope.spawn(|| search(folder.path(), &{ end }));
        let secrets = live(&server, times);
        drop(begun);
        (secrets, searching.join().unwrap())
    });
    assert!(searches > 1, "it was searched while they were made");
    assert_eq!(files_with_any(folder.path(), &secrets), [] as [&str; 0]);
    assert!(!files_with(folder.path(), b"token 0").is_empty(), "the search finds what is there");
    server.stop();
    assert_eq!(files_with_any(folder.path(), &secrets), [] as [&str; 0]);
    tell(&format!("{} values said, all files searched {searches} times meanwhile: 0 found", secrets.len()));
}

#[test]
fn the_search_would_find_one() {
    let folder = tempfile::tempdir().unwrap();
    let session = {
        let server = Running::start(folder.path());
        server.session.clone()
    };
    std::fs::write(folder.path().join("below"), format!("x{session}y")).unwrap();
    assert_eq!(credentials(&std::fs::read(folder.path().join("below")).unwrap()), 1);
    std::fs::create_dir_all(folder.path().join("backups/deeper")).unwrap();
    std::fs::write(folder.path().join("backups/deeper/part"), &session.as_bytes()[SECRET]).unwrap();
    let secrets = HashSet::from([session.as_bytes()[SECRET].to_vec()]);
    assert_eq!(files_with_any(folder.path(), &secrets), ["backups/deeper/part", "below"]);
}
