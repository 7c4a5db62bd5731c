//! How often one peer may do something in a minute: what needs no credential, or was tried with one that nobody knows.
//!
//! Of our own rather than a crate's: it keeps the server's clock, and is bounded in what it remembers.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The time in which calls are counted, whenever it begins.
const SPAN: TimeDelta = TimeDelta::minutes(1);
/// So many peers are told apart. Further ones share one account: whoever has many addresses cannot fill the memory.
pub(crate) const MAX_PEERS: usize = 4096;
/// What providers give to one place in IPv6: whoever has one address of it has them all.
const IPV6_PLACE: u128 = !0 << 64;
/// How often at most to look for places while there are none: looking costs more than counting.
const SWEEP: TimeDelta = TimeDelta::seconds(1);

/// Counts the calls of each peer, those of each kind apart.
#[derive(Debug)]
pub(crate) struct PeerLimit<Kind = ()> {
    /// So many are taken within any [`SPAN`].
    calls: usize,
    accounts: Mutex<Accounts<Kind>>,
}

#[derive(Debug)]
struct Accounts<Kind> {
    /// Instants, oldest first; at most as many as are taken. No peer: everybody who found no place.
    sent: HashMap<(Option<IpAddr>, Kind), VecDeque<DateTime<Utc>>>,
    swept_at: Option<DateTime<Utc>>,
}

/// The whole seconds after which another call is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooOften(pub(crate) u64);

impl<Kind: Copy + Eq + Hash> PeerLimit<Kind> {
    /// `calls` in a minute are taken.
    pub(crate) fn per_minute(calls: usize) -> Self {
        Self { calls, accounts: Mutex::new(Accounts { sent: HashMap::new(), swept_at: None }) }
    }

    /// Counts a call, or says when to come again.
    pub(crate) fn count(&self, from: IpAddr, kind: Kind, now: DateTime<Utc>) -> Result<(), TooOften> {
        // Nothing in here can be left half changed by a panic.
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.sweep(now);
        let sent = accounts.of(place(from), kind);
        while sent.front().is_some_and(|at| !is_recent(*at, now)) {
            sent.pop_front();
        }
        match sent.front() {
            Some(oldest) if sent.len() >= self.calls => Err(TooOften(seconds_until(*oldest + SPAN, now))),
            Some(_) | None => {
                sent.push_back(now);
                Ok(())
            }
        }
    }

    /// How many peers are remembered.
    #[cfg(test)]
    pub(crate) fn remembered(&self) -> usize {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).sent.len()
    }
}

impl<Kind: Copy + Eq + Hash> Accounts<Kind> {
    /// Forgets who has sent nothing for long enough: once in a span, more often when there is no place left.
    fn sweep(&mut self, now: DateTime<Utc>) {
        let wait = if self.sent.len() < MAX_PEERS { SPAN } else { SWEEP };
        if self.swept_at.is_none_or(|at| (now - at).abs() >= wait) {
            self.sent.retain(|_, sent| sent.back().is_some_and(|at| is_recent(*at, now)));
            self.swept_at = Some(now);
        }
    }

    fn of(&mut self, peer: IpAddr, kind: Kind) -> &mut VecDeque<DateTime<Utc>> {
        let account = (Some(peer), kind);
        let has_place = self.sent.len() < MAX_PEERS || self.sent.contains_key(&account);
        self.sent.entry(if has_place { account } else { (None, kind) }).or_default()
    }
}

/// Who is behind an address.
fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_PLACE).into(),
        address @ IpAddr::V4(_) => address,
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

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_peer_that_comes_too_often_is_told_when_to_come_again() {
        let limit = PeerLimit::<()>::per_minute(2);
        assert_eq!(limit.count(ip("10.0.0.1"), (), at(0)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), (), at(20)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), (), at(20)), Err(TooOften(40)));
        assert_eq!(limit.count(ip("10.0.0.2"), (), at(20)), Ok(()), "another peer");
        assert_eq!(limit.count(ip("10.0.0.1"), (), at(60)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), (), at(-9999)), Ok(()), "a clock that was set back");
    }

    #[test]
    fn the_addresses_of_one_place_are_one_peer() {
        let limit = PeerLimit::<()>::per_minute(1);
        assert_eq!(limit.count(ip("2001:db8::1"), (), at(0)), Ok(()));
        assert!(limit.count(ip("2001:db8::2"), (), at(0)).is_err());
        assert_eq!(limit.count(ip("2001:db8:0:1::1"), (), at(0)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), (), at(0)), Ok(()));
        assert!(limit.count(ip("::ffff:10.0.0.1"), (), at(0)).is_err());
    }

    #[test]
    fn many_peers_cost_no_memory_and_let_nobody_through() {
        let limit = PeerLimit::<()>::per_minute(1);
        let many = |at: DateTime<Utc>| {
            (0..20_000_u32).filter(|number| limit.count(IpAddr::from(number.to_be_bytes()), (), at).is_ok()).count()
        };
        assert_eq!(many(at(0)), MAX_PEERS + 1);
        assert_eq!(limit.remembered(), MAX_PEERS + 1);
        assert_eq!(many(at(60)), MAX_PEERS + 1, "room is made when the minute is over");
    }
}
