//! `POST /tokens/identify`.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::nms::{Answer, Nms, send};

fn sha256(value: &str) -> String {
    let hash = nms_api::Secret::new(value.to_owned()).sha256();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn identify(nms: &Nms, body: &Value) -> Answer {
    send(nms.ask("POST", "/tokens/identify").json(body)).await
}

#[tokio::test]
async fn a_value_that_was_found_leads_to_its_token_in_every_state() {
    let nms = Nms::start().await;
    nms.make(json!({})).await;
    let made = nms.make(json!({"name": "found"})).await;
    let body = json!({"sha256": sha256(&made.secret)});
    nms.use_token(&made.secret).await;
    let found = identify(&nms, &body).await;
    assert_eq!(found.status, 200, "{}", found.text);
    assert_eq!((&found.json()["id"], &found.json()["use_count"]), (&json!(made.id), &json!(1)));
    assert_eq!(found.json(), nms.token(&made.id).await);
    assert_eq!(found.header("etag"), found.json()["etag"].as_str());
    assert_eq!(found.json().get("deleted_at"), None);
    nms.patch(&made.id, "*", &json!({"paused": true})).await;
    assert_eq!(identify(&nms, &body).await.json()["state"], "paused");
}

#[tokio::test]
async fn a_deleted_token_is_known_for_90_days() {
    let mut nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let body = json!({"sha256": sha256(&made.secret)});
    nms.delete(&made.id).await;
    let found = identify(&nms, &body).await.json();
    assert_eq!((&found["id"], &found["state"]), (&json!(made.id), &json!("deleted")));
    let told = &nms.events(&made.id).await[0];
    assert_eq!(found["deleted_at"], told["at"]);
    nms.advance(TimeDelta::days(89));
    nms.sign_in().await;
    assert_eq!(identify(&nms, &body).await.status, 200);
    nms.advance(TimeDelta::days(1));
    nms.sign_in().await;
    identify(&nms, &body).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_replaced_token_is_deleted_from_its_end_on() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let body = json!({"sha256": sha256(&made.secret)});
    let replaced = nms.rotate(&made.id, Uuid::now_v7(), &json!({"overlap_s": 60})).await.json()["replaced"].clone();
    assert_eq!(identify(&nms, &body).await.json()["state"], "active");
    nms.advance(TimeDelta::minutes(2));
    let found = identify(&nms, &body).await.json();
    assert_eq!((&found["state"], &found["deleted_at"]), (&json!("deleted"), &replaced["ends_at"]));
    assert_eq!(found["replaced_by"], replaced["replaced_by"]);
}

#[tokio::test]
async fn what_is_not_the_callers_is_not_found() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    identify(&nms, &json!({"sha256": sha256("pnms_pat_nobody")})).await.refused(404, "not-found");
    let other = Uuid::now_v7().to_string();
    let mut store = nms.store().await;
    sqlx::query("INSERT INTO people (id, name) VALUES ($1, 'Bob')").bind(&other).execute(&mut store).await.unwrap();
    sqlx::query("UPDATE tokens SET owner_id = $1").bind(&other).execute(&mut store).await.unwrap();
    identify(&nms, &json!({"sha256": sha256(&made.secret)})).await.refused(404, "not-found");
}

#[tokio::test]
async fn only_a_hash_in_its_one_form_is_taken_and_no_value() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let hash = sha256(&made.secret);
    for (body, field) in [
        (json!({}), "sha256"),
        (json!({"sha256": null}), "sha256"),
        (json!({"sha256": made.secret}), "sha256"),
        (json!({"sha256": hash.to_uppercase()}), "sha256"),
        (json!({"sha256": &hash[1..]}), "sha256"),
        (json!({"sha256": format!("{hash}0")}), "sha256"),
        (json!({"sha256": format!("{}ä", &hash[..62])}), "sha256"),
        (json!({"sha256": hash, "value": made.secret}), "value"),
    ] {
        let answer = identify(&nms, &body).await;
        answer.refused(422, "invalid").field(field);
        assert!(!answer.text.contains(&made.secret), "nothing is repeated");
    }
    send(nms.with(&made.secret, "POST", "/tokens/identify").json(&json!({"sha256": hash})))
        .await
        .refused(403, "session-required");
}
