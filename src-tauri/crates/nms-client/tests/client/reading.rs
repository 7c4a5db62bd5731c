//! What is read, and how it is asked for.

use chrono::TimeDelta;
use nms_api::{EventQuery, Sort, TokenQuery, TokenState};
use serde_json::json;

use crate::{
    nms::{Nms, SESSION, Step},
    samples::{ID, KEY, NAME, http, list, me, ok, token, token_with},
};

#[tokio::test]
async fn a_request_carries_what_it_must_and_nothing_else() {
    let nms = Nms::answering(ok(&me())).await;
    let me = nms.client().me().await.unwrap();
    assert_eq!(me.user.name, "Ada");
    let requests = nms.requests();
    let request = &requests[0];
    assert_eq!(request.line, "GET /api/v1/me HTTP/1.1");
    let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "authorization", "host", "user-agent"]);
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {SESSION}")));
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    assert_eq!(request.header("host"), Some(&*format!("127.0.0.1:{}", nms.port)));
}

#[tokio::test]
async fn the_clocks_difference_is_told_after_the_first_answer() {
    let nms = Nms::answering(http(
        "200 OK",
        &["Content-Type: application/json", "Date: Sun, 06 Nov 1994 08:49:37 GMT"],
        &me().to_string(),
    ))
    .await;
    let client = nms.client();
    assert_eq!(client.clock_skew(), None);
    client.me().await.unwrap();
    assert!(client.clone().clock_skew().is_some_and(|skew| skew < TimeDelta::days(-11_000)));
}

#[tokio::test]
async fn a_page_of_tokens_says_where_the_next_begins() {
    let link = r#"Link: </api/v1/tokens?limit=2&q=a%26b&cursor=x%2By>; rel="next""#;
    let first = http("200 OK", &["Content-Type: application/json", link], &list(&[token()]).to_string());
    let nms = Nms::playing([Step::Answer(first), Step::Answer(ok(&list(&[])))]).await;
    let client = nms.client();
    let mut query = TokenQuery {
        limit: Some(2),
        q: Some("a&b".into()),
        sort: Some(Sort::NameDescending),
        state: Some(TokenState::Active),
        ..TokenQuery::default()
    };
    let page = client.tokens(&query).await.unwrap();
    assert_eq!(page.list.tokens[0].name.as_deref(), Some(NAME));
    assert_eq!(page.next.as_deref(), Some("x+y"));
    query.cursor = page.next;
    let page = client.tokens(&query).await.unwrap();
    assert_eq!((page.list.tokens.len(), page.next), (0, None));
    let lines: Vec<_> = nms.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines[0], "GET /api/v1/tokens?limit=2&q=a%26b&sort=-name&state=active HTTP/1.1");
    assert_eq!(lines[1], "GET /api/v1/tokens?cursor=x%2By&limit=2&q=a%26b&sort=-name&state=active HTTP/1.1");
}

#[tokio::test]
async fn one_token_and_its_events_are_read_by_id() {
    let event = json!({
        "id": ID, "token_id": ID, "at": "2026-11-23T10:00:00Z", "kind": "created",
        "actor": {"kind": "server", "host": "later version"},
    });
    let nms =
        Nms::playing([Step::Answer(ok(&token())), Step::Answer(ok(&json!({"events": [event], "more": []})))]).await;
    let client = nms.client();
    assert_eq!(client.token(ID).await.unwrap().etag.0, "\"v1\"");
    assert_eq!(client.token_events(ID, Some("a b")).await.unwrap().list.events.len(), 1);
    assert_eq!(nms.requests()[0].line, format!("GET /api/v1/tokens/{ID} HTTP/1.1"));
    assert_eq!(nms.requests()[1].line, format!("GET /api/v1/tokens/{ID}/events?cursor=a+b HTTP/1.1"));
}

#[tokio::test]
async fn what_happened_to_all_tokens_and_who_used_them_is_asked_for_in_words() {
    let event = json!({
        "id": ID, "token_id": ID, "at": "2026-11-23T10:00:00Z", "kind": "refused", "actor": {"kind": "token"},
        "token_name": NAME, "token_masked": "pnms_pat_a1b2c3d4…f9g0",
    });
    let caller = json!({
        "token_id": ID, "token_name": null, "token_masked": "pnms_pat_a1b2c3d4…f9g0", "address": "10.2.0.7",
        "agent": "Telegraf/1.30", "count": 3, "last_at": "2026-11-23T10:00:00Z",
    });
    let link = r#"Link: </api/v1/events?kinds=refused&cursor=x>; rel="next""#;
    let events = http("200 OK", &["Content-Type: application/json", link], &json!({"events": [event]}).to_string());
    let nms = Nms::playing([Step::Answer(events), Step::Answer(ok(&json!({"callers": [caller]})))]).await;
    let client = nms.client();
    let query = EventQuery { kinds: Some("refused,deleted".into()), q: Some("10.2".into()), ..EventQuery::default() };
    let page = client.events(&query).await.unwrap();
    assert_eq!((page.list.events[0].token_name.as_deref(), page.next.as_deref()), (Some(NAME), Some("x")));
    assert_eq!(client.callers(Some("tele graf")).await.unwrap()[0].count, 3);
    assert_eq!(nms.requests()[0].line, "GET /api/v1/events?kinds=refused%2Cdeleted&q=10.2 HTTP/1.1");
    assert_eq!(nms.requests()[1].line, "GET /api/v1/callers?q=tele+graf HTTP/1.1");
}

