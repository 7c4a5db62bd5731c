//! Counts the credentials that nobody knows, so that guessing is slow: of one peer 20 a minute are answered for what
//! they are, and whatever follows with 429. It is asked after verification only, so a good credential from the same peer
//! is never held up.
//!
//! Of our own rather than a crate's: it keeps the server's clock, and is bounded in what it remembers.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::credential::SESSION_PREFIX;

/// So many of one peer are answered within any [`SPAN`].
const FREE: usize = 20;
const SPAN: TimeDelta = TimeDelta::minutes(1);
/// So many peers are told apart. Further ones share one account: whoever has many addresses cannot fill the memory.
const MAX_PEERS: usize = 4096;
/// What providers give to one place in IPv6: whoever has one address of it has them all.
const IPV6_PLACE: u128 = !0 << 64;
/// How often at most to look for places while there are none: looking costs more than counting.
const SWEEP: TimeDelta = TimeDelta::seconds(1);

/// The unknown credentials of the last minute, by who sent them.
#[derive(Default)]
pub(crate) struct Guesses(Mutex<Accounts>);

#[derive(Default)]
struct Accounts {
    /// Instants, oldest first; at most [`FREE`] each.
    sent: HashMap<Account, VecDeque<DateTime<Utc>>>,
    swept_at: Option<DateTime<Utc>>,
}

/// Sessions are counted apart: a collector with a wrong token must not keep the app from learning that its session
/// is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Account {
    /// `None`: everybody who found no place.
    peer: Option<IpAddr>,
    is_session: bool,
}

impl Guesses {
    /// Counts a credential that nobody knows.
    ///
    /// # Errors
    /// The peer has sent too many; after so many whole seconds it may send another.
    pub(crate) fn count(&self, from: IpAddr, credential: &str, now: DateTime<Utc>) -> Result<(), u64> {
        // Nothing in here can be left half changed by a panic.
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.sweep(now);
        let account = Account { peer: Some(place(from)), is_session: credential.starts_with(SESSION_PREFIX) };
        let sent = accounts.of(account);
        while sent.front().is_some_and(|at| !is_recent(*at, now)) {
            sent.pop_front();
        }
        match sent.front() {
            Some(oldest) if sent.len() >= FREE => Err(seconds_until(*oldest + SPAN, now)),
            Some(_) | None => {
                sent.push_back(now);
                Ok(())
            }
        }
    }
}

impl Accounts {
    /// Forgets who has sent nothing for long enough: once in a span, more often when there is no place left.
    fn sweep(&mut self, now: DateTime<Utc>) {
        let wait = if self.sent.len() < MAX_PEERS { SPAN } else { SWEEP };
        if self.swept_at.is_none_or(|at| (now - at).abs() >= wait) {
            self.sent.retain(|_, sent| sent.back().is_some_and(|at| is_recent(*at, now)));
            self.swept_at = Some(now);
        }
    }

    fn of(&mut self, account: Account) -> &mut VecDeque<DateTime<Utc>> {
        let has_place = self.sent.len() < MAX_PEERS || self.sent.contains_key(&account);
        self.sent.entry(if has_place { account } else { Account { peer: None, ..account } }).or_default()
    }
}

/// Who is behind an address.
fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_PLACE).into(),
    }
}

/// Of a clock that was set back nothing is held against anybody for longer than a span.
fn is_recent(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - at).abs() < SPAN
}

/// At least one: whoever is told zero asks again at once.
fn seconds_until(then: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    const SECOND_MS: u64 = 1000;
    (then - now).num_milliseconds().max(0).unsigned_abs().div_ceil(SECOND_MS).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn after(seconds: i64) -> DateTime<Utc> {
        START + TimeDelta::seconds(seconds)
    }

    fn peer(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn remembered(guesses: &Guesses) -> usize {
        guesses.0.lock().unwrap().sent.len()
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
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(20)), Err(40));
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(59)), Err(1));
        // The first is a minute old, the others are not yet.
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(60)), Ok(()));
        assert_eq!(guesses.count(peer("192.0.2.7"), "x", after(60)), Err(1));
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
