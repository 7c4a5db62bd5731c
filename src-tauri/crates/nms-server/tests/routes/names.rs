//! Names that people and programs might send: each is refused with the member named, or kept exactly as the contract
//! says. What a page makes of those that are kept is the page's matter, with the same list.

use futures_util::future::join_all;
use nms_api::limits::MAX_DESCRIPTION_CHARS;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::nms::{Answer, Nms};
use crate::rounds::tell;

/// So many are sent at the same time.
const AT_ONCE: usize = 32;

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
    let mut kept = Map::new();
    for names in names().chunks(AT_ONCE) {
        let body = |name: &Value| json!({"name": name["typed"], "permissions": ["devices:read"]});
        let answers = names.iter().map(async |name| nms.post_token(Uuid::now_v7(), &body(name)).await);
        for (name, answer) in names.iter().zip(join_all(answers).await) {
            if check(name, "name", &answer) {
                let id = answer.json()["token"]["id"].as_str().unwrap().to_owned();
                kept.insert(id, name["kept"].clone());
            }
        }
    }
    let list = nms.get("/tokens?limit=500").await.json();
    let stored = list["tokens"].as_array().unwrap().iter();
    let stored: Map<_, _> =
        stored.map(|token| (token["id"].as_str().unwrap().to_owned(), token["name"].clone())).collect();
    assert_eq!(stored, kept, "as they lie in the store");
    tell(&format!("{} names, {} kept exactly, the others refused", names().len(), kept.len()));
}

/// Gives a token this name, and this description.
async fn edit(nms: &Nms, id: &str, name: &Value) {
    let typed = &name["typed"];
    if name["refused"].is_null() {
        let answer = nms.patch(id, "*", &json!({"name": typed, "description": typed})).await;
        assert!(check(name, "name", &answer) && check(name, "description", &answer));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        return;
    }
    check(name, "name", &nms.patch(id, "*", &json!({"name": typed})).await);
    // A description may be longer.
    if name["refused"] != "too_long" {
        check(name, "description", &nms.patch(id, "*", &json!({"description": typed})).await);
    }
}

#[tokio::test]
async fn an_edit_and_a_description_are_held_to_the_same_and_every_answer_is_only_data() {
    let nms = Nms::start().await;
    let ids: Vec<String> =
        join_all((0..AT_ONCE).map(|_| nms.make(json!({})))).await.into_iter().map(|made| made.id).collect();
    for names in names().chunks(AT_ONCE) {
        join_all(names.iter().zip(&ids).map(|(name, id)| edit(&nms, id, name))).await;
    }
    let id = &ids[0];
    let long = |count: usize| json!({"description": "ü".repeat(count)});
    assert_eq!(nms.patch(id, "*", &long(MAX_DESCRIPTION_CHARS)).await.status, 200);
    nms.patch(id, "*", &long(MAX_DESCRIPTION_CHARS + 1)).await.refused(422, "invalid").field("description");
    for path in ["/tokens", "/events?limit=500", &format!("/tokens/{id}/events?limit=500")] {
        let answer = nms.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}");
        assert!(!answer.text.contains(['\n', '\u{1b}', '\0']), "{path}");
    }
}
