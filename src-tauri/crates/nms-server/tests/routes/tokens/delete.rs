//! `DELETE /tokens/{id}`.

use chrono::TimeDelta;
use serde_json::json;

use crate::nms::{Nms, send};

#[tokio::test]
async fn a_deleted_token_is_refused_on_the_next_request() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    let answer = nms.delete(&made.id).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    nms.use_token(&made.secret).await.refused(401, "token-deleted");
    nms.delete(&made.id).await.refused(404, "not-found");
    nms.get(&format!("/tokens/{}", made.id)).await.refused(404, "not-found");
    nms.patch(&made.id, "*", &json!({})).await.refused(404, "not-found");
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 0);
}

#[tokio::test]
async fn why_a_deleted_token_is_refused_is_known_for_90_days() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.delete(&made.id).await;
    nms.advance(TimeDelta::days(90) - TimeDelta::seconds(1));
    nms.use_token(&made.secret).await.refused(401, "token-deleted");
    nms.advance(TimeDelta::seconds(1));
    nms.use_token(&made.secret).await.refused(401, "token-unknown");
}

#[tokio::test]
async fn a_deletion_may_be_bound_to_what_its_author_saw() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let with = |tag: &str| nms.ask("DELETE", &format!("/tokens/{}", made.id)).header("If-Match", tag);
    send(with("\"x\"")).await.refused(412, "stale");
    assert_eq!(send(with(made.token["etag"].as_str().unwrap())).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_deletions_at_once_one_deletes() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let answers = futures_util::future::join_all((0..10).map(|_| nms.delete(&made.id))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 404).count(), 9);
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "deleted"]);
}
