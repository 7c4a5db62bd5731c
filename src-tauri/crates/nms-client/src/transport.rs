//! The hardened HTTP client: no redirects, no proxy on this computer, no hidden repeats, limits on everything.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect, retry,
};

use crate::{ServerAddress, TimeLimits};

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
/// Headers beyond this, in bytes, end a connection of HTTP/2. (HTTP/1 has the library's own limits: 100 headers, 400 KiB.)
const MAX_HEADERS_BYTES: u32 = 64 * 1024;
/// How far ahead of its reader a server may send over HTTP/2, in bytes; the library would keep megabytes.
const AHEAD_BYTES: u32 = 256 * 1024;
/// How long a connection that is not in use is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Why there is no client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBuilt {
    /// The credential holds characters that no header may hold, or nothing.
    #[error("the credential cannot stand in a request")]
    Credential,
    /// TLS cannot be set up: most often there are no certificates of authorities on this computer
    /// (Debian: the package `ca-certificates`).
    #[error("encrypted connections cannot be set up on this computer")]
    Tls,
}

pub(crate) fn build(address: &ServerAddress, limits: &TimeLimits) -> Result<reqwest::Client, NotBuilt> {
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        // On a redirect the body, the idempotency key and the address would go to another server.
        .redirect(redirect::Policy::none())
        .referer(false)
        // Repeats are decided where it is known what they mean.
        .retry(retry::never())
        .connect_timeout(limits.connect())
        .pool_idle_timeout(IDLE)
        .http2_max_header_list_size(MAX_HEADERS_BYTES)
        .http2_initial_stream_window_size(AHEAD_BYTES)
        .http2_initial_connection_window_size(2 * AHEAD_BYTES)
        .https_only(address.is_https())
        .dns_resolver(Names);
    if address.is_loopback() {
        // A proxy could not reach this computer, and would see the credential.
        builder = builder.no_proxy();
    }
    if !address.is_https() {
        // Nothing to check, and a computer without any authority must still reach its own server.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|_| NotBuilt::Tls)
}

/// The system's names, with an error that can be told from others; `localhost` is this computer whatever the system
/// says (RFC 6761, section 6.3).
struct Names;

/// A name that nobody knows, or nobody can be asked about.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be found")]
pub(crate) struct NameNotFound;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = if name.as_str() == "localhost" {
                vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]
            } else {
                tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NameNotFound)?.collect()
            };
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
