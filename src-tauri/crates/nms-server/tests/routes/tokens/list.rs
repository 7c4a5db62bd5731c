//! `GET /tokens`.

use std::collections::HashSet;

use chrono::TimeDelta;
use nms_api::Sort;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Made, Nms, instant, send};

/// The ids on a page.
fn ids(list: &Value) -> Vec<String> {
    list["tokens"].as_array().unwrap().iter().map(|token| token["id"].as_str().unwrap().to_owned()).collect()
}

/// The names on a page.
async fn names(nms: &Nms, query: &str) -> Vec<String> {
    let answer = nms.get(&format!("/tokens?{query}")).await;
    assert_eq!(answer.status, 200, "{query} {}", answer.text);
    let list = answer.json();
    list["tokens"].as_array().unwrap().iter().map(|token| token["name"].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn the_newest_comes_first_and_the_counts_are_of_all() {
    let nms = Nms::start().await;
    for name in ["one", "two", "three"] {
        nms.make(json!({"name": name, "expires_at": "2026-11-30T00:00:00Z"})).await;
    }
    nms.make(json!({"name": "four"})).await;
    assert_eq!(names(&nms, "").await, ["four", "three", "two", "one"]);
    let mut nms = nms;
    nms.set_clock("2026-12-01T00:00:00Z");
    nms.sign_in().await;
    let list = nms.get("/tokens?state=active").await.json();
    assert_eq!(ids(&list).len(), 1);
    let counts = &list["counts"];
    assert_eq!((&counts["all"], &counts["active"], &counts["paused"]), (&json!(4), &json!(1), &json!(0)));
    assert_eq!(counts["expired"], 3);
    assert_eq!(list["matching"], 1);
    // Of all that fit, and not of those on the page.
    for (query, matching) in [("limit=1", 4), ("state=expired&limit=2", 3), ("state=expired&q=three", 1), ("q=six", 0)]
    {
        assert_eq!(nms.get(&format!("/tokens?{query}")).await.json()["matching"], matching, "{query}");
    }
    assert_eq!(names(&nms, "state=expired&sort=name").await, ["one", "three", "two"]);
    assert_eq!(names(&nms, "state=paused").await, [] as [&str; 0]);
}

#[tokio::test]
async fn every_word_must_be_in_some_text_of_the_token() {
    let nms = Nms::start().await;
    let first = nms.make(json!({"name": "Collector STRASSE 100%", "description": "rack_7 in Ελλάς"})).await;
    nms.make(json!({"name": "Backup", "permissions": ["configs:backup"]})).await;
    let masked = format!("{}…{}", first.token["prefix"].as_str().unwrap(), first.token["suffix"].as_str().unwrap());
    for (q, found) in [
        ("collector", true),
        ("straße", true),
        ("CoLLect 7", true),
        ("ελλάσ", true),
        ("rack_7", true),
        ("rackx7", false),
        ("100%", true),
        ("1%0", false),
        ("devices:read", true),
        ("collector backup", false),
        ("  \t ", true),
        (masked.as_str(), true),
        (&masked.to_lowercase().replace('…', "..."), true),
        ("'", false),
        ("\\", false),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
        let is_found = ids(&nms.get(&format!("/tokens?{query}")).await.json()).contains(&first.id);
        assert_eq!(is_found, found, "{q}");
    }
}

#[tokio::test]
async fn names_are_ordered_without_regard_to_case_and_marks_and_the_nameless_come_last() {
    let nms = Nms::start().await;
    for name in [json!("Zürich"), json!(null), json!("alpha"), json!("Älpli"), json!("Beta")] {
        nms.make(json!({"name": name})).await;
    }
    assert_eq!(names(&nms, "sort=name").await, ["alpha", "Älpli", "Beta", "Zürich", "-"]);
    assert_eq!(names(&nms, "sort=-name").await, ["Zürich", "Beta", "Älpli", "alpha", "-"]);
}

#[tokio::test]
async fn use_is_ordered_by_what_is_not_written_yet_too() {
    let nms = Nms::start().await;
    let (idle, once, twice) = (
        nms.make(json!({"name": "idle"})).await,
        nms.make(json!({"name": "once"})).await,
        nms.make(json!({"name": "twice"})).await,
    );
    for secret in [&twice.secret, &twice.secret, &once.secret] {
        nms.use_token(secret).await;
    }
    assert_eq!(names(&nms, "sort=-use_count").await, ["twice", "once", "idle"]);
    assert_eq!(names(&nms, "sort=last_used_at").await, ["twice", "once", "idle"]);
    assert_eq!(names(&nms, "sort=-last_used_at").await, ["once", "twice", "idle"]);
    assert_eq!(nms.token(&idle.id).await["last_used_at"], Value::Null);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let nms = Nms::start().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=1", "limit"),
        ("sort=size", "sort"),
        ("state=tired", "state"),
        ("idempotency_key=1", "idempotency_key"),
        ("colour=red", "colour"),
        ("state=deleted", "state"),
        ("expires_within_days=0", "expires_within_days"),
        ("expires_within_days=soon", "expires_within_days"),
        ("unused_days=3661", "unused_days"),
        ("lifetime_over_days=-1", "lifetime_over_days"),
        ("never_used=yes", "never_used"),
        ("lost=", "lost"),
        ("risk=high", "risk"),
        ("risk=write&risk=admin", "risk"),
        ("risk=write,", "risk"),
        ("Limit=1", "Limit"),
        (&format!("q={}", "x".repeat(201)), "q"),
    ] {
        nms.get(&format!("/tokens?{query}")).await.refused(422, "invalid").field(field);
    }
    assert_eq!(nms.get("/tokens?limit=500").await.status, 200);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_sort_and_filters_and_not_to_the_size_of_the_page() {
    let nms = Nms::start().await;
    for _ in 0..4 {
        nms.make(json!({"name": "a b"})).await;
    }
    let next = nms.get("/tokens?limit=1&sort=name&q=a%20b&state=active").await.next().unwrap();
    assert!(next.starts_with("/tokens?limit=1&sort=name&q=a+b&state=active&cursor="), "{next}");
    assert_eq!(nms.get(&next).await.status, 200);
    let cursor = next.rsplit_once('=').unwrap().1;
    assert_eq!(nms.get(&format!("/tokens?limit=3&sort=name&q=a+b&state=active&cursor={cursor}")).await.status, 200);
    for query in ["sort=-name&q=a+b&state=active", "sort=name&q=a&state=active", "sort=name&q=a+b", ""] {
        nms.get(&format!("/tokens?{query}&cursor={cursor}")).await.refused(422, "cursor-invalid").field("cursor");
    }
    for cursor in ["", "x", "00", "5b5d", "%F0%9F%A6%80"] {
        nms.get(&format!("/tokens?cursor={cursor}")).await.refused(422, "cursor-invalid");
    }
}

#[tokio::test]
async fn the_last_page_has_no_next_one() {
    let nms = Nms::start().await;
    assert_eq!(nms.get("/tokens").await.next(), None);
    for _ in 0..4 {
        nms.make(json!({})).await;
    }
    let second = nms.get("/tokens?limit=2").await.next().unwrap();
    let second = nms.get(&second).await;
    assert_eq!((ids(&second.json()).len(), second.next()), (2, None));
}

/// Tokens that differ in all by which a list can be ordered, with ties and nulls among them.
async fn varied(nms: &Nms) -> Vec<Made> {
    let mut made = Vec::new();
    for number in 0..32_usize {
        let name = if number % 4 == 0 { Value::Null } else { json!(format!("name {}", number % 5)) };
        let expires_at = nms.now() + TimeDelta::days(1 + number as i64 % 3);
        let permissions = &["devices:read", "ipam:read", "sites:read"][..number % 3 + 1];
        let expires_at = expires_at.to_rfc3339();
        let token = nms.make(json!({"name": name, "expires_at": expires_at, "permissions": permissions})).await;
        for _ in 0..number % 4 {
            nms.use_token(&token.secret).await;
        }
        made.push(token);
    }
    made
}

#[tokio::test]
async fn pages_lose_nothing_and_repeat_nothing_while_tokens_are_deleted() {
    let nms = Nms::start().await;
    let mut left: HashSet<String> = varied(&nms).await.into_iter().map(|token| token.id).collect();
    for (name, _) in Sort::NAMED {
        let whole = ids(&nms.get(&format!("/tokens?sort={name}")).await.json());
        assert_eq!(whole.len(), left.len());
        // One behind us and one ahead go after the first page.
        let (behind, ahead) = (whole[1].clone(), whole[7].clone());
        let (mut seen, mut next) = (Vec::new(), Some(format!("/tokens?sort={name}&limit=5")));
        while let Some(page) = next {
            let answer = nms.get(&page).await;
            seen.extend(ids(&answer.json()));
            next = answer.next();
            for id in [&behind, &ahead] {
                if left.remove(id) {
                    assert_eq!(nms.delete(id).await.status, 204);
                }
            }
        }
        let expected: Vec<String> = whole.into_iter().filter(|id| *id != ahead).collect();
        assert_eq!(seen, expected, "{name}");
    }
}

#[tokio::test]
async fn every_order_is_what_it_says_with_nulls_last_and_ids_breaking_ties() {
    let nms = Nms::start().await;
    varied(&nms).await;
    for (name, _) in Sort::NAMED {
        let list = nms.get(&format!("/tokens?sort={name}&limit=500")).await.json();
        let member = name.trim_start_matches('-');
        let keys: Vec<(bool, Option<Key>, String)> = list["tokens"]
            .as_array()
            .unwrap()
            .iter()
            .map(|token| {
                let value = match member {
                    "permission_count" => json!(token["permissions"].as_array().unwrap().len()),
                    _ => token[member].clone(),
                };
                (value.is_null(), key(&value), token["id"].as_str().unwrap().to_owned())
            })
            .collect();
        let mut sorted = keys.clone();
        sorted.sort_by(|one, other| {
            let (one_key, other_key) = ((&one.1, &one.2), (&other.1, &other.2));
            let by_key = if name.starts_with('-') { other_key.cmp(&one_key) } else { one_key.cmp(&other_key) };
            one.0.cmp(&other.0).then(by_key)
        });
        assert_eq!(keys, sorted, "{name}");
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(u64),
    Instant(chrono::DateTime<chrono::Utc>),
    Text(String),
}

fn key(value: &Value) -> Option<Key> {
    match value {
        Value::Number(number) => number.as_u64().map(Key::Number),
        Value::String(text) if text.ends_with('Z') => Some(Key::Instant(instant(value))),
        Value::String(text) => Some(Key::Text(text.clone())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[tokio::test]
async fn nobody_sees_tells_apart_or_touches_what_is_anothers() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "mine"})).await;
    // It becomes somebody else's, past the server: there is no second person yet.
    let mut store = nms.store().await;
    let other = Uuid::now_v7().to_string();
    sqlx::query("INSERT INTO people (id, name) VALUES ($1, 'Bob')").bind(&other).execute(&mut store).await.unwrap();
    sqlx::query("UPDATE tokens SET owner_id = $1").bind(&other).execute(&mut store).await.unwrap();
    assert_eq!(names(&nms, "").await, [] as [&str; 0]);
    let absent = Uuid::now_v7();
    for (method, path) in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/events"), ("GET", "/use")] {
        let theirs = send(nms.ask(method, &format!("/tokens/{}{path}", made.id))).await;
        let nobodys = send(nms.ask(method, &format!("/tokens/{absent}{path}"))).await;
        theirs.refused(404, "not-found");
        assert_eq!(theirs.text, nobodys.text, "{method} {path}");
    }
}
