//! `GET` and `PATCH /tokens/{id}`.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Nms, send};

const FUTURE: &str = "2027-01-01T00:00:00Z";

fn etag(token: &Value) -> String {
    token["etag"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_edit_changes_what_is_named_and_leaves_the_value_and_the_rest() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "a", "description": "d", "expires_at": FUTURE})).await;
    let answer = nms.patch(&made.id, &etag(&made.token), &json!({"name": " b ", "permissions": ["sites:read"]})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = answer.json();
    assert_eq!((&token["name"], &token["description"]), (&json!("b"), &json!("d")));
    assert_eq!(token["expires_at"], made.token["expires_at"]);
    assert_eq!(answer.header("etag").unwrap(), etag(&token));
    assert_ne!(etag(&token), etag(&made.token));
    assert!(token["updated_at"].as_str() > made.token["updated_at"].as_str());
    assert_eq!(nms.token(&made.id).await, token);
    nms.use_token(&made.secret).await.refused(403, "permission-missing");
}

#[tokio::test]
async fn null_clears_a_name_or_a_description_and_nothing_else() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "a", "description": "d"})).await;
    let cleared = nms.patch(&made.id, "*", &json!({"name": null, "description": ""})).await.json();
    assert_eq!((&cleared["name"], &cleared["description"]), (&Value::Null, &Value::Null));
    for (body, field) in [
        (json!({"permissions": null}), "permissions"),
        (json!({"expires_at": null}), "expires_at"),
        (json!({"permissions": []}), "permissions"),
        (json!({"expires_at": "2026-11-23T09:00:00Z"}), "expires_at"),
        (json!({"paused": null}), "paused"),
        (json!({"paused": "yes"}), "paused"),
        (json!({"allowed_addresses": null}), "allowed_addresses"),
        (json!({"allowed_addresses": ["10.0.0.1/8"]}), "allowed_addresses"),
        (json!({"etag": "x"}), "etag"),
    ] {
        nms.patch(&made.id, "*", &body).await.refused(422, "invalid").field(field);
    }
}

#[tokio::test]
async fn an_edit_needs_the_version_that_its_editor_saw() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "a"})).await;
    let path = format!("/tokens/{}", made.id);
    send(nms.ask("PATCH", &path).json(&json!({"name": "b"}))).await.refused(428, "etag-required").field("If-Match");
    let old = etag(&made.token);
    let other = etag(&nms.make(json!({})).await.token);
    for wrong in ["\"x\"", &format!("W/{old}"), &other, old.trim_matches('"'), ""] {
        nms.patch(&made.id, wrong, &json!({"name": "b"})).await.refused(412, "stale");
    }
    let now = nms.patch(&made.id, &format!("\"x\", {old}"), &json!({"name": "b"})).await.json();
    let stale = nms.patch(&made.id, &old, &json!({"name": "c"})).await;
    assert_eq!(stale.refused(412, "stale").json()["token"], now);
    assert_eq!(stale.header("etag").unwrap(), etag(&now));
    assert_eq!(nms.patch(&made.id, "*", &json!({"name": "c"})).await.status, 200);
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_no_event_and_no_new_version() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "a", "expires_at": FUTURE})).await;
    for body in [
        json!({}),
        json!({"name": "a "}),
        json!({"permissions": ["devices:read", "devices:read"], "expires_at": FUTURE}),
    ] {
        let answer = nms.patch(&made.id, &etag(&made.token), &body).await;
        assert_eq!((answer.status, answer.json()), (200, made.token.clone()), "{body}");
    }
    assert_eq!(nms.event_kinds(&made.id).await, ["created"]);
}

#[tokio::test]
async fn use_and_the_owners_rights_do_not_change_the_version() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.use_token(&made.secret).await;
    nms.set_held(&["sites:read"]).await;
    let token = nms.token(&made.id).await;
    assert_eq!((&token["use_count"], &token["effective_permissions"]), (&json!(1), &json!([])));
    assert_eq!(etag(&token), etag(&made.token));
}

