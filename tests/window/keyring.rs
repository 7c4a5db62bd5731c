//! The session in the system keyring, and how little depends on it.

use std::path::Path;
use std::time::{Duration, Instant};

use palpabl_nms_settings_tests::memory::occurrences;
use palpabl_nms_settings_tests::patience::until;
use palpabl_nms_settings_tests::{App, Desktop, KeyringAtStart};

const NOT_KEPT: &str = "Your session is not in the system keychain.";

#[test]
fn the_session_is_in_the_keyring_and_is_used_after_a_restart() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let first = until("the session in the keyring", || desktop.session_in_keyring());
    assert!(!first.described.contains(&first.secret), "attributes are not encrypted: {}", first.described);
    assert_eq!(desktop.curl(&format!("{}/api/v1/me", app.server()), &first.secret, None).status, 200);
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.until_ready();
    app.find("tab", "Profile").click();
    app.until_it_says("Kept in the system keychain");
    assert_eq!(desktop.session_in_keyring().as_ref(), Some(&first), "no second session was stored");
    assert_eq!(desktop.curl(&format!("{}/api/v1/me", app.server()), &first.secret, None).status, 200);
    assert_eq!(files_with(&desktop.data_dir(), &first.secret), Vec::<String>::new());
}

#[test]
fn without_a_keyring_everything_works_and_retry_needs_no_restart() {
    let desktop = Desktop::with(KeyringAtStart::None, (1280, 900));
    let app = App::start(&desktop);
    app.until_ready();
    app.until_it_says(NOT_KEPT);
    app.until_it_says("No keychain service runs here.");
    app.create_and_copy("poller-03", &["metrics:read"]);

    let _keyring = desktop.start_keyring();
    app.find("button", "Retry").click();
    app.until_it_no_longer_says(NOT_KEPT);
    let kept = until("the session in the keyring", || desktop.session_in_keyring());
    assert_eq!(desktop.curl(&format!("{}/api/v1/me", app.server()), &kept.secret, None).status, 200);
    assert_eq!(files_with(&desktop.home(), &kept.secret), Vec::<String>::new(), "it was never written to a file");
}

#[test]
fn a_locked_keyring_hangs_nothing() {
    let desktop = Desktop::with(KeyringAtStart::Locked, (1280, 900));
    let app = App::start(&desktop);
    app.until_ready();
    app.until_it_says(NOT_KEPT);
    app.create_and_copy("poller-03", &["devices:write"]);
    app.find("button", "Retry").click();
    app.until_it_says(NOT_KEPT);
    app.take_permission("poller-03", "devices:write");
}

/// A person who leaves does not wait for a keychain that waits for somebody else.
#[test]
fn it_ends_in_time_while_the_keychain_is_waited_for() {
    let desktop = Desktop::with(KeyringAtStart::Locked, (1280, 900));
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    once.find("button", "Save to system keychain").click();
    let begun = Instant::now();
    app.terminate();
    let took = begun.elapsed();
    println!("FIGURE ended {} ms after it was asked to, while a keychain hung", took.as_millis());
    // Two seconds, and what a busy machine adds.
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn a_token_saved_to_the_keychain_is_found_by_other_programs_and_goes_with_the_token() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    once.find("button", "Save to system keychain").click();
    app.until_it_says("In the system keychain, not copied");
    let token = until("the token in the keyring", || desktop.token_in_keyring("poller-03"));
    assert_eq!(desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None).status, 200);
    crate::main_job::assert_no_secret(&app.everything(), &token);
    // It is somewhere else: closing asks nothing, and nothing is left to be told.
    once.find("button", "Close").click();
    app.until_no_dialog();
    until("nothing is noted", || (desktop.notes() == 0).then_some(()));
    assert_eq!(files_with(&desktop.home(), &token), Vec::<String>::new());

    app.find("button", "Delete poller-03").click();
    let question = app.find_like("alertdialog", "Delete");
    question.find("checkbox", "Remove it from the system keychain, too");
    question.find("button", "Delete token").until_enabled().click();
    app.until_no_dialog();
    assert_eq!(desktop.token_in_keyring("poller-03"), None);
}

#[test]
fn a_keychain_that_does_not_take_the_token_leaves_it_where_it_is() {
    for keyring in [KeyringAtStart::None, KeyringAtStart::Locked] {
        let desktop = Desktop::with(keyring, (1280, 900));
        let app = App::start(&desktop);
        let once = app.create("poller-03", &["metrics:read"]);
        once.find("button", "Save to system keychain").click();
        app.until_it_says("The system keychain does not have the token.");
        app.until_it_says("save to a file, or copy it");
        let token = app.copy();
        assert_eq!(desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None).status, 200);
    }
}

/// The files below a folder that hold this text.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let mut found = vec![];
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).is_ok_and(|bytes| occurrences(&bytes, text.as_bytes()) > 0) {
            found.push(path.display().to_string());
        }
    }
    found
}
