//! `POST /tokens/report`.

use std::net::SocketAddr;

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Answer, Made, Nms, START, at, eventually, send, settings};

fn sha256(value: &str) -> String {
    nms_api::TokenHash::of(&nms_api::Secret::new(value.to_owned()).sha256()).sha256
}

async fn report(nms: &Nms, hashes: &[String]) -> Answer {
    send(nms.bare("POST", "/tokens/report").json(&json!({"sha256": hashes}))).await
}

/// Reports a value and waits until its token says so.
async fn report_made(nms: &Nms, made: &Made) {
    assert_eq!(report(nms, &[sha256(&made.secret)]).await.status, 202);
    eventually(async || nms.token(&made.id).await.get("reported_at").is_some()).await;
}

async fn revoking() -> Nms {
    let folder = tempfile::tempdir().unwrap();
    let settings = nms_server::Settings { revoke_reported: true, ..settings(folder.path()) };
    Nms::start_with(folder, settings, at(START)).await
}

/// The token's event of this kind.
async fn event(nms: &Nms, made: &Made, kind: &str) -> Value {
    nms.events(&made.id).await.into_iter().find(|event| event["kind"] == kind).unwrap()
}

async fn alerts(nms: &Nms) -> Vec<Value> {
    nms.get("/alerts").await.json()["alerts"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_answer_is_the_same_whether_a_value_is_known_or_not() {
    let nms = Nms::start().await;
    let (known, paused, gone) = (nms.make(json!({})).await, nms.make(json!({})).await, nms.make(json!({})).await);
    nms.patch(&paused.id, "*", &json!({"paused": true})).await;
    nms.delete(&gone.id).await;
    let unknown = sha256("pnms_pat_unknown");
    let mut answers = Vec::new();
    for made in [&known, &paused, &gone] {
        answers.push(report(&nms, &[sha256(&made.secret)]).await);
        // Known by now, and the same again.
        answers.push(report(&nms, &[unknown.clone(), sha256(&made.secret)]).await);
    }
    answers.push(report(&nms, &[unknown]).await);
    for mut answer in answers {
        assert_eq!((answer.status, answer.text.as_str()), (202, ""));
        answer.headers.remove("x-request-id");
        answer.headers.remove("date");
        let names: Vec<&str> = answer.headers.keys().map(|name| name.as_str()).collect();
        assert_eq!(names, ["content-length"], "{:?}", answer.headers);
    }
}

#[tokio::test]
async fn a_reported_token_goes_on_and_its_owner_sees_it_in_the_list_the_events_and_an_alert() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "poller-03"})).await;
    nms.make(json!({"name": "poller-04"})).await;
    let before = nms.token(&made.id).await;
    report_made(&nms, &made).await;
    assert_eq!(nms.use_token(&made.secret).await.status, 200, "marked only");
    let listed = nms.get("/tokens").await.json()["tokens"].as_array().unwrap().clone();
    let reported: Vec<&Value> = listed.iter().filter_map(|token| token.get("reported_at")).collect();
    assert_eq!(reported, [&nms.token(&made.id).await["reported_at"]]);
    assert_eq!(nms.token(&made.id).await["etag"], before["etag"], "an edit that is under way is not stale by it");
    let event = event(&nms, &made, "reported").await;
    assert_eq!((&event["actor"], &event["count"], &event["at"]), (&json!({"kind": "server"}), &json!(1), reported[0]));
    let alerts = alerts(&nms).await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let alert = &alerts[0];
    assert_eq!(
        (&alert["kind"], &alert["severity"], &alert["state"], &alert["token_id"], &alert["opened_at"]),
        (&json!("token_reported"), &json!("critical"), &json!("open"), &json!(made.id), reported[0])
    );
    assert!(alert["title"].as_str().unwrap().contains("poller-03"), "{alert}");
}

