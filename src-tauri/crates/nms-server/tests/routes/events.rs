//! `GET /events`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::nms::{Nms, send};

async fn events(nms: &Nms) -> Vec<Value> {
    let answer = nms.get("/events?limit=500").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["events"].as_array().unwrap().clone()
}

/// What happened to which token, the newest first.
fn told(events: &[Value]) -> Vec<String> {
    let word = |event: &Value, member: &str| event[member].as_str().unwrap_or("-").to_owned();
    events.iter().map(|event| format!("{} {}", word(event, "token_name"), word(event, "kind"))).collect()
}

#[tokio::test]
async fn what_happened_to_all_tokens_is_told_newest_first_with_what_people_call_them() {
    let mut nms = Nms::start().await;
    let short = nms.make(json!({"name": "short", "expires_at": "2026-11-24T10:00:00Z"})).await;
    let nameless = nms.make(json!({})).await;
    let renamed = nms.make(json!({"name": "before"})).await;
    nms.patch(&renamed.id, "*", &json!({"name": "after"})).await;
    nms.use_token(&nameless.secret).await;
    nms.delete(&renamed.id).await;
    nms.set_clock("2026-11-24T10:00:01Z");
    nms.sign_in().await;
    nms.use_token(&short.secret).await.refused(401, "token-expired");
    let all = events(&nms).await;
    assert_eq!(
        told(&all),
        [
            "short refused",
            "short expired",
            "after deleted",
            "- first_used",
            "after described",
            "after created",
            "- created",
            "short created",
        ]
    );
    let masked = |token: &Value| format!("{}…{}", token["prefix"].as_str().unwrap(), token["suffix"].as_str().unwrap());
    assert_eq!(all[6]["token_masked"], masked(&nameless.token));
    assert_eq!(all[6]["token_id"], nameless.id);
    // Beside the token's words it is what the token's own list tells.
    let mut own = all[1].clone();
    own.as_object_mut().unwrap().retain(|member, _| !["token_name", "token_masked"].contains(&member.as_str()));
    assert_eq!(own, nms.events(&short.id).await[1]);
}

#[tokio::test]
async fn an_expiry_is_told_once_by_whichever_list_is_read_first() {
    let mut nms = Nms::start().await;
    let (one, other) = ("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");
    let made = nms.make(json!({"name": "a", "expires_at": one})).await;
    nms.make(json!({"name": "b", "expires_at": other})).await;
    nms.set_clock("2026-11-26T00:00:00Z");
    nms.sign_in().await;
    nms.events(&made.id).await;
    for _ in 0..2 {
        assert_eq!(told(&events(&nms).await), ["b expired", "a expired", "b created", "a created"]);
    }
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "expired"]);
    let revived = json!({"expires_at": "2026-11-27T00:00:00Z"});
    assert_eq!(nms.patch(&made.id, "*", &revived).await.status, 200);
    nms.set_clock("2026-11-28T00:00:00Z");
    nms.sign_in().await;
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "expired", "widened", "expired"]);
    assert_eq!(told(&events(&nms).await)[0], "a expired");
}

#[tokio::test]
async fn a_token_that_was_deleted_before_its_time_did_not_expire() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({"name": "a", "expires_at": "2026-11-24T00:00:00Z"})).await;
    nms.delete(&made.id).await;
    nms.set_clock("2026-11-26T00:00:00Z");
    nms.sign_in().await;
    assert_eq!(told(&events(&nms).await), ["a deleted", "a created"]);
}

#[tokio::test]
async fn events_outlive_their_token_by_90_days() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({"name": "a"})).await;
    nms.make(json!({"name": "b", "expires_at": "2027-11-23T00:00:00Z"})).await;
    nms.delete(&made.id).await;
    nms.advance(TimeDelta::days(89));
    nms.sign_in().await;
    assert_eq!(told(&events(&nms).await), ["a deleted", "b created", "a created"]);
    nms.advance(TimeDelta::days(1));
    nms.sign_in().await;
    assert_eq!(told(&events(&nms).await), ["b created"]);
}

#[tokio::test]
async fn pages_hold_every_event_once_while_others_happen() {
    let nms = Nms::start().await;
    for number in 0..12 {
        nms.make(json!({"name": format!("{number}")})).await;
    }
    let whole = events(&nms).await;
    let (mut seen, mut next) = (Vec::new(), Some("/events?limit=5".to_owned()));
    while let Some(page) = next {
        let answer = nms.get(&page).await;
        seen.extend(answer.json()["events"].as_array().unwrap().clone());
        next = answer.next();
        nms.make(json!({})).await;
    }
    assert_eq!(seen, whole);
}

