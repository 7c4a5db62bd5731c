//! `POST /tokens/{id}/rotate`.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::Connection;
use uuid::Uuid;

use crate::nms::{Nms, eventually, instant, send};

const DAY_S: i64 = 24 * 60 * 60;

pub(super) async fn rotated(nms: &Nms, id: &str, body: Value) -> Value {
    let answer = nms.rotate(id, Uuid::now_v7(), &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_replacement_is_the_same_with_another_value_and_the_old_one_ends_at_once() {
    let nms = Nms::start().await;
    let old = nms
        .make(json!({
            "name": "poller", "description": "rack 7", "permissions": ["devices:read", "sites:read"],
            "allowed_addresses": ["127.0.0.0/8"], "expires_at": "2026-12-01T00:00:00Z",
        }))
        .await;
    nms.use_token(&old.secret).await;
    let answer = nms.rotate(&old.id, Uuid::now_v7(), &json!({})).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, Some("no-store")));
    let body = answer.json();
    let (new, secret) = (&body["token"], body["secret"].as_str().unwrap());
    assert_eq!(answer.header("etag"), new["etag"].as_str());
    assert_eq!(answer.header("location").unwrap(), format!("/api/v1/tokens/{}", new["id"].as_str().unwrap()));
    for member in ["name", "description", "permissions", "allowed_addresses"] {
        assert_eq!(new[member], old.token[member], "{member}");
    }
    assert_eq!((&new["state"], &new["use_count"], &new["replaced_by"]), (&json!("active"), &json!(0), &json!(null)));
    assert_eq!(new["replaces"], old.id.as_str());
    assert_eq!(instant(&new["expires_at"]) - instant(&new["created_at"]), TimeDelta::days(90));
    let replaced = &body["replaced"];
    assert_eq!((&replaced["id"], &replaced["state"]), (&json!(old.id), &json!("deleted")));
    assert_eq!((&replaced["replaced_by"], &replaced["ends_at"]), (&new["id"], &new["created_at"]));
    assert_eq!((&replaced["deleted_at"], &replaced["use_count"]), (&new["created_at"], &json!(1)));
    assert_eq!(nms.use_token(secret).await.status, 200);
    nms.use_token(&old.secret).await.refused(401, "token-deleted");
    assert_eq!(nms.get("/tokens").await.json()["tokens"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn with_an_overlap_both_work_until_the_old_one_ends() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": 3600})).await;
    let (new, secret) = (body["token"]["id"].as_str().unwrap(), body["secret"].as_str().unwrap());
    let listed = nms.token(&old.id).await;
    assert_eq!(listed, body["replaced"]);
    assert_eq!((&listed["state"], &listed["replaced_by"]), (&json!("active"), &json!(new)));
    let ends_at = instant(&listed["ends_at"]);
    assert_eq!(ends_at - instant(&body["token"]["created_at"]), TimeDelta::hours(1));
    assert_eq!((listed.get("deleted_at"), &listed["updated_at"]), (None, &body["token"]["created_at"]));
    assert_ne!(listed["etag"], old.token["etag"], "a replacement is a change");
    assert_eq!((nms.use_token(&old.secret).await.status, nms.use_token(secret).await.status), (200, 200));
    // A second before it ends it works; from its instant on it does not, whatever is written down.
    nms.set_clock(&(ends_at - TimeDelta::seconds(1)).to_rfc3339());
    assert_eq!(nms.use_token(&old.secret).await.status, 200);
    nms.set_clock(&ends_at.to_rfc3339());
    nms.use_token(&old.secret).await.refused(401, "token-deleted");
    assert_eq!(nms.use_token(secret).await.status, 200);
    for (method, body) in [("GET", None), ("PATCH", Some(json!({}))), ("DELETE", None)] {
        let request = nms.ask(method, &format!("/tokens/{}", old.id)).header("If-Match", "*");
        let request = if let Some(body) = body { request.json(&body) } else { request };
        send(request).await.refused(404, "not-found");
    }
    let list = nms.get("/tokens").await.json();
    assert_eq!((&list["counts"]["all"], &list["tokens"][0]["id"]), (&json!(1), &json!(new)));
}

#[tokio::test]
async fn the_end_is_told_at_its_own_instant_with_its_reason_and_the_last_record() {
    let nms = Nms::start().await;
    let old = nms.make(json!({"name": "poller"})).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": 60})).await;
    nms.use_token(&old.secret).await;
    nms.advance(TimeDelta::hours(2));
    assert_eq!(nms.event_kinds(&old.id).await, ["created", "replaced", "first_used", "deleted"]);
    let events = nms.events(&old.id).await;
    let (deleted, replaced) = (&events[0], &events[2]);
    assert_eq!((&deleted["at"], &deleted["reason"]), (&body["replaced"]["ends_at"], &json!("replaced")));
    assert_eq!((&deleted["actor"], &deleted["to"]["use_count"]), (&json!({"kind": "server"}), &json!(1)));
    assert_eq!((&deleted["to"]["name"], &deleted["to"]["state"]), (&json!("poller"), &json!("active")));
    assert_eq!(replaced["from"], json!({"replaced_by": null, "ends_at": null}));
    assert_eq!(replaced["to"], json!({"replaced_by": body["token"]["id"], "ends_at": body["replaced"]["ends_at"]}));
    let made = &nms.events(body["token"]["id"].as_str().unwrap()).await[0];
    assert_eq!((&made["kind"], &made["to"]["replaces"]), (&json!("rotated"), &json!(old.id)));
    assert_eq!((&made["to"]["name"], &made["actor"]["name"]), (&json!("poller"), &json!("Ada Lovelace")));
}

#[tokio::test]
async fn without_an_overlap_the_person_ended_it() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    rotated(&nms, &old.id, json!({})).await;
    assert_eq!(nms.event_kinds(&old.id).await, ["created", "replaced", "deleted"]);
    let deleted = &nms.events(&old.id).await[0];
    assert_eq!((&deleted["reason"], &deleted["actor"]["name"]), (&json!("replaced"), &json!("Ada Lovelace")));
    assert_eq!(deleted["to"]["state"], "active");
}

#[tokio::test]
async fn an_end_is_written_down_without_anybody_asking() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    // Real time decides when to look, the server's clock whether it is over.
    rotated(&nms, &old.id, json!({"overlap_s": 1})).await;
    nms.advance(TimeDelta::seconds(2));
    let mut store = nms.store().await;
    eventually(async || {
        let query = "SELECT COUNT(*) FROM events WHERE kind = 'deleted' AND reason = 'replaced'";
        sqlx::query_scalar::<_, i64>(query).fetch_one(&mut store).await.unwrap() == 1
    })
    .await;
}

