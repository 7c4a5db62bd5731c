//! Which credentials are accepted, and what is said of those that are not.

use chrono::TimeDelta;
use nms_server::{Clock, Server, Settings};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::nms::{Answer, Nms, send, settings};

async fn authorized(nms: &Nms, value: &[u8]) -> Answer {
    send(nms.bare("GET", "/devices").header(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap())).await
}

#[tokio::test]
async fn bearer_is_read_in_any_case_and_the_value_strictly() {
    let nms = Nms::start().await;
    let token = nms.make(json!({})).await.secret;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        assert_eq!(authorized(&nms, format!("{scheme} {token}").as_bytes()).await.status, 200, "{scheme}");
    }
    for value in [
        token.clone(),
        format!("Bearer  {token}"),
        format!("Bearer {token},"),
        format!("Bearer \"{token}\""),
        format!("Basic {token}"),
        format!("Token {token}"),
        format!("Bearer {}", &token[..54]),
        format!("Bearer {token}0"),
        format!("Bearer {}", token.to_lowercase()),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
    ] {
        authorized(&nms, value.as_bytes()).await.refused(401, "token-unknown");
    }
    // Blanks around a header's value are HTTP's own.
    let mut stream = tokio::net::TcpStream::connect(nms.server.address()).await.unwrap();
    let host = nms.server.address();
    let head = format!(
        "GET /api/v1/devices HTTP/1.1\r\nHost: {host}\r\nAuthorization: \t Bearer {token} \t\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let twice = nms.with(&token, "GET", "/devices").header(AUTHORIZATION, format!("Bearer {token}"));
    send(twice).await.refused(401, "token-unknown");
}

#[tokio::test]
async fn a_401_names_its_error_unless_no_credential_came() {
    let nms = Nms::start().await;
    let challenge = |answer: &Answer| answer.header("www-authenticate").unwrap().to_owned();
    assert_eq!(challenge(&send(nms.bare("GET", "/me")).await), "Bearer realm=\"nms\"");
    let unknown = send(nms.with("x", "GET", "/me")).await;
    assert_eq!(challenge(&unknown), "Bearer realm=\"nms\", error=\"invalid_token\"");
    let program = nms.make(json!({"permissions": ["sites:read"]})).await.secret;
    assert_eq!(
        challenge(&nms.use_token(&program).await),
        "Bearer realm=\"nms\", error=\"insufficient_scope\", scope=\"devices:read\""
    );
}

#[tokio::test]
async fn a_masked_value_is_told_what_it_is() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let (prefix, suffix) = (made.token["prefix"].as_str().unwrap(), made.token["suffix"].as_str().unwrap());
    for ellipsis in ["…", "..."] {
        let value = format!("Bearer {prefix}{ellipsis}{suffix}");
        authorized(&nms, value.as_bytes()).await.refused(401, "token-masked");
    }
    authorized(&nms, "Bearer a…b".as_bytes()).await.refused(401, "token-unknown");
    authorized(&nms, b"Bearer pnms_pat_a1b2c3d4\x85f9g0").await.refused(401, "token-unknown");
}

#[tokio::test]
async fn whatever_is_not_right_gets_the_one_answer() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    let lookup_id = made.token["prefix"].as_str().unwrap().trim_start_matches("pnms_pat_");
    // Another secret under the lookup id of a token that there is, and its checksum is right.
    let guessed = nms_api::token_format::compose(lookup_id, &"A".repeat(32)).unwrap();
    let mistyped = format!("{}{}", &made.secret[..54], if made.secret.ends_with('0') { '1' } else { '0' });
    let mut texts = std::collections::HashSet::new();
    for value in [
        guessed.expose(),
        &mistyped,
        "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E",
        "pnms_pat_",
        "pnms_ses_",
        "pnms_ses_0000000000000000000000000000000000000000",
        "ghp_0",
    ] {
        let answer = send(nms.with(value, "GET", "/devices")).await;
        answer.refused(401, "token-unknown");
        texts.insert(answer.text);
    }
    assert_eq!(texts.len(), 1);
    assert_eq!(nms.event_kinds(&made.id).await, ["created"], "a guess is not the token's own call");
}

#[tokio::test]
async fn the_right_value_of_an_expired_token_learns_why() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"expires_at": "2026-11-24T10:00:00Z"})).await;
    nms.set_clock("2026-11-24T09:59:59.9Z");
    assert_eq!(nms.use_token(&made.secret).await.status, 200);
    nms.set_clock("2026-11-24T10:00:00Z");
    nms.use_token(&made.secret).await.refused(401, "token-expired");
}

#[tokio::test]
async fn a_paused_token_learns_why_too() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    nms.patch(&made.id, "*", &json!({"paused": true})).await;
    nms.use_token(&made.secret).await.refused(401, "token-paused");
    assert_eq!(nms.token(&made.id).await["state"], "paused");
}

