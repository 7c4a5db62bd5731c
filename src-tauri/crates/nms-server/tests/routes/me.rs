//! `GET /me`.

use serde_json::json;

use crate::nms::{Nms, at, instant};

#[tokio::test]
async fn a_person_learns_who_they_are_what_they_hold_and_what_is_allowed() {
    let nms = Nms::start().await;
    let me = nms.get("/me").await.json();
    assert_eq!(me["permissions"].as_array().unwrap().len(), 38);
    assert_eq!(instant(&me["server_time"]).date_naive(), at(crate::nms::START).date_naive());
    assert_eq!(me["organizations"], json!([me["organization"]]));
    insta::assert_json_snapshot!("me", me, {
        ".user.id" => "[id]", ".organization.id" => "[id]", ".organizations[].id" => "[id]", ".server_time" => "[now]",
        ".permissions" => "[38]",
    });
}

#[tokio::test]
async fn what_a_person_holds_counts_from_the_next_request_on() {
    let nms = Nms::start().await;
    nms.set_held(&["sites:read", "devices:read", "sites:read"]).await;
    assert_eq!(nms.get("/me").await.json()["permissions"], json!(["devices:read", "sites:read"]));
    let error = nms.server.set_held(Some(vec!["devices:fly".into()])).await.unwrap_err();
    assert_eq!(error.to_string(), "this server does not know devices:fly");
    assert_eq!(nms.server.held().await.unwrap().len(), 2);
}