#[tokio::test]
async fn asking_by_key_tells_a_token_from_none() {
    let nms = Nms::playing([Step::Answer(ok(&list(&[token()]))), Step::Answer(ok(&list(&[])))]).await;
    let client = nms.client();
    assert_eq!(client.token_by_key(KEY).await.unwrap().map(|token| token.id), Some(ID));
    assert_eq!(client.token_by_key(KEY).await.unwrap(), None);
    assert_eq!(nms.requests()[0].line, format!("GET /api/v1/tokens?idempotency_key={KEY} HTTP/1.1"));
    assert_eq!(nms.methods(), ["GET", "GET"]);
}

#[tokio::test]
async fn a_catalogue_that_is_unchanged_is_answered_from_memory() {
    let catalogue = |name: &str| json!({"permissions": [], "presets": [{"id": "p", "name": name, "permissions": []}]});
    let sent = |name: &str, etag: &str| {
        Step::Answer(http("200 OK", &["Content-Type: application/json", etag], &catalogue(name).to_string()))
    };
    let unchanged = Step::Answer(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec());
    let nms = Nms::playing([sent("a", "ETag: \"c1\""), unchanged.clone(), sent("b", "ETag: \"c2\""), unchanged]).await;
    let client = nms.client();
    for expected in ["a", "a", "b", "b"] {
        assert_eq!(client.permissions(None).await.unwrap().presets[0].name, expected);
    }
    let asked: Vec<_> =
        nms.requests().iter().map(|request| request.header("if-none-match").map(str::to_owned)).collect();
    assert_eq!(asked, [None, Some("\"c1\"".into()), Some("\"c1\"".into()), Some("\"c2\"".into())]);
}

#[tokio::test]
async fn each_language_is_asked_for_and_remembered_by_itself() {
    let sent = |name: &str, etag: &str| {
        let catalogue = json!({"permissions": [], "presets": [{"id": "p", "name": name, "permissions": []}]});
        Step::Answer(http("200 OK", &["Content-Type: application/json", etag], &catalogue.to_string()))
    };
    let unchanged = Step::Answer(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec());
    let steps = [sent("Read", "ETag: \"en-1\""), sent("Lesen", "ETag: \"de-1\""), unchanged.clone(), unchanged];
    let nms = Nms::playing(steps).await;
    let client = nms.client();
    for (language, expected) in [(None, "Read"), (Some("de-AT"), "Lesen"), (None, "Read"), (Some("de-AT"), "Lesen")] {
        assert_eq!(client.permissions(language).await.unwrap().presets[0].name, expected);
    }
    let header = |name: &str| -> Vec<_> {
        nms.requests().iter().map(|request| request.header(name).map(str::to_owned)).collect()
    };
    assert_eq!(header("accept-language"), [None, Some("de-AT".into()), None, Some("de-AT".into())]);
    assert_eq!(header("if-none-match"), [None, None, Some("\"en-1\"".into()), Some("\"de-1\"".into())]);
}

#[tokio::test]
async fn a_fifth_language_pushes_the_oldest_out_of_memory() {
    let catalogue = json!({"permissions": [], "presets": []}).to_string();
    let nms = Nms::answering(http("200 OK", &["Content-Type: application/json", "ETag: \"t\""], &catalogue)).await;
    let client = nms.client();
    for language in ["en", "de", "ar", "fr", "it", "en", "it"] {
        client.permissions(Some(language)).await.unwrap();
    }
    let known: Vec<_> = nms.requests().iter().map(|request| request.header("if-none-match").is_some()).collect();
    assert_eq!(known, [false, false, false, false, false, false, true]);
}

#[tokio::test]
async fn a_language_that_no_header_can_hold_is_never_sent() {
    let nms = Nms::answering(ok(&json!({"permissions": [], "presets": []}))).await;
    let refused = nms.client().permissions(Some("de\r\nX: y")).await;
    assert!(matches!(refused, Err(nms_client::Error::NotSendable { what: "language" })), "{refused:?}");
    assert!(nms.requests().is_empty());
}

#[tokio::test]
async fn members_of_later_versions_are_passed_over() {
    let later = token_with(&json!({"mood": {"deep": [[[[1]]]]}, "2027": null}));
    let nms = Nms::answering(ok(&later)).await;
    assert_eq!(nms.client().token(ID).await.unwrap().id, ID);
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_made_anew() {
    let nms = Nms::playing([Step::Answer(ok(&me())), Step::Cut, Step::Answer(ok(&me()))]).await;
    let client = nms.client();
    client.me().await.unwrap();
    client.me().await.unwrap();
    assert_eq!(nms.requests().len(), 3);
}
