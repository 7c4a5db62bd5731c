use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

struct Folder {
    home: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn with(bytes: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        std::fs::create_dir(folder.path().parent().unwrap()).unwrap();
        std::fs::write(folder.path(), bytes).unwrap();
        folder
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("data/journal.json")
    }

    fn open(&self) -> Journal {
        Journal::open(self.path(), at())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.path()).unwrap()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().parent().unwrap()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn at() -> DateTime<Utc> {
    "2026-11-23T10:00:00.25Z".parse().unwrap()
}

fn whose() -> Whose {
    Whose { server: "built-in".to_owned(), user_id: Uuid::from_u128(1), organization_id: Uuid::from_u128(2) }
}

fn id(number: u128) -> TokenId {
    TokenId(Uuid::from_u128(number))
}

fn entry(key: u128) -> Entry {
    Entry::about(Uuid::from_u128(key), whose(), What::New, at()).called(Some("poller-03"))
}

fn made(token: u128) -> Phase {
    Phase::Made { token_id: id(token) }
}

/// What the next start finds.
fn left(folder: &Folder) -> Vec<Phase> {
    folder.open().unfinished(&whose()).into_iter().map(|one| one.phase).collect()
}

#[test]
fn an_entry_is_on_the_disk_whole_and_the_persons_alone_when_begin_returns() {
    let folder = Folder::new();
    let journal = folder.open();
    let entry = Entry { ends: Some(id(9)), what: What::Rotating { id: id(9), overlap_s: 3_600 }, ..entry(7) };
    journal.begin(entry.clone()).unwrap();
    assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(folder.names(), ["journal.json"], "nothing is left beside it");
    assert_eq!(folder.json()["version"], 1);
    assert_eq!(folder.open().unfinished(&whose()), [entry]);
}

#[test]
fn what_goes_on_in_this_run_is_not_unfinished_until_it_is_let_go() {
    let folder = Folder::new();
    let journal = folder.open();
    journal.begin(entry(7)).unwrap();
    assert_eq!(journal.unfinished(&whose()), []);
    journal.let_go(Uuid::from_u128(7));
    assert_eq!(journal.unfinished(&whose()), [entry(7)]);
    // Asked for again, it is the same one.
    journal.begin(entry(7)).unwrap();
    assert_eq!((journal.unfinished(&whose()), left(&folder)), (vec![], vec![Phase::Sent]));
    journal.note(Uuid::from_u128(7), made(1));
    journal.lose(id(1));
    assert_eq!(journal.unfinished(&whose()).len(), 1);
    assert_eq!(left(&folder), [Phase::Lost { token_id: id(1) }]);
}

#[test]
fn each_step_is_on_the_disk_and_the_last_one_takes_it_away() {
    let folder = Folder::new();
    let journal = folder.open();
    journal.begin(entry(7)).unwrap();
    journal.begin(Entry { ends: Some(id(9)), ..entry(8) }).unwrap();
    journal.note(Uuid::from_u128(7), made(1));
    journal.note(Uuid::from_u128(8), made(2));
    assert_eq!(left(&folder), [made(1), made(2)]);
    journal.hand_over(id(1));
    journal.hand_over(id(2));
    assert_eq!(left(&folder), [Phase::HandedOver { token_id: id(2) }], "the old one is still to be deleted");
    journal.settle(id(2));
    assert_eq!(left(&folder).len(), 1, "that the dialog is closed does not end it");
    journal.forget(id(9));
    assert_eq!(left(&folder), []);
    assert!(journal.is_empty());
}

#[test]
fn a_deleted_or_kept_token_is_over_and_another_is_not() {
    for over in [Journal::forget, Journal::settle] {
        let folder = Folder::new();
        let journal = folder.open();
        for (key, token) in [(7, 1), (8, 2)] {
            journal.begin(Entry { ends: Some(id(3)), ..entry(key) }).unwrap();
            journal.note(Uuid::from_u128(key), made(token));
        }
        over(&journal, id(1));
        // What it is to replace is not what it is.
        over(&journal, id(3));
        assert_eq!(left(&folder), [made(2)]);
    }
}

#[test]
fn a_request_is_on_its_way_for_minutes_only_and_not_once_its_token_is_known() {
    let later = |minutes| at() + TimeDelta::minutes(minutes);
    assert!(entry(7).may_be_on_its_way(later(9)));
    assert!(!entry(7).may_be_on_its_way(later(10)));
    assert!(!Entry { phase: made(1), ..entry(7) }.may_be_on_its_way(later(0)));
}

#[test]
fn a_long_name_is_a_label_only() {
    let entry = entry(7).called(Some(&"é".repeat(5_000)));
    assert_eq!(entry.name.unwrap().chars().count(), MAX_NAME_CHARS);
}

#[track_caller]
fn assert_set_aside(text: &str, why: SetAsideReason, name: &str) {
    let folder = Folder::with(text);
    let journal = folder.open();
    let aside = folder.path().with_file_name(name);
    assert_eq!(journal.set_aside(), Some(SetAside { path: aside.display().to_string(), why }), "{text}");
    assert_eq!(std::fs::read_to_string(&aside).unwrap(), text, "it is whole");
    journal.begin(entry(7)).unwrap();
    assert_eq!(left(&folder), [Phase::Sent], "and a new one is begun");
    assert_eq!(std::fs::read_to_string(&aside).unwrap(), text, "it stays so");
}

#[test]
fn a_damaged_journal_is_set_aside_whole_and_said_so() {
    let cut = r#"{"version":1,"entries":[{"key":"0"#;
    let wrong = json!({"version": 1, "entries": [{"key": "no key"}]}).to_string();
    for text in ["", cut, &wrong, "[]", r#"{"entries":[]}"#, r#"{"version":0,"entries":[]}"#] {
        assert_set_aside(text, SetAsideReason::Damaged, "journal.json.damaged-20261123T100000.250000Z");
    }
}

#[test]
fn a_journal_of_a_newer_version_is_untouched_under_another_name() {
    let text = r#"{"version":2,"entries":{"anything":"else"}}"#;
    assert_set_aside(text, SetAsideReason::Newer, "journal.json.newer-20261123T100000.250000Z");
}

#[test]
fn what_stands_in_the_way_and_cannot_be_set_aside_lets_nothing_begin() {
    let folder = Folder::with("damaged");
    let parent = folder.path().parent().unwrap().to_owned();
    let journal = folder.open();
    assert!(journal.set_aside().is_some());
    // As a journal that another start could not move.
    journal.state().in_the_way = Some(SetAsideReason::Damaged);
    assert_eq!(journal.begin(entry(7)), Err(FileReason::NoFolder), "there is nothing to move");
    assert!(journal.is_empty());
    assert_eq!(std::fs::read_dir(parent).unwrap().count(), 1);
}

#[test]
fn what_could_not_be_written_is_not_begun() {
    let folder = Folder::new();
    let journal = folder.open();
    std::fs::create_dir_all(folder.path()).unwrap();
    assert_eq!(journal.begin(entry(7)), Err(FileReason::NotAllowed));
    journal.let_go(Uuid::from_u128(7));
    assert_eq!(journal.unfinished(&whose()), []);
}

/// As many cases as the environment wants, or five hundred: each has files of its own.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig { cases: 500, ..ProptestConfig::default() },
    }
}

