//! What a server may send, and how much of this process's memory it takes for it: 8 MiB at most, each time.
//!
//! Measured as the system counts it, with the server's own buffers in it. Each case has a process of its own: what one
//! gave back, the next would take without a trace.

use std::{process::Command, sync::Arc, time::Instant};

use nms_api::TokenQuery;
use nms_client::{Client, Error};

use crate::{
    again,
    nms::{Nms, Step},
    samples::{ID, http},
};

const MOST_BYTES: u64 = 8 * 1024 * 1024;
const JSON: &str = "Content-Type: application/json";

/// Which of so many cases this process is to try; `None`: it had others try them all.
fn own_case(test: &str, count: usize) -> Option<usize> {
    const CASE: &str = "NMS_CLIENT_TEST_CASE";
    let is_own = (0..count).any(|case| again::with_environment(test, [(CASE, case.to_string())]));
    is_own.then(|| std::env::var(CASE).unwrap().parse().unwrap())
}

/// The most memory that this process ever had, in bytes, counted from now on; and what it has now.
fn reset_peak_bytes() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak_bytes()
}

fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// What asking comes to, after checking that it took little memory and no longer than a call may.
async fn asked<T>(what: &str, step: Step, ask: impl AsyncFn(Client) -> Result<T, Error>) -> Error {
    let nms = Nms::playing([step]).await;
    let client = nms.client();
    let (before, started) = (reset_peak_bytes(), Instant::now());
    let error = ask(client).await.err().unwrap_or_else(|| panic!("{what} was accepted"));
    let grown = peak_bytes().saturating_sub(before);
    assert!(grown <= MOST_BYTES, "{what}: {grown} bytes, {error:?}");
    assert!(started.elapsed().as_secs() < 31, "{what}: {:?}", started.elapsed());
    error
}

async fn token(client: Client) -> Result<(), Error> {
    client.token(ID).await.map(drop)
}

async fn largest_list(client: Client) -> Result<(), Error> {
    client.tokens(&TokenQuery { limit: Some(u32::MAX), ..TokenQuery::default() }).await.map(drop)
}

async fn events(client: Client) -> Result<(), Error> {
    client.token_events(ID, None).await.map(drop)
}

fn head(status: &str, headers: &[&str]) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{}\r\n\r\n", headers.join("\r\n")).into_bytes()
}

#[tokio::test]
async fn an_endless_body_costs_little_memory() {
    let letters = vec![b'a'; 64 * 1024];
    let chunk = [format!("{:x}\r\n", letters.len()).as_bytes(), &letters, b"\r\n"].concat();
    let cases = [
        ("until it closes", head("200 OK", &[JSON]), &letters),
        ("ten gigabytes", head("200 OK", &[JSON, "Content-Length: 10737418240"]), &letters),
        ("in chunks", head("200 OK", &[JSON, "Transfer-Encoding: chunked"]), &chunk),
        ("of a page", head("502 X", &["Content-Type: text/html"]), &letters),
        ("of a problem", head("422 X", &["Content-Type: application/problem+json"]), &letters),
    ];
    let Some(case) = own_case("heavy::an_endless_body_costs_little_memory", 2 * cases.len()) else { return };
    let (what, head, piece) = &cases[case / 2];
    let endless = Step::Endless(head.clone(), (*piece).clone());
    let error = match case % 2 {
        0 => asked(what, endless, token).await,
        _ => asked(what, endless, largest_list).await,
    };
    assert!(matches!(error, Error::TooLarge), "{what}: {error:?}");
}

#[tokio::test]
async fn a_compressed_bomb_is_not_unpacked() {
    let encodings = ["gzip", "deflate", "br", "identity, gzip", ""];
    let Some(case) = own_case("heavy::a_compressed_bomb_is_not_unpacked", encodings.len()) else { return };
    let packed = Command::new("sh").args(["-c", "head -c 67108864 /dev/zero | gzip -9"]).output().unwrap().stdout;
    assert!(packed.len() < 1024 * 1024, "as much as is read, and 64 MiB unpacked");
    let length = format!("Content-Length: {}", packed.len());
    let mut answer = head("200 OK", &[JSON, &format!("Content-Encoding: {}", encodings[case]), &length]);
    answer.extend_from_slice(&packed);
    let error = asked(encodings[case], Step::Shared(Arc::from(answer)), token).await;
    assert!(matches!(error, Error::NotTheContract { status: 200, .. }), "{error:?}");
    let nms = Nms::playing([Step::Cut]).await;
    drop(nms.client().token(ID).await);
    assert_eq!(nms.requests()[0].header("accept-encoding"), Some("identity"), "nobody asked for it");
}

/// As many of these pieces as fit into so many bytes.
fn full(begin: &str, piece: &str, end: &str, bytes: usize) -> String {
    format!("{begin}{}{end}", piece.repeat((bytes - begin.len() - end.len()) / piece.len()))
}

#[tokio::test]
async fn a_text_that_would_grow_when_it_is_read_is_not_read() {
    const MIB: usize = 1024 * 1024;
    let event = format!(
        r#"{{"events":[{{"id":"{ID}","token_id":"{ID}","at":"2026-11-23T10:00:00Z","kind":"created","actor":{{"kind":"token"}},"from":{{"a":["#
    );
    let event = |piece: &str| full(&event, piece, "0]}}]", MIB);
    let list = |piece: &str| full(r#"{"tokens":[{"permissions":["#, piece, r#""a"]}]}"#, 4_100_000);
    let problem = full(r#"{"type":"urn:palpabl:nms:problem:stale","token":["#, r#"{"":0},"#, "0]}", 65_000);
    let cases = [
        ("small objects", event(r#"{"":0},"#)),
        ("numbers", event("0,")),
        ("short texts", event(r#""a","#)),
        ("deep arrays", event("[")),
        // What is just let through takes as much as anything can.
        ("as many objects as may be", event(&format!(r#"{{"":0}},{}"#, " ".repeat(195)))),
        ("as many numbers as may be", event(&format!("0,{}", " ".repeat(24)))),
        ("permissions", list(r#""","#)),
        ("named permissions", list(r#""a","#)),
        ("a problem", problem),
    ];
    let Some(case) = own_case("heavy::a_text_that_would_grow_when_it_is_read_is_not_read", cases.len()) else { return };
    let (what, body) = &cases[case];
    let error = match case {
        0..6 => asked(what, Step::Shared(Arc::from(http("200 OK", &[JSON], body))), events).await,
        6..8 => asked(what, Step::Shared(Arc::from(http("200 OK", &[JSON], body))), largest_list).await,
        _ => {
            let problem = http("412 X", &["Content-Type: application/problem+json"], body);
            asked(what, Step::Shared(Arc::from(problem)), token).await
        }
    };
    assert!(matches!(error, Error::NotTheContract { .. }), "{what}: {error:?}");
}
