use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::bounds::Bounded as _;
use crate::view::SetAsideReason;

/// A folder of settings, at one instant.
struct Folder {
    home: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn with(text: impl AsRef<[u8]>) -> Self {
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

/// As many cases as the environment wants, or five hundred: each has files of its own.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig { cases: 500, ..ProptestConfig::default() },
    }
}

/// What may stand in a member.
fn member() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["dark", "compact", "de", "system"]).prop_map(Value::from),
        prop::collection::btree_map(".{0,4}", ".{0,4}", 0..3).prop_map(|members| json!(members)),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(|numbers| json!(numbers)),
    ]
}

/// A file that is right but for one member and some bytes, or noise.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let mut right = serde_json::to_value(chosen()).unwrap();
    right["version"] = json!(1);
    right["of_a_later_version"] = json!([1]);
    let changed = (any::<Index>(), member(), any::<Index>(), 0usize..3, prop::collection::vec(any::<u8>(), 0..3));
    let changed = changed.prop_map(move |(which, put, at, removed, bytes)| {
        let mut changed = right.clone();
        let names: Vec<String> = changed.as_object().unwrap().keys().cloned().collect();
        changed[which.get(&names)] = put;
        let mut text = changed.to_string().into_bytes();
        let at = at.index(text.len());
        text.splice(at..(at + removed).min(text.len()), bytes);
        text
    });
    prop_oneof![4 => changed, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_the_file_holds_the_settings_are_within_bounds_and_nothing_is_lost(
        bytes in file(),
        // The disk takes its time for each.
        is_saved in prop::bool::weighted(0.1),
    ) {
        let folder = Folder::with(&bytes);
        let store = folder.open();
        prop_assert!(store.settings().out_of_bounds().is_none());
        let before = serde_json::from_slice::<Value>(&bytes).ok();
        match store.view().set_aside {
            Some(aside) => prop_assert_eq!(std::fs::read(aside.path).unwrap(), bytes, "byte for byte"),
            None => prop_assert_eq!(std::fs::read(folder.path()).unwrap(), bytes, "untouched until it is saved"),
        }
        let was_read = store.view().set_aside.is_none();
        if !is_saved {
            return Ok(());
        }
        store.save(at()).unwrap();
        let again = folder.open();
        prop_assert_eq!((again.settings(), again.view().set_aside.is_none()), (store.settings(), true));
        let later = |value: &Value| value.get("of_a_later_version").cloned();
        if was_read {
            prop_assert_eq!(later(&folder.json()), before.as_ref().and_then(later), "what is not known is kept");
        }
    }
}
