//! `GET /tokens/{id}/propagation`.

use serde_json::json;
use uuid::Uuid;

use crate::nms::Nms;

#[tokio::test]
async fn one_process_knows_every_change_at_once() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let path = format!("/tokens/{}/propagation", made.id);
    let since = &made.token["updated_at"];
    assert_eq!(nms.get(&path).await.json(), json!({"processes": 1, "have_it": 1, "since": since}));
    let changed = nms.patch(&made.id, "*", &json!({"name": "b"})).await.json();
    assert_eq!(nms.get(&path).await.json()["since"], changed["updated_at"]);
    nms.get(&format!("{path}?x=1")).await.refused(422, "invalid").field("x");
    nms.get(&format!("/tokens/{}/propagation", Uuid::now_v7())).await.refused(404, "not-found");
}