#[tokio::test]
async fn what_was_refused_or_deleted_is_found_by_kind_name_and_address() {
    let nms = Nms::start().await;
    let poller = nms.make(json!({"name": "Poller Wien"})).await;
    let other = nms.make(json!({"name": "grafana"})).await;
    nms.delete(&poller.id).await;
    nms.use_token(&poller.secret).await.refused(401, "token-deleted");
    send(nms.with(&other.secret, "POST", "/devices")).await.refused(403, "permission-missing");
    let found =
        async |query: &str| told(nms.get(&format!("/events?{query}")).await.json()["events"].as_array().unwrap());
    assert_eq!(found("kinds=refused").await, ["grafana refused", "Poller Wien refused"]);
    assert_eq!(found("kinds=deleted,refused&q=WIEN").await, ["Poller Wien refused", "Poller Wien deleted"]);
    assert_eq!(found("kinds=refused&q=127.0.0.1%20graf").await, ["grafana refused"]);
    assert_eq!(found("q=%25").await, [""; 0], "a sign of patterns is a sign like any other");
    // The filters hold on the pages that follow.
    let next = nms.get("/events?kinds=refused&limit=1").await.next().unwrap();
    assert_eq!(told(nms.get(&next).await.json()["events"].as_array().unwrap()), ["Poller Wien refused"]);
    nms.get(&next.replace("refused", "deleted")).await.refused(422, "cursor-invalid");
}

#[tokio::test]
async fn which_program_called_is_told_of_the_first_call_and_of_the_last_refused_one_and_is_found() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "mixed"})).await;
    let call = async |method: &str, agent: &str| {
        send(nms.with(&made.secret, method, "/devices").header("User-Agent", agent)).await
    };
    assert_eq!(call("GET", "Telegraf/1.30").await.status, 200);
    assert_eq!(call("GET", "curl/8").await.status, 200);
    for agent in ["inventory-sync/3", "Ansible/2.17"] {
        call("POST", agent).await.refused(403, "permission-missing");
    }
    let told = async |query: &str| {
        let found = nms.get(&format!("/events?{query}")).await.json();
        let fields = |one: &Value| json!([one["kind"], one["agent"], one["permission"], one["count"]]);
        found["events"].as_array().unwrap().iter().map(fields).collect::<Vec<_>>()
    };
    let refused = json!(["refused", "Ansible/2.17", "devices:write", 2]);
    let first = json!(["first_used", "Telegraf/1.30", "devices:read", null]);
    assert_eq!(told("kinds=refused,first_used").await, [refused.clone(), first]);
    assert_eq!(told("q=ansible").await, [refused]);
    // Written down by now: the next refused call counts into the same row, and is its last.
    call("POST", "inventory-sync/4").await.refused(403, "permission-missing");
    assert_eq!(told("kinds=refused").await, [json!(["refused", "inventory-sync/4", "devices:write", 3])]);
}

#[tokio::test]
async fn a_cursor_is_this_lists_own_and_what_is_asked_wrongly_is_named() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.patch(&made.id, "*", &json!({"name": "a"})).await;
    let cursor = |next: String| next.rsplit_once("cursor=").unwrap().1.to_owned();
    let own = cursor(nms.get("/events?limit=1").await.next().unwrap());
    let of_the_token = cursor(nms.get(&format!("/tokens/{}/events?limit=1", made.id)).await.next().unwrap());
    nms.get(&format!("/events?cursor={of_the_token}")).await.refused(422, "cursor-invalid");
    nms.get(&format!("/tokens/{}/events?cursor={own}", made.id)).await.refused(422, "cursor-invalid");
    for (query, field) in
        [("limit=0", "limit"), ("limit=501", "limit"), ("kind=refused", "kind"), ("kinds=gone", "kinds")]
    {
        nms.get(&format!("/events?{query}")).await.refused(422, "invalid").field(field);
    }
}

#[tokio::test]
async fn nobody_is_told_of_anothers_tokens() {
    let nms = Nms::start().await;
    let mine = nms.make(json!({"name": "mine"})).await;
    nms.make(json!({"name": "theirs", "expires_at": "2026-11-23T10:00:10Z"})).await;
    let mut store = nms.store().await;
    let other = uuid::Uuid::now_v7().to_string();
    sqlx::query("INSERT INTO people (id, name) VALUES ($1, 'Bob')").bind(&other).execute(&mut store).await.unwrap();
    for table in ["tokens", "events"] {
        let column = if table == "tokens" { "id" } else { "token_id" };
        let text = format!("UPDATE {table} SET owner_id = $1 WHERE {column} <> $2");
        sqlx::query(sqlx::AssertSqlSafe(text)).bind(&other).bind(&mine.id).execute(&mut store).await.unwrap();
    }
    nms.advance(TimeDelta::minutes(1));
    assert_eq!(told(&events(&nms).await), ["mine created"]);
    let program = nms.make(json!({})).await.secret;
    send(nms.with(&program, "GET", "/events")).await.refused(403, "session-required");
}
