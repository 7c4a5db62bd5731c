//! Connections: how many, for how long, and how they end. What is said on them is the routes' matter.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower_service::Service;

use crate::gate::Peer;

/// At most so many at once; who comes later waits in the system's queue.
const MAX_CONNECTIONS: usize = 512;
/// How long the head of a request may take, which is also how long a connection may idle.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// The longest head, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// How long requests that are at work may take to finish when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long to wait after the system refused a connection: most often it is out of descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// Answers connections until `stopping` says so, then lets what is at work finish.
pub(crate) async fn serve(listener: TcpListener, routes: Router, mut stopping: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let next = tokio::select! {
            next = accept(&listener, &free) => next,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        match next {
            Ok((stream, peer, place)) => {
                tokio::spawn(answer(stream, peer, routes.clone(), graceful.watcher(), place));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were cut off: they did not finish in time");
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(free).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn answer(stream: TcpStream, peer: SocketAddr, routes: Router, watcher: Watcher, _place: OwnedSemaphorePermit) {
    // Answers are small and whole: waiting to fill a packet only delays them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection cannot send at once");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        routes.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
