//! Where an NMS is: scheme, host and port, and nothing that a credential could leak to.

use std::{fmt, net::IpAddr, str::FromStr};

use reqwest::Url;

/// Below this path lie all resources of version 1.
pub(crate) const BASE_PATH: &str = "/api/v1";
/// The longest address that is read, in bytes: a host name has at most 253, the rest is scheme and port.
const MAX_ADDRESS_BYTES: usize = 300;

/// Why an address is refused. None of them repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// Not `https://HOST` or `https://HOST:PORT`.
    #[error("it is not an address of the form https://HOST:PORT")]
    NotAnAddress,
    /// Neither `https` nor `http`.
    #[error("it must start with https://")]
    Scheme,
    /// `http` to another computer, where everybody on the way could read the credential.
    #[error("http is accepted for this computer only; it must start with https://")]
    PlainHttp,
    /// It holds a user name or a password, which would end in logs and histories.
    #[error("it must not hold a user name or password")]
    UserInfo,
    /// It has a path, a query or a fragment.
    #[error("it must not have a path, query or fragment")]
    Path,
}

/// The address of an NMS: `https` anywhere, `http` only on this computer (127.0.0.0/8, `::1`, `localhost`).
///
/// Normalised: host in lower case or punycode, default port left out, no slash at the end.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServerAddress {
    origin: String,
    loopback: bool,
    https: bool,
}

impl ServerAddress {
    /// Reads an address that a person typed or a server printed. Blanks around it are not accepted.
    ///
    /// # Errors
    /// [`AddressRefused`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, AddressRefused> {
        // The URL parser drops line breaks and blanks, and reads a backslash as a slash: nobody means that.
        let odd = |character: char| character.is_whitespace() || character.is_control() || character == '\\';
        if text.len() > MAX_ADDRESS_BYTES || text.contains(odd) {
            return Err(AddressRefused::NotAnAddress);
        }
        let url = Url::parse(text).map_err(|_| AddressRefused::NotAnAddress)?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(AddressRefused::Scheme),
        };
        refuse_extras(&url, text)?;
        let host = url.host_str().ok_or(AddressRefused::NotAnAddress)?;
        let loopback = is_loopback(host);
        if !https && !loopback {
            return Err(AddressRefused::PlainHttp);
        }
        Ok(Self { origin: url.origin().ascii_serialization(), loopback, https })
    }

    /// Scheme, host and, where it is not the default, port: `https://nms.example:8443`.
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Whether it names this computer: 127.0.0.0/8, `::1` or `localhost`.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

fn refuse_extras(url: &Url, text: &str) -> Result<(), AddressRefused> {
    // An empty user name (`https://@host`) leaves no trace in the parsed URL.
    if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
        return Err(AddressRefused::UserInfo);
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(AddressRefused::Path);
    }
    if url.port() == Some(0) {
        return Err(AddressRefused::NotAnAddress);
    }
    Ok(())
}

/// IPv4-mapped addresses are not: what they reach depends on the system.
fn is_loopback(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    literal.parse::<IpAddr>().map_or(host == "localhost", |address| address.is_loopback())
}

impl FromStr for ServerAddress {
    type Err = AddressRefused;

    fn from_str(text: &str) -> Result<Self, AddressRefused> {
        Self::parse(text)
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.origin)
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ServerAddress").field(&self.origin).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<(&str, bool), AddressRefused>) {
        let parsed = ServerAddress::parse(text);
        let seen = parsed.as_ref().map(|address| (address.as_str(), address.is_loopback())).map_err(|why| *why);
        assert_eq!(seen, expected, "{text:?}");
    }

    #[test]
    fn https_is_accepted_anywhere_and_http_on_this_computer_only() {
        check("https://nms.example", Ok(("https://nms.example", false)));
        check("https://NMS.example:8443/", Ok(("https://nms.example:8443", false)));
        check("https://nms.example:443", Ok(("https://nms.example", false)));
        check("https://10.0.0.7", Ok(("https://10.0.0.7", false)));
        check("https://localhost", Ok(("https://localhost", true)));
        check("http://localhost:7474", Ok(("http://localhost:7474", true)));
        check("http://127.0.0.1:7474", Ok(("http://127.0.0.1:7474", true)));
        check("http://127.200.3.4", Ok(("http://127.200.3.4", true)));
        check("http://[::1]:7474", Ok(("http://[::1]:7474", true)));
        check("http://0x7f.1", Ok(("http://127.0.0.1", true)));
        for other in [
            "http://nms.example",
            "http://10.0.0.7",
            "http://0.0.0.0",
            "http://[::]",
            "http://[::ffff:127.0.0.1]",
            "http://localhost.example",
            "http://a.localhost",
            "http://localhost.",
            "http://127.0.0.1.nip.io",
            "http://128.0.0.1",
        ] {
            check(other, Err(AddressRefused::PlainHttp));
        }
    }

    #[test]
    fn what_a_credential_could_leak_to_is_refused() {
        check("https://me:pw@nms.example", Err(AddressRefused::UserInfo));
        check("https://me@nms.example", Err(AddressRefused::UserInfo));
        check("https://@nms.example", Err(AddressRefused::UserInfo));
        check("http://127.0.0.1@evil.example", Err(AddressRefused::UserInfo));
        check("https://nms.example/api", Err(AddressRefused::Path));
        check("https://nms.example/?a=b", Err(AddressRefused::Path));
        check("https://nms.example/#a", Err(AddressRefused::Path));
        check("ftp://nms.example", Err(AddressRefused::Scheme));
        check("javascript:alert(1)", Err(AddressRefused::Scheme));
        for text in ["", "nms.example", "https://", " https://nms.example", "https://nms.example\n", "https://n\tms"] {
            check(text, Err(AddressRefused::NotAnAddress));
        }
        check("https:\\\\nms.example", Err(AddressRefused::NotAnAddress));
        check("https://nms.example:0", Err(AddressRefused::NotAnAddress));
        check("https://nms.example:65536", Err(AddressRefused::NotAnAddress));
        check(&format!("https://{}", "a".repeat(400)), Err(AddressRefused::NotAnAddress));
    }
}
