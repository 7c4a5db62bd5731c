//! Under which names this server is asked, and from which pages: loopback is not trust.
//!
//! A page anywhere can let its own name point to 127.0.0.1 (DNS rebinding) and then ask us from the person's browser:
//! its name is in `Host`. And it can send some requests across origins: then its origin is in `Origin`.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};
use nms_api::Slug;

use crate::problems::{Answer, Refusal};

/// The names of this server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hosts(SocketAddr);

impl Hosts {
    /// Of a server that listens there.
    pub(crate) fn of(listening: SocketAddr) -> Self {
        Self(listening)
    }

    /// 421 for another name, 403 for another origin.
    pub(crate) fn check(self, headers: &HeaderMap, uri: &Uri) -> Answer<()> {
        let host = only(headers, HOST.as_str());
        let named = uri.authority().is_none_or(|authority| self.is_ours(authority.as_str()));
        if !named || !host.is_some_and(|host| self.is_ours(host)) {
            return Err(Refusal::new(Slug::ForeignHost, "Ask this server by the address on which it listens."));
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        if origins.all(|origin| origin.to_str().is_ok_and(|origin| self.is_our_origin(origin))) {
            return Ok(());
        }
        Err(Refusal::new(Slug::ForeignOrigin, "A page of another origin may not ask this server."))
    }

    fn is_our_origin(self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|authority| self.is_ours(authority))
    }

    /// The name with our port; without one it is HTTP's own, 80.
    fn is_ours(self, authority: &str) -> bool {
        let (name, port) = match authority.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            Some(_) | None => (authority, Some(80)),
        };
        port == Some(self.0.port()) && self.is_our_name(name)
    }

    /// "localhost" where we listen on loopback. An address literal cannot be rebound, so on all addresses any will do.
    fn is_our_name(self, name: &str) -> bool {
        let ours = self.0.ip();
        let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name).parse::<IpAddr>();
        match literal {
            Ok(literal) if ours.is_unspecified() => !literal.is_unspecified(),
            Ok(literal) => literal == ours || (ours.is_loopback() && literal.is_loopback()),
            Err(_) => (ours.is_loopback() || ours.is_unspecified()) && name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// A header that was sent exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listening: &str, authority: &str, ours: bool) {
        assert_eq!(Hosts::of(listening.parse().unwrap()).is_ours(authority), ours, "{authority} on {listening}");
    }

    #[test]
    fn on_loopback_only_loopbacks_own_names_with_our_port_are_ours() {
        for name in ["127.0.0.1:7", "localhost:7", "LocalHost:7", "[::1]:7"] {
            check("127.0.0.1:7", name, true);
        }
        for name in [
            "127.0.0.1",
            "127.0.0.1:8",
            "localhost",
            "nms.example:7",
            "10.0.0.1:7",
            "127.0.0.1.evil.example:7",
            "localhost.evil.example:7",
            ":7",
            "",
            "user@127.0.0.1:7",
            "127.0.0.1:07x",
            "0.0.0.0:7",
        ] {
            check("127.0.0.1:7", name, false);
        }
    }

    #[test]
    fn elsewhere_the_address_itself_is_ours() {
        check("10.1.2.3:7", "10.1.2.3:7", true);
        check("10.1.2.3:7", "localhost:7", false);
        check("[fd00::1]:7", "[fd00::1]:7", true);
        check("0.0.0.0:7", "10.1.2.3:7", true);
        check("0.0.0.0:7", "nms.example:7", false);
        check("10.1.2.3:80", "10.1.2.3", true);
        check("[fd00::1]:80", "[fd00::1]", true);
    }
}
