//! Deleting a token: done is done, however the answer travelled.

use nms_api::Slug;
use nms_client::{Action, Error};
use serde_json::json;

use crate::{
    nms::{Nms, Step},
    samples::{ID, http, ok, problem, token},
};

async fn delete(steps: impl IntoIterator<Item = Step>) -> (Result<(), Error>, Vec<String>) {
    let nms = Nms::playing(steps).await;
    let result = nms.client().delete_token(ID).await;
    (result, nms.methods())
}

fn gone() -> Step {
    Step::Answer(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())
}

fn not_there() -> Step {
    Step::Answer(problem(404, "not-found", &json!({})))
}

#[tokio::test]
async fn a_token_is_deleted() {
    let nms = Nms::playing([gone()]).await;
    nms.client().delete_token(ID).await.unwrap();
    assert_eq!(nms.requests()[0].line, format!("DELETE /api/v1/tokens/{ID} HTTP/1.1"));
}

#[tokio::test]
async fn a_token_that_was_not_there_is_told() {
    let (result, methods) = delete([not_there()]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::NotFound));
    assert_eq!(methods.len(), 1);
}

#[tokio::test]
async fn after_a_lost_answer_not_there_means_deleted() {
    for second in [not_there(), gone()] {
        let (result, methods) = delete([Step::Cut, second]).await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(methods, ["DELETE", "DELETE"]);
    }
    let page = Step::Answer(http("404 X", &["Content-Type: text/html"], "<html>"));
    let (result, _) = delete([Step::Cut, page]).await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { .. })), "another program's 404 proves nothing: {result:?}");
}

#[tokio::test]
async fn a_deletion_that_cannot_be_found_out_is_unknown() {
    let (result, methods) = delete([Step::Cut]).await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { action: Action::Delete, .. })), "{result:?}");
    assert_eq!(methods.len(), 4);
    let fault = || Step::Answer(problem(500, "internal", &json!({})));
    let (result, _) = delete([Step::Cut, fault(), fault(), fault()]).await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { .. })), "the first may have taken effect: {result:?}");
    let (result, _) = delete([Step::Cut, Step::Answer(problem(401, "token-expired", &json!({})))]).await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { .. })), "{result:?}");
}

#[tokio::test]
async fn a_refused_deletion_is_final() {
    let (result, methods) = delete([Step::Answer(problem(401, "token-expired", &json!({})))]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::TokenExpired));
    assert_eq!(methods.len(), 1);
}

#[tokio::test]
async fn a_server_that_answers_each_time_that_it_failed_is_believed() {
    for (status, slug) in [(500, "internal"), (503, "storage-unavailable")] {
        let (result, methods) = delete([Step::Answer(problem(status, slug, &json!({})))]).await;
        assert_eq!(result.unwrap_err().slug(), Slug::parse(slug));
        assert_eq!(methods.len(), 4, "it may have been a moment's trouble");
    }
    let page = http("502 Bad Gateway", &["Content-Type: text/html"], "<html>");
    let (result, _) = delete([Step::Answer(page)]).await;
    assert!(matches!(result, Err(Error::NotTheContract { status: 502, .. })), "{result:?}");
}

#[tokio::test]
async fn an_answer_of_another_form_is_not_taken_for_deleted() {
    for answer in [ok(&token()), http("200 OK", &["Content-Type: text/html"], "<html>")] {
        let (result, _) = delete([Step::Answer(answer)]).await;
        assert!(matches!(result, Err(Error::NotTheContract { status: 200, .. })), "{result:?}");
    }
}
