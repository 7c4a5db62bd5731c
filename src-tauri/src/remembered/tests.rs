use std::os::unix::fs::PermissionsExt;

use nms_api::{Etag, TokenList, TokenState};
use tempfile::TempDir;

use super::*;
use crate::samples;

const SERVER: &str = "built-in /data";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("cache/last-list.json")
    }

    /// As after a restart.
    fn open(&self) -> Remembered {
        Remembered::new(self.path())
    }
}

fn whose(user: u128) -> Whose {
    Whose { server: SERVER.to_owned(), user_id: Uuid::from_u128(user), organization_id: Uuid::nil() }
}

fn at(minute: u32) -> DateTime<Utc> {
    format!("2026-11-23T10:{minute:02}:00Z").parse().unwrap()
}

fn token(number: u128) -> Token {
    samples::token(number, Some("poller"))
}

fn page(numbers: impl IntoIterator<Item = u128>, next: Option<&str>) -> TokenPage {
    let tokens = numbers.into_iter().map(token).collect();
    let counts = TokenCounts { all: 9, active: 9, ..TokenCounts::default() };
    TokenPage { list: TokenList { tokens, counts, matching: None }, next: next.map(str::to_owned) }
}

fn first() -> TokenQuery {
    TokenQuery { limit: Some(50), sort: Some(Sort::Name), ..TokenQuery::default() }
}

fn following(cursor: &str) -> TokenQuery {
    TokenQuery { cursor: Some(cursor.to_owned()), ..first() }
}

fn numbers(list: Option<RememberedList>) -> Vec<u128> {
    list.map(|list| list.tokens.iter().map(|token| token.id.0.as_u128()).collect()).unwrap_or_default()
}

#[test]
fn the_last_list_is_there_after_a_restart_with_its_instant_and_only_its_owner_reads_it() {
    let folder = Folder::new();
    assert_eq!(folder.open().recall(SERVER, None), None);
    folder.open().learn(whose(1), &first(), page([1, 2], None), at(5));
    let expected =
        RememberedList { tokens: vec![token(1), token(2)], counts: page([], None).list.counts, read_at: at(5) };
    assert_eq!(folder.open().recall(SERVER, None), Some(expected.clone()));
    assert_eq!(folder.open().recall(SERVER, Some(&whose(1))), Some(expected));
    assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn pages_that_go_on_are_added_and_a_first_one_begins_anew() {
    let folder = Folder::new();
    let remembered = folder.open();
    let learn = |query, page| remembered.learn(whose(1), &query, page, at(1));
    learn(first(), page([1, 2], Some("b")));
    learn(following("b"), page([3], Some("c")));
    assert_eq!(numbers(folder.open().recall(SERVER, None)), [1, 2, 3]);
    learn(following("b"), page([3], Some("c")));
    learn(TokenQuery { sort: None, ..following("c") }, page([8], None));
    assert_eq!(numbers(remembered.recall(SERVER, None)), [1, 2, 3], "these belong to another list");
    learn(following("c"), page([4], None));
    assert_eq!(numbers(remembered.recall(SERVER, None)), [1, 2, 3, 4]);
    learn(first(), page([2], None));
    assert_eq!(numbers(folder.open().recall(SERVER, None)), [2]);
}

#[test]
fn what_a_filter_left_is_not_taken_for_the_list() {
    let folder = Folder::new();
    let remembered = folder.open();
    remembered.learn(whose(1), &first(), page([1, 2], None), at(1));
    for filtered in [
        TokenQuery { q: Some("poller".to_owned()), ..first() },
        TokenQuery { state: Some(TokenState::Active), ..first() },
        TokenQuery { idempotency_key: Some(Uuid::nil()), ..first() },
    ] {
        assert!(!is_of_the_whole_list(&filtered));
        remembered.learn(whose(1), &filtered, page([1], None), at(2));
    }
    assert_eq!(numbers(remembered.recall(SERVER, None)), [1, 2]);
}

#[test]
fn another_server_gets_nothing_and_another_person_has_it_forgotten() {
    let folder = Folder::new();
    folder.open().learn(whose(1), &first(), page([1], None), at(1));
    assert_eq!(folder.open().recall("https://nms.example", None), None);
    assert_eq!(numbers(folder.open().recall(SERVER, None)), [1]);
    assert_eq!(folder.open().recall(SERVER, Some(&whose(2))), None);
    assert!(!folder.path().exists());
}

#[test]
fn nothing_is_left_after_it_was_forgotten() {
    let folder = Folder::new();
    let remembered = folder.open();
    remembered.forget();
    remembered.learn(whose(1), &first(), page([1], None), at(1));
    remembered.forget();
    assert_eq!(remembered.recall(SERVER, None), None);
    assert!(!folder.path().exists());
    remembered.learn(whose(1), &first(), page([1], None), at(1));
    assert_eq!(numbers(folder.open().recall(SERVER, None)), [1], "the same list is written again");
}

#[test]
fn a_thousand_rows_are_kept_and_no_more() {
    let folder = Folder::new();
    let remembered = folder.open();
    remembered.learn(whose(1), &first(), page(0..700, Some("b")), at(1));
    remembered.learn(whose(1), &following("b"), page(700..1200, None), at(1));
    assert_eq!(numbers(folder.open().recall(SERVER, None)), (0..1000).collect::<Vec<_>>());
}

#[test]
fn uses_alone_are_written_now_and_then_and_changes_at_once() {
    let folder = Folder::new();
    let remembered = folder.open();
    let in_file = || folder.open().recall(SERVER, None).unwrap();
    remembered.learn(whose(1), &first(), page([1], None), at(0));
    let mut used = page([1], None);
    used.list.tokens[0].use_count = 5;
    remembered.learn(whose(1), &first(), used.clone(), at(4));
    assert_eq!((in_file().read_at, in_file().tokens[0].use_count), (at(0), 0));
    assert_eq!(remembered.recall(SERVER, None).unwrap().read_at, at(4), "memory knows better");
    remembered.learn(whose(1), &first(), used.clone(), at(5));
    assert_eq!((in_file().read_at, in_file().tokens[0].use_count), (at(5), 5));
    used.list.tokens[0].etag = Etag("\"2\"".to_owned());
    remembered.learn(whose(1), &first(), used, at(6));
    assert_eq!(in_file().read_at, at(6));
}

#[test]
fn a_file_that_cannot_be_read_is_as_good_as_none_and_is_replaced() {
    let folder = Folder::new();
    folder.open().learn(whose(1), &first(), page([1], None), at(1));
    let good = std::fs::read_to_string(folder.path()).unwrap();
    for text in ["", "{", "[]", &good[..good.len() / 2], &good.replace("\"version\":1", "\"version\":2")] {
        std::fs::write(folder.path(), text).unwrap();
        assert_eq!(folder.open().recall(SERVER, None), None, "{text}");
    }
    folder.open().learn(whose(1), &first(), page([2], None), at(1));
    assert_eq!(numbers(folder.open().recall(SERVER, None)), [2]);
}
