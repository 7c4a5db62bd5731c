//! The contract's order of checks, and what every answer carries.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::nms::{Nms, send};

/// Sends bytes that no client would, and reads until the server closes.
async fn raw(nms: &Nms, request: &str) -> String {
    let mut stream = TcpStream::connect(nms.server.address()).await.unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn each_check_comes_before_the_next() {
    let nms = Nms::start().await;
    let program = nms.make(json!({"permissions": ["sites:read"]})).await.secret;
    let large = "x".repeat(64 * 1024 + 1);
    let evil = |request: reqwest::RequestBuilder| request.header("Host", "evil.example");
    let page = |request: reqwest::RequestBuilder| request.header("Origin", "http://evil.example");
    // Everything is wrong at first; one thing less is wrong in each line.
    send(page(evil(nms.bare("PUT", "/devices").body(large.clone())))).await.refused(421, "foreign-host");
    send(page(nms.bare("PUT", "/devices").body(large.clone()))).await.refused(403, "foreign-origin");
    send(nms.bare("PUT", "/devices").body(large)).await.refused(413, "body-too-large");
    send(nms.bare("PUT", "/nowhere").body("{")).await.refused(401, "token-unknown");
    send(nms.with(&program, "POST", "/devices").body("{")).await.refused(403, "permission-missing");
    send(nms.with(&program, "PUT", "/nowhere").body("{")).await.refused(404, "not-found");
    send(nms.with(&program, "PUT", "/devices").body("{")).await.refused(405, "method-not-allowed");
    send(nms.ask("POST", "/devices?x=1").body("{")).await.refused(415, "media-type");
    let json =
        |body: &'static str| nms.ask("POST", "/devices?x=1").header("Content-Type", "application/json").body(body);
    send(json("{")).await.refused(400, "syntax");
    send(json("{}")).await.refused(422, "invalid").field("x");
    send(nms.ask("POST", "/devices").json(&json!({}))).await.refused(422, "invalid").field("name");
}

#[tokio::test]
async fn a_key_is_asked_for_after_the_media_type_and_before_the_members() {
    let nms = Nms::start().await;
    send(nms.ask("POST", "/tokens").body("{")).await.refused(415, "media-type");
    send(nms.ask("POST", "/tokens").json(&json!({}))).await.refused(400, "idempotency-key");
    nms.post_token(Uuid::now_v7(), &json!({})).await.refused(422, "invalid");
}

#[tokio::test]
async fn other_methods_name_those_that_there_are() {
    let nms = Nms::start().await;
    let id = Uuid::now_v7();
    for (path, allowed) in [
        ("/me".to_owned(), "GET, HEAD"),
        ("/tokens".to_owned(), "GET, HEAD, POST"),
        (format!("/tokens/{id}"), "DELETE, GET, HEAD, PATCH"),
        ("/token".to_owned(), "DELETE, GET, HEAD"),
        ("/tokens/identify".to_owned(), "POST"),
        (format!("/tokens/{id}/rotate"), "POST"),
    ] {
        let answer = send(nms.ask("PUT", &path)).await;
        assert_eq!(answer.refused(405, "method-not-allowed").header("allow"), Some(allowed), "{path}");
    }
    // Where nothing needs a credential, saying so needs none.
    send(nms.bare("POST", "/health")).await.refused(405, "method-not-allowed");
    send(nms.bare("OPTIONS", "/tokens")).await.refused(401, "token-unknown");
}

#[tokio::test]
async fn another_path_is_not_found_however_like_it_is() {
    let nms = Nms::start().await;
    for path in
        ["/tokens/", "/Tokens", "//tokens", "/me/", "", "/", "/tokens/x/rotate", "/health/", "/session", "/../v1/me/x"]
    {
        send(nms.ask("GET", path)).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let nms = Nms::start().await;
    let made = nms.make(json!({})).await;
    for path in ["/me", "/tokens", &format!("/tokens/{}", made.id), "/permissions", "/health", "/openapi.json"] {
        let (head, get) = (send(nms.ask("HEAD", path)).await, nms.get(path).await);
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"));
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
    let refused = send(nms.with("x", "HEAD", "/me")).await;
    assert_eq!((refused.status, refused.text.as_str()), (401, ""));
}

#[tokio::test]
async fn every_answer_has_a_date_and_a_request_id_of_its_own() {
    let nms = Nms::start().await;
    let mut ids = std::collections::HashSet::new();
    for request in [nms.ask("GET", "/me"), nms.bare("GET", "/health"), nms.bare("GET", "/me"), nms.ask("PUT", "/me")] {
        let answer = send(request.header("X-Request-Id", "mine")).await;
        assert_eq!(answer.header("date"), Some("Mon, 23 Nov 2026 10:00:00 GMT"), "by the server's clock");
        assert!(ids.insert(answer.header("x-request-id").unwrap().parse::<Uuid>().unwrap()));
    }
}

#[tokio::test]
async fn another_host_or_origin_gets_nothing_whatever_it_knows() {
    let nms = Nms::start().await;
    let port = nms.server.address().port();
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", &format!("evil.example:{port}"), "", "0.0.0.0"] {
        send(nms.ask("GET", "/me").header("Host", host)).await.refused(421, "foreign-host");
    }
    assert_eq!(send(nms.ask("GET", "/me").header("Host", format!("localhost:{port}"))).await.status, 200);
    for origin in ["http://evil.example", "null", &format!("https://127.0.0.1:{port}"), "", "tauri://localhost"] {
        send(nms.ask("GET", "/me").header("Origin", origin)).await.refused(403, "foreign-origin");
    }
    assert_eq!(send(nms.ask("GET", "/me").header("Origin", format!("http://127.0.0.1:{port}"))).await.status, 200);
}

#[tokio::test]
async fn a_host_that_is_missing_doubled_or_contradicted_is_foreign() {
    let nms = Nms::start().await;
    let ours = nms.server.address();
    for head in [
        "GET /api/v1/health HTTP/1.1\nConnection: close\n\n".to_owned(),
        format!("GET /api/v1/health HTTP/1.1\nHost: {ours}\nHost: evil.example\nConnection: close\n\n"),
        format!("GET http://evil.example/api/v1/health HTTP/1.1\nHost: {ours}\nConnection: close\n\n"),
        "GET /api/v1/health HTTP/1.0\n\n".to_owned(),
    ] {
        let answer = raw(&nms, &head).await;
        let status = answer.split(' ').nth(1).unwrap();
        assert!(["421", "400"].contains(&status), "{head} {answer}");
        assert!(!answer.contains("\"ok\""));
    }
}

#[tokio::test]
async fn a_body_may_have_64_kib_and_not_a_byte_more_however_it_is_sent() {
    let nms = Nms::start().await;
    let body = |length: usize| format!("{{\"name\":\"{}\"}}", "x".repeat(length - 11));
    let json = |body: String| nms.ask("POST", "/devices").header("Content-Type", "application/json").body(body);
    send(json(body(64 * 1024))).await.refused(422, "invalid");
    send(json(body(64 * 1024 + 1))).await.refused(413, "body-too-large");
    send(nms.ask("GET", "/me").body("x".repeat(64 * 1024 + 1))).await.refused(413, "body-too-large");
    let ours = nms.server.address();
    let chunk = format!("{:x}\n{}\n", 40_000, "x".repeat(40_000));
    let chunked = format!(
        "POST /api/v1/devices HTTP/1.1\nHost: {ours}\nTransfer-Encoding: chunked\nConnection: close\n\n{chunk}{chunk}0\n\n"
    );
    assert!(raw(&nms, &chunked).await.starts_with("HTTP/1.1 413 "));
    let polite = format!(
        "POST /api/v1/devices HTTP/1.1\nHost: {ours}\nContent-Length: 9999999999\nExpect: 100-continue\nConnection: close\n\n"
    );
    assert!(raw(&nms, &polite).await.starts_with("HTTP/1.1 413 "), "answered without waiting for the body");
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_as_what_it_is() {
    let nms = Nms::start().await;
    let deep = "[".repeat(10_000);
    for (body, status, slug) in [
        ("", 400, "syntax"),
        ("{", 400, "syntax"),
        ("{}x", 400, "syntax"),
        ("{\"name\":\"\\ud800\"}", 400, "syntax"),
        (deep.as_str(), 400, "syntax"),
        ("[]", 422, "invalid"),
        ("null", 422, "invalid"),
        ("\"text\"", 422, "invalid"),
        ("1e999", 400, "syntax"),
    ] {
        let request = nms.ask("POST", "/devices").header("Content-Type", "application/json").body(body.to_owned());
        send(request).await.refused(status, slug);
    }
    let not_utf8 =
        nms.ask("POST", "/devices").header("Content-Type", "application/json").body(&b"{\"name\":\"\xff\"}"[..]);
    send(not_utf8).await.refused(400, "syntax");
    for (media_type, status) in [
        ("application/json; charset=utf-8", 422),
        ("Application/JSON", 422),
        ("text/json", 415),
        ("application/jsonx", 415),
        ("application/x-www-form-urlencoded", 415),
    ] {
        let request = nms.ask("POST", "/devices").header("Content-Type", media_type).body("{}");
        assert_eq!(send(request).await.status, status, "{media_type}");
    }
}

#[tokio::test]
async fn problems_look_as_they_are_published() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"permissions": ["devices:read"]})).await;
    let mut problems = serde_json::Map::new();
    for (name, request) in [
        ("no credential", nms.bare("GET", "/me")),
        ("unknown credential", nms.with("pnms_pat_x", "GET", "/me")),
        ("masked value", nms.with("pnms_pat_a1b2c3d4...f9g0", "GET", "/me")),
        ("a program manages tokens", nms.with(&made.secret, "GET", "/tokens")),
        ("a person is no token", nms.ask("GET", "/token")),
        ("permission missing", nms.with(&made.secret, "POST", "/devices")),
        ("not found", nms.ask("GET", "/nowhere")),
        ("method", nms.ask("PUT", "/me")),
        ("media type", nms.ask("POST", "/devices")),
        ("syntax", nms.ask("POST", "/devices").header("Content-Type", "application/json").body("{\n  nope")),
        ("unknown member", nms.ask("POST", "/devices").json(&json!({"name": "a", "address": "b", "rack": 1}))),
        ("unknown query member", nms.ask("GET", "/me?fields=all")),
        ("key", nms.ask("POST", "/tokens").json(&json!({}))),
        ("etag", nms.ask("PATCH", &format!("/tokens/{}", made.id)).json(&json!({}))),
    ] {
        let answer = send(request).await;
        let mut problem = answer.json();
        for header in ["www-authenticate", "allow"] {
            if let Some(value) = answer.header(header) {
                problem[header] = json!(value);
            }
        }
        problems.insert(name.to_owned(), problem);
    }
    insta::assert_json_snapshot!("problems", problems);
}
