//! Whatever a server does ends in a typed error, within the limits, without taking the client's memory.

use std::time::{Duration, Instant};

use nms_api::{Slug, TokenQuery};
use nms_client::{Error, Unreachable};
use serde_json::json;

use crate::{
    nms::{Nms, Step, impatient},
    samples::{ID, http, json_answer, list, me, ok, problem, token, token_with},
};

/// What reading a token comes to when the server does this.
async fn token_error(step: Step) -> Error {
    let nms = Nms::playing([step]).await;
    nms.client().token(ID).await.unwrap_err()
}

/// What reading a token comes to at most within the short limits.
pub(crate) async fn impatient_error(step: Step) -> Error {
    let nms = Nms::playing([step]).await;
    let started = Instant::now();
    let error = nms.client_within(impatient()).token(ID).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    error
}

#[track_caller]
fn not_the_contract(error: &Error, expected: u16) {
    let Error::NotTheContract { status, request_id } = error else { panic!("{error:?}") };
    assert_eq!((*status, request_id.as_deref()), (expected, Some("req-1")));
}

#[tokio::test]
async fn silence_ends_in_a_time_out() {
    assert!(matches!(impatient_error(Step::Silent).await, Error::TimedOut));
    let headers_only = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n".to_vec();
    assert!(matches!(impatient_error(Step::Drip(headers_only, Duration::ZERO)).await, Error::TimedOut));
}

