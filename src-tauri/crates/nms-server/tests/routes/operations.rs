//! Every operation that the OpenAPI document names, so that a test speaks of all of them, later ones included.

use serde_json::Value;

use crate::nms::{Nms, send};

/// An operation, and who may call it by the document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: String,
    /// The whole path, with `{id}` where it has one.
    pub(crate) path: String,
    pub(crate) schemes: Vec<String>,
    pub(crate) permission: Option<String>,
    pub(crate) takes_a_body: bool,
}

impl Operation {
    pub(crate) fn is_public(&self) -> bool {
        self.schemes.is_empty()
    }

    pub(crate) fn is_for(&self, scheme: &str) -> bool {
        self.schemes.iter().any(|known| known == scheme)
    }

    pub(crate) fn path_of(&self, id: &str) -> String {
        self.path.replace("{id}", id)
    }
}

/// All of them.
pub(crate) async fn operations(nms: &Nms) -> Vec<Operation> {
    let document = send(nms.bare("GET", "/openapi.json")).await.json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let ways = operation["security"].as_array().unwrap();
            let ways: Vec<(&String, &Value)> = ways.iter().flat_map(|way| way.as_object().unwrap()).collect();
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                schemes: ways.iter().map(|(scheme, _)| (*scheme).clone()).collect(),
                permission: ways.iter().find_map(|(_, scopes)| scopes[0].as_str()).map(str::to_owned),
                takes_a_body: operation.get("requestBody").is_some(),
            });
        }
    }
    assert!(operations.len() >= 23, "{}", operations.len());
    operations
}
