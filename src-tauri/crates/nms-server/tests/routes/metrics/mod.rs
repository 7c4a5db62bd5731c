//! `GET /metrics`.

mod text_format;

use nms_api::DeviceStatus;
use serde_json::json;

use crate::nms::{Answer, Nms, send};
use text_format::Figures;

/// A request for the figures, with this credential.
async fn fetch(nms: &Nms, credential: &str) -> Answer {
    send(nms.at_root("GET", "/metrics").bearer_auth(credential)).await
}

#[track_caller]
fn read(answer: &Answer) -> Figures {
    assert_eq!(answer.status, 200, "{}", answer.text);
    Figures::read(&answer.text).unwrap()
}

async fn figures(nms: &Nms) -> Figures {
    read(&fetch(nms, &nms.session).await)
}

#[tokio::test]
async fn a_collector_with_the_permission_reads_the_text_format() {
    let nms = Nms::start().await;
    let collector = nms.make(json!({"permissions": ["metrics:read"]})).await;
    let answer = fetch(&nms, &collector.secret).await;
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let kinds = read(&answer).kinds;
    let kinds: Vec<(&str, &str)> = kinds.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("nms_build_info", "gauge"),
            ("nms_devices", "gauge"),
            ("nms_requests_total", "counter"),
            ("nms_tokens", "gauge"),
        ]
    );
    let token = nms.token(&collector.id).await;
    assert_eq!((&token["use_count"], &token["used_permissions"][0]["permission"]), (&json!(1), &json!("metrics:read")));
}

#[tokio::test]
async fn whoever_may_not_read_the_figures_learns_why() {
    let nms = Nms::start().await;
    send(nms.at_root("GET", "/metrics")).await.refused(401, "token-unknown");
    fetch(&nms, "nonsense").await.refused(401, "token-unknown");
    let other = nms.make(json!({"permissions": ["devices:read", "metrics:ingest"]})).await.secret;
    let refused = fetch(&nms, &other).await;
    let challenge = refused.refused(403, "permission-missing").header("www-authenticate").unwrap();
    assert!(challenge.contains("scope=\"metrics:read\""), "{challenge}");
    let collector = nms.make(json!({"permissions": ["metrics:read"]})).await;
    nms.set_held(&["devices:read"]).await;
    fetch(&nms, &collector.secret).await.refused(403, "permission-lost");
    fetch(&nms, &nms.session).await.refused(403, "permission-missing");
    nms.server.set_held(None).await.unwrap();
    nms.delete(&collector.id).await;
    fetch(&nms, &collector.secret).await.refused(401, "token-deleted");
}

#[tokio::test]
async fn each_check_comes_before_the_next() {
    let nms = Nms::start().await;
    let other = nms.make(json!({"permissions": ["sites:read"]})).await.secret;
    let large = "x".repeat(64 * 1024 + 1);
    let ask = |method: &str| nms.at_root(method, "/metrics?format=json");
    let page = |request: reqwest::RequestBuilder| request.header("Origin", "http://evil.example");
    send(page(ask("PUT").header("Host", "evil.example").body(large.clone()))).await.refused(421, "foreign-host");
    send(page(ask("PUT").body(large.clone()))).await.refused(403, "foreign-origin");
    send(ask("PUT").body(large)).await.refused(413, "body-too-large");
    send(ask("PUT")).await.refused(401, "token-unknown");
    let answer = send(ask("PUT").bearer_auth(&other)).await;
    assert_eq!(answer.refused(405, "method-not-allowed").header("allow"), Some("GET, HEAD"));
    send(ask("GET").bearer_auth(&other)).await.refused(403, "permission-missing");
    send(ask("GET").bearer_auth(&nms.session)).await.refused(422, "invalid").field("format");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let nms = Nms::start().await;
    let head = send(nms.at_root("HEAD", "/metrics").bearer_auth(&nms.session)).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), fetch(&nms, &nms.session).await.header("content-type"));
}

