//! What the HTTP library reports, told apart by kinds, never by texts. Nothing of its errors is kept: they carry
//! addresses.

use std::{error::Error as StdError, io};

use rustls::{CertificateError, pki_types::InvalidDnsNameError};

use crate::{Error, Unreachable, transport::NameNotFound};

/// The answer did not begin.
pub(crate) fn while_sending(error: &reqwest::Error) -> Error {
    if error.is_connect() {
        return Error::Unreachable { reason: while_connecting(error) };
    }
    if error.is_builder() {
        return Error::NotSendable { what: "request" };
    }
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return Error::Unreachable { reason: Unreachable::NotHttp };
    }
    while_reading(error)
}

/// The answer broke off.
pub(crate) fn while_reading(error: &reqwest::Error) -> Error {
    if error.is_timeout() { Error::TimedOut } else { Error::Cut }
}

fn while_connecting(error: &reqwest::Error) -> Unreachable {
    if find::<NameNotFound>(error).is_some() || find::<InvalidDnsNameError>(error).is_some() {
        return Unreachable::Dns;
    }
    if let Some(error) = find::<rustls::Error>(error) {
        return in_tls(error);
    }
    if error.is_timeout() {
        return Unreachable::Silent;
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => Unreachable::Refused,
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown) => {
            Unreachable::NoRoute
        }
        _ => Unreachable::Other,
    }
}

fn in_tls(error: &rustls::Error) -> Unreachable {
    let rustls::Error::InvalidCertificate(certificate) = error else { return Unreachable::Tls };
    match certificate {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Unreachable::CertificateTime,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Unreachable::CertificateName
        }
        _ => Unreachable::UntrustedCertificate,
    }
}

/// The first error of this type in the chain of causes; also inside an I/O error, whose `source` passes over what it
/// wraps.
fn find<'e, E: StdError + 'static>(error: &'e reqwest::Error) -> Option<&'e E> {
    let mut next: Option<&'e (dyn StdError + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<E>() {
            return Some(found);
        }
        next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}
