//! *Cancel* is dropping the future: it answers at once, whatever the server does at that moment, and leaves nothing open.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nms_client::{Client, ServerAddress, TimeLimits};
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
};

use crate::{
    nms::{Nms, SESSION, Step},
    samples::{ID, KEY, new_token, ok, token},
};

/// What is promised to whoever presses *Cancel*.
const AT_ONCE: Duration = Duration::from_millis(100);

/// A call that was begun.
struct Asking(JoinHandle<()>);

/// How long it takes to cancel: the best of a few, since other programs run here as well.
async fn cancelled_within(mut begin: impl AsyncFnMut() -> Asking) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let Asking(asking) = begin().await;
        let pressed = Instant::now();
        asking.abort();
        assert!(asking.await.is_err_and(|error| error.is_cancelled()));
        best = best.min(pressed.elapsed());
    }
    best
}

#[tokio::test]
async fn a_call_is_cancelled_at_once_wherever_it_stands() {
    let begun = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{".to_vec();
    for step in [
        Step::Silent,
        Step::Drip(ok(&token()), Duration::from_millis(50)),
        Step::Endless(begun, vec![b' '; 1000]),
        Step::Held(Arc::new(Semaphore::new(0)), ok(&token())),
    ] {
        let nms = Nms::playing([step]).await;
        let mut count = 0;
        let took = cancelled_within(async || {
            let client = nms.client();
            let asking = tokio::spawn(async move { drop(client.token(ID).await) });
            count += 1;
            nms.came(count).await;
            Asking(asking)
        });
        let took = took.await;
        assert!(took <= AT_ONCE, "{took:?}");
    }
}

#[tokio::test]
async fn a_creation_is_cancelled_at_once_also_while_it_asks_what_became_of_it() {
    let nms = Nms::playing([Step::Cut, Step::Silent]).await;
    let mut count = 0;
    let took = cancelled_within(async || {
        let client = nms.client();
        let asking = tokio::spawn(async move { drop(client.create_token(&new_token(), KEY).await) });
        count += 1;
        nms.came(count).await;
        Asking(asking)
    });
    assert!(took.await <= AT_ONCE);
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_cancelled_at_once() {
    let full = TcpSocket::new_v4().unwrap();
    full.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = full.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts: once its queue is full, the system drops every further attempt.
    let mut queued = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        queued.push(stream);
    }
    let took = cancelled_within(async || {
        let address = ServerAddress::parse(&format!("http://{address}")).unwrap();
        let client = Client::new(address, nms_api::Secret::new(SESSION.into()), TimeLimits::default()).unwrap();
        let asking = tokio::spawn(async move { drop(client.me().await) });
        // Long enough to have begun, short enough to be at it still.
        assert!(tokio::time::timeout(Duration::from_millis(50), std::future::pending::<()>()).await.is_err());
        assert!(!asking.is_finished());
        Asking(asking)
    });
    assert!(took.await <= AT_ONCE);
}

#[tokio::test]
async fn cancelling_closes_the_connection_at_once() {
    let nms = Nms::playing([Step::Silent]).await;
    let client = nms.client();
    let asking = tokio::spawn(async move { client.me().await });
    nms.came(1).await;
    asking.abort();
    let waited = tokio::time::timeout(Duration::from_secs(2), nms.ended()).await;
    assert!(waited.is_ok(), "the connection is still open");
    assert!(asking.await.is_err_and(|error| error.is_cancelled()));
}