#[tokio::test]
async fn they_stand_at_the_root_and_nowhere_else() {
    let nms = Nms::start().await;
    nms.get("/metrics").await.refused(404, "not-found");
    for path in ["/metrics/", "/Metrics", "/"] {
        send(nms.at_root("GET", path).bearer_auth(&nms.session)).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn the_version_that_runs_is_named() {
    let nms = Nms::start().await;
    assert_eq!(figures(&nms).await.of("nms_build_info", "version", env!("CARGO_PKG_VERSION")), 1.0);
}

#[tokio::test]
async fn devices_are_counted_by_status() {
    let nms = Nms::start().await;
    let listed = nms.get("/devices").await.json();
    let before = figures(&nms).await;
    for status in DeviceStatus::ALL.map(DeviceStatus::as_str) {
        let devices = listed["devices"].as_array().unwrap();
        let count = devices.iter().filter(|device| device["status"] == status).count();
        assert_eq!(before.of("nms_devices", "status", status), count as f64, "{status}");
    }
    let device = json!({"name": "a", "address": "b", "status": "down"});
    assert_eq!(send(nms.ask("POST", "/devices").json(&device)).await.status, 201);
    let after = figures(&nms).await;
    let grown = |status| after.of("nms_devices", "status", status) - before.of("nms_devices", "status", status);
    assert_eq!(["up", "down", "unknown"].map(grown), [0.0, 1.0, 0.0]);
}

/// The tokens that are active, paused, expired; each of them has to be named.
async fn tokens(nms: &Nms) -> [f64; 3] {
    let figures = figures(nms).await;
    let named = figures.values.keys().filter(|(name, _)| name == "nms_tokens").count();
    assert_eq!(named, 3, "nought is said too");
    ["active", "paused", "expired"].map(|state| figures.of("nms_tokens", "state", state))
}

#[tokio::test]
async fn tokens_are_counted_by_state() {
    let nms = Nms::start().await;
    assert_eq!(tokens(&nms).await, [0.0, 0.0, 0.0]);
    let first = nms.make(json!({})).await;
    let second = nms.make(json!({})).await;
    nms.make(json!({"expires_at": "2026-11-23T11:00:00Z"})).await;
    assert_eq!(tokens(&nms).await, [3.0, 0.0, 0.0]);
    sqlx::query("UPDATE tokens SET paused = 1 WHERE id = $1")
        .bind(&first.id)
        .execute(&mut nms.store().await)
        .await
        .unwrap();
    nms.advance(chrono::TimeDelta::hours(2));
    assert_eq!(tokens(&nms).await, [1.0, 1.0, 1.0]);
    nms.delete(&second.id).await;
    assert_eq!(tokens(&nms).await, [0.0, 1.0, 1.0], "a deleted one is none");
}

#[tokio::test]
async fn what_is_anothers_is_not_counted() {
    let nms = Nms::start().await;
    nms.make(json!({})).await;
    let (devices, tokens_before) = (figures(&nms).await.of("nms_devices", "status", "up"), tokens(&nms).await);
    let mut store = nms.store().await;
    for change in [
        "INSERT INTO organizations (id, name) VALUES ('o', 'Another')",
        "INSERT INTO people (id, name) VALUES ('p', 'Another')",
        "INSERT INTO devices (id, organization_id, name, name_key, address, status) \
         VALUES ('d', 'o', 'a', 'a', 'b', 'up')",
        "INSERT INTO tokens (id, owner_id, organization_id, lookup_id, suffix, sha256, search_text, permissions, \
         created_at, updated_at, expires_at) SELECT 't', 'p', organization_id, 'l', suffix, sha256, search_text, \
         permissions, created_at, updated_at, expires_at FROM tokens",
    ] {
        assert_eq!(sqlx::query(change).execute(&mut store).await.unwrap().rows_affected(), 1);
    }
    assert_eq!(figures(&nms).await.of("nms_devices", "status", "up"), devices);
    assert_eq!(tokens(&nms).await, tokens_before);
}

#[tokio::test]
async fn every_answer_is_counted_by_its_code_whoever_gets_it() {
    let nms = Nms::start().await;
    let before = figures(&nms).await;
    for _ in 0..3 {
        nms.get("/me").await;
        send(nms.bare("GET", "/me")).await.refused(401, "token-unknown");
    }
    send(nms.bare("GET", "/health").header("Host", "evil.example")).await.refused(421, "foreign-host");
    nms.get("/nowhere").await.refused(404, "not-found");
    let after = figures(&nms).await;
    let grown = |code| after.of("nms_requests_total", "code", code) - before.of("nms_requests_total", "code", code);
    // The first reading of the figures was counted when it was answered.
    assert_eq!(["200", "401", "421", "404", "500"].map(grown), [4.0, 3.0, 1.0, 1.0, 0.0]);
}
