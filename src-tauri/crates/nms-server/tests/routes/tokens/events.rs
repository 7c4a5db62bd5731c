//! `GET /tokens/{id}/events`.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Nms, instant, send};

#[tokio::test]
async fn a_life_is_told_newest_first() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "a"})).await;
    nms.use_token(&made.secret).await;
    nms.use_token(&made.secret).await;
    nms.patch(&made.id, "*", &json!({"name": "b"})).await;
    let last = nms.token(&made.id).await;
    nms.delete(&made.id).await;
    nms.use_token(&made.secret).await;
    let events = nms.events(&made.id).await;
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["refused", "deleted", "described", "first_used", "created"]);
    assert!(events.windows(2).all(|pair| pair[0]["at"].as_str() > pair[1]["at"].as_str()));
    assert_eq!(events[1]["to"], last, "the event of a deletion holds the last record");
    insta::assert_json_snapshot!("events", events, {
        "[].id" => "[id]", "[].token_id" => "[id]", "[].at" => "[at]", "[].first_at" => "[at]",
        "[].actor.id" => "[id]", "[].to.id" => "[id]", "[].to.organization_id" => "[id]", "[].to.etag" => "[etag]",
        "[].to.prefix" => "[prefix]", "[].to.suffix" => "[suffix]", "[].to.created_at" => "[at]",
        "[].to.updated_at" => "[at]", "[].to.expires_at" => "[at]", "[].to.last_used_at" => "[at]",
        "[].to.used_permissions[].last_used_at" => "[at]",
    });
}

#[tokio::test]
async fn a_storm_of_refused_calls_is_one_row_for_each_reason_and_permission() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["sites:read", "devices:read"]})).await;
    nms.set_held(&["sites:read"]).await;
    let started = nms.now();
    for _ in 0..5 {
        nms.use_token(&made.secret).await.refused(403, "permission-lost");
    }
    send(nms.with(&made.secret, "POST", "/devices")).await.refused(403, "permission-missing");
    send(nms.with(&made.secret, "GET", "/tokens")).await.refused(403, "session-required");
    // Part of it is written now, the rest later: still one row.
    assert_eq!(nms.events(&made.id).await.len(), 4);
    nms.use_token(&made.secret).await.refused(403, "permission-lost");
    let nms = nms.restart().await;
    let events = nms.events(&made.id).await;
    let told = |reason: &str| {
        let event = events.iter().find(|event| event["reason"] == reason).unwrap();
        (event["count"].as_u64().unwrap(), event["permission"].as_str(), event["address"].as_str().unwrap())
    };
    assert_eq!(told("permission-lost"), (6, Some("devices:read"), "127.0.0.1"));
    assert_eq!(told("permission-missing"), (1, Some("devices:write"), "127.0.0.1"));
    assert_eq!(told("session-required"), (1, None, "127.0.0.1"));
    let storm = &events[0];
    assert_eq!(storm["reason"], "permission-lost", "its last call is the newest");
    assert!(instant(&storm["first_at"]) >= started && instant(&storm["at"]) > instant(&storm["first_at"]));
}

