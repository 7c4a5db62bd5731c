//! Names that people and programs might send: each is refused with the member named, or kept exactly as the contract
//! says. What a page makes of those that are kept is the page's matter, with the same list.

use nms_api::limits::MAX_DESCRIPTION_CHARS;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Answer, Nms};
use crate::rounds::tell;

/// Each with what it is, what is typed, and what is kept of it or why it is refused. Made by another program by the
/// letter of the contract, not by ours.
fn names() -> Vec<Value> {
    let names: Vec<Value> = serde_json::from_str(include_str!("../../../nms-api/tests/names.json")).unwrap();
    assert!(names.len() >= 300);
    names
}

/// Whether it came back as it should.
#[track_caller]
fn check(name: &Value, field: &str, answer: &Answer) -> bool {
    if name["refused"].is_null() {
        assert!(answer.status < 300, "{name} {}", answer.text);
        let body = answer.json();
        let token = body.get("token").unwrap_or(&body);
        assert_eq!(token[field], name["kept"], "{name}");
        return true;
    }
    answer.refused(422, "invalid").field(field);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    let why = match name["refused"].as_str().unwrap() {
        "control" => "it holds a control character",
        "bidi" => "it holds a bidirectional control character",
        _ => "it is longer than 100 characters",
    };
    assert!(detail.contains(why), "{name} {detail}");
    false
}

#[tokio::test]
async fn each_of_the_names_is_refused_with_its_member_or_kept_exactly() {
    let nms = Nms::start().await;
    let mut kept = 0;
    for name in names() {
        let body = json!({"name": name["typed"], "permissions": ["devices:read"]});
        let answer = nms.post_token(Uuid::now_v7(), &body).await;
        if check(&name, "name", &answer) {
            kept += 1;
            let id = answer.json()["token"]["id"].as_str().unwrap().to_owned();
            assert_eq!(nms.token(&id).await["name"], name["kept"], "as it lies in the store");
        }
    }
    assert_eq!(nms.get("/tokens?limit=1").await.json()["counts"]["all"], kept);
    tell(&format!("{} names, {kept} kept exactly, the others refused", names().len()));
}

#[tokio::test]
async fn an_edit_and_a_description_are_held_to_the_same() {
    let nms = Nms::start().await;
    let id = nms.make(json!({})).await.id;
    for name in names() {
        check(&name, "name", &nms.patch(&id, "*", &json!({"name": name["typed"]})).await);
        // A description may be longer.
        if name["refused"] != "too_long" {
            check(&name, "description", &nms.patch(&id, "*", &json!({"description": name["typed"]})).await);
        }
    }
    let long = |count: usize| json!({"description": "ü".repeat(count)});
    assert_eq!(nms.patch(&id, "*", &long(MAX_DESCRIPTION_CHARS)).await.status, 200);
    nms.patch(&id, "*", &long(MAX_DESCRIPTION_CHARS + 1)).await.refused(422, "invalid").field("description");
}

#[tokio::test]
async fn whatever_a_token_is_called_no_answer_that_tells_of_it_is_more_than_data() {
    let nms = Nms::start().await;
    let id = nms.make(json!({})).await.id;
    for name in names().iter().filter(|name| name["refused"].is_null()) {
        let renamed = nms.patch(&id, "*", &json!({"name": name["typed"]})).await;
        assert_eq!(renamed.header("content-type"), Some("application/json"), "{name}");
    }
    for path in ["/tokens", "/events?limit=500", &format!("/tokens/{id}/events?limit=500")] {
        let answer = nms.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}");
        assert!(!answer.text.contains(['\n', '\u{1b}', '\0']), "{path}");
    }
}