/// What may stand somewhere in the file.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["new", "sent", "made", "handed_over", "-262143-01-01T00:00:00Z"])
            .prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(|numbers| json!(numbers)),
        prop::collection::btree_map(".{0,4}", ".{0,4}", 0..3).prop_map(|members| json!(members)),
        any::<u128>().prop_map(|number| json!({"kind": "lost", "token_id": Uuid::from_u128(number)})),
    ]
}

/// The way to every value within a value, itself included.
fn places(value: &Value, at: &str) -> Vec<String> {
    let within: Vec<String> = match value {
        Value::Array(values) => {
            values.iter().enumerate().flat_map(|(key, value)| places(value, &format!("{at}/{key}"))).collect()
        }
        Value::Object(members) => {
            members.iter().flat_map(|(key, value)| places(value, &format!("{at}/{key}"))).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(at.to_owned()).chain(within).collect()
}

/// A file that is right but for one value, one that is so but for some bytes, or noise.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let entries = [
        Entry { what: What::Rotating { id: id(9), overlap_s: 3_600 }, ends: Some(id(9)), ..entry(7) },
        Entry { what: What::Replacing { id: id(8) }, phase: made(1), ..entry(6) },
        Entry { phase: Phase::HandedOver { token_id: id(2) }, name: None, ..entry(5) },
    ];
    let right = json!({"version": 1, "entries": entries});
    let ways = places(&right, "");
    let changed = (any::<Index>(), anything()).prop_map(move |(way, put)| {
        let mut changed = right.clone();
        *changed.pointer_mut(way.get::<String>(&ways)).unwrap() = put;
        changed.to_string().into_bytes()
    });
    let spliced = (changed, any::<Index>(), 0usize..20, prop::collection::vec(any::<u8>(), 0..4));
    let spliced = spliced.prop_map(|(mut text, at, removed, bytes)| {
        let at = at.index(text.len());
        text.splice(at..(at + removed).min(text.len()), bytes);
        text
    });
    prop_oneof![8 => spliced, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_the_file_holds_the_journal_is_read_or_set_aside_and_takes_what_comes(
        bytes in file(),
        key in 100u128..,
        // The disk takes its time for each.
        is_begun in prop::bool::weighted(0.1),
    ) {
        let folder = Folder::with(&bytes);
        let journal = folder.open();
        match journal.set_aside() {
            Some(aside) => prop_assert_eq!(std::fs::read(aside.path).unwrap(), bytes, "byte for byte"),
            None => prop_assert_eq!(std::fs::read(folder.path()).unwrap(), bytes, "untouched until it is written"),
        }
        prop_assert!(journal.set_aside().is_none() || journal.is_empty());
        if !is_begun {
            return Ok(());
        }
        let before = journal.state().entries.clone();
        journal.begin(entry(key)).unwrap();
        let again = folder.open();
        prop_assert!(again.set_aside().is_none(), "what is written is read");
        prop_assert_eq!(&again.state().entries, &[before, vec![entry(key)]].concat(), "and nothing of it is lost");
    }
}