#[tokio::test]
async fn a_storm_of_reports_is_one_row_and_the_first_one_counts() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    report_made(&nms, &made).await;
    let (first, alert) = (nms.token(&made.id).await["reported_at"].clone(), alerts(&nms).await[0].clone());
    nms.advance(TimeDelta::hours(1));
    report(&nms, &[sha256(&made.secret)]).await;
    eventually(async || nms.events(&made.id).await[0]["count"] == 2).await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "reported"]);
    assert_eq!(nms.token(&made.id).await["reported_at"], first);
    assert_eq!(alerts(&nms).await, [alert]);
}

#[tokio::test]
async fn a_token_is_deleted_at_once_where_the_policy_says_so() {
    let nms = revoking().await;
    let made = nms.make(json!({"name": "poller-03"})).await;
    let other = nms.make(json!({})).await;
    assert_eq!(report(&nms, &[sha256("pnms_pat_unknown"), sha256(&made.secret)]).await.status, 202);
    eventually(async || nms.get(&format!("/tokens/{}", made.id)).await.status == 404).await;
    nms.use_token(&made.secret).await.refused(401, "token-deleted");
    assert_eq!(nms.use_token(&other.secret).await.status, 200);
    let (reported, deleted) = (event(&nms, &made, "reported").await, event(&nms, &made, "deleted").await);
    assert_eq!((&deleted["reason"], &deleted["actor"]), (&json!("reported"), &json!({"kind": "server"})));
    assert_eq!(deleted["to"]["reported_at"], reported["at"], "the last record says why");
    let alert = &alerts(&nms).await[0];
    assert_eq!((&alert["state"], &alert["closed_at"]), (&json!("closed"), &deleted["at"]));
}

#[tokio::test]
async fn the_alert_stands_until_the_value_is_refused() {
    let nms = Nms::start().await;
    let mut made = Vec::new();
    for name in ["deleted", "rotated", "overlapping"] {
        made.push(nms.make(json!({"name": name})).await);
        report_made(&nms, &made[made.len() - 1]).await;
    }
    let state = async |made: &Made| {
        let alerts = alerts(&nms).await;
        alerts.iter().find(|alert| alert["token_id"] == made.id.as_str()).unwrap()["state"].clone()
    };
    nms.patch(&made[0].id, "*", &json!({"expires_at": "2027-06-01T00:00:00Z"})).await;
    for made in &made {
        assert_eq!(state(made).await, "open");
    }
    nms.delete(&made[0].id).await;
    nms.rotate(&made[1].id, Uuid::now_v7(), &json!({})).await;
    nms.rotate(&made[2].id, Uuid::now_v7(), &json!({"overlap_s": 3600})).await;
    assert_eq!(state(&made[0]).await, "closed");
    assert_eq!(state(&made[1]).await, "closed");
    assert_eq!(state(&made[2]).await, "open", "whoever found it can still use it");
    nms.advance(TimeDelta::minutes(61));
    assert_eq!(state(&made[2]).await, "closed");
    let listed = nms.get("/tokens").await.json()["tokens"].as_array().unwrap().clone();
    assert!(listed.iter().all(|token| token.get("reported_at").is_none()), "their successors were never found");
}

#[tokio::test]
async fn what_was_found_in_public_comes_before_what_expires() {
    let nms = Nms::start().await;
    let expiring = nms.make(json!({"name": "expiring", "expires_at": "2026-11-23T12:00:00Z"})).await;
    nms.use_token(&expiring.secret).await;
    let (first, second) = (nms.make(json!({})).await, nms.make(json!({})).await);
    report_made(&nms, &first).await;
    report_made(&nms, &second).await;
    let (mut order, mut next) = (Vec::new(), Some("/alerts?limit=1&state=open".to_owned()));
    while let Some(page) = next {
        let answer = nms.get(&page).await;
        order.extend(answer.json()["alerts"].as_array().unwrap().iter().map(|alert| alert["token_id"].clone()));
        next = answer.next();
    }
    assert_eq!(order, [json!(second.id), json!(first.id), json!(expiring.id)]);
}

