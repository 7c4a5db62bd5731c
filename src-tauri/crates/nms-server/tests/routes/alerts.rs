//! `GET /alerts`.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::nms::{Made, Nms, eventually, instant, send};

/// When the tokens of these tests expire.
const EXPIRY: &str = "2026-12-20T12:00:00Z";

async fn poller(nms: &Nms, name: &str) -> Made {
    let made = nms.make(json!({"name": name, "expires_at": EXPIRY})).await;
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    made
}

async fn alerts(nms: &Nms, query: &str) -> Vec<Value> {
    let answer = nms.get(&format!("/alerts?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["alerts"].as_array().unwrap().clone()
}

/// The only alert that there is.
#[track_caller]
fn only(alerts: Vec<Value>) -> Value {
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    alerts.into_iter().next().unwrap()
}

async fn at(nms: &mut Nms, now: &str) {
    nms.set_clock(now);
    nms.sign_in().await;
}

async fn stored(nms: &Nms) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM alerts").fetch_one(&mut nms.store().await).await.unwrap()
}

#[tokio::test]
async fn a_token_in_use_that_expires_soon_raises_an_alert_within_five_seconds_though_nobody_asks() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"expires_at": "2026-12-05T00:00:00Z"})).await;
    assert_eq!(stored(&nms).await, 0, "nobody uses it");
    let used_at = Instant::now();
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    eventually(async || stored(&nms).await == 1).await;
    assert!(used_at.elapsed() < Duration::from_secs(5), "{:?}", used_at.elapsed());
}

#[tokio::test]
async fn an_alert_is_raised_within_five_seconds_after_its_time_has_come() {
    let mut nms = Nms::start().await;
    poller(&nms, "poller-03").await;
    poller(&nms, "poller-04").await;
    at(&mut nms, "2026-12-06T11:59:59Z").await;
    assert_eq!(alerts(&nms, "").await.len(), 0);
    nms.set_clock("2026-12-06T12:00:00Z");
    let due_at = Instant::now();
    eventually(async || stored(&nms).await == 2).await;
    assert!(due_at.elapsed() < Duration::from_secs(5), "{:?}", due_at.elapsed());
}

