//! `GET` and `DELETE /token`.

use serde_json::json;

use crate::nms::{Nms, send};

#[tokio::test]
async fn a_token_learns_about_itself_and_that_is_a_use() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["sites:read"], "expires_at": "2026-11-23T11:00:00Z"})).await;
    let itself = send(nms.with(&made.secret, "GET", "/token")).await.json();
    assert_eq!(itself["token"]["id"], made.id.as_str());
    assert_eq!((&itself["token"]["use_count"], &itself["token"]["last_used_from"]), (&json!(1), &json!("127.0.0.1")));
    assert_eq!(itself["token"]["used_permissions"], json!([]));
    let seconds_left = itself["seconds_left"].as_i64().unwrap();
    assert!((3590..3600).contains(&seconds_left), "{seconds_left}");
    assert_eq!(nms.token(&made.id).await, itself["token"]);
}

#[tokio::test]
async fn a_replaced_token_learns_how_long_it_still_works() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.rotate(&made.id, uuid::Uuid::now_v7(), &json!({"overlap_s": 600})).await;
    let seconds_left = send(nms.with(&made.secret, "GET", "/token")).await.json()["seconds_left"].as_i64().unwrap();
    assert!((590..600).contains(&seconds_left), "{seconds_left}");
}

#[tokio::test]
async fn use_is_counted_with_when_from_where_and_what_for() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["devices:read", "devices:write"]})).await;
    for number in 1..=3 {
        nms.use_token(&made.secret).await;
        assert_eq!(nms.token(&made.id).await["use_count"], number, "exact in every answer");
    }
    let device = json!({"name": "a", "address": "b"});
    assert_eq!(send(nms.with(&made.secret, "POST", "/devices").json(&device)).await.status, 201);
    let token = nms.token(&made.id).await;
    let needed: Vec<&str> =
        token["used_permissions"].as_array().unwrap().iter().map(|used| used["permission"].as_str().unwrap()).collect();
    assert_eq!(needed, ["devices:read", "devices:write"]);
    assert_eq!(token["last_used_at"], token["used_permissions"][1]["last_used_at"]);
    let nms = nms.restart().await;
    assert_eq!(nms.token(&made.id).await, token, "written down when the server stopped");
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "first_used"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn use_is_exact_while_it_is_being_written() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let done = std::sync::atomic::AtomicBool::new(false);
    let write = async {
        while !done.load(std::sync::atomic::Ordering::SeqCst) {
            // What is ordered by use is written down first.
            nms.get("/tokens?sort=use_count").await;
        }
    };
    let count = async {
        for number in 1..=100 {
            nms.use_token(&made.secret).await;
            assert_eq!(nms.token(&made.id).await["use_count"], number);
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
    };
    tokio::join!(write, count);
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "first_used"]);
}

#[tokio::test]
async fn uses_reach_the_disk_within_five_seconds() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.use_token(&made.secret).await;
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let written: i64 =
        sqlx::query_scalar("SELECT use_count FROM tokens").fetch_one(&mut nms.store().await).await.unwrap();
    assert_eq!(written, 1);
    assert_eq!(nms.token(&made.id).await["use_count"], 1, "and count once");
}

#[tokio::test]
async fn a_token_revokes_itself() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    assert_eq!(send(nms.with(&made.secret, "DELETE", "/token")).await.status, 204);
    send(nms.with(&made.secret, "DELETE", "/token")).await.refused(401, "token-deleted");
    let events = nms.events(&made.id).await;
    let deleted = events.iter().find(|event| event["kind"] == "deleted").unwrap();
    assert_eq!(deleted["actor"], json!({"kind": "token"}));
    assert_eq!(deleted["to"]["use_count"], 1);
}

#[tokio::test]
async fn only_a_token_can_be_asked_about_itself() {
    let nms = Nms::start().await;
    for method in ["GET", "DELETE"] {
        send(nms.ask(method, "/token")).await.refused(403, "token-required");
    }
}
