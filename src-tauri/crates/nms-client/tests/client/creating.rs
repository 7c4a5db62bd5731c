//! One token for one key, whatever happens to the answers; and nobody is told that a value is there when it is not.

use std::{sync::Arc, time::Duration};

use nms_api::Slug;
use nms_client::{Action, Created, Error, TimeLimits, Unreachable};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::{
    nms::{Nms, Step, impatient},
    samples::{ID, KEY, NAME, VALUE, created, http, list, new_token, ok, problem, replayed, token},
};

/// Plays the steps for a creation; what it came to, and which methods were used.
async fn create(steps: impl IntoIterator<Item = Step>) -> (Result<Created, Error>, Vec<String>) {
    let nms = Nms::playing(steps).await;
    let result = nms.client().create_token(&new_token(), KEY).await;
    for request in nms.requests().iter().filter(|request| request.line.starts_with("POST")) {
        assert_eq!(request.header("idempotency-key"), Some(&*KEY.to_string()), "always the same key");
        assert_eq!(request.body, nms.requests()[0].body, "always the same bytes");
    }
    (result, nms.methods())
}

#[track_caller]
fn fresh(result: Result<Created, Error>) {
    let Ok(Created::Fresh { token, secret }) = result else { panic!("{result:?}") };
    assert_eq!(token.id, ID);
    assert!(secret.matches(VALUE.as_bytes()));
}

#[track_caller]
fn lost(result: Result<Created, Error>) {
    let Ok(Created::Lost { token }) = result else { panic!("{result:?}") };
    assert_eq!(token.id, ID);
}

#[track_caller]
fn unknown(result: Result<Created, Error>) -> Error {
    let Err(Error::OutcomeUnknown { action: Action::Create, cause }) = result else { panic!("{result:?}") };
    *cause
}

fn none() -> Step {
    Step::Answer(ok(&list(&[])))
}

#[tokio::test]
async fn a_token_is_made_with_its_value() {
    let nms = Nms::answering(created()).await;
    fresh(nms.client().create_token(&new_token(), KEY).await);
    let request = &nms.requests()[0];
    assert_eq!(request.line, "POST /api/v1/tokens HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("idempotency-key"), Some(&*KEY.to_string()));
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, json!({"name": NAME, "permissions": ["devices:read"]}));
}

#[tokio::test]
async fn a_cut_between_commit_and_answer_is_settled_by_asking_again() {
    let (result, methods) = create([Step::Cut, Step::Answer(replayed())]).await;
    lost(result);
    assert_eq!(methods, ["POST", "POST"]);
}

#[tokio::test]
async fn a_cut_before_the_commit_still_gives_the_value() {
    let (result, _) = create([Step::Cut, Step::Answer(created())]).await;
    fresh(result);
}

#[tokio::test]
async fn an_answer_that_breaks_off_within_the_value_is_lost() {
    let whole = created();
    let at = whole.windows(VALUE.len()).position(|bytes| bytes == VALUE.as_bytes()).unwrap();
    let (result, _) = create([Step::CutAfter(whole[..at + 20].to_vec()), Step::Answer(replayed())]).await;
    lost(result);
}

#[tokio::test]
async fn broken_answers_and_failing_proxies_are_asked_again() {
    let page = http("502 Bad Gateway", &["Content-Type: text/html"], "<html>");
    let nonsense = http("201 Created", &["Content-Type: application/json"], "{\"token\":");
    let steps = [page, nonsense, problem(500, "internal", &json!({})), replayed()].map(Step::Answer);
    let (result, methods) = create(steps).await;
    lost(result);
    assert_eq!(methods.len(), 4);
}

#[tokio::test]
async fn a_silent_server_is_asked_again() {
    let nms = Nms::playing([Step::Silent, Step::Answer(replayed())]).await;
    let (connect, read) = (Duration::from_millis(700), Duration::from_millis(700));
    let limits = TimeLimits { connect, read, ..TimeLimits::default() };
    lost(nms.client_within(limits).create_token(&new_token(), KEY).await);
}

#[tokio::test]
async fn while_the_first_is_at_work_it_is_waited_for() {
    let at_work = || Step::Answer(problem(409, "in-progress", &json!({"retry_after_s": 0})));
    let (result, methods) =
        create([Step::Cut, at_work(), at_work(), at_work(), at_work(), at_work(), Step::Answer(replayed())]).await;
    lost(result);
    assert_eq!(methods.len(), 7, "waiting does not count as an attempt");
}

