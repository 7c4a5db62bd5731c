//! Randomness, passed in: the operating system's generator, or a test's own.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nms_api::token_format::BASE62;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The generator gave nothing. Nothing was made; trying again may help.
#[derive(Debug, thiserror::Error)]
#[error("the system's random generator gave nothing")]
pub(crate) struct NoRandomness;

type Fill = dyn Fn(&mut [u8]) -> Result<(), NoRandomness> + Send + Sync;

/// A source of random bytes.
#[derive(Clone)]
pub(crate) struct Random(Arc<Fill>);

impl Random {
    /// The operating system's generator.
    pub(crate) fn system() -> Self {
        Self(Arc::new(|bytes| getrandom::fill(bytes).map_err(|_| NoRandomness)))
    }

    /// `length` characters of base 62, each equally likely; wiped when dropped.
    pub(crate) fn base62(&self, length: usize) -> Result<Zeroizing<String>, NoRandomness> {
        /// The largest multiple of 62 that a byte holds: what lies above would favour the first digits.
        const FAIR: u8 = 248;
        let mut text = Zeroizing::new(String::with_capacity(length));
        let mut bytes = Zeroizing::new([0u8; 64]);
        while text.len() < length {
            (self.0)(bytes.as_mut())?;
            let wanted = length - text.len();
            for byte in bytes.iter().filter(|byte| **byte < FAIR).take(wanted) {
                text.push(char::from(BASE62[usize::from(byte % 62)]));
            }
        }
        Ok(text)
    }

    /// A UUIDv7 of `at`. The 12 bits below the millisecond carry its fraction (RFC 9562, section 6.2, method 3), so
    /// that ids made within one millisecond sort as they were made.
    pub(crate) fn id(&self, at: DateTime<Utc>) -> Result<Uuid, NoRandomness> {
        let mut bytes = [0u8; 10];
        (self.0)(&mut bytes)?;
        let micros = at.timestamp_micros().max(0).unsigned_abs();
        let fraction = (micros % 1000) * 4096 / 1000;
        bytes[0] = (fraction >> 8) as u8;
        bytes[1] = (fraction & 0xff) as u8;
        Ok(uuid::Builder::from_unix_timestamp_millis(micros / 1000, &bytes).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_as_likely_as_another() {
        let mut counts = [0u32; 62];
        for digit in Random::system().base62(62_000).unwrap().bytes() {
            counts[BASE62.iter().position(|known| *known == digit).unwrap()] += 1;
        }
        // 1,000 each are expected; 6 standard deviations are 190.
        assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
    }

    #[test]
    fn ids_sort_as_they_were_made() {
        let random = Random::system();
        let start: DateTime<Utc> = "2026-11-23T10:00:00.999990Z".parse().unwrap();
        let ids: Vec<Uuid> =
            (0..20).map(|step| random.id(start + chrono::TimeDelta::microseconds(step)).unwrap()).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[0].get_version_num(), 7);
    }

    #[test]
    fn no_randomness_is_an_error_and_no_value() {
        let broken = Random(Arc::new(|_| Err(NoRandomness)));
        assert!(broken.base62(8).is_err());
        assert!(broken.id(DateTime::UNIX_EPOCH).is_err());
    }
}
