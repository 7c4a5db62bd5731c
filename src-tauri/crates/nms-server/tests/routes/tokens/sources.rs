//! The event of a new source: a token that is used from where it never was.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::nms::{Made, Nms};

/// A week after its first use, which came from 127.0.0.1; its sources in that week were learnt.
async fn a_week_later(nms: &mut Nms, members: Value) -> Made {
    let made = nms.make(members).await;
    nms.use_token(&made.secret).await;
    nms.use_token_from("127.0.0.2", &made.secret).await;
    // The store knows it from the batch in which it was written.
    nms.event_kinds(&made.id).await;
    nms.advance(TimeDelta::days(7));
    nms.sign_in().await;
    made
}

async fn new_sources(nms: &Nms, made: &Made) -> Vec<String> {
    let events = nms.events(&made.id).await;
    let new = events.iter().rev().filter(|event| event["kind"] == "new_source");
    new.map(|event| event["address"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn after_a_week_a_new_source_is_told_once() {
    let mut nms = Nms::start().await;
    let made = a_week_later(&mut nms, json!({})).await;
    for address in ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.3", "127.0.0.4", "127.0.0.2"] {
        assert_eq!(nms.use_token_from(address, &made.secret).await.status, 200);
    }
    assert_eq!(new_sources(&nms, &made).await, ["127.0.0.3", "127.0.0.4"]);
    nms.use_token_from("127.0.0.3", &made.secret).await;
    let nms = nms.restart().await;
    nms.use_token_from("127.0.0.4", &made.secret).await;
    assert_eq!(new_sources(&nms, &made).await, ["127.0.0.3", "127.0.0.4"], "told once, over a restart too");
    let events = nms.events(&made.id).await;
    let told = events.iter().find(|event| event["kind"] == "new_source").unwrap();
    assert_eq!(told["actor"], json!({"kind": "token"}));
}

#[tokio::test]
async fn in_its_first_week_a_token_is_moved_about() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.use_token(&made.secret).await;
    nms.advance(TimeDelta::hours(11));
    nms.use_token_from("127.0.0.2", &made.secret).await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "first_used"]);
}

#[tokio::test]
async fn a_first_use_is_no_new_source_however_late_it_comes() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.advance(TimeDelta::days(30));
    nms.sign_in().await;
    nms.use_token(&made.secret).await;
    nms.use_token_from("127.0.0.2", &made.secret).await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "first_used"]);
}

#[tokio::test]
async fn a_token_that_is_bound_to_addresses_needs_no_such_event() {
    let mut nms = Nms::start().await;
    let made = a_week_later(&mut nms, json!({"allowed_addresses": ["127.0.0.0/24"]})).await;
    nms.use_token_from("127.0.0.3", &made.secret).await;
    assert_eq!(new_sources(&nms, &made).await, [] as [&str; 0]);
    nms.patch(&made.id, "*", &json!({"allowed_addresses": []})).await;
    nms.use_token_from("127.0.0.3", &made.secret).await;
    assert_eq!(new_sources(&nms, &made).await, [] as [&str; 0], "it was learnt while it was bound");
    nms.use_token_from("127.0.0.4", &made.secret).await;
    assert_eq!(new_sources(&nms, &made).await, ["127.0.0.4"]);
}

#[tokio::test]
async fn a_refused_call_teaches_nothing() {
    let mut nms = Nms::start().await;
    let made = a_week_later(&mut nms, json!({})).await;
    nms.patch(&made.id, "*", &json!({"paused": true})).await;
    nms.use_token_from("127.0.0.3", &made.secret).await.refused(401, "token-paused");
    assert_eq!(new_sources(&nms, &made).await, [] as [&str; 0]);
    nms.patch(&made.id, "*", &json!({"paused": false})).await;
    nms.use_token_from("127.0.0.3", &made.secret).await;
    assert_eq!(new_sources(&nms, &made).await, ["127.0.0.3"]);
}

#[tokio::test]
async fn a_token_of_a_hundred_sources_has_no_usual_one() {
    let mut nms = Nms::start().await;
    let made = a_week_later(&mut nms, json!({})).await;
    let mut store = nms.store().await;
    for last in 0..97 {
        sqlx::query("INSERT INTO token_sources (token_id, source, first_at) VALUES ($1, $2, 0)")
            .bind(&made.id)
            .bind(format!("192.0.2.{last}"))
            .execute(&mut store)
            .await
            .unwrap();
    }
    nms.use_token_from("127.0.0.3", &made.secret).await;
    nms.use_token_from("127.0.0.4", &made.secret).await;
    assert_eq!(new_sources(&nms, &made).await, ["127.0.0.3"], "the hundredth is the last");
}

#[tokio::test]
async fn a_token_is_found_by_every_address_from_which_it_was_used_lately() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "poller"})).await;
    nms.make(json!({"name": "another"})).await;
    nms.use_token_from("127.0.0.7", &made.secret).await;
    nms.use_token(&made.secret).await;
    // The store knows it from the batch in which it was written.
    nms.event_kinds(&made.id).await;
    for (word, found) in [("127.0.0.7", 1), ("0.0.7", 1), ("127.0.0.1", 1), ("127.0.0.9", 0)] {
        let list = nms.get(&format!("/tokens?q=poller+{word}")).await.json();
        assert_eq!(list["tokens"].as_array().unwrap().len(), found, "{word}");
    }
}