#[tokio::test]
async fn a_report_has_1_to_100_hashes_of_the_one_form() {
    let nms = Nms::start().await;
    let hash = sha256("x");
    let many = |count: usize| vec![hash.clone(); count];
    assert_eq!(report(&nms, &many(100)).await.status, 202);
    report(&nms, &many(101)).await.refused(422, "invalid").field("sha256");
    report(&nms, &[]).await.refused(422, "invalid").field("sha256");
    for odd in [hash.to_uppercase(), hash[1..].to_owned(), format!("{hash}0"), "pnms_pat_x".into()] {
        report(&nms, &[hash.clone(), odd]).await.refused(422, "invalid").field("sha256");
    }
    for (body, field) in [
        (json!({}), "sha256"),
        (json!({"sha256": hash}), "sha256"),
        (json!({"sha256": [hash], "where": "pastebin"}), "where"),
    ] {
        send(nms.bare("POST", "/tokens/report").json(&body)).await.refused(422, "invalid").field(field);
    }
    send(nms.bare("POST", "/tokens/report?x=1").json(&json!({"sha256": [hash]}))).await.refused(422, "invalid");
    send(nms.bare("POST", "/tokens/report").body("x".repeat(65_537))).await.refused(413, "body-too-large");
    send(nms.bare("POST", "/tokens/report").body("{}")).await.refused(415, "media-type");
    send(nms.bare("GET", "/tokens/report")).await.refused(405, "method-not-allowed");
}

#[tokio::test]
async fn who_reports_is_not_asked_and_a_wrong_credential_changes_nothing() {
    let nms = Nms::start().await;
    let body = json!({"sha256": [sha256("x")]});
    for credential in ["nonsense", nms.session.as_str()] {
        let request = nms.with(credential, "POST", "/tokens/report");
        assert_eq!(send(request.json(&body)).await.status, 202);
    }
}

#[tokio::test]
async fn a_peer_that_reports_too_often_waits_and_others_do_not() {
    let nms = Nms::start().await;
    let hashes = [sha256("x")];
    for _ in 0..30 {
        assert_eq!(report(&nms, &hashes).await.status, 202);
    }
    let refused = report(&nms, &hashes).await;
    assert_eq!(refused.refused(429, "rate-limited").header("retry-after"), Some("60"));
    assert_eq!(refused.json()["retry_after_s"], 60);
    assert_eq!(nms.get("/me").await.status, 200, "nothing else is limited by it");
    let other = reqwest::Client::builder().no_proxy().local_address(Some([127, 0, 0, 9].into())).build().unwrap();
    let address: SocketAddr = nms.server.address();
    let request = other.post(format!("http://{address}/api/v1/tokens/report")).json(&json!({"sha256": hashes}));
    assert_eq!(send(request).await.status, 202);
    nms.advance(TimeDelta::seconds(60));
    assert_eq!(report(&nms, &hashes).await.status, 202);
}

#[tokio::test]
async fn what_was_taken_in_is_looked_up_before_the_server_stops() {
    let nms = Nms::start().await;
    let mut made = Vec::new();
    for _ in 0..20 {
        made.push(nms.make(json!({})).await);
    }
    let hashes: Vec<String> = made.iter().map(|made| sha256(&made.secret)).collect();
    assert_eq!(report(&nms, &hashes).await.status, 202);
    let nms = nms.restart().await;
    for made in &made {
        assert!(nms.token(&made.id).await.get("reported_at").is_some());
    }
}

#[tokio::test]
async fn what_cannot_be_written_now_is_not_lost() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let mut store = nms.store().await;
    sqlx::raw_sql("CREATE TRIGGER no BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'no'); END")
        .execute(&mut store)
        .await
        .unwrap();
    assert_eq!(report(&nms, &[sha256(&made.secret)]).await.status, 202);
    for _ in 0..20 {
        assert!(nms.token(&made.id).await.get("reported_at").is_none());
    }
    sqlx::raw_sql("DROP TRIGGER no").execute(&mut store).await.unwrap();
    // The next report wakes it, as a minute would.
    report(&nms, &[sha256("x")]).await;
    eventually(async || nms.token(&made.id).await.get("reported_at").is_some()).await;
}
