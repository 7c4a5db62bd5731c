//! `GET /health`.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::nms::{Nms, send};

#[tokio::test]
async fn a_server_that_works_says_so_to_anybody() {
    let nms = Nms::start().await;
    for request in [nms.bare("GET", "/health"), nms.with("nonsense", "GET", "/health")] {
        let answer = send(request).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"status": "ok"})));
    }
    send(nms.bare("GET", "/health?verbose=1")).await.refused(422, "invalid").field("verbose");
}

#[tokio::test]
async fn connections_that_say_nothing_keep_nobody_waiting() {
    let nms = Nms::start().await;
    let mut idle = Vec::new();
    for number in 0..100 {
        let mut stream = TcpStream::connect(nms.server.address()).await.unwrap();
        if number % 2 == 0 {
            stream.write_all(b"GET /api/v1/health HTTP/1.1\r\nHost: 127").await.unwrap();
        }
        idle.push(stream);
    }
    assert_eq!(nms.get("/health").await.status, 200);
    let started = Instant::now();
    nms.server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(8), "it waits for them, and not for long");
}
