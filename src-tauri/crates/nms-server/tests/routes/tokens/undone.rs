//! What becomes of a rotation when one of its two tokens is deleted.

use chrono::TimeDelta;
use serde_json::json;

use super::rotate::rotated;
use crate::nms::{Nms, eventually};

#[tokio::test]
async fn an_end_by_the_persons_own_hand_says_that_there_is_a_successor() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": 3600})).await;
    assert_eq!(nms.delete(&old.id).await.status, 204);
    let deleted = &nms.events(&old.id).await[0];
    assert_eq!((&deleted["kind"], &deleted["reason"]), (&json!("deleted"), &json!("replaced")));
    assert_eq!(deleted["to"]["replaced_by"], body["token"]["id"]);
}

#[tokio::test]
async fn the_old_one_goes_on_when_its_successor_goes_before_anybody_used_it() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": 3600})).await;
    let successor = body["token"]["id"].as_str().unwrap();
    assert_eq!(nms.delete(successor).await.status, 204);
    nms.advance(TimeDelta::hours(2));
    assert_eq!(nms.use_token(&old.secret).await.status, 200);
    let now = nms.get(&format!("/tokens/{}", old.id)).await.json();
    assert_eq!((&now["replaced_by"], &now["ends_at"]), (&json!(null), &json!(null)));
    assert_ne!(now["etag"], body["replaced"]["etag"], "that is a change");
    let told = nms.events(&old.id).await;
    let kept = told.iter().find(|event| event["kind"] == "widened").unwrap();
    assert_eq!(kept["from"], json!({"replaced_by": successor, "ends_at": body["replaced"]["ends_at"]}));
    assert_eq!(kept["to"], json!({"replaced_by": null, "ends_at": null}));
    // It can be rotated anew.
    rotated(&nms, &old.id, json!({"overlap_s": 60})).await;
}

#[tokio::test]
async fn when_a_used_successor_goes_the_old_one_ends_as_it_would_have_and_that_is_warned_of_and_put_off() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    assert_eq!(nms.use_token(&old.secret).await.status, 200);
    let body = rotated(&nms, &old.id, json!({"overlap_s": 86_400})).await;
    let successor = body["token"]["id"].as_str().unwrap();
    assert_eq!(nms.use_token(body["secret"].as_str().unwrap()).await.status, 200);
    eventually(async || nms.token(successor).await["use_count"] == 1).await;
    assert_eq!(nms.delete(successor).await.status, 204);

    let now = nms.get(&format!("/tokens/{}", old.id)).await.json();
    assert_eq!((&now["replaced_by"], &now["ends_at"]), (&json!(null), &json!(null)));
    assert_eq!(now["expires_at"], body["replaced"]["ends_at"], "not a moment longer");
    assert_eq!(nms.get("/tokens").await.json()["counts"]["expiring"], 1);
    let told = nms.events(&old.id).await;
    let left = told.iter().find(|event| event["kind"] == "narrowed").unwrap();
    assert_eq!(left["from"]["replaced_by"], json!(successor));
    assert_eq!(left["to"]["expires_at"], now["expires_at"]);

    let later = (nms.now() + TimeDelta::days(30)).to_rfc3339();
    let put_off = nms.patch(&old.id, now["etag"].as_str().unwrap(), &json!({"expires_at": later})).await;
    assert_eq!(put_off.status, 200);
    nms.advance(TimeDelta::days(2));
    assert_eq!(nms.use_token(&old.secret).await.status, 200);
}

#[tokio::test]
async fn a_successor_that_came_too_late_gives_nothing_back() {
    let nms = Nms::start().await;
    let ended = nms.make(json!({})).await;
    let late = rotated(&nms, &ended.id, json!({})).await;
    assert_eq!(nms.delete(late["token"]["id"].as_str().unwrap()).await.status, 204);
    nms.use_token(&ended.secret).await.refused(401, "token-deleted");
}

#[tokio::test]
async fn an_old_value_does_not_count_among_those_that_expire_soon() {
    let nms = Nms::start().await;
    let days = |days| (nms.now() + TimeDelta::days(days)).to_rfc3339();
    let old = nms.make(json!({"expires_at": days(7)})).await;
    let expiring = async || nms.get("/tokens?expires_within_days=14").await.json();
    assert_eq!(expiring().await["counts"]["expiring"], 1);
    rotated(&nms, &old.id, json!({"overlap_s": 3_600, "expires_at": days(90)})).await;
    let list = expiring().await;
    assert_eq!((&list["counts"]["expiring"], &list["tokens"]), (&json!(0), &json!([])));
}
