//! How often one peer may do something that needs no credential.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The time in which calls are counted.
const SPAN: TimeDelta = TimeDelta::minutes(1);
/// The most peers that are told apart; all others share one count, so that many addresses cost no memory.
const MAX_PEERS: usize = 4096;
/// What one caller has of IPv6: the addresses of a /64.
const IPV6_PLACE: u128 = !0 << 64;

/// Counts the calls of each peer in spans of a minute.
#[derive(Debug)]
pub(crate) struct PeerLimit {
    calls: u32,
    peers: Mutex<Peers>,
}

#[derive(Debug, Default)]
struct Peers {
    counts: HashMap<IpAddr, Count>,
    /// When those were last taken out whose minute is over.
    swept_at: DateTime<Utc>,
}

impl Peers {
    /// Whether there is room for one more. Looks for some once in a minute, not for every call.
    fn make_room(&mut self, now: DateTime<Utc>) -> bool {
        if self.counts.len() >= MAX_PEERS && is_over(self.swept_at, now) {
            self.counts.retain(|_, count| !is_over(count.since, now));
            self.swept_at = now;
        }
        self.counts.len() < MAX_PEERS
    }
}

#[derive(Clone, Copy, Debug)]
struct Count {
    since: DateTime<Utc>,
    calls: u32,
}

/// A clock that was set back begins anew: nobody waits for the time to come again.
fn is_over(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < since || now - since >= SPAN
}

/// The seconds after which another call is taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooOften(pub(crate) u64);

impl PeerLimit {
    /// `calls` in a minute are taken.
    pub(crate) fn per_minute(calls: u32) -> Self {
        Self { calls, peers: Mutex::default() }
    }

    /// Counts a call, or says when to come again.
    pub(crate) fn count(&self, from: IpAddr, now: DateTime<Utc>) -> Result<(), TooOften> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut peer = place(from);
        if !peers.counts.contains_key(&peer) && !peers.make_room(now) {
            peer = Ipv6Addr::UNSPECIFIED.into();
        }
        let count = peers.counts.entry(peer).or_insert(Count { since: now, calls: 0 });
        if is_over(count.since, now) {
            *count = Count { since: now, calls: 0 };
        }
        if count.calls >= self.calls {
            let wait = (count.since + SPAN - now).num_milliseconds().max(1);
            return Err(TooOften(wait.unsigned_abs().div_ceil(1000)));
        }
        count.calls += 1;
        Ok(())
    }
}

fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_PLACE).into(),
        address @ IpAddr::V4(_) => address,
    }
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
        let limit = PeerLimit::per_minute(2);
        assert_eq!(limit.count(ip("10.0.0.1"), at(0)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), at(20)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), at(20)), Err(TooOften(40)));
        assert_eq!(limit.count(ip("10.0.0.2"), at(20)), Ok(()), "another peer");
        assert_eq!(limit.count(ip("10.0.0.1"), at(60)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), at(-9999)), Ok(()), "a clock that was set back");
    }

    #[test]
    fn the_addresses_of_one_place_are_one_peer() {
        let limit = PeerLimit::per_minute(1);
        assert_eq!(limit.count(ip("2001:db8::1"), at(0)), Ok(()));
        assert!(limit.count(ip("2001:db8::2"), at(0)).is_err());
        assert_eq!(limit.count(ip("2001:db8:0:1::1"), at(0)), Ok(()));
        assert_eq!(limit.count(ip("10.0.0.1"), at(0)), Ok(()));
        assert!(limit.count(ip("::ffff:10.0.0.1"), at(0)).is_err());
    }

    #[test]
    fn many_peers_cost_no_memory_and_let_nobody_through() {
        let limit = PeerLimit::per_minute(1);
        let many = |at: DateTime<Utc>| {
            (0..20_000_u32).filter(|number| limit.count(IpAddr::from(number.to_be_bytes()), at).is_ok()).count()
        };
        assert_eq!(many(at(0)), MAX_PEERS + 1);
        assert_eq!(limit.peers.lock().unwrap().counts.len(), MAX_PEERS + 1);
        assert_eq!(many(at(60)), MAX_PEERS + 1, "room is made when the minute is over");
    }
}
