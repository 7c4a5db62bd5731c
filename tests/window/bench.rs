//! The bench itself: a desktop that would pass for one and is none would make every other test worthless.

use palpabl_nms_settings_tests::memory;
use palpabl_nms_settings_tests::{Desktop, KeyringAtStart};

#[test]
fn a_desktop_has_a_clipboard_that_its_programs_share() {
    let desktop = Desktop::new();
    assert_eq!(desktop.clipboard(), None);
    let holder = desktop.copy_as_somebody_else("from somebody else");
    assert!(desktop.clipboard_targets().contains(&"UTF8_STRING".to_owned()));
    assert_eq!(desktop.primary(), None);
    drop(holder);
    assert_eq!(desktop.clipboard(), None);
}

#[test]
fn a_keyring_is_unlocked_locked_or_not_there() {
    let store = ["store", "--label=x", "test", "x"];
    let unlocked = Desktop::new();
    assert_eq!(unlocked.run("secret-tool", &store, Some(b"v")).map(|said| said.status), Some(0));
    let value = unlocked.run("secret-tool", &["lookup", "test", "x"], None).map(|said| said.text());
    assert_eq!(value.as_deref(), Some("v"));

    let none = Desktop::with(KeyringAtStart::None, (800, 600));
    assert_eq!(none.run("secret-tool", &store, Some(b"v")).map(|said| said.status), Some(1));

    let locked = Desktop::with(KeyringAtStart::Locked, (800, 600));
    let stored = locked.run("secret-tool", &store, Some(b"v"));
    assert_ne!(stored.map(|said| said.status), Some(0), "a locked keyring takes nothing");
}

#[test]
fn a_copy_in_another_process_is_found() {
    let desktop = Desktop::new();
    let secret = "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E";
    let holder = desktop.copy_as_somebody_else(secret);
    let scan = memory::scan(&[(holder.pid(), "xclip".to_owned())], secret);
    assert_eq!(scan.processes, 1);
    assert!(scan.found.iter().any(|found| found.form == "utf-8"), "{scan:?}");
}
