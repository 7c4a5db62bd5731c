//! Busy connections when a token is taken back: no request that starts after the answer succeeds, on any of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::connection::Connection;
use crate::nms::{Made, Nms, send};
use crate::rounds::{rounds, tell};

/// Connections that use the token.
const BUSY: usize = 20;
/// Calls that succeed on them before it is taken back.
const BEFORE: u32 = 100;
/// Calls of each afterwards.
const AFTER: usize = 5;

/// Uses a token over one connection until the answer is there, and a few times more.
async fn busy(
    mut connection: Connection,
    answered: Arc<AtomicBool>,
    succeeded: Arc<Semaphore>,
    refused: (u16, String),
) {
    let mut after = 0;
    while after < AFTER {
        let starts_after = answered.load(Ordering::SeqCst);
        let outcome = connection.ask().await;
        if starts_after {
            assert_eq!(outcome, refused, "a request that started after the answer");
            after += 1;
        } else if outcome.0 == 200 {
            succeeded.add_permits(1);
        } else {
            assert_eq!(outcome, refused);
        }
    }
}

/// Takes back a token in this way while it is used on all connections.
async fn check(take_back: impl AsyncFn(&Nms, &Made), status: u16, slug: &str) {
    let times = rounds(1, 50);
    for _ in 0..times {
        let nms = Nms::start().await;
        let made = nms.make(json!({"permissions": ["devices:read", "sites:read"]})).await;
        let (answered, succeeded) = (Arc::new(AtomicBool::new(false)), Arc::new(Semaphore::new(0)));
        let mut connections = JoinSet::new();
        for _ in 0..BUSY {
            let connection = Connection::open(nms.server.address(), &made.secret).await;
            let (answered, succeeded) = (Arc::clone(&answered), Arc::clone(&succeeded));
            connections.spawn(busy(connection, answered, succeeded, (status, slug.to_owned())));
        }
        succeeded.acquire_many(BEFORE).await.unwrap().forget();
        take_back(&nms, &made).await;
        answered.store(true, Ordering::SeqCst);
        while let Some(ended) = connections.join_next().await {
            ended.unwrap();
        }
    }
    tell(&format!("{slug}: {times} tokens on {BUSY} connections, {AFTER} calls each afterwards, 0 succeeded"));
}

async fn patched(nms: &Nms, made: &Made, changes: serde_json::Value) {
    assert_eq!(nms.patch(&made.id, made.token["etag"].as_str().unwrap(), &changes).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_that_starts_after_a_deletion_was_answered_succeeds() {
    check(async |nms, made| assert_eq!(nms.delete(&made.id).await.status, 204), 401, "token-deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_after_the_token_deleted_itself() {
    let itself = async |nms: &Nms, made: &Made| {
        assert_eq!(send(nms.with(&made.secret, "DELETE", "/token")).await.status, 204);
    };
    check(itself, 401, "token-deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_after_a_rotation_without_overlap() {
    let rotated = async |nms: &Nms, made: &Made| {
        assert_eq!(nms.rotate(&made.id, Uuid::now_v7(), &json!({})).await.status, 201);
    };
    check(rotated, 401, "token-deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_after_a_pause() {
    check(async |nms, made| patched(nms, made, json!({"paused": true})).await, 401, "token-paused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_after_a_narrowing_to_other_permissions() {
    let narrowed = async |nms: &Nms, made: &Made| patched(nms, made, json!({"permissions": ["sites:read"]})).await;
    check(narrowed, 403, "permission-missing").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_after_a_narrowing_to_other_addresses() {
    let narrowed =
        async |nms: &Nms, made: &Made| patched(nms, made, json!({"allowed_addresses": ["192.0.2.0/24"]})).await;
    check(narrowed, 403, "address-not-allowed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_after_the_owner_lost_the_permission() {
    check(async |nms, _| nms.set_held(&["sites:read"]).await, 403, "permission-lost").await;
}
