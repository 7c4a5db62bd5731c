//! Damage of the store that shows while the server runs.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use nms_server::{Clock, restore};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::nms::{Nms, START, at, eventually};

/// Damages the pages that no start reads.
async fn damage_devices(store: &Path) {
    let mut connection = SqliteConnectOptions::new().filename(store).connect().await.unwrap();
    let tables = "SELECT rootpage FROM sqlite_master WHERE name IN ('devices', 'devices_by_name')";
    let pages: Vec<i64> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let file = OpenOptions::new().write(true).open(store).unwrap();
    for page in pages {
        file.write_all_at(&[0xa5; 4096], (page.unsigned_abs() - 1) * 4096).unwrap();
    }
}

#[tokio::test]
async fn damage_that_a_query_meets_is_told_with_the_backup_that_takes_its_place_after_a_stop() {
    let nms = Nms::start().await;
    let kept = nms.make(json!({"name": "kept"})).await;
    let backups = nms.folder.path().join("backups");
    eventually(async || backups.join("nms-2026-11-23.sqlite3").exists()).await;
    // What stands in its log is in the file itself after a restart.
    let nms = nms.restart().await;
    let noticed = nms.server.damage_noticed();
    damage_devices(&nms.folder.path().join("nms.sqlite3")).await;
    assert_eq!(nms.server.damage().await, None, "nobody has met it");
    assert_eq!(nms.get("/devices").await.status, 500);
    assert!(tokio::time::timeout(Duration::from_secs(5), noticed).await.unwrap());
    let damaged = nms.server.damage().await.unwrap();
    let backup = damaged.backup.unwrap();
    assert_eq!((damaged.folder.as_path(), backup.day), (nms.folder.path(), at(START).date_naive()));
    assert_eq!(nms.get(&format!("/tokens/{}", kept.id)).await.status, 200, "what is whole is answered");

    let noticed = nms.server.damage_noticed();
    nms.server.stop().await;
    assert!(noticed.await, "it was met before");
    let restored = restore(nms.folder.path(), Some(backup.day), &Clock::system()).await.unwrap();
    assert!(restored.set_aside.is_some_and(|folder| folder.join("nms.sqlite3").exists()));
    let nms = Nms::start_in(nms.folder, at(START)).await;
    assert_eq!(nms.get("/devices").await.status, 200);
    assert_eq!(nms.get(&format!("/tokens/{}", kept.id)).await.status, 200);
    assert_eq!(nms.server.damage().await, None);
}
