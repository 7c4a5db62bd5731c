//! A store that an earlier version wrote: opened with all that is in it.

use std::path::Path;

use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::nms::{Nms, at, send};

const PERSON: &str = "01a207d9-2100-7000-8000-0000000000aa";
const ORGANIZATION: &str = "01a207d9-2100-7000-8000-0000000000bb";
const USED: &str = "01a207d9-2100-7000-8000-000000000001";
const DELETED: &str = "01a207d9-2100-7000-8000-000000000002";
const KEY: &str = "01a207d9-2100-7000-8000-0000000000cc";

/// The store as version 1 of the schema has it.
async fn of_schema_1(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("nms.sqlite3")).create_if_missing(true);
    let mut store = options.journal_mode(SqliteJournalMode::Wal).connect().await.unwrap();
    let steps = Migrator::new(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))).await.unwrap();
    steps.run_to(1, &mut store).await.unwrap();
    store
}

/// Fills it by the text of what version 1 wrote, not by this version's code.
async fn fill(store: &mut SqliteConnection, secret: &str) {
    let now = at("2026-11-20T10:00:00Z").timestamp_micros();
    let expires = at("2027-02-18T10:00:00Z").timestamp_micros();
    let hash = nms_api::Secret::new(secret.to_owned()).sha256();
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let lookup_id = &secret[9..17];
    let token = |id: &str, lookup_id: &str, hash: &str, name: &str, permissions: &str, deleted_at: &str| {
        format!(
            "INSERT INTO tokens (id, owner_id, organization_id, lookup_id, suffix, sha256, name, name_key, search_text, \
             permissions, created_at, updated_at, expires_at, use_count, last_used_at, last_used_from, \
             used_permissions, deleted_at) VALUES ('{id}', '{PERSON}', '{ORGANIZATION}', '{lookup_id}', 'zzzz', \
             x'{hash}', '{name}', '{name}', '{name}', '{permissions}', {now}, {now}, {expires}, 3, {now}, '127.0.0.9', \
             '{{\"devices:read\":{now}}}', {deleted_at});"
        )
    };
    let text = format!(
        "INSERT INTO organizations VALUES ('{ORGANIZATION}', 'This computer'); \
         INSERT INTO people VALUES ('{PERSON}', 'Ada Lovelace', 1); \
         INSERT INTO memberships VALUES ('{PERSON}', '{ORGANIZATION}', ' devices:read sites:read '); \
         {} {} \
         INSERT INTO idempotency_keys VALUES ('{PERSON}', '{ORGANIZATION}', 'POST', '/api/v1/tokens', '{KEY}', x'00', '{USED}'); \
         INSERT INTO events (id, token_id, owner_id, organization_id, at, kind, actor) VALUES \
         ('{KEY}', '{USED}', '{PERSON}', '{ORGANIZATION}', {now}, 'created', '{{\"kind\":\"server\"}}');",
        token(USED, lookup_id, &hash, "poller", " devices:delete devices:read ", "NULL"),
        token(DELETED, "deleted0", "01", "gone", " devices:read ", &now.to_string()),
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(store).await.unwrap();
}

#[tokio::test]
async fn a_store_of_schema_1_is_opened_with_all_that_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let secret = nms_api::token_format::compose("SCHEMA01", &"s".repeat(32)).unwrap().expose().to_owned();
    let mut store = of_schema_1(folder.path()).await;
    fill(&mut store, &secret).await;
    store.close().await.unwrap();

    let nms = Nms::start_in(folder, at("2026-11-23T10:00:00Z")).await;
    let list = nms.get("/tokens").await.json();
    assert_eq!(list["tokens"].as_array().unwrap().len(), 1);
    let token = &list["tokens"][0];
    assert_eq!((&token["id"], &token["name"], &token["use_count"]), (&json!(USED), &json!("poller"), &json!(3)));
    assert_eq!(token["permissions"], json!(["devices:delete", "devices:read"]));
    assert_eq!((&token["allowed_addresses"], &token["replaces"]), (&json!([]), &json!(null)));
    // What version 1 did not know follows from what it wrote.
    let counts = &list["counts"];
    assert_eq!((&counts["admin"], &counts["lost"], &counts["writes"]), (&json!(1), &json!(1), &json!(0)));
    let names = async |query: &str| nms.get(&format!("/tokens?{query}")).await.json()["tokens"][0]["name"].clone();
    assert_eq!(names("risk=admin&lost=true&sort=permission_count").await, "poller");
    assert_eq!(names(&format!("idempotency_key={KEY}")).await, "poller");
    // It works, can be edited and replaced, and its life goes on.
    assert_eq!(nms.use_token(&secret).await.status, 200);
    assert_eq!(nms.patch(USED, "*", &json!({"paused": true})).await.status, 200);
    let rotated = nms.rotate(USED, uuid::Uuid::now_v7(), &json!({})).await;
    assert_eq!(rotated.json()["token"]["permissions"], json!(["devices:read"]), "{}", rotated.text);
    assert_eq!(nms.event_kinds(USED).await, ["created", "paused", "replaced", "deleted"]);
    assert_eq!(send(nms.ask("GET", &format!("/tokens/{DELETED}/events"))).await.status, 200);
    let nms = nms.restart().await;
    assert_eq!(nms.get("/tokens").await.json()["counts"]["all"], 1);
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
