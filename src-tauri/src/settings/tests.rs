use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::view::SetAsideReason;

/// A folder of settings, at one instant.
struct Folder {
    home: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn with(text: &str) -> Self {
        let folder = Self::new();
        std::fs::create_dir(folder.path().parent().unwrap()).unwrap();
        std::fs::write(folder.path(), text).unwrap();
        folder
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("config/settings.json")
    }

    fn open(&self) -> SettingsStore {
        SettingsStore::open(self.path(), at())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path()).unwrap()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().parent().unwrap()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn at() -> DateTime<Utc> {
    "2026-11-23T10:00:00.25Z".parse().unwrap()
}

fn chosen() -> Settings {
    Settings {
        theme: Theme::HighContrast,
        language: "de-AT".to_owned(),
        clipboard_delay_s: 0,
        default_expiry_days: Some(30),
        reminders: false,
        density: Density::Compact,
        list: BTreeMap::from([("sort".to_owned(), "-expires_at".to_owned())]),
    }
}

#[test]
fn without_a_file_the_promises_hold_and_none_is_written() {
    let folder = Folder::new();
    assert_eq!(folder.open().view(), SettingsView { settings: Settings::default(), set_aside: None });
    assert!(!folder.path().exists());
    assert_eq!(Settings::default().of_custody(), nms_custody::Settings::default());
}

#[test]
fn what_was_chosen_holds_after_a_restart_and_only_its_owner_reads_it() {
    let folder = Folder::new();
    let store = folder.open();
    store.set(chosen());
    store.save(at()).unwrap();
    assert_eq!(folder.open().view(), SettingsView { settings: chosen(), set_aside: None });
    assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(folder.json()["version"], 1);
}

#[test]
fn a_member_that_is_missing_has_its_default_and_one_that_is_unknown_is_kept() {
    let folder = Folder::with(r#"{"version":1,"theme":"dark","sounds":{"copied":true}}"#);
    let store = folder.open();
    assert_eq!(
        store.view(),
        SettingsView { settings: Settings { theme: Theme::Dark, ..Settings::default() }, set_aside: None }
    );
    store.set(chosen());
    store.save(at()).unwrap();
    assert_eq!(folder.json()["sounds"], json!({"copied": true}));
    assert_eq!(folder.open().settings(), chosen());
}

/// Set aside whole and untouched, said so, and in nobody's way.
#[track_caller]
fn is_set_aside(text: &str, why: SetAsideReason) {
    let folder = Folder::with(text);
    let store = folder.open();
    let SettingsView { settings, set_aside } = store.view();
    assert_eq!(settings, Settings::default(), "{text}");
    let set_aside = set_aside.unwrap_or_else(|| panic!("nothing was said of {text}"));
    assert_eq!(set_aside.why, why, "{text}");
    assert_eq!(std::fs::read_to_string(&set_aside.path).unwrap(), text);
    assert!(!folder.path().exists(), "{text}");
    store.save(at()).unwrap();
    assert_eq!(folder.open().view().set_aside, None, "the next start finds good ones");
    assert_eq!(std::fs::read_to_string(&set_aside.path).unwrap(), text);
}

#[test]
fn a_damaged_file_is_set_aside() {
    for text in [
        "",
        "{",
        "[]",
        "null",
        "\u{0}\u{0}\u{0}",
        r#"{"theme":"dark"}"#,
        r#"{"version":0}"#,
        r#"{"version":"1"}"#,
        r#"{"version":1,"theme":"sepia"}"#,
        r#"{"version":1,"clipboard_delay_s":-1}"#,
        r#"{"version":1,"clipboard_delay_s":4000000000}"#,
        r#"{"version":1,"language":"de\r\nX: y"}"#,
        r#"{"version":1,"list":{"sort":1}}"#,
    ] {
        is_set_aside(text, SetAsideReason::Damaged);
    }
    is_set_aside(&" ".repeat(300 * 1024), SetAsideReason::Damaged);
}

#[test]
fn a_newer_file_is_set_aside_for_the_version_that_wrote_it() {
    is_set_aside(r#"{"version":2,"theme":"sepia"}"#, SetAsideReason::Newer);
}

#[test]
fn its_name_says_why_and_when() {
    let folder = Folder::with("{");
    drop(folder.open());
    assert_eq!(folder.names(), ["settings.json.damaged-20261123T100000.250000Z"]);
}

#[test]
fn what_is_in_the_way_and_cannot_be_set_aside_is_never_overwritten() {
    let folder = Folder::with(r#"{"version":2}"#);
    // A folder of that very name stands where it should go.
    let taken = folder.path().with_file_name("settings.json.newer-20261123T100000.250000Z");
    std::fs::create_dir(&taken).unwrap();
    let store = folder.open();
    assert_eq!(store.view().set_aside, None);
    store.set(chosen());
    assert_eq!(store.save(at()), Err(FileReason::NotAllowed));
    assert_eq!(folder.json(), json!({"version": 2}));
    assert_eq!(store.settings(), chosen(), "it holds until the app ends");

    std::fs::remove_dir(&taken).unwrap();
    store.save(at()).unwrap();
    assert_eq!(store.view().set_aside.map(|aside| aside.why), Some(SetAsideReason::Newer));
    assert_eq!(folder.open().settings(), chosen());
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let folder = Folder::new();
    std::fs::write(folder.home.path().join("config"), "a file").unwrap();
    let store = folder.open();
    store.set(chosen());
    assert_eq!(store.save(at()), Err(FileReason::Exists));
}
