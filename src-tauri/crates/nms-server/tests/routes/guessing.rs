//! Credentials that nobody knows, many of them: slowed down by peer, at no cost to those who know theirs.

use chrono::TimeDelta;
use serde_json::json;

use crate::nms::{Nms, send};

/// So many a minute are answered as what they are.
const FREE: usize = 20;

#[tokio::test]
async fn after_twenty_unknown_tokens_a_minute_a_peer_is_told_to_wait_and_a_good_one_still_works() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let expiring = nms.make(json!({"expires_at": "2026-11-23T10:00:30Z"})).await;
    let guess = async |number: usize| {
        let value = nms_api::token_format::compose(&format!("{number:08}"), &"g".repeat(32)).unwrap();
        nms.use_token(value.expose()).await
    };
    for number in 0..FREE {
        guess(number).await.refused(401, "token-unknown");
    }
    nms.advance(TimeDelta::seconds(30));
    let refused = guess(FREE).await;
    assert_eq!(refused.refused(429, "rate-limited").header("retry-after"), Some("30"));
    assert_eq!((refused.json()["retry_after_s"].as_u64(), refused.header("www-authenticate")), (Some(30), None));
    // Whoever is right is not held up, and is told why where they are refused.
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    assert_eq!(nms.get("/me").await.status, 200);
    nms.use_token(&expiring.secret).await.refused(401, "token-expired");
    nms.use_token_from("127.0.0.9", "pnms_pat_x").await.refused(401, "token-unknown");
    nms.advance(TimeDelta::seconds(30));
    guess(FREE).await.refused(401, "token-unknown");
}

#[tokio::test]
async fn no_path_and_no_method_is_a_way_around_it() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let mistyped = format!("{}{}", &made.secret[..54], if made.secret.ends_with('0') { '1' } else { '0' });
    let calls = [
        ("GET", "/devices", "pnms_pat_x"),
        ("POST", "/tokens", mistyped.as_str()),
        ("PUT", "/nowhere", "ghp_0"),
        ("HEAD", "/me", "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E"),
    ];
    for (method, path, credential) in calls.into_iter().cycle().take(FREE) {
        assert_eq!(send(nms.with(credential, method, path)).await.status, 401);
    }
    for (method, path, credential) in calls {
        assert_eq!(send(nms.with(credential, method, path)).await.status, 429, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_no_guess_is_not_counted_and_sessions_are_counted_apart() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let masked = format!("{}...{}", made.token["prefix"].as_str().unwrap(), made.token["suffix"].as_str().unwrap());
    nms.delete(&made.id).await;
    for _ in 0..2 * FREE {
        nms.use_token(&made.secret).await.refused(401, "token-deleted");
        nms.use_token(&masked).await.refused(401, "token-masked");
        send(nms.bare("GET", "/devices")).await.refused(401, "token-unknown");
    }
    for _ in 0..FREE {
        nms.use_token("pnms_pat_x").await.refused(401, "token-unknown");
    }
    nms.use_token("pnms_pat_x").await.refused(429, "rate-limited");
    // The app learns that its session is over, whatever a collector sends from the same computer.
    send(nms.with("pnms_ses_x", "GET", "/me")).await.refused(401, "token-unknown");
}
