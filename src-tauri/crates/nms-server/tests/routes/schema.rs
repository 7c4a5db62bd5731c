//! Stores that earlier versions wrote: opened with all that is in them.

use serde_json::json;

use crate::nms::{Nms, START, at, send};
use crate::older::{KEPT, LIVE, Rows, connect, lay, store_file};

const PAUSED: &str = "01a207d9-2100-7000-8000-000000000002";
const DELETED: &str = "01a207d9-2100-7000-8000-000000000003";
const KEY: &str = "01a207d9-2100-7000-8000-0000000000cc";

/// A server on a store that is kept, and what was in it before.
async fn opened(kept: &'static str) -> (Nms, Rows) {
    let folder = tempfile::tempdir().unwrap();
    lay(kept, folder.path()).await;
    let before = Rows::of(&mut connect(&store_file(folder.path())).await).await;
    (Nms::start_in(folder, at(START)).await, before)
}

#[test]
fn every_schema_has_a_store_that_is_kept() {
    let steps = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
    assert_eq!(steps, KEPT.len(), "a new step needs a store as the one before left it: see tests/older");
}

#[tokio::test]
async fn each_older_store_is_opened_with_every_row_as_it_was() {
    for (number, kept) in KEPT.into_iter().enumerate() {
        let (nms, before) = opened(kept).await;
        assert!(before.count() >= 17, "{}", before.count());
        let after = before.again(&mut nms.store().await).await;
        assert_eq!(before.missing_in(&after), [] as [&str; 0], "schema {}", number + 1);
    }
}

#[tokio::test]
async fn what_is_in_an_older_store_is_answered_and_its_life_goes_on() {
    for kept in KEPT {
        let (nms, _) = opened(kept).await;
        let list = nms.get("/tokens?sort=name").await.json();
        let ids: Vec<_> = list["tokens"].as_array().unwrap().iter().map(|token| token["id"].clone()).collect();
        assert_eq!(ids, [LIVE.0, PAUSED]);
        let token = &list["tokens"][0];
        assert_eq!((&token["name"], &token["use_count"]), (&json!("poller"), &json!(3)));
        assert_eq!(token["permissions"], json!(["devices:delete", "devices:read"]));
        assert_eq!(list["tokens"][1]["allowed_addresses"], json!(["10.0.0.0/8", "2001:db8::/32"]));
        // What the first version did not know follows from what it wrote.
        let counts = &list["counts"];
        assert_eq!((&counts["admin"], &counts["lost"], &counts["paused"]), (&json!(1), &json!(1), &json!(1)));
        let names = async |query: &str| nms.get(&format!("/tokens?{query}")).await.json()["tokens"][0]["name"].clone();
        assert_eq!(names("risk=admin&lost=true&sort=permission_count").await, "poller");
        assert_eq!(names(&format!("idempotency_key={KEY}")).await, "poller");
        // It works, can be edited and replaced, and its life goes on.
        assert_eq!(nms.use_token(LIVE.1).await.status, 200);
        assert_eq!(nms.patch(LIVE.0, "*", &json!({"paused": true})).await.status, 200);
        let rotated = nms.rotate(LIVE.0, uuid::Uuid::now_v7(), &json!({})).await;
        assert_eq!(rotated.json()["token"]["permissions"], json!(["devices:read"]), "{}", rotated.text);
        let kinds = nms.event_kinds(LIVE.0).await;
        assert_eq!(kinds, ["created", "first_used", "refused", "paused", "replaced", "deleted"]);
        assert_eq!(send(nms.ask("GET", &format!("/tokens/{DELETED}/events"))).await.status, 200);
        let nms = nms.restart().await;
        assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 2);
    }
}

#[tokio::test]
async fn a_store_of_another_catalogue_is_brought_up_to_this_one() {
    let nms = Nms::start().await;
    nms.make(json!({"permissions": ["devices:delete", "logs:read"]})).await;
    let mut store = nms.store().await;
    // As a program left it that knew other permissions, in another order.
    let other =
        "UPDATE tokens SET permission_bits = 1, permission_count = 7; UPDATE catalogue_of_bits SET names = 'a:b'";
    sqlx::raw_sql(other).execute(&mut store).await.unwrap();
    let risks = async |nms: &Nms| {
        let counts = nms.get("/tokens").await.json()["counts"].clone();
        (counts["admin"].clone(), counts["sensitive"].clone(), counts["writes"].clone())
    };
    assert_eq!(risks(&nms).await, (json!(0), json!(0), json!(0)), "the bits are what is asked");
    let nms = nms.restart().await;
    assert_eq!(risks(&nms).await, (json!(1), json!(1), json!(0)));
    let count: i64 = sqlx::query_scalar("SELECT permission_count FROM tokens").fetch_one(&mut store).await.unwrap();
    assert_eq!(count, 2);
}
