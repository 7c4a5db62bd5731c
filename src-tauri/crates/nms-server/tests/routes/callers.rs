//! `GET /callers`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::nms::{Nms, send};

async fn callers(nms: &Nms, query: &str) -> Vec<(String, String, u64)> {
    let answer = nms.get(&format!("/callers{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let told = |one: &Value| (text(&one["token_name"]), text(&one["agent"]), one["count"].as_u64().unwrap());
    answer.json()["callers"].as_array().unwrap().iter().map(told).collect()
}

async fn call(nms: &Nms, secret: &str, agent: &str) {
    let answer = send(nms.with(secret, "GET", "/devices").header("User-Agent", agent)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn whoever_knows_the_program_or_the_address_finds_the_token_a_deleted_one_too() {
    let nms = Nms::start().await;
    let gone = nms.make(json!({"name": "gone"})).await;
    let there = nms.make(json!({"name": "there"})).await;
    call(&nms, &gone.secret, "Telegraf/1.30").await;
    call(&nms, &gone.secret, "Telegraf/1.30").await;
    call(&nms, &there.secret, "curl/8").await;
    nms.delete(&gone.id).await;
    let (telegraf, curl) =
        (("gone".to_owned(), "Telegraf/1.30".to_owned(), 2), ("there".to_owned(), "curl/8".to_owned(), 1));
    assert_eq!(callers(&nms, "").await, [curl.clone(), telegraf.clone()], "whoever called last first");
    assert_eq!(callers(&nms, "?q=TELEGRAF").await, std::slice::from_ref(&telegraf));
    assert_eq!(callers(&nms, "?q=127.0.0.1%20curl").await, [curl]);
    assert_eq!(callers(&nms, "?q=grafana").await, []);
    let whole = nms.get("/callers?q=telegraf").await.json()["callers"][0].clone();
    assert_eq!((&whole["token_id"], &whole["address"]), (&json!(gone.id), &json!("127.0.0.1")));
}

#[tokio::test]
async fn use_of_more_than_30_days_ago_is_told_no_more() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({"name": "a"})).await;
    call(&nms, &made.secret, "curl/8").await;
    nms.advance(TimeDelta::days(29));
    nms.sign_in().await;
    assert_eq!(callers(&nms, "").await.len(), 1);
    nms.advance(TimeDelta::days(1));
    nms.sign_in().await;
    assert_eq!(callers(&nms, "").await, []);
}

#[tokio::test]
async fn nobody_is_told_of_anothers_callers_and_what_is_asked_wrongly_is_named() {
    let nms = Nms::start().await;
    let theirs = nms.make(json!({"name": "theirs"})).await;
    call(&nms, &theirs.secret, "curl/8").await;
    send(nms.with(&theirs.secret, "GET", "/callers")).await.refused(403, "session-required");
    let mut store = nms.store().await;
    let other = uuid::Uuid::now_v7().to_string();
    sqlx::query("INSERT INTO people (id, name) VALUES ($1, 'Bob')").bind(&other).execute(&mut store).await.unwrap();
    sqlx::query("UPDATE tokens SET owner_id = $1").bind(&other).execute(&mut store).await.unwrap();
    assert_eq!(callers(&nms, "").await, []);
    nms.get("/callers?limit=1").await.refused(422, "invalid").field("limit");
    nms.get(&format!("/callers?q={}", "x".repeat(201))).await.refused(422, "invalid").field("q");
}