#[tokio::test]
async fn an_end_that_came_while_no_server_ran_is_told_at_its_instant() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let ends_at = rotated(&nms, &old.id, json!({"overlap_s": 3600})).await["replaced"]["ends_at"].clone();
    nms.advance(TimeDelta::hours(5));
    let nms = nms.restart().await;
    nms.use_token(&old.secret).await.refused(401, "token-deleted");
    let deleted = &nms.events(&old.id).await[1];
    assert_eq!((&deleted["kind"], &deleted["at"]), (&json!("deleted"), &ends_at));
    nms.advance(TimeDelta::days(90));
    nms.use_token(&old.secret).await.refused(401, "token-unknown");
}

#[tokio::test]
async fn the_old_one_never_outlives_its_own_expiry() {
    let nms = Nms::start().await;
    let expires_at = nms.now() + TimeDelta::hours(3);
    let old = nms.make(json!({"expires_at": expires_at.to_rfc3339()})).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": DAY_S})).await;
    assert_eq!(body["replaced"]["ends_at"], old.token["expires_at"]);
    nms.advance(TimeDelta::hours(4));
    nms.use_token(&old.secret).await.refused(401, "token-deleted");
    assert_eq!(nms.event_kinds(&old.id).await, ["created", "replaced", "deleted", "refused"]);
}

#[tokio::test]
async fn what_is_wanted_is_checked() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    for (body, field) in [
        (json!({"overlap_s": 7 * DAY_S + 1}), "overlap_s"),
        (json!({"overlap_s": -1}), "overlap_s"),
        (json!({"overlap_s": 0.5}), "overlap_s"),
        (json!({"overlap_s": "1"}), "overlap_s"),
        (json!({"expires_at": "2028-11-23T10:00:00Z"}), "expires_at"),
        (json!({"expires_at": "2026-11-23T09:00:00Z"}), "expires_at"),
        (json!({"permissions": ["devices:read"]}), "permissions"),
    ] {
        nms.rotate(&old.id, Uuid::now_v7(), &body).await.refused(422, "invalid").field(field);
    }
    let path = format!("/tokens/{}/rotate", old.id);
    send(nms.ask("POST", &path).body("{}")).await.refused(415, "media-type");
    send(nms.ask("POST", &path).json(&json!({}))).await.refused(400, "idempotency-key");
    send(
        nms.ask("POST", &format!("{path}?x=1")).header("Idempotency-Key", Uuid::now_v7().to_string()).json(&json!({})),
    )
    .await
    .refused(422, "invalid")
    .field("x");
    let absent = nms.ask("POST", &format!("/tokens/{}/rotate", Uuid::now_v7())).body("{");
    send(absent).await.refused(404, "not-found");
    let body = rotated(&nms, &old.id, json!({"overlap_s": 7 * DAY_S, "expires_at": "2027-01-01T01:00:00+01:00"})).await;
    assert_eq!(body["token"]["expires_at"], "2027-01-01T00:00:00Z");
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 2);
}