#[tokio::test]
async fn a_refused_call_tells_why_from_where_and_what_it_needed() {
    let nms = Nms::start().await;
    let expired = nms.make(json!({"expires_at": "2026-11-23T10:00:10Z"})).await;
    let (paused, deleted, lost) = (nms.make(json!({})).await, nms.make(json!({})).await, nms.make(json!({})).await);
    let missing = nms.make(json!({"permissions": ["sites:read"]})).await;
    nms.advance(TimeDelta::seconds(10));
    let pause = sqlx::query("UPDATE tokens SET paused = 1 WHERE id = $1").bind(&paused.id);
    pause.execute(&mut nms.store().await).await.unwrap();
    nms.delete(&deleted.id).await;
    nms.use_token(&missing.secret).await.refused(403, "permission-missing");
    nms.set_held(&["sites:read"]).await;
    for (made, status, slug) in [
        (&expired, 401, "token-expired"),
        (&paused, 401, "token-paused"),
        (&deleted, 401, "token-deleted"),
        (&missing, 403, "permission-missing"),
        (&lost, 403, "permission-lost"),
    ] {
        let before = nms.now();
        nms.use_token(&made.secret).await.refused(status, slug);
        nms.use_token(&made.secret).await.refused(status, slug);
        let events = nms.events(&made.id).await;
        let event = events.iter().find(|event| event["kind"] == "refused").unwrap();
        assert_eq!(event["reason"], slug.trim_start_matches("token-"));
        assert_eq!((&event["address"], &event["permission"]), (&json!("127.0.0.1"), &json!("devices:read")), "{slug}");
        assert_eq!(event["count"], if slug == "permission-missing" { 3 } else { 2 });
        assert!(instant(&event["at"]) > before && instant(&event["at"]) > instant(&event["first_at"]), "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_addresses_fills_few_rows_and_every_call_counts() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.delete(&made.id).await;
    for number in 0..230 {
        let elsewhere = format!("127.0.1.{number}").parse().unwrap();
        let client = reqwest::Client::builder().no_proxy().local_address(Some(elsewhere)).build().unwrap();
        let request = client.get(format!("http://{}/api/v1/devices", nms.server.address()));
        send(request.bearer_auth(&made.secret)).await.refused(401, "token-deleted");
        if number == 100 {
            // Part of it is written, part of it is not.
            nms.events(&made.id).await;
        }
    }
    nms.use_token(&made.secret).await.refused(401, "token-deleted");
    let refused = nms.get(&format!("/tokens/{}/events?limit=500", made.id)).await.json();
    let refused: Vec<&Value> =
        refused["events"].as_array().unwrap().iter().filter(|event| event["kind"] == "refused").collect();
    let total: u64 = refused.iter().map(|event| event["count"].as_u64().unwrap()).sum();
    assert_eq!((refused.len(), total), (201, 231));
    assert_eq!((&refused[0]["address"], &refused[0]["count"]), (&Value::Null, &json!(31)));
}

#[tokio::test]
async fn refused_calls_do_not_count_as_use() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["sites:read"]})).await;
    nms.use_token(&made.secret).await.refused(403, "permission-missing");
    let token = nms.token(&made.id).await;
    assert_eq!(
        (&token["use_count"], &token["last_used_at"], &token["last_used_from"], &token["used_permissions"]),
        (&json!(0), &Value::Null, &Value::Null, &json!([]))
    );
}

#[tokio::test]
async fn an_expiry_is_told_once_at_its_own_instant() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({"expires_at": "2026-11-24T00:00:00Z"})).await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created"]);
    nms.set_clock("2026-11-26T00:00:00Z");
    nms.sign_in().await;
    for _ in 0..3 {
        let events = nms.events(&made.id).await;
        assert_eq!(
            (events.len(), &events[0]["kind"], &events[0]["at"]),
            (2, &json!("expired"), &json!("2026-11-24T00:00:00Z"))
        );
        assert_eq!(events[0]["actor"], json!({"kind": "server"}));
    }
    nms.delete(&made.id).await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "expired", "deleted"]);
}

#[tokio::test]
async fn events_outlive_their_token_by_90_days() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.delete(&made.id).await;
    nms.advance(TimeDelta::days(89));
    nms.sign_in().await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "deleted"]);
    nms.advance(TimeDelta::days(1));
    nms.sign_in().await;
    nms.get(&format!("/tokens/{}/events", made.id)).await.refused(404, "not-found");
}

#[tokio::test]
async fn pages_hold_every_event_once() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    for number in 0..11 {
        nms.patch(&made.id, "*", &json!({"name": format!("{number}")})).await;
    }
    let whole = nms.events(&made.id).await;
    let (mut seen, mut next) = (Vec::new(), Some(format!("/tokens/{}/events?limit=5", made.id)));
    while let Some(page) = next {
        let answer = nms.get(&page).await;
        seen.extend(answer.json()["events"].as_array().unwrap().clone());
        next = answer.next();
    }
    assert_eq!((seen.len(), &seen), (12, &whole));
    let other = nms.make(json!({})).await;
    let foreign =
        nms.get(&format!("/tokens/{}/events?limit=5", made.id)).await.next().unwrap().replace(&made.id, &other.id);
    nms.get(&foreign).await.refused(422, "cursor-invalid");
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named_and_what_is_not_there_is_not_found() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    for (query, field) in [("limit=0", "limit"), ("sort=at", "sort")] {
        nms.get(&format!("/tokens/{}/events?{query}", made.id)).await.refused(422, "invalid").field(field);
    }
    nms.get(&format!("/tokens/{}/events", Uuid::now_v7())).await.refused(404, "not-found");
}