#[tokio::test]
async fn widening_narrowing_and_describing_are_told_apart_and_a_mixed_edit_tells_all() {
    let nms = Nms::start().await;
    for (body, kinds) in [
        (json!({"permissions": ["devices:read", "ipam:read", "sites:read"]}), &["widened"][..]),
        (json!({"permissions": ["devices:read"]}), &["narrowed"]),
        (json!({"permissions": ["devices:read", "sites:read"]}), &["narrowed", "widened"]),
        (json!({"expires_at": "2027-02-01T00:00:00Z"}), &["widened"]),
        (json!({"expires_at": "2026-12-01T00:00:00Z"}), &["narrowed"]),
        (json!({"expires_at": "2027-02-01T00:00:00Z", "permissions": ["devices:read"]}), &["narrowed", "widened"]),
        (json!({"name": "b"}), &["described"]),
        (json!({"description": "d", "expires_at": "2027-02-01T00:00:00Z"}), &["described", "widened"]),
        (json!({"allowed_addresses": ["10.1.0.0/16"]}), &["narrowed"]),
        (json!({"allowed_addresses": ["10.0.0.0/8", "192.0.2.1"]}), &["widened"]),
        (json!({"allowed_addresses": []}), &["widened"]),
        (json!({"allowed_addresses": ["192.0.2.1"]}), &["narrowed", "widened"]),
        (json!({"allowed_addresses": ["10.0.0.0/9", "10.128.0.0/9"]}), &["described"]),
        (json!({"paused": true}), &["paused"]),
        (json!({"paused": true, "permissions": ["devices:read"]}), &["narrowed", "paused"]),
    ] {
        let made = nms
            .make(json!({
                "permissions": ["devices:read", "ipam:read"], "expires_at": FUTURE, "allowed_addresses": ["10.0.0.0/8"],
            }))
            .await;
        assert_eq!(nms.patch(&made.id, "*", &body).await.status, 200);
        let mut told = nms.event_kinds(&made.id).await;
        assert_eq!(told.remove(0), "created");
        told.sort();
        assert_eq!(told, kinds, "{body}");
    }
}

#[tokio::test]
async fn an_event_holds_the_members_that_changed_as_they_were_and_became() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"name": "a", "expires_at": FUTURE})).await;
    nms.patch(&made.id, "*", &json!({"name": null, "permissions": ["devices:read", "sites:read"]})).await;
    let mut events = nms.events(&made.id).await;
    events.sort_by_key(|event| event["kind"].to_string());
    assert_eq!(events[1]["from"], json!({"name": "a"}));
    assert_eq!(events[1]["to"], json!({"name": null}));
    assert_eq!(events[2]["from"], json!({"permissions": ["devices:read"]}));
    assert_eq!(events[2]["to"], json!({"permissions": ["devices:read", "sites:read"]}));
    assert_eq!(events[2]["actor"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn a_paused_token_is_refused_until_it_is_resumed_and_keeps_its_value() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let paused = nms.patch(&made.id, &etag(&made.token), &json!({"paused": true})).await.json();
    assert_eq!(paused["state"], "paused");
    assert_ne!(etag(&paused), etag(&made.token));
    nms.use_token(&made.secret).await.refused(401, "token-paused");
    // Once more is nothing new.
    assert_eq!(nms.patch(&made.id, &etag(&paused), &json!({"paused": true})).await.json(), paused);
    let resumed = nms.patch(&made.id, &etag(&paused), &json!({"paused": false})).await.json();
    assert_eq!(resumed["state"], "active");
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "paused", "refused", "resumed", "first_used"]);
    let events = nms.events(&made.id).await;
    let told = events.iter().find(|event| event["kind"] == "paused").unwrap();
    assert_eq!((&told["from"], &told["to"]), (&json!({"paused": false}), &json!({"paused": true})));
    assert_eq!(told["actor"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn an_expiry_beats_a_pause() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({"expires_at": "2026-11-24T00:00:00Z"})).await;
    nms.patch(&made.id, "*", &json!({"paused": true})).await;
    nms.set_clock("2026-11-25T00:00:00Z");
    nms.sign_in().await;
    nms.use_token(&made.secret).await.refused(401, "token-expired");
    let revived = nms.patch(&made.id, "*", &json!({"expires_at": FUTURE})).await.json();
    assert_eq!(revived["state"], "paused", "still paused");
}

