//! The body of an answer, read as it comes, capped, in memory that is wiped.

use std::time::Duration;

use reqwest::Response;
use zeroize::Zeroizing;

use crate::{Error, trouble};

/// The first room that is made, in bytes: most answers, and every one with a secret, fit without growing.
const FIRST_ROOM_BYTES: usize = 16 * 1024;

/// Reads the whole body, at most `cap` bytes, with at most `silence` between two pieces.
///
/// # Errors
/// [`Error::TooLarge`] as soon as it is known, [`Error::Cut`] or [`Error::TimedOut`] when it breaks off.
pub(crate) async fn read(mut response: Response, cap: usize, silence: Duration) -> Result<Zeroizing<Vec<u8>>, Error> {
    let promised = response.content_length().unwrap_or(0);
    let promised = usize::try_from(promised).map_err(|_| Error::TooLarge)?;
    if promised > cap {
        return Err(Error::TooLarge);
    }
    // A promise costs a server nothing: no more room is made for it than for a first piece.
    let mut body = Zeroizing::new(Vec::with_capacity(promised.clamp(1, FIRST_ROOM_BYTES)));
    let next = async |response: &mut Response| {
        let piece = tokio::time::timeout(silence, response.chunk()).await.map_err(|_| Error::TimedOut)?;
        piece.map_err(|error| trouble::while_reading(&error))
    };
    while let Some(piece) = next(&mut response).await? {
        if piece.len() > cap - body.len() {
            return Err(Error::TooLarge);
        }
        append(&mut body, &piece, cap);
    }
    Ok(body)
}

/// By how much a body's room grows. In few steps: room that nothing was written to costs nothing, but what was copied from
/// is memory that an allocator may keep.
const GROWTH: usize = 16;

/// Grows by hand: a vector that grows by itself leaves its old bytes behind, unwiped.
fn append(body: &mut Zeroizing<Vec<u8>>, piece: &[u8], cap: usize) {
    let needed = body.len() + piece.len();
    if needed > body.capacity() {
        let room = needed.max(body.capacity().saturating_mul(GROWTH)).min(cap).max(needed);
        let mut larger = Zeroizing::new(Vec::with_capacity(room));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_keeps_every_byte_and_stays_within_the_cap() {
        let mut body = Zeroizing::new(Vec::with_capacity(1));
        for byte in 0..=255u8 {
            append(&mut body, &[byte; 3], 1000);
        }
        assert_eq!(body.len(), 768);
        assert!(body.iter().enumerate().all(|(at, byte)| usize::from(*byte) == at / 3));
        assert!(body.capacity() <= 1000);
    }
}
