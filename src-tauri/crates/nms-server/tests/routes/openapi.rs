//! The document: what it says is what is enforced.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Nms, send};
use crate::operations::{Operation, operations};

/// Whether the gate let it through: what lies behind is not asked for here.
async fn gate(nms: &Nms, operation: &Operation, credential: Option<&str>) -> Option<(u16, String)> {
    let request = nms.at_root(&operation.method, &operation.path_of(&Uuid::now_v7().to_string()));
    let request = if let Some(credential) = credential { request.bearer_auth(credential) } else { request };
    let answer = send(request).await;
    [401, 403].contains(&answer.status).then(|| answer.outcome())
}

#[tokio::test]
async fn every_operation_enforces_the_credential_and_permission_that_the_document_names() {
    let nms = Nms::start().await;
    let operations = operations(&nms).await;
    for operation in &operations {
        let refused = |status: u16, slug: &str| Some((status, slug.to_owned()));
        // Too many unknown credentials a minute would be told to wait.
        nms.advance(TimeDelta::minutes(1));
        // A token for each operation: some of them delete it.
        let all = json!(["alerts:read", "devices:read", "devices:write", "metrics:read"]);
        let able = nms.make(json!({"permissions": all})).await.secret;
        let unable = nms.make(json!({"permissions": ["sites:read"]})).await.secret;
        let gone = nms.make(json!({})).await;
        nms.delete(&gone.id).await;
        let public = operation.is_public();
        let anybody = |slug: &str| if public { None } else { refused(401, slug) };
        assert_eq!(gate(&nms, operation, None).await, anybody("token-unknown"), "{operation:?}");
        assert_eq!(gate(&nms, operation, Some("nonsense")).await, anybody("token-unknown"), "{operation:?}");
        assert_eq!(gate(&nms, operation, Some(&gone.secret)).await, anybody("token-deleted"), "{operation:?}");
        let person = if public || operation.is_for("session") { None } else { refused(403, "token-required") };
        assert_eq!(gate(&nms, operation, Some(&nms.session)).await, person, "{operation:?}");
        let program = if public || operation.is_for("token") { None } else { refused(403, "session-required") };
        assert_eq!(gate(&nms, operation, Some(&able)).await, program, "{operation:?}");
        let missing = if operation.permission.is_some() { refused(403, "permission-missing") } else { program.clone() };
        assert_eq!(gate(&nms, operation, Some(&unable)).await, missing, "{operation:?}");
        nms.set_held(&["sites:read"]).await;
        let able = if operation.permission.is_some() { able } else { unable };
        let lost = if operation.permission.is_some() { refused(403, "permission-lost") } else { program };
        if operation.method != "DELETE" {
            assert_eq!(gate(&nms, operation, Some(&able)).await, lost, "{operation:?}");
        }
        nms.server.set_held(None).await.unwrap();
    }
}

#[tokio::test]
async fn the_document_is_the_published_one() {
    let nms = Nms::start().await;
    let document = send(nms.bare("GET", "/openapi.json")).await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    insta::assert_json_snapshot!("openapi", document);
}

#[tokio::test]
async fn operations_have_names_of_their_own() {
    let nms = Nms::start().await;
    let document = send(nms.bare("GET", "/openapi.json")).await.json();
    let paths = document["paths"].as_object().unwrap().values();
    let mut names: Vec<&str> = paths
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let nms = Nms::start().await;
    let text = send(nms.bare("GET", "/openapi.json")).await.text;
    let document: Value = serde_json::from_str(&text).unwrap();
    let (_, references) = text.split_once("\"$ref\":\"#").unwrap();
    for reference in references.split("\"$ref\":\"#") {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
