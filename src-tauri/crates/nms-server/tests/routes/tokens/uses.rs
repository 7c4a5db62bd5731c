//! `GET /tokens/{id}/use` and `GET /tokens/use`.

use chrono::TimeDelta;
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Answer, Made, Nms, eventually, send};

/// Calls `GET /devices` as this program.
async fn call(nms: &Nms, made: &Made, agent: &str) -> Answer {
    let answer = send(nms.with(&made.secret, "GET", "/devices").header("User-Agent", agent)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

async fn records(nms: &Nms, id: &str) -> Vec<Value> {
    let answer = nms.get(&format!("/tokens/{id}/use")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["use"].as_array().unwrap().clone()
}

fn total(records: &[Value]) -> u64 {
    records.iter().map(|record| record["count"].as_u64().unwrap()).sum()
}

async fn days(nms: &Nms, ids: &[&str]) -> Value {
    let answer = nms.get(&format!("/tokens/use?ids={}", ids.join(","))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn written(nms: &Nms) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM token_use").fetch_one(&mut nms.store().await).await.unwrap()
}

#[tokio::test]
async fn use_is_told_by_day_caller_and_permission() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["devices:read", "devices:write"]})).await;
    for _ in 0..3 {
        call(&nms, &made, "Telegraf/1.30").await;
    }
    let device = json!({"name": "a", "address": "b"});
    let add = nms.with(&made.secret, "POST", "/devices").header("User-Agent", "curl/8").json(&device);
    assert_eq!(send(add).await.status, 201);
    assert_eq!(send(nms.with(&made.secret, "GET", "/token")).await.status, 200);
    nms.advance(TimeDelta::days(1));
    let mut nms = nms;
    nms.sign_in().await;
    call(&nms, &made, "Telegraf/1.30").await;
    let told = records(&nms, &made.id).await;
    let rows: Vec<Value> = told
        .iter()
        .map(|record| json!([record["day"], record["address"], record["agent"], record["permission"], record["count"]]))
        .collect();
    assert_eq!(
        rows,
        [
            json!(["2026-11-24", "127.0.0.1", "Telegraf/1.30", "devices:read", 1]),
            json!(["2026-11-23", "127.0.0.1", null, null, 1]),
            json!(["2026-11-23", "127.0.0.1", "curl/8", "devices:write", 1]),
            json!(["2026-11-23", "127.0.0.1", "Telegraf/1.30", "devices:read", 3]),
        ]
    );
    assert_eq!(told[0]["last_at"], nms.token(&made.id).await["last_used_at"]);
    let nms = nms.restart().await;
    assert_eq!(records(&nms, &made.id).await, told, "written down as it was told before");
}

#[tokio::test]
async fn addresses_are_told_apart() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    for host in ["127.0.0.1", "127.0.0.2"] {
        let elsewhere = Client::builder().no_proxy().local_address(Some(host.parse().unwrap())).build().unwrap();
        let request = elsewhere.get(format!("http://{}/api/v1/devices", nms.server.address()));
        assert_eq!(send(request.bearer_auth(&made.secret)).await.status, 200);
    }
    let told = records(&nms, &made.id).await;
    assert_eq!(told.iter().map(|record| &record["address"]).collect::<Vec<_>>(), ["127.0.0.2", "127.0.0.1"]);
}

