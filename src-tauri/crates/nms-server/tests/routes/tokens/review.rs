//! `GET /tokens` for somebody who reviews many: the filters, and the counts beside them.

use chrono::TimeDelta;
use nms_api::Sort;
use serde_json::{Value, json};

use crate::nms::{Made, Nms, send};

/// The names on a page, sorted.
async fn names(nms: &Nms, query: &str) -> Vec<String> {
    let answer = nms.get(&format!("/tokens?limit=500&{query}")).await;
    assert_eq!(answer.status, 200, "{query} {}", answer.text);
    let list = answer.json();
    let tokens = list["tokens"].as_array().unwrap().iter();
    let mut names: Vec<String> = tokens.map(|token| token["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn counts(nms: &Nms) -> Value {
    nms.get("/tokens?limit=1").await.json()["counts"].clone()
}

async fn make(nms: &Nms, name: &str, days: i64, permissions: &[&str]) -> Made {
    let expires_at = (nms.now() + TimeDelta::days(days)).to_rfc3339();
    nms.make(json!({"name": name, "expires_at": expires_at, "permissions": permissions})).await
}

/// Each kind with its filter, as far as a list counts it.
const KINDS: [(&str, &str); 11] = [
    ("active", "state=active"),
    ("paused", "state=paused"),
    ("expired", "state=expired"),
    ("expiring", "expires_within_days=14"),
    ("never_used", "never_used=true"),
    ("unused", "unused_days=30"),
    ("writes", "risk=write"),
    ("admin", "risk=admin"),
    ("sensitive", "risk=sensitive_read"),
    ("lost", "lost=true"),
    ("long_lived", "lifetime_over_days=180"),
];

/// Some of every kind; the clock stands 40 days after the making of the old ones.
async fn a_mixed_lot() -> Nms {
    let mut nms = Nms::start().await;
    let idle = make(&nms, "old idle", 50, &["devices:read"]).await;
    let busy = make(&nms, "old busy", 200, &["devices:write", "logs:read"]).await;
    make(&nms, "old unused", 365, &["devices:delete", "devices:read"]).await;
    make(&nms, "old expired", 20, &["sites:read"]).await;
    let paused = make(&nms, "old paused", 41, &["devices:write"]).await;
    nms.use_token(&idle.secret).await;
    nms.patch(&paused.id, "*", &json!({"paused": true})).await;
    nms.advance(TimeDelta::days(40));
    nms.sign_in().await;
    make(&nms, "new", 14, &["devices:read"]).await;
    make(&nms, "new long", 181, &["configs:read"]).await;
    send(nms.with(&busy.secret, "GET", "/token")).await;
    nms.set_held(&["devices:read", "devices:write", "logs:read", "sites:read"]).await;
    nms
}

#[tokio::test]
async fn each_filter_leaves_what_it_names_and_as_many_as_its_count_says() {
    let nms = a_mixed_lot().await;
    let expected = [
        ("state=active", &["new", "new long", "old busy", "old idle", "old unused"][..]),
        ("state=paused", &["old paused"]),
        ("state=expired", &["old expired"]),
        // Within 14 days, the instant itself included; a paused one does not matter until it is resumed.
        ("expires_within_days=14", &["new", "old idle"]),
        ("expires_within_days=13", &["old idle"]),
        ("never_used=true", &["new", "new long", "old expired", "old paused", "old unused"]),
        ("never_used=false", &["old busy", "old idle"]),
        ("unused_days=30", &["old expired", "old idle", "old paused", "old unused"]),
        ("unused_days=41", &[]),
        ("risk=write", &["old busy", "old paused"]),
        ("risk=admin", &["old unused"]),
        ("risk=sensitive_read", &["new long", "old busy"]),
        ("risk=read", &["new", "old expired", "old idle", "old unused"]),
        ("risk=sensitive_read,write", &["old busy"]),
        ("risk=admin,write", &[]),
        ("lost=true", &["new long", "old unused"]),
        ("lost=false", &["new", "old busy", "old expired", "old idle", "old paused"]),
        ("lifetime_over_days=180", &["new long", "old busy", "old unused"]),
        ("lifetime_over_days=200", &["old unused"]),
    ];
    for (query, names_left) in expected {
        assert_eq!(names(&nms, query).await, names_left, "{query}");
    }
    let counts = counts(&nms).await;
    for (kind, query) in KINDS {
        assert_eq!(counts[kind], names(&nms, query).await.len(), "{kind}");
    }
    assert_eq!(counts["all"], 7);
}

#[tokio::test]
async fn filters_combine_with_each_other_with_a_search_and_with_every_order() {
    let nms = a_mixed_lot().await;
    assert_eq!(names(&nms, "unused_days=30&state=active&lost=false").await, ["old idle"]);
    assert_eq!(names(&nms, "risk=write&q=busy&sort=-last_used_at").await, ["old busy"]);
    for (name, _) in Sort::NAMED {
        let query = format!("lifetime_over_days=180&never_used=true&sort={name}");
        assert_eq!(names(&nms, &query).await, ["new long", "old unused"], "{name}");
    }
}

#[tokio::test]
async fn the_next_page_asks_for_the_same() {
    let nms = a_mixed_lot().await;
    let query = "limit=1&sort=-permission_count&never_used=true&lost=true&lifetime_over_days=1";
    let first = nms.get(&format!("/tokens?{query}")).await;
    let second = nms.get(&first.next().unwrap()).await;
    assert_eq!(first.json()["tokens"][0]["name"], "old unused");
    assert_eq!((&second.json()["tokens"][0]["name"], second.next()), (&json!("new long"), None));
    let next = first.next().unwrap();
    for member in ["never_used=true&", "lost=true&", "lifetime_over_days=1&"] {
        assert!(next.contains(member), "{next}");
        nms.get(&next.replace(member, "")).await.refused(422, "cursor-invalid");
    }
}

#[tokio::test]
async fn uses_that_are_not_written_yet_count_in_every_filter_and_count() {
    let mut nms = Nms::start().await;
    let made = make(&nms, "a", 90, &["devices:read"]).await;
    make(&nms, "b", 90, &["devices:read"]).await;
    nms.advance(TimeDelta::days(31));
    nms.sign_in().await;
    assert_eq!(names(&nms, "unused_days=30&never_used=true").await, ["a", "b"]);
    // Nothing can be written any more, so what is used stays unwritten.
    let trigger = "CREATE TRIGGER full BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::query(trigger).execute(&mut nms.store().await).await.unwrap();
    nms.use_token(&made.secret).await;
    let written: i64 =
        sqlx::query_scalar("SELECT SUM(use_count) FROM tokens").fetch_one(&mut nms.store().await).await.unwrap();
    assert_eq!(written, 0);
    for (query, left) in [
        ("never_used=true", &["b"][..]),
        ("never_used=false", &["a"]),
        ("unused_days=30", &["b"]),
        ("q=127.0.0.1", &["a"]),
        ("q=127.0.0.2", &[]),
    ] {
        assert_eq!(names(&nms, query).await, left, "{query}");
    }
    let counts = counts(&nms).await;
    assert_eq!((&counts["never_used"], &counts["unused"]), (&json!(1), &json!(1)));
    // What was used long ago and is still not written is unused again.
    nms.advance(TimeDelta::hours(11));
    nms.get("/me").await;
    nms.advance(TimeDelta::hours(11));
    nms.get("/me").await;
    nms.advance(TimeDelta::hours(3));
    assert_eq!(names(&nms, "unused_days=1").await, ["a", "b"]);
}

#[tokio::test]
async fn a_search_finds_the_addresses_that_are_allowed_and_those_of_the_use_of_30_days() {
    let nms = Nms::start().await;
    nms.make(json!({"name": "bound", "allowed_addresses": ["2001:db8::/32", "10.2.0.0/16"]})).await;
    let used = nms.make(json!({"name": "used"})).await;
    nms.use_token_from("127.0.0.7", &used.secret).await;
    for q in ["10.2.0.0%2F16", "2001:DB8"] {
        assert_eq!(names(&nms, &format!("q={q}")).await, ["bound"], "{q}");
    }
    assert_eq!(names(&nms, "q=127.0.0.7").await, ["used"]);
    let nms = nms.restart().await;
    assert_eq!(names(&nms, "q=127.0.0.7").await, ["used"], "written down");
    nms.use_token_from("127.0.0.8", &used.secret).await;
    assert_eq!(names(&nms, "q=127.0.0.7").await, ["used"], "not the last any more");
    assert_eq!(names(&nms, "q=127.0.0.9").await, [] as [&str; 0]);
    assert_eq!(names(&nms, "q=127.0.0.8%20used").await, ["used"]);
}

#[tokio::test]
async fn what_is_lost_follows_what_the_owner_holds_at_once() {
    let nms = Nms::start().await;
    make(&nms, "a", 90, &["devices:read", "sites:read"]).await;
    for (held, lost) in [(&["devices:read", "sites:read"][..], 0), (&["sites:read"], 1), (&[], 1)] {
        nms.set_held(held).await;
        assert_eq!(counts(&nms).await["lost"], lost, "{held:?}");
    }
    nms.server.set_held(None).await.unwrap();
    assert_eq!(counts(&nms).await["lost"], 0);
}