#[tokio::test]
async fn one_byte_at_a_time_ends_in_a_time_out() {
    let slow = Step::Drip(ok(&token()), Duration::from_millis(20));
    assert!(matches!(impatient_error(slow).await, Error::TimedOut));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_told() {
    let whole = ok(&token());
    for sent in [10, whole.len() - 100, whole.len() - 1] {
        let error = token_error(Step::CutAfter(whole[..sent].to_vec())).await;
        assert!(matches!(error, Error::Cut), "after {sent} bytes: {error:?}");
    }
    assert!(matches!(token_error(Step::Cut).await, Error::Cut));
    let chunked =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"".to_vec();
    assert!(matches!(token_error(Step::CutAfter(chunked)).await, Error::Cut));
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_not_read() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10737418240\r\n\r\n{";
    assert!(matches!(token_error(Step::Answer(announced.to_vec())).await, Error::TooLarge));
    let page = http("500 X", &["Content-Type: text/html"], &"x".repeat(70_000));
    assert!(matches!(token_error(Step::Answer(page)).await, Error::TooLarge), "a problem has less room");
}

#[tokio::test]
async fn endless_headers_end_in_an_error() {
    let endless = Step::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-More: more\r\n".repeat(100));
    let error = token_error(endless).await;
    assert!(matches!(error, Error::Unreachable { reason: Unreachable::NotHttp }), "{error:?}");
}

#[tokio::test]
async fn a_compressed_answer_is_not_unpacked() {
    let headers = ["Content-Type: application/json", "Content-Encoding: gzip"];
    not_the_contract(&token_error(Step::Answer(http("200 OK", &headers, &token().to_string()))).await, 200);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Nms::answering(ok(&token())).await;
    for status in [300, 301, 302, 303, 305, 307, 308] {
        let location = format!("Location: http://127.0.0.1:{}/api/v1/tokens/{ID}", elsewhere.port);
        let nms = Nms::answering(http(&format!("{status} X"), &[&location], "")).await;
        let error = nms.client().token(ID).await.unwrap_err();
        assert!(matches!(error, Error::Redirected { status: seen } if seen == status), "{error:?}");
        assert!(!format!("{error:?} {error}").contains("127.0.0.1"));
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn what_is_not_json_of_the_right_form_is_told() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_event = format!(r#"{{"events":[{{"from":{{"a":{deep}}}}}]}}"#);
    let text = token().to_string();
    for body in [
        text[..text.len() - 1].to_owned(),
        String::new(),
        "null".into(),
        "[]".into(),
        "{}".into(),
        format!("{text}{text}"),
        deep,
        deep_event,
        text.replace("\"use_count\":0", "\"use_count\":\"0\""),
        text.replace("\"use_count\":0", "\"use_count\":-1"),
        text.replace("\"use_count\":0", "\"use_count\":1e999"),
        text.replace("\"active\"", "\"asleep\""),
        text.replace("2027-02-21T10:00:00Z", "tomorrow"),
        text.replace("2027-02-21T10:00:00Z", "999999-02-21T10:00:00Z"),
        text.replace("2027-02-21T10:00:00Z", "2027-02-30T10:00:00Z"),
        format!("{{\"suffix\":\"0000\",{}", &text[1..]),
        "\u{feff}{}".into(),
    ] {
        let answer = http("200 OK", &["Content-Type: application/json"], &body);
        not_the_contract(&token_error(Step::Answer(answer)).await, 200);
    }
    let mut not_utf8 = ok(&token_with(&json!({"name": "@"})));
    let at = not_utf8.iter().position(|byte| *byte == b'@').unwrap();
    not_utf8[at] = 0xff;
    not_the_contract(&token_error(Step::Answer(not_utf8)).await, 200);
}

#[tokio::test]
async fn deep_json_in_unknown_and_in_free_members_does_no_harm() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let unknown = format!("{{\"later\":{deep},{}", &token().to_string()[1..]);
    let nms = Nms::answering(http("200 OK", &["Content-Type: application/json"], &unknown)).await;
    assert!(nms.client().token(ID).await.is_ok(), "what is not known is passed over without recursion");
    let event = format!(
        r#"{{"events":[{{"id":"{ID}","token_id":"{ID}","at":"2026-11-23T10:00:00Z","kind":"created","actor":{{"kind":"token"}},"from":{{"a":{deep}}}}}]}}"#
    );
    let nms = Nms::answering(http("200 OK", &["Content-Type: application/json"], &event)).await;
    not_the_contract(&nms.client().token_events(ID, None).await.unwrap_err(), 200);
}

#[tokio::test]
async fn pages_of_other_programs_are_told_from_answers() {
    let page = "<html><body>Sign in to the Wi-Fi</body></html>";
    for (status, expected) in [("200 OK", 200), ("404 Not Found", 404), ("502 Bad Gateway", 502)] {
        let error = token_error(Step::Answer(http(status, &["Content-Type: text/html"], page))).await;
        not_the_contract(&error, expected);
    }
    not_the_contract(&token_error(Step::Answer(http("200 OK", &[], &token().to_string()))).await, 200);
    not_the_contract(&token_error(Step::Answer(json_answer("206 Partial", &token()))).await, 206);
    not_the_contract(&token_error(Step::Answer(b"HTTP/1.1 304 X\r\nX-Request-Id: req-1\r\n\r\n".to_vec())).await, 304);
    let other = token_error(Step::CutAfter(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n".to_vec())).await;
    assert!(matches!(other, Error::Unreachable { reason: Unreachable::NotHttp }), "{other:?}");
}

#[tokio::test]
async fn a_refusal_says_what_a_sentence_needs() {
    let more = json!({
        "detail": "Not held:\ndevices:write", "field": "permissions", "permissions": ["devices:write", 7],
        "token": 5, "later": {},
    });
    let error = token_error(Step::Answer(problem(403, "permission-not-held", &more))).await;
    assert_eq!(error.slug(), Some(Slug::PermissionNotHeld));
    assert_eq!(error.request_id(), Some("req-1"));
    let Error::Refused(refusal) = error else { panic!("{error:?}") };
    assert_eq!((refusal.status, refusal.field.as_deref()), (403, Some("permissions")));
    assert_eq!(refusal.permissions, ["devices:write".into()]);
    assert_eq!(refusal.detail.as_deref(), Some("Not held: devices:write"));
    assert_eq!((refusal.token, refusal.retry_after_s), (None, None));
}

#[tokio::test]
async fn a_rate_limit_says_when_to_come_again() {
    let by_header = r#"{"type": "urn:palpabl:nms:problem:rate-limited"}"#;
    let by_header =
        http("429 X", &["Content-Type: application/problem+json; charset=utf-8", "Retry-After: 17"], by_header);
    for (answer, expected) in [
        (by_header, Some(17)),
        (problem(429, "rate-limited", &json!({"retry_after_s": 30})), Some(30)),
        (problem(429, "rate-limited", &json!({"retry_after_s": u64::MAX})), Some(86_400)),
        (problem(429, "rate-limited", &json!({"retry_after_s": -1})), None),
    ] {
        let Error::Refused(refusal) = token_error(Step::Answer(answer)).await else { panic!() };
        assert_eq!((refusal.slug, refusal.retry_after_s), (Slug::RateLimited, expected));
    }
}

#[tokio::test]
async fn a_refusal_of_a_later_version_is_unexpected() {
    for answer in [problem(418, "teapot", &json!({})), json_answer("418 X", &json!({"error": "no"}))] {
        let error = token_error(Step::Answer(answer)).await;
        assert!(
            matches!(&error, Error::Unexpected { status: 418, request_id: Some(id) } if id == "req-1"),
            "{error:?}"
        );
    }
    not_the_contract(&token_error(Step::Answer(json_answer("418 X", &json!(["no"])))).await, 418);
}

#[tokio::test]
async fn a_list_has_room_for_what_was_asked_for() {
    let rows = vec![token_with(&json!({"description": "ü".repeat(500)})); 500];
    let nms = Nms::answering(ok(&list(&rows))).await;
    let all = TokenQuery { limit: Some(500), ..TokenQuery::default() };
    assert_eq!(nms.client().tokens(&all).await.unwrap().list.tokens.len(), 500);
    assert!(matches!(nms.client().tokens(&TokenQuery::default()).await, Err(Error::TooLarge)), "50 were asked for");
}

#[tokio::test]
async fn a_server_that_recovers_is_asked_again_with_the_same_client() {
    let nms = Nms::playing([Step::CutAfter(b"nonsense".to_vec()), Step::Answer(ok(&me()))]).await;
    let client = nms.client();
    assert!(client.me().await.is_err());
    assert!(client.me().await.is_ok());
}