#[tokio::test]
async fn addresses_are_replaced_as_a_whole_and_told_as_they_were_and_became() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"allowed_addresses": ["10.0.0.0/8"]})).await;
    let changed = nms.patch(&made.id, "*", &json!({"allowed_addresses": ["127.0.0.1", "::1"]})).await.json();
    assert_eq!(changed["allowed_addresses"], json!(["127.0.0.1/32", "::1/128"]));
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    let events = nms.events(&made.id).await;
    let told = events.iter().find(|event| event["kind"] == "widened").unwrap();
    assert_eq!(told["from"], json!({"allowed_addresses": ["10.0.0.0/8"]}));
    assert_eq!(told["to"], json!({"allowed_addresses": ["127.0.0.1/32", "::1/128"]}));
    let search = async |q: &str| nms.get(&format!("/tokens?q={q}")).await.json()["tokens"].as_array().unwrap().len();
    assert_eq!((search("127.0.0.1%2F32").await, search("10.0.0.0").await), (1, 0));
}

#[tokio::test]
async fn lost_permissions_stay_while_permissions_are_left_out_and_cannot_be_granted_again() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["devices:read", "sites:read"]})).await;
    nms.set_held(&["devices:read"]).await;
    let renamed = nms.patch(&made.id, "*", &json!({"name": "b"})).await.json();
    assert_eq!(renamed["permissions"], json!(["devices:read", "sites:read"]));
    assert_eq!(renamed["effective_permissions"], json!(["devices:read"]));
    let kept = nms.patch(&made.id, "*", &json!({"permissions": ["devices:read", "sites:read"]})).await;
    assert_eq!(kept.refused(403, "permission-not-held").json()["permissions"], json!(["sites:read"]));
    nms.set_held(&["devices:read", "sites:read"]).await;
    assert_eq!(nms.token(&made.id).await["effective_permissions"], json!(["devices:read", "sites:read"]));
}

#[tokio::test]
async fn a_new_expiry_revives_an_expired_token() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({"expires_at": "2026-11-24T00:00:00Z"})).await;
    nms.set_clock("2026-11-25T00:00:00Z");
    nms.sign_in().await;
    nms.use_token(&made.secret).await.refused(401, "token-expired");
    assert_eq!(nms.token(&made.id).await["state"], "expired");
    let revived = nms.patch(&made.id, &etag(&made.token), &json!({"expires_at": FUTURE})).await.json();
    assert_eq!(revived["state"], "active");
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    assert_eq!(nms.event_kinds(&made.id).await, ["created", "expired", "refused", "widened", "first_used"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_edits_of_one_version_one_wins() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let etag = etag(&made.token);
    let bodies: Vec<Value> = (0..20).map(|number| json!({"name": format!("editor {number}")})).collect();
    let answers = futures_util::future::join_all(bodies.iter().map(|body| nms.patch(&made.id, &etag, body))).await;
    let won: Vec<Value> = answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.json()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(nms.token(&made.id).await["name"], won[0]["name"]);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.refused(412, "stale").json()["token"]["name"], won[0]["name"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_edits_of_any_version_none_is_lost() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let bodies = [json!({"name": "b"}), json!({"description": "d"}), json!({"permissions": ["sites:read"]})];
    futures_util::future::join_all(bodies.iter().map(|body| nms.patch(&made.id, "*", body))).await;
    let token = nms.token(&made.id).await;
    assert_eq!(token["name"], "b");
    assert_eq!(token["description"], "d");
    assert_eq!(token["permissions"], json!(["sites:read"]));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_before_the_body_is_looked_at() {
    let nms = Nms::start().await;
    let request = nms.ask("PATCH", &format!("/tokens/{}", Uuid::now_v7())).body("{");
    send(request).await.refused(404, "not-found");
    for path in ["/tokens/x", "/tokens/0", "/tokens/01A20AD4-A6AD-7FCE-8140-EB7776B0D853"] {
        for method in ["GET", "POST", "PATCH"] {
            send(nms.ask(method, path)).await.refused(404, "not-found");
        }
    }
}