#[tokio::test]
async fn a_server_that_is_at_work_for_ever_is_asked_by_key_and_then_unknown() {
    let at_work = Step::Answer(problem(409, "in-progress", &json!({"retry_after_s": 3600})));
    let nms = Nms::playing([at_work, none()]).await;
    let limits = TimeLimits { total: Duration::from_secs(4), ..TimeLimits::default() };
    let cause = unknown(nms.client_within(limits).create_token(&new_token(), KEY).await);
    assert_eq!(cause.slug(), Some(Slug::InProgress));
    assert_eq!(nms.methods(), ["POST", "GET"], "an hour is not waited for");
}

#[tokio::test]
async fn when_every_answer_is_cut_the_key_alone_settles_it() {
    let found = Step::Answer(ok(&list(&[token()])));
    let (result, methods) = create([Step::Cut, Step::Cut, Step::Cut, Step::Cut, found]).await;
    lost(result);
    assert_eq!(methods, ["POST", "POST", "POST", "POST", "GET"]);
}

#[tokio::test]
async fn what_cannot_be_found_out_is_unknown() {
    let (result, methods) = create([Step::Cut]).await;
    assert!(matches!(unknown(result), Error::Cut));
    assert_eq!(methods, ["POST", "POST", "POST", "POST", "GET", "GET"]);
    let (result, _) = create([Step::Cut, Step::Cut, Step::Cut, Step::Cut, none()]).await;
    assert!(matches!(unknown(result), Error::Cut), "a request on its way could yet make one");
    let session_over = Step::Answer(problem(401, "token-unknown", &json!({})));
    let (result, methods) = create([Step::Cut, session_over]).await;
    assert_eq!(unknown(result).slug(), Some(Slug::TokenUnknown), "a refusal says nothing of the attempt before");
    assert_eq!(methods, ["POST", "POST", "GET"]);
}

#[tokio::test]
async fn a_server_that_dies_for_good_leaves_it_unknown_within_the_limit() {
    let started = std::time::Instant::now();
    let nms = Nms::playing([Step::Silent]).await;
    let cause = unknown(nms.client_within(impatient()).create_token(&new_token(), KEY).await);
    assert!(matches!(cause, Error::TimedOut), "{cause:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_refusal_is_final_and_makes_no_token() {
    for (status, slug) in
        [(422, "permission-unknown"), (401, "token-expired"), (429, "rate-limited"), (409, "too-many-tokens")]
    {
        let (result, methods) = create([Step::Answer(problem(status, slug, &json!({})))]).await;
        assert_eq!(result.unwrap_err().slug(), Slug::parse(slug));
        assert_eq!(methods, ["POST"], "{slug}");
    }
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_final_once_the_key_is_known_to_be_free() {
    let refused = || Step::Answer(problem(422, "permission-unknown", &json!({})));
    let (result, methods) = create([Step::Cut, refused(), none()]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::PermissionUnknown));
    assert_eq!(methods, ["POST", "POST", "GET"]);
    let (result, _) = create([Step::Cut, refused(), Step::Answer(ok(&list(&[token()])))]).await;
    lost(result);
}

#[tokio::test]
async fn a_fault_that_the_server_owns_up_to_is_final_once_the_key_is_known_to_be_free() {
    let full = || Step::Answer(problem(503, "storage-unavailable", &json!({})));
    let (result, methods) = create([full(), full(), full(), full(), none()]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::StorageUnavailable));
    assert_eq!(methods, ["POST", "POST", "POST", "POST", "GET"]);
}

#[tokio::test]
async fn a_token_that_was_made_and_deleted_meanwhile_is_told() {
    let (result, _) = create([Step::Cut, Step::Answer(problem(410, "key-spent", &json!({})))]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::KeySpent));
}

#[tokio::test]
async fn a_redirect_is_final_and_takes_neither_key_nor_body_along() {
    let elsewhere = Nms::answering(created()).await;
    let location = format!("Location: http://localhost:{}/api/v1/tokens", elsewhere.port);
    let (result, methods) = create([Step::Answer(http("307 X", &[&location], ""))]).await;
    assert!(matches!(result, Err(Error::Redirected { status: 307 })));
    assert_eq!((methods.len(), elsewhere.requests().len()), (1, 0));
}

#[tokio::test]
async fn what_was_never_sent_is_not_unknown() {
    let nms = Nms::answering(created()).await;
    let client = nms.client();
    drop(nms);
    tokio::task::yield_now().await;
    let error = client.create_token(&new_token(), KEY).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { reason: Unreachable::Refused }), "{error:?}");
}

#[tokio::test]
async fn cancelling_sends_nothing_more() {
    let held = Arc::new(Semaphore::new(0));
    let nms = Nms::playing([Step::Held(Arc::clone(&held), created())]).await;
    let client = nms.client();
    let creating = tokio::spawn(async move { client.create_token(&new_token(), KEY).await });
    nms.came(1).await;
    creating.abort();
    assert!(creating.await.is_err());
    held.add_permits(1);
    nms.ended().await;
    assert_eq!(nms.requests().len(), 1);
}