#[tokio::test]
async fn one_alert_gets_worse_until_its_source_is_silent() {
    let mut nms = Nms::start().await;
    let made = poller(&nms, "poller-03").await;
    let mut ids = std::collections::HashSet::new();
    for (now, severity, kind) in [
        ("2026-12-06T12:00:00Z", "info", "token_expiring"),
        ("2026-12-13T12:00:00Z", "warning", "token_expiring"),
        ("2026-12-19T12:00:00Z", "critical", "token_expiring"),
        ("2026-12-20T12:00:00Z", "critical", "token_expired"),
    ] {
        at(&mut nms, now).await;
        let alert = only(alerts(&nms, "").await);
        assert_eq!(
            (&alert["severity"], &alert["kind"], &alert["state"]),
            (&json!(severity), &json!(kind), &json!("open"))
        );
        assert!(alert["title"].as_str().unwrap().contains("poller-03"), "{alert}");
        assert_eq!((&alert["token_id"], &alert["expires_at"]), (&json!(made.id), &json!(EXPIRY)));
        ids.insert(alert["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 1);
    for refused in 1..=3 {
        nms.use_token(&made.secret).await.refused(401, "token-expired");
        let alert = only(alerts(&nms, "state=open").await);
        assert_eq!(alert["refused_count"], refused);
        let title = alert["title"].as_str().unwrap();
        assert!(title.ends_with(&format!("source silent, refused calls {refused}")), "{title}");
    }
    at(&mut nms, "2027-02-20T12:00:00Z").await;
    insta::assert_json_snapshot!("alerts", alerts(&nms, "").await, {
        "[].id" => "[id]", "[].token_id" => "[id]", "[].opened_at" => "[at]",
    });
}

#[tokio::test]
async fn a_token_that_nobody_would_miss_raises_none() {
    let mut nms = Nms::start().await;
    let unused = nms.make(json!({"expires_at": EXPIRY})).await;
    let refused = nms.make(json!({"expires_at": EXPIRY, "permissions": ["sites:read"]})).await;
    nms.use_token(&refused.secret).await.refused(403, "permission-missing");
    let long_ago = nms.make(json!({"expires_at": "2027-01-07T00:00:00Z"})).await;
    nms.use_token(&long_ago.secret).await;
    at(&mut nms, "2026-12-19T00:00:00Z").await;
    assert_eq!(alerts(&nms, "").await.len(), 0);
    at(&mut nms, "2026-12-24T00:00:00Z").await;
    assert_eq!(alerts(&nms, "").await.len(), 0, "used 31 days before its time came");
    assert_eq!(nms.token(&unused.id).await["state"], "expired");
}

#[tokio::test]
async fn an_alert_closes_when_its_token_is_extended_deleted_or_replaced() {
    let mut nms = Nms::start().await;
    let mut made = Vec::new();
    for name in ["extended", "deleted", "replaced"] {
        made.push(poller(&nms, name).await);
    }
    at(&mut nms, "2026-12-13T12:00:00Z").await;
    assert_eq!(alerts(&nms, "state=open").await.len(), 3);
    let extended = nms.patch(&made[0].id, "*", &json!({"expires_at": "2027-03-01T00:00:00Z"})).await.json();
    nms.delete(&made[1].id).await;
    // As a rotation writes it.
    let replace = sqlx::query("UPDATE tokens SET replaced_by = id, updated_at = $1 WHERE id = $2");
    replace.bind(nms.now().timestamp_micros()).bind(&made[2].id).execute(&mut nms.store().await).await.unwrap();
    at(&mut nms, "2026-12-30T00:00:00Z").await;
    assert_eq!(alerts(&nms, "state=open").await.len(), 0);
    let closed = alerts(&nms, "state=closed").await;
    assert_eq!(closed.len(), 3);
    for alert in &closed {
        assert_eq!(
            (&alert["severity"], &alert["kind"], &alert["state"]),
            (&json!("warning"), &json!("token_expiring"), &json!("closed")),
            "as it was when it was closed"
        );
    }
    let of = |made: &Made| closed.iter().find(|alert| alert["token_id"] == made.id.as_str()).unwrap();
    assert_eq!(of(&made[0])["closed_at"], extended["updated_at"]);
    assert_eq!(of(&made[1])["closed_at"], nms.events(&made[1].id).await[0]["at"]);
}

#[tokio::test]
async fn what_is_silent_is_mended_by_an_extension_and_the_next_expiry_counts_anew() {
    let mut nms = Nms::start().await;
    let made = poller(&nms, "poller-03").await;
    at(&mut nms, "2026-12-21T00:00:00Z").await;
    for _ in 0..2 {
        nms.use_token(&made.secret).await.refused(401, "token-expired");
    }
    let first = only(alerts(&nms, "").await);
    assert_eq!((&first["severity"], &first["refused_count"]), (&json!("critical"), &json!(2)));
    nms.patch(&made.id, "*", &json!({"expires_at": "2026-12-28T00:00:00Z"})).await;
    nms.use_token(&made.secret).await;
    let both = alerts(&nms, "").await;
    let told = |alert: &Value| json!([alert["state"], alert["kind"], alert["severity"], alert["refused_count"]]);
    assert_eq!(told(&both[0]), json!(["open", "token_expiring", "warning", 0]), "open ones first");
    assert_eq!(told(&both[1]), json!(["closed", "token_expired", "critical", 2]));
    assert_eq!(both[1]["id"], first["id"]);
    at(&mut nms, "2026-12-28T00:00:01Z").await;
    nms.use_token(&made.secret).await.refused(401, "token-expired");
    let both = alerts(&nms, "").await;
    assert_eq!(told(&both[0]), json!(["open", "token_expired", "critical", 1]));
    assert_eq!(told(&both[1]), json!(["closed", "token_expired", "critical", 2]));
}

#[tokio::test]
async fn an_expiry_that_is_set_back_has_its_alert_again() {
    let mut nms = Nms::start().await;
    let made = poller(&nms, "poller-03").await;
    at(&mut nms, "2026-12-10T00:00:00Z").await;
    let raised = only(alerts(&nms, "").await);
    for (expires_at, open) in [("2027-03-01T00:00:00Z", 0), (EXPIRY, 1)] {
        nms.patch(&made.id, "*", &json!({"expires_at": expires_at})).await;
        assert_eq!(alerts(&nms, "state=open").await.len(), open);
    }
    assert_eq!(only(alerts(&nms, "").await), raised);
}

#[tokio::test]
async fn what_became_due_while_the_server_did_not_run_is_raised_when_it_starts() {
    let nms = Nms::start().await;
    poller(&nms, "poller-03").await;
    let Nms { server, folder, .. } = nms;
    server.stop().await;
    let nms = Nms::start_in(folder, crate::nms::at("2026-12-21T00:00:00Z")).await;
    eventually(async || stored(&nms).await == 1).await;
    assert_eq!(only(alerts(&nms, "").await)["kind"], "token_expired");
}

#[tokio::test]
async fn closed_alerts_are_kept_for_90_days() {
    let mut nms = Nms::start().await;
    let made = poller(&nms, "poller-03").await;
    at(&mut nms, "2026-12-10T00:00:00Z").await;
    assert_eq!(alerts(&nms, "state=open").await.len(), 1);
    nms.patch(&made.id, "*", &json!({"expires_at": "2027-11-01T00:00:00Z"})).await;
    assert_eq!(alerts(&nms, "state=closed").await.len(), 1);
    nms.advance(TimeDelta::days(89));
    let nms = nms.restart().await;
    assert_eq!(alerts(&nms, "state=closed").await.len(), 1);
    nms.advance(TimeDelta::days(1));
    let nms = nms.restart().await;
    eventually(async || stored(&nms).await == 0).await;
}

#[tokio::test]
async fn an_owner_sees_their_own_and_whoever_reviews_tokens_everybodys() {
    let mut nms = Nms::start().await;
    let reader = nms.make(json!({"permissions": ["alerts:read"], "expires_at": "2027-06-01T00:00:00Z"})).await;
    let blind = nms.make(json!({"permissions": ["devices:read"], "expires_at": "2027-06-01T00:00:00Z"})).await;
    poller(&nms, "mine").await;
    let theirs = poller(&nms, "theirs").await;
    let mut store = nms.store().await;
    let other = uuid::Uuid::now_v7().to_string();
    sqlx::query("INSERT INTO people (id, name) VALUES ($1, 'Bob')").bind(&other).execute(&mut store).await.unwrap();
    let give = sqlx::query("UPDATE tokens SET owner_id = $1 WHERE id = $2").bind(&other).bind(&theirs.id);
    give.execute(&mut store).await.unwrap();
    at(&mut nms, "2026-12-10T00:00:00Z").await;
    let names = |text: &str| ["mine", "theirs"].map(|name| text.contains(&format!("\\\"{name}\\\"")));
    assert_eq!(names(&nms.get("/alerts").await.text), [true, true], "with tokens:review");
    let program = send(nms.with(&reader.secret, "GET", "/alerts")).await;
    assert_eq!((program.status, names(&program.text)), (200, [true, false]), "no token holds tokens:review");
    nms.set_held(&["alerts:read"]).await;
    assert_eq!(names(&nms.get("/alerts").await.text), [true, false]);
    nms.set_held(&["tokens:review"]).await;
    nms.get("/alerts").await.refused(403, "permission-missing");
    send(nms.with(&reader.secret, "GET", "/alerts")).await.refused(403, "permission-lost");
    send(nms.with(&blind.secret, "GET", "/alerts")).await.refused(403, "permission-missing");
}

#[tokio::test]
async fn open_alerts_come_first_and_of_them_what_expires_first_in_pages_that_lose_nothing() {
    let mut nms = Nms::start().await;
    let mut made = Vec::new();
    for number in 0..7 {
        let expires_at = instant(&json!(EXPIRY)) + TimeDelta::hours((number * 5) % 7);
        let name = format!("poller-{number}");
        let token = nms.make(json!({"name": name, "expires_at": expires_at.to_rfc3339()})).await;
        nms.use_token(&token.secret).await;
        made.push(token);
    }
    at(&mut nms, "2026-12-10T00:00:00Z").await;
    assert_eq!(alerts(&nms, "").await.len(), 7);
    for token in [&made[4], &made[2]] {
        nms.delete(&token.id).await;
    }
    let whole = alerts(&nms, "").await;
    let order = |alerts: &[Value]| -> Vec<String> {
        alerts.iter().map(|alert| alert["title"].as_str().unwrap()[18..19].to_owned()).collect()
    };
    assert_eq!(order(&whole), ["0", "3", "6", "5", "1", "2", "4"]);
    let (mut seen, mut next) = (Vec::new(), Some("/alerts?limit=2".to_owned()));
    while let Some(page) = next {
        let answer = nms.get(&page).await;
        seen.extend(answer.json()["alerts"].as_array().unwrap().clone());
        next = answer.next();
    }
    assert_eq!(seen, whole);
    assert_eq!(order(&alerts(&nms, "state=closed").await), ["2", "4"]);
    let next = nms.get("/alerts?limit=2&state=open").await.next().unwrap();
    assert!(next.starts_with("/alerts?limit=2&state=open&cursor="), "{next}");
    nms.get(&next.replace("state=open&", "")).await.refused(422, "cursor-invalid");
    for (query, field) in [("limit=0", "limit"), ("state=new", "state"), ("severity=info", "severity")] {
        nms.get(&format!("/alerts?{query}")).await.refused(422, "invalid").field(field);
    }
}

#[tokio::test]
async fn a_title_is_in_the_language_that_is_wanted() {
    let mut nms = Nms::start().await;
    poller(&nms, "poller-03").await;
    at(&mut nms, "2026-12-10T00:00:00Z").await;
    for (wanted, language, title) in [
        ("fr", "en", "The token \"poller-03\" expires on 2026-12-20 12:00 UTC"),
        ("de-AT", "de", "Das Token „poller-03“ läuft ab: 2026-12-20 12:00 UTC"),
    ] {
        let answer = send(nms.ask("GET", "/alerts").header("Accept-Language", wanted)).await;
        assert_eq!(answer.json()["alerts"][0]["title"], title);
        assert_eq!(
            (answer.header("content-language"), answer.header("vary")),
            (Some(language), Some("accept-language"))
        );
    }
}