#[tokio::test]
async fn from_another_address_than_allowed_the_right_value_learns_so_before_all_else() {
    let nms = Nms::start().await;
    let members = json!({"permissions": ["sites:read"], "allowed_addresses": ["127.0.0.2", "10.0.0.0/8"]});
    let made = nms.make(members).await;
    let refused = nms.use_token(&made.secret).await;
    refused.refused(403, "address-not-allowed");
    assert!(refused.json()["detail"].as_str().unwrap().contains("127.0.0.1"), "{}", refused.text);
    for path in ["/nowhere", "/tokens"] {
        send(nms.with(&made.secret, "GET", path)).await.refused(403, "address-not-allowed");
    }
    nms.use_token_from("127.0.0.2", &made.secret).await.refused(403, "permission-missing");
    // What is no reason of its own comes first.
    nms.patch(&made.id, "*", &json!({"paused": true})).await;
    nms.use_token(&made.secret).await.refused(401, "token-paused");
    let token = nms.token(&made.id).await;
    assert_eq!(token["use_count"], 0);
    let events = nms.events(&made.id).await;
    let told: Vec<_> = events.iter().filter(|event| event["reason"] == "address-not-allowed").collect();
    assert!(told.iter().all(|event| event["kind"] == "refused" && event["address"] == "127.0.0.1"), "{told:?}");
    assert_eq!(told.iter().map(|event| event["count"].as_u64().unwrap()).sum::<u64>(), 3);
}

#[tokio::test]
async fn an_ipv4_address_within_ipv6_is_the_ipv4_address() {
    let folder = tempfile::tempdir().unwrap();
    // On all addresses, IPv6 first: a caller from IPv4 shows as ::ffff:127.0.0.1.
    let settings = Settings { listen: "[::]:0".parse().unwrap(), ..settings(folder.path()) };
    let server = Server::start(settings, Clock::system()).await.unwrap();
    let session = server.open_session().await.unwrap().expose().to_owned();
    let (port, http) = (server.address().port(), reqwest::Client::builder().no_proxy().build().unwrap());
    let create = async |addresses: &str| {
        let body = json!({"permissions": ["devices:read"], "allowed_addresses": [addresses]});
        let request = http.post(format!("http://127.0.0.1:{port}/api/v1/tokens")).bearer_auth(&session);
        let made = send(request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()).json(&body)).await;
        made.json()["secret"].as_str().unwrap().to_owned()
    };
    let (four, six) = (create("127.0.0.0/8").await, create("::/0").await);
    for (host, secret, status) in
        [("127.0.0.1", &four, 200), ("127.0.0.1", &six, 403), ("[::1]", &four, 403), ("[::1]", &six, 200)]
    {
        let answer = send(http.get(format!("http://{host}:{port}/api/v1/devices")).bearer_auth(secret)).await;
        assert_eq!(answer.status, status, "{host} {}", answer.text);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_permission_that_was_never_granted_is_told_from_one_that_was_lost() {
    let nms = Nms::start().await;
    let reading = nms.make(json!({"permissions": ["devices:read"]})).await.secret;
    let writing = nms.make(json!({"permissions": ["devices:write"]})).await.secret;
    assert_eq!(
        nms.use_token(&writing).await.refused(403, "permission-missing").json()["permissions"],
        json!(["devices:read"])
    );
    nms.set_held(&["sites:read"]).await;
    assert_eq!(
        nms.use_token(&reading).await.refused(403, "permission-lost").json()["permissions"],
        json!(["devices:read"])
    );
    nms.use_token(&writing).await.refused(403, "permission-missing");
    send(nms.ask("GET", "/devices")).await.refused(403, "permission-missing");
    nms.server.set_held(None).await.unwrap();
    assert_eq!(nms.use_token(&reading).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_without_use_and_is_renewed_by_use() {
    let nms = Nms::start().await;
    for _ in 0..3 {
        nms.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
        assert_eq!(nms.get("/me").await.status, 200);
    }
    nms.advance(TimeDelta::hours(12));
    nms.get("/me").await.refused(401, "token-unknown");
}

#[tokio::test]
async fn a_session_lives_on_when_the_server_is_started_again() {
    let nms = Nms::start().await;
    nms.advance(TimeDelta::hours(11));
    assert_eq!(nms.get("/me").await.status, 200);
    let before = nms.session.clone();
    let nms = nms.restart().await;
    nms.advance(TimeDelta::hours(11));
    assert_eq!(send(nms.with(&before, "GET", "/me")).await.status, 200);
}

#[tokio::test]
async fn a_store_that_cannot_be_read_is_the_servers_fault_and_says_nothing_of_it() {
    let nms = Nms::start().await;
    let mut store = nms.store().await;
    sqlx::query("ALTER TABLE devices RENAME TO elsewhere").execute(&mut store).await.unwrap();
    let answer = nms.get("/devices").await;
    answer.refused(500, "internal");
    assert!(!answer.text.contains("devices") && !answer.text.contains("sql"), "{}", answer.text);
}