#[tokio::test]
async fn only_what_works_or_is_paused_is_replaced_and_once() {
    let mut nms = Nms::start().await;
    let paused = nms.make(json!({})).await;
    let gone = nms.make(json!({})).await;
    let expired = nms.make(json!({"expires_at": "2026-11-24T00:00:00Z"})).await;
    nms.patch(&paused.id, "*", &json!({"paused": true})).await;
    let body = rotated(&nms, &paused.id, json!({"overlap_s": 60})).await;
    assert_eq!((&body["token"]["state"], &body["replaced"]["state"]), (&json!("active"), &json!("paused")));
    let again = nms.rotate(&paused.id, Uuid::now_v7(), &json!({})).await;
    again.refused(409, "already-replaced");
    nms.delete(&gone.id).await;
    nms.rotate(&gone.id, Uuid::now_v7(), &json!({})).await.refused(404, "not-found");
    nms.set_clock("2026-11-25T00:00:00Z");
    nms.sign_in().await;
    let refused = nms.rotate(&expired.id, Uuid::now_v7(), &json!({})).await;
    assert_eq!(refused.refused(409, "token-expired").header("www-authenticate"), None);
    nms.rotate(&paused.id, Uuid::now_v7(), &json!({})).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_chain_of_replacements_can_be_followed_both_ways() {
    let nms = Nms::start().await;
    let first = nms.make(json!({})).await;
    let second = rotated(&nms, &first.id, json!({"overlap_s": 60})).await["token"]["id"].as_str().unwrap().to_owned();
    let third = rotated(&nms, &second, json!({"overlap_s": 60})).await["token"]["id"].as_str().unwrap().to_owned();
    let links = async |id: &str| {
        let token = nms.token(id).await;
        (token["replaces"].clone(), token["replaced_by"].clone())
    };
    assert_eq!(links(&first.id).await, (json!(null), json!(second)));
    assert_eq!(links(&second).await, (json!(first.id), json!(third)));
    assert_eq!(links(&third).await, (json!(second), json!(null)));
}

#[tokio::test]
async fn permissions_that_were_lost_are_not_granted_again() {
    let nms = Nms::start().await;
    let old = nms.make(json!({"permissions": ["devices:read", "sites:read"]})).await;
    nms.set_held(&["sites:read"]).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": 60})).await;
    assert_eq!(body["token"]["permissions"], json!(["sites:read"]));
    assert_eq!(body["replaced"]["permissions"], json!(["devices:read", "sites:read"]));
    nms.set_held(&["ipam:read"]).await;
    let none = nms.rotate(body["token"]["id"].as_str().unwrap(), Uuid::now_v7(), &json!({})).await;
    assert_eq!(none.refused(403, "permission-not-held").json()["permissions"], json!(["sites:read"]));
}

#[tokio::test]
async fn the_same_request_again_answers_the_same_pair_without_the_secret() {
    let mut nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let (key, body) = (Uuid::now_v7(), json!({"overlap_s": 3600}));
    let first = nms.rotate(&old.id, key, &body).await.json();
    let again = nms.rotate(&old.id, key, &body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
    let again = again.json();
    assert_eq!((&again["secret"], &again["token"]), (&Value::Null, &first["token"]));
    assert_eq!(again["replaced"], first["replaced"]);
    nms.rotate(&old.id, key, &json!({})).await.refused(422, "key-reused");
    // Another path is another request, even with the same key.
    assert_eq!(nms.post_token(key, &json!({"permissions": ["devices:read"]})).await.status, 201);
    // After the old one has ended too, and after it was forgotten.
    nms.advance(TimeDelta::hours(2));
    let replayed = nms.rotate(&old.id, key, &body).await.json();
    assert_eq!((&replayed["replaced"]["state"], &replayed["token"]), (&json!("deleted"), &first["token"]));
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 2);
    nms.delete(first["token"]["id"].as_str().unwrap()).await;
    nms.rotate(&old.id, key, &body).await.refused(410, "key-spent");
    nms.advance(TimeDelta::days(91));
    nms.sign_in().await;
    nms.rotate(&old.id, key, &body).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_key_whose_token_was_replaced_and_ended_is_spent() {
    let nms = Nms::start().await;
    let (key, body) = (Uuid::now_v7(), json!({"permissions": ["devices:read"]}));
    let id = nms.post_token(key, &body).await.json()["token"]["id"].as_str().unwrap().to_owned();
    rotated(&nms, &id, json!({"overlap_s": 60})).await;
    assert_eq!(nms.post_token(key, &body).await.status, 200);
    nms.advance(TimeDelta::seconds(61));
    nms.post_token(key, &body).await.refused(410, "key-spent");
    let found = nms.get(&format!("/tokens?idempotency_key={key}")).await.json();
    assert_eq!(found["tokens"], json!([]));
}

#[tokio::test]
async fn whoever_lost_the_answer_finds_the_replacement_by_its_key() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let key = Uuid::now_v7();
    let new = nms.rotate(&old.id, key, &json!({})).await.json();
    let found = nms.get(&format!("/tokens?idempotency_key={key}")).await.json();
    assert_eq!(found["tokens"], json!([new["token"]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_with_one_key_make_one_replacement_and_with_their_own_too() {
    let nms = Nms::start().await;
    let (one, other) = (nms.make(json!({})).await, nms.make(json!({})).await);
    let key = Uuid::now_v7();
    let body = json!({});
    let same = futures_util::future::join_all((0..50).map(|_| nms.rotate(&one.id, key, &body))).await;
    assert_eq!(same.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in same.iter().filter(|answer| answer.status != 201) {
        match answer.status {
            200 => assert_eq!(answer.json()["secret"], Value::Null),
            _ => drop(answer.refused(409, "in-progress")),
        }
    }
    let overlap = json!({"overlap_s": 60});
    let own = futures_util::future::join_all((0..50).map(|_| nms.rotate(&other.id, Uuid::now_v7(), &overlap))).await;
    assert_eq!(own.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in own.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "already-replaced");
    }
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 3);
}

/// Lets both read the token before either writes, and then write in this order.
async fn one_after_the_other<A, B>(
    nms: &Nms,
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    // Somebody else writes: both wait for them.
    let mut store = nms.store().await;
    let writing = store.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let second = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        second.await
    };
    let release = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        writing.rollback().await.unwrap();
    };
    let (first, second, ()) = tokio::join!(first, second, release);
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_meanwhile_is_not_replaced() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let overlap = json!({"overlap_s": 60});
    let rotate = nms.rotate(&old.id, Uuid::now_v7(), &overlap);
    let (deleted, answer) = one_after_the_other(&nms, nms.delete(&old.id), rotate).await;
    assert_eq!(deleted.status, 204);
    answer.refused(404, "not-found");
    assert_eq!(nms.event_kinds(&old.id).await, ["created", "deleted"]);
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_replaced_meanwhile_is_deleted_as_it_was_then() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let overlap = json!({"overlap_s": 60});
    let rotate = nms.rotate(&old.id, Uuid::now_v7(), &overlap);
    let (answer, deleted) = one_after_the_other(&nms, rotate, nms.delete(&old.id)).await;
    assert_eq!((answer.status, deleted.status), (201, 204));
    assert_eq!(nms.event_kinds(&old.id).await, ["created", "replaced", "deleted"]);
    assert_eq!(nms.events(&old.id).await[0]["to"]["replaced_by"], answer.json()["token"]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_edited_meanwhile_is_replaced_as_it_is_then() {
    let nms = Nms::start().await;
    let old = nms.make(json!({"name": "before"})).await;
    let (edit, overlap) = (json!({"name": "after"}), json!({"overlap_s": 60}));
    let rotate = nms.rotate(&old.id, Uuid::now_v7(), &overlap);
    let (edited, answer) = one_after_the_other(&nms, nms.patch(&old.id, "*", &edit), rotate).await;
    assert_eq!((edited.status, answer.status), (200, 201));
    assert_eq!(answer.json()["token"]["name"], "after");
    assert_eq!(nms.event_kinds(&old.id).await, ["created", "described", "replaced"]);
}

#[tokio::test]
async fn a_replaced_token_can_be_ended_at_once_by_deleting_it() {
    let nms = Nms::start().await;
    let old = nms.make(json!({})).await;
    let body = rotated(&nms, &old.id, json!({"overlap_s": 3600})).await;
    assert_eq!(nms.delete(&old.id).await.status, 204);
    nms.use_token(&old.secret).await.refused(401, "token-deleted");
    assert_eq!(nms.use_token(body["secret"].as_str().unwrap()).await.status, 200);
    nms.advance(TimeDelta::hours(2));
    let kinds = nms.event_kinds(&old.id).await;
    assert_eq!(kinds, ["created", "replaced", "deleted", "refused"], "ended once");
}

#[tokio::test]
async fn programs_replace_nothing() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let path = format!("/tokens/{}/rotate", made.id);
    send(nms.with(&made.secret, "POST", &path).json(&json!({}))).await.refused(403, "session-required");
}
