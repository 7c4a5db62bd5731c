//! `GET` and `POST /devices`.

use serde_json::{Value, json};

use crate::nms::{Nms, send};

#[tokio::test]
async fn a_first_start_brings_an_inventory_and_a_second_no_other() {
    let nms = Nms::start().await;
    let first = nms.get("/devices").await.json();
    assert_eq!(first["devices"].as_array().unwrap().len(), 12);
    insta::assert_json_snapshot!("devices", first, {".devices[].id" => "[id]"});
    let nms = nms.restart().await;
    assert_eq!(nms.get("/devices").await.json(), first);
}

#[tokio::test]
async fn whoever_may_write_adds_a_device() {
    let nms = Nms::start().await;
    let writer = nms.make(json!({"permissions": ["devices:write"]})).await.secret;
    let added = send(nms.with(&writer, "POST", "/devices").json(&json!({
        "name": " AAA first ", "address": "2001:db8::7", "site": "", "status": "up",
    })))
    .await;
    assert_eq!(added.status, 201, "{}", added.text);
    let device = added.json();
    assert_eq!(
        (&device["name"], &device["site"], &device["status"]),
        (&json!("AAA first"), &Value::Null, &json!("up"))
    );
    assert_eq!(nms.get("/devices").await.json()["devices"][0], device, "by name");
    // Writing does not contain reading.
    nms.use_token(&writer).await.refused(403, "permission-missing");
}

#[tokio::test]
async fn what_is_no_device_is_refused_with_the_member_named() {
    let nms = Nms::start().await;
    for (body, field) in [
        (json!({"name": "a"}), "address"),
        (json!({"address": "b"}), "name"),
        (json!({"name": " ", "address": "b"}), "name"),
        (json!({"name": "a", "address": "b c"}), "address"),
        (json!({"name": "a", "address": "b", "site": "\u{202e}"}), "site"),
        (json!({"name": "a", "address": "b", "status": "tired"}), "status"),
        (json!({"name": "a", "address": "b", "id": "x"}), "id"),
    ] {
        send(nms.ask("POST", "/devices").json(&body)).await.refused(422, "invalid").field(field);
    }
    send(nms.ask("GET", "/devices?site=Berlin")).await.refused(422, "invalid").field("site");
}
