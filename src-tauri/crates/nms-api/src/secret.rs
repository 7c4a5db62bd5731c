//! The one type that may hold a credential in clear.
//!
//! It cannot be printed, cloned, compared with `==` or serialised, and is wiped when dropped. Each way in or out has
//! one name, so that a search for that name finds every place where a secret moves. Not here: where a secret is kept
//! and how it is handed over (`nms-custody`).

use serde::{Deserialize, Deserializer, de};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A credential in clear: an API token's value or a session's. At most [`Secret::MAX_BYTES`] long.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The longest value that is taken from a server, in bytes. Values are opaque to clients; this only bounds them.
    pub const MAX_BYTES: usize = 4096;

    /// Takes over a value that this process made or received. The caller keeps no copy.
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value in clear. Every caller of this is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether both are the same value, in time that depends on the lengths only.
    pub fn matches(&self, other: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(other).into()
    }

    /// SHA-256 of the value, by which a server keeps it and a person may look for it.
    pub fn sha256(&self) -> [u8; 32] {
        let hash = digest(self.0.as_bytes());
        overwrite_stack();
        hash
    }
}

/// In a frame of its own, below the caller's.
#[inline(never)]
fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Hashing leaves its last block on the stack, and a short value stands in it whole: a thread that sleeps afterwards
/// would keep it.
#[inline(never)]
fn overwrite_stack() {
    const DEPTH_BYTES: usize = 16 * 1024;
    std::hint::black_box(&mut [0_u8; DEPTH_BYTES]);
}

/// From the wire, the only way in besides [`Secret::new`].
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(SecretVisitor)
    }
}

struct SecretVisitor;

impl de::Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a credential")
    }

    // The default for other types would put the unexpected value into the error; these never do.
    fn visit_str<E: de::Error>(self, value: &str) -> Result<Secret, E> {
        if value.is_empty() || value.len() > Secret::MAX_BYTES {
            return Err(E::custom("a credential of a length that cannot be"));
        }
        Ok(Secret::new(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Secret, E> {
        if value.is_empty() || value.len() > Secret::MAX_BYTES {
            return Err(E::custom("a credential of a length that cannot be"));
        }
        Ok(Secret::new(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_only_its_own_bytes() {
        let secret = Secret::new("pnms_pat_x".into());
        assert!(secret.matches(b"pnms_pat_x"));
        assert!(!secret.matches(b"pnms_pat_y"));
        assert!(!secret.matches(b"pnms_pat_"));
    }

    #[test]
    fn what_is_refused_from_the_wire_is_not_repeated_in_the_error() {
        for json in [r#""""#.to_owned(), format!("\"{}\"", "s3cr3t".repeat(1000))] {
            let Err(error) = serde_json::from_str::<Secret>(&json) else { panic!("accepted") };
            assert!(!error.to_string().contains("s3cr3t"), "{error}");
        }
    }
}
