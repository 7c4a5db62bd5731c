//! Getting through to a server, or being told why not.

use std::time::Duration;

use nms_api::Secret;
use nms_client::{Client, Error, NotBuilt, ServerAddress, TimeLimits, Unreachable};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};

use crate::{
    again,
    nms::{Nms, impatient},
    samples::{me, ok},
};

async fn reason(address: &str, limits: TimeLimits) -> Unreachable {
    let client = Client::new(ServerAddress::parse(address).unwrap(), Secret::new("s".into()), limits).unwrap();
    match client.me().await {
        Err(Error::Unreachable { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_that_listens_is_told() {
    let free = TcpSocket::new_v4().unwrap();
    free.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = free.local_addr().unwrap().port();
    assert_eq!(reason(&format!("http://127.0.0.1:{port}"), TimeLimits::default()).await, Unreachable::Refused);
    assert_eq!(reason(&format!("http://localhost:{port}"), TimeLimits::default()).await, Unreachable::Refused);
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_was_never_a_request() {
    let full = TcpSocket::new_v4().unwrap();
    full.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = full.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts: once its queue is full, the system drops every further attempt.
    let mut queued = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        queued.push(stream);
    }
    assert_eq!(reason(&format!("http://{address}"), impatient()).await, Unreachable::Silent);
}

#[tokio::test]
async fn a_name_that_is_none_is_told() {
    // Without a network a resolver may take its time to find out (RFC 6761, section 6.4).
    let patient =
        TimeLimits { connect: Duration::from_secs(60), total: Duration::from_secs(240), ..TimeLimits::default() };
    assert_eq!(reason("https://nms.invalid", patient).await, Unreachable::Dns);
    let too_long = format!("https://{}.example", "a".repeat(64));
    assert_eq!(reason(&too_long, patient).await, Unreachable::Dns);
}

#[tokio::test]
async fn a_server_without_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let plain = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut sent = [0; 16];
        stream.read_exact(&mut sent).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        sent
    });
    assert_eq!(reason(&format!("https://{address}"), TimeLimits::default()).await, Unreachable::Tls);
    assert_eq!(plain.await.unwrap()[0], 22, "nothing but a TLS handshake was sent");
}

#[tokio::test]
async fn this_computer_is_found_by_its_name() {
    let nms = Nms::answering(ok(&me())).await;
    let address = ServerAddress::parse(&format!("http://localhost:{}", nms.port)).unwrap();
    let client = Client::new(address, Secret::new("s".into()), TimeLimits::default()).unwrap();
    client.me().await.unwrap();
}

#[tokio::test]
async fn proxies_are_not_asked_about_this_computer() {
    let nowhere = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        .map(|variable| (variable, "http://127.0.0.1:9/"));
    if again::with_environment("connecting::proxies_are_not_asked_about_this_computer", nowhere) {
        let nms = Nms::answering(ok(&me())).await;
        nms.client().me().await.unwrap();
        let elsewhere = ServerAddress::parse("https://nms.invalid").unwrap();
        let client = Client::new(elsewhere, Secret::new("s".into()), TimeLimits::default()).unwrap();
        let error = client.me().await.unwrap_err();
        let Error::Unreachable { reason: Unreachable::Refused } = error else {
            panic!("another computer is asked for through the proxy: {error:?}")
        };
    }
}

#[test]
fn a_credential_that_no_header_can_hold_is_refused() {
    let address = ServerAddress::parse("https://nms.example").unwrap();
    for credential in ["", "a b", "a\r\nX-Evil: 1", "ü"] {
        let client = Client::new(address.clone(), Secret::new(credential.into()), TimeLimits::default());
        assert_eq!(client.err(), Some(NotBuilt::Credential), "{credential:?}");
    }
}
