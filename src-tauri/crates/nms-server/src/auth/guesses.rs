//! Counts the credentials that nobody knows, so that guessing is slow: of one peer 20 a minute are answered for what
//! they are, and whatever follows with 429. It is asked after verification only, so a good credential from the same peer
//! is never held up.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::credential::SESSION_PREFIX;
use crate::peer_limit::{PeerLimit, TooOften};

/// So many of one peer are answered within any minute.
const FREE: usize = 20;

/// What a credential claims to be. Sessions are counted apart: a collector with a wrong token must not keep the app from
/// learning that its session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Claim {
    Session,
    Token,
}

/// The unknown credentials of the last minute, by who sent them.
pub(crate) struct Guesses(PeerLimit<Claim>);

impl Default for Guesses {
    fn default() -> Self {
        Self(PeerLimit::per_minute(FREE))
    }
}

impl Guesses {
    /// Counts a credential that nobody knows, or says when the peer may send another.
    pub(crate) fn count(&self, from: IpAddr, credential: &str, now: DateTime<Utc>) -> Result<(), TooOften> {
        let claim = if credential.starts_with(SESSION_PREFIX) { Claim::Session } else { Claim::Token };
        self.0.count(from, claim, now)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::peer_limit::MAX_PEERS;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn after(seconds: i64) -> DateTime<Utc> {
        START + TimeDelta::seconds(seconds)
    }

    fn peer(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn remembered(guesses: &Guesses) -> usize {
        guesses.0.remembered()
    }

    /// Sends as many as are free.
    fn exhaust(guesses: &Guesses, from: &str, now: DateTime<Utc>) {
        for number in 0..FREE {
            assert_eq!(guesses.count(peer(from), "x", now), Ok(()), "{number} from {from}");
        }
    }

    #[test]
    fn in_any_minute_twenty_are_free_and_the_wait_is_said() {
        let guesses = Guesses::default();
        for second in 0..20 {
            assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(second)), Ok(()));
        }
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(20)), Err(TooOften(40)));
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(59)), Err(TooOften(1)));
        // The first is a minute old, the others are not yet.
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(60)), Ok(()));
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(60)), Err(TooOften(1)));
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(61)), Ok(()));
    }

    #[test]
    fn peers_and_kinds_of_credentials_are_counted_apart_and_a_64_of_ipv6_is_one_peer() {
        let guesses = Guesses::default();
        exhaust(&guesses, "192.0.2.7", START);
        assert!(guesses.count(peer("192.0.2.7"), "x", START).is_err());
        assert_eq!(guesses.count(peer("192.0.2.7"), "pnms_ses_x", START), Ok(()));
        exhaust(&guesses, "192.0.2.8", START);
        exhaust(&guesses, "2001:db8:0:1::1", START);
        assert!(guesses.count(peer("2001:db8:0:1:ffff::2"), "x", START).is_err());
        assert_eq!(guesses.count(peer("2001:db8:0:2::1"), "x", START), Ok(()));
    }

    #[test]
    fn who_is_quiet_is_forgotten_and_nobody_fills_the_memory() {
        let guesses = Guesses::default();
        let numbered = |number: u32| IpAddr::from(number.to_be_bytes());
        for number in 0..10_000 {
            let _ = guesses.count(numbered(number), "x", START);
        }
        assert!(remembered(&guesses) <= MAX_PEERS + 2, "{}", remembered(&guesses));
        assert!(guesses.count(numbered(20_000), "x", START).is_err(), "those without a place share one account");
        assert_eq!(guesses.count(numbered(7), "x", START), Ok(()), "who had a place has it still");
        assert_eq!(guesses.count(numbered(20_000), "x", after(60)), Ok(()));
        assert_eq!(remembered(&guesses), 1);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let guesses = Guesses::default();
        exhaust(&guesses, "192.0.2.7", after(86_400));
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", START), Ok(()));
    }
}
