use std::cell::RefCell;
use std::collections::VecDeque;

use nms_api::{Sort, TokenCounts, TokenList, UsedPermission};
use serde_json::Value;

use super::*;
use crate::samples;
use crate::view::{CalendarWords, ColumnWords};

pub(super) fn at() -> DateTime<Utc> {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

pub(super) fn token(number: u128, name: Option<&str>) -> Token {
    let used = UsedPermission { permission: "devices:read".into(), last_used_at: samples::token(1, None).created_at };
    Token {
        allowed_addresses: vec!["10.2.0.0/16".to_owned(), "2001:db8::/32".to_owned()],
        use_count: 7,
        used_permissions: vec![used],
        ..samples::token(number, name)
    }
}

pub(super) fn columns() -> ColumnWords {
    ColumnWords {
        name: "name".into(),
        description: "description".into(),
        masked: "masked".into(),
        state: "state".into(),
        expires_at: "expires_at".into(),
        permissions: "permissions".into(),
        effective_permissions: "effective_permissions".into(),
        allowed_addresses: "allowed_addresses".into(),
        created_at: "created_at".into(),
        updated_at: "updated_at".into(),
        last_used_at: "last_used_at".into(),
        last_used_from: "last_used_from".into(),
        use_count: "use_count".into(),
        used_permissions: "used_permissions".into(),
        replaces: "replaces".into(),
        replaced_by: "replaced_by".into(),
        ends_at: "ends_at".into(),
        id: "id".into(),
    }
}

pub(super) fn calendar() -> CalendarWords {
    CalendarWords {
        title: "API tokens".into(),
        summary: "“{name}” ends".into(),
        summary_unnamed: "{masked} ends".into(),
        description: "API token {masked}, of an NMS".into(),
    }
}

/// Pages that come one after another, and what was asked for them.
struct Pages {
    pages: RefCell<VecDeque<Result<TokenPage, Failure>>>,
    asked: RefCell<Vec<TokenQuery>>,
}

impl Pages {
    fn of(pages: impl IntoIterator<Item = Result<TokenPage, Failure>>) -> Self {
        Self { pages: RefCell::new(pages.into_iter().collect()), asked: RefCell::default() }
    }

    async fn collect(&self, query: TokenQuery) -> (Result<Vec<u128>, Failure>, Vec<u32>) {
        let mut progress = Vec::new();
        let fetch = |query| {
            self.asked.borrow_mut().push(query);
            let page = self.pages.borrow_mut().pop_front().unwrap_or_else(|| page(&[], Some("again")));
            async move { page }
        };
        let collected = collect(query, fetch, |at: ExportProgress| progress.push(at.read)).await;
        (collected.map(|tokens| tokens.iter().map(|token| token.id.0.as_u128()).collect()), progress)
    }
}

fn page(numbers: &[u128], next: Option<&str>) -> Result<TokenPage, Failure> {
    let tokens = numbers.iter().map(|number| token(*number, None)).collect();
    let counts = TokenCounts { all: 5, ..TokenCounts::default() };
    Ok(TokenPage { list: TokenList { tokens, counts, matching: None }, next: next.map(str::to_owned) })
}

#[tokio::test]
async fn every_page_is_asked_for_with_the_same_filters() {
    let pages = Pages::of([page(&[1, 2], Some("b")), page(&[3], Some("c")), page(&[4, 5], None)]);
    let query = TokenQuery {
        sort: Some(Sort::Expires),
        q: Some("poller".into()),
        limit: Some(7),
        cursor: Some("left over".into()),
        ..TokenQuery::default()
    };
    assert_eq!(pages.collect(query.clone()).await, (Ok(vec![1, 2, 3, 4, 5]), vec![2, 3, 5]));
    let expected =
        |cursor: Option<&str>| TokenQuery { limit: Some(500), cursor: cursor.map(str::to_owned), ..query.clone() };
    assert_eq!(*pages.asked.borrow(), [expected(None), expected(Some("b")), expected(Some("c"))]);
}

#[tokio::test]
async fn a_token_that_moved_between_two_pages_is_listed_once() {
    let pages = Pages::of([page(&[1, 2], Some("b")), page(&[2, 3], None)]);
    assert_eq!(pages.collect(TokenQuery::default()).await.0, Ok(vec![1, 2, 3]));
}

#[tokio::test]
async fn a_page_that_fails_ends_it() {
    let failure = Failure::from(FailureKind::TimedOut);
    let pages = Pages::of([page(&[1], Some("b")), Err(failure.clone())]);
    assert_eq!(pages.collect(TokenQuery::default()).await.0, Err(failure));
}

#[tokio::test]
async fn a_server_whose_list_never_ends_is_left() {
    let pages = Pages::of([]);
    assert_eq!(pages.collect(TokenQuery::default()).await.0, Err(FailureKind::AnswerTooLarge.into()));
    assert_eq!(pages.asked.borrow().len(), MAX_PAGES);
}

fn export(format: ExportFormat) -> Export {
    let tokens = vec![token(1, Some("=poller")), token(2, None)];
    Export { format, tokens, server: "http://127.0.0.1:26780".to_owned(), at: at() }
}

#[test]
fn json_is_the_records_as_the_contract_has_them() {
    let json: Value = serde_json::from_slice(&export(ExportFormat::Json).bytes().unwrap()).unwrap();
    assert_eq!(json["server"], "http://127.0.0.1:26780");
    assert_eq!(json["exported_at"], "2026-11-24T08:00:00Z");
    let tokens: Vec<Token> = serde_json::from_value(json["tokens"].clone()).unwrap();
    assert_eq!(tokens, export(ExportFormat::Json).tokens);
}

#[tokio::test]
async fn a_file_is_written_whole_in_each_form() {
    let folder = tempfile::tempdir().unwrap();
    for (format, beginning) in [
        (ExportFormat::Csv { columns: Box::new(columns()) }, "\u{feff}name,"),
        (ExportFormat::Json, "{\n  \"server\""),
        (ExportFormat::Ics { calendar: calendar() }, "BEGIN:VCALENDAR\r\n"),
    ] {
        let path = folder.path().join("tokens");
        assert_eq!(export(format).write(path.clone()).await, Ok(2));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with(beginning) && text.ends_with('\n'), "{text}");
    }
    let nowhere = export(ExportFormat::Json).write(folder.path().join("missing/tokens")).await;
    assert_eq!(nowhere, Err(FailureKind::ExportNotSaved { reason: FileReason::NoFolder }.into()));
}