#[tokio::test]
async fn refused_calls_are_no_use() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["sites:read"]})).await;
    nms.use_token(&made.secret).await.refused(403, "permission-missing");
    assert_eq!(records(&nms, &made.id).await, [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_programs_fills_few_rows_and_every_call_counts() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    for number in 0..160 {
        call(&nms, &made, &format!("request {number}")).await;
        if number % 50 == 0 {
            // Part of it is written, part of it is not.
            nms.events(&made.id).await;
        }
    }
    let told = records(&nms, &made.id).await;
    assert_eq!((told.len(), total(&told)), (101, 160));
    let rest = told.iter().find(|record| record["agent"].is_null()).unwrap();
    assert_eq!((&rest["address"], &rest["count"]), (&json!("127.0.0.1"), &json!(60)));
    let nms = nms.restart().await;
    let told = records(&nms, &made.id).await;
    assert_eq!((told.len(), total(&told), written(&nms).await), (101, 160, 101));
}

#[tokio::test(flavor = "multi_thread")]
async fn use_is_exact_while_it_is_being_written() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let done = std::sync::atomic::AtomicBool::new(false);
    let write = async {
        while !done.load(std::sync::atomic::Ordering::SeqCst) {
            nms.get("/tokens?sort=use_count").await;
        }
    };
    let count = async {
        for number in 1..=60 {
            call(&nms, &made, "Telegraf/1.30").await;
            assert_eq!(total(&records(&nms, &made.id).await), number);
            assert_eq!(days(&nms, &[&made.id]).await["use"][0]["days"][29], number);
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
    };
    tokio::join!(write, count);
}

#[tokio::test]
async fn use_is_told_for_thirty_days_and_then_forgotten() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    call(&nms, &made, "curl/8").await;
    let mut nms = nms.restart().await;
    nms.set_clock("2026-12-22T23:59:59Z");
    nms.sign_in().await;
    assert_eq!(records(&nms, &made.id).await.len(), 1);
    assert_eq!(days(&nms, &[&made.id]).await["use"][0]["days"][0], 1);
    nms.set_clock("2026-12-23T00:00:00Z");
    assert_eq!(records(&nms, &made.id).await.len(), 0);
    assert_eq!(days(&nms, &[&made.id]).await["use"][0]["days"], json!(vec![0; 30]));
    assert_eq!(written(&nms).await, 1, "an hour may pass until it is forgotten");
    let nms = nms.restart().await;
    eventually(async || written(&nms).await == 0).await;
    assert_eq!(nms.token(&made.id).await["use_count"], 1);
}

#[tokio::test]
async fn the_days_of_many_tokens_are_told_at_once() {
    let mut nms = Nms::start().await;
    let (busy, idle, gone) = (nms.make(json!({})).await, nms.make(json!({})).await, nms.make(json!({})).await);
    for _ in 0..3 {
        call(&nms, &busy, "curl/8").await;
    }
    nms.delete(&gone.id).await;
    nms.set_clock("2026-11-25T00:00:00Z");
    nms.sign_in().await;
    call(&nms, &busy, "curl/8").await;
    let absent = Uuid::now_v7().to_string();
    let told = days(&nms, &[&idle.id, &absent, &busy.id, &gone.id, &idle.id]).await;
    let mut expected = vec![0; 30];
    (expected[27], expected[29]) = (3, 1);
    assert_eq!(
        told,
        json!({
            "use": [{"token_id": idle.id, "days": vec![0; 30]}, {"token_id": busy.id, "days": expected}],
            "today": "2026-11-25",
        })
    );
    let nms = nms.restart().await;
    assert_eq!(days(&nms, &[&busy.id]).await["use"][0]["days"], json!(expected));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let many = |count| (0..count).map(|_| Uuid::now_v7().to_string()).collect::<Vec<_>>().join(",");
    for (query, field) in [
        ("".to_owned(), "ids"),
        ("ids=".to_owned(), "ids"),
        ("ids=x".to_owned(), "ids"),
        (format!("ids={},", made.id), "ids"),
        (format!("ids={}", made.id.to_uppercase()), "ids"),
        (format!("ids={}", many(501)), "ids"),
        (format!("ids={}&days=30", made.id), "days"),
    ] {
        nms.get(&format!("/tokens/use?{query}")).await.refused(422, "invalid").field(field);
    }
    assert_eq!(nms.get(&format!("/tokens/use?ids={}", many(500))).await.status, 200);
    nms.get(&format!("/tokens/{}/use?days=7", made.id)).await.refused(422, "invalid").field("days");
}

#[tokio::test]
async fn the_use_of_what_is_not_there_is_not_found() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    call(&nms, &made, "curl/8").await;
    nms.delete(&made.id).await;
    for id in [&made.id, &Uuid::now_v7().to_string()] {
        nms.get(&format!("/tokens/{id}/use")).await.refused(404, "not-found");
    }
}
