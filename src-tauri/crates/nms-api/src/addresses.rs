//! From where a token may be used: ranges of IPv4 and IPv6 addresses (CIDR, RFC 4632 and RFC 4291), in one form.
//!
//! No names, no ports, no zones: only what a peer's address can be compared with. An IPv4 address within IPv6 is the
//! IPv4 address, here and wherever addresses are compared.

// Addresses as values: there is no socket in `core`.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;
use std::str::FromStr;

/// Bits of `::ffff:0:0/96`, within which IPv4 addresses stand.
const MAPPED_BITS: u8 = 96;

/// A range of addresses: all that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressRange {
    first: IpAddr,
    bits: u8,
}

/// Why a text is no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RangeRefused {
    /// Neither an address nor an address with `/` and a number.
    #[error("it is no IPv4 or IPv6 address or range")]
    Malformed,
    /// The number behind `/` is larger than such an address has bits.
    #[error("its prefix is longer than the address")]
    Prefix,
    /// The address has bits beyond the prefix: another range may be meant.
    #[error("bits are set behind its prefix")]
    HostBits,
}

impl FromStr for AddressRange {
    type Err = RangeRefused;

    /// Strictly: nothing is trimmed. A bare address is the range of itself alone.
    fn from_str(text: &str) -> Result<Self, RangeRefused> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(number(bits)?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| RangeRefused::Malformed)?;
        let all = width(address);
        let bits = bits.unwrap_or(all);
        if bits > all {
            return Err(RangeRefused::Prefix);
        }
        let range = Self { first: address, bits }.canonical();
        if range.last_bits() & number_of(range.first) != 0 { Err(RangeRefused::HostBits) } else { Ok(range) }
    }
}

/// Digits only: `+8` and `08` would be second forms of the same.
fn number(digits: &str) -> Result<u8, RangeRefused> {
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if !is_plain || digits.is_empty() {
        return Err(RangeRefused::Malformed);
    }
    digits.parse().map_err(|_| RangeRefused::Prefix)
}

impl AddressRange {
    /// Whether the address lies within.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let (first, last) = self.bounds();
        address.is_ipv6() == self.first.is_ipv6() && (first..=last).contains(&number_of(address))
    }

    /// IPv4 within IPv6 is IPv4.
    fn canonical(self) -> Self {
        match (self.first.to_canonical(), self.first) {
            (first @ IpAddr::V4(_), IpAddr::V6(_)) if self.bits >= MAPPED_BITS => {
                Self { first, bits: self.bits - MAPPED_BITS }
            }
            _ => self,
        }
    }

    /// Ones where the addresses of this range differ.
    fn last_bits(&self) -> u128 {
        let free = u32::from(width(self.first) - self.bits);
        u128::MAX.checked_shl(free).map_or(u128::MAX, |fixed| !fixed)
    }

    fn bounds(&self) -> (u128, u128) {
        let first = number_of(self.first);
        (first, first | self.last_bits())
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.first, self.bits)
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// A list as it is kept: sorted, without duplicates. A range within another stays: somebody wrote it down.
pub fn folded(mut ranges: Vec<AddressRange>) -> Vec<AddressRange> {
    ranges.sort_unstable();
    ranges.dedup();
    ranges
}

/// Whether a token with these ranges is accepted from `address`; no ranges: from anywhere.
pub fn allow(ranges: &[AddressRange], address: IpAddr) -> bool {
    ranges.is_empty() || ranges.iter().any(|range| range.contains(address))
}

/// Whether every address that `inner` allows is allowed by `outer`; no ranges allow all.
pub fn cover(outer: &[AddressRange], inner: &[AddressRange]) -> bool {
    const EVERYWHERE: [AddressRange; 2] = [
        AddressRange { first: IpAddr::V4(Ipv4Addr::UNSPECIFIED), bits: 0 },
        AddressRange { first: IpAddr::V6(Ipv6Addr::UNSPECIFIED), bits: 0 },
    ];
    let inner = if inner.is_empty() { &EVERYWHERE } else { inner };
    let stretches = stretches(outer);
    let is_within = |range: &AddressRange| {
        let (first, last) = range.bounds();
        stretches
            .iter()
            .any(|stretch| stretch.is_ipv6 == range.first.is_ipv6() && stretch.first <= first && last <= stretch.last)
    };
    outer.is_empty() || inner.iter().all(is_within)
}

/// Addresses in a row.
struct Stretch {
    is_ipv6: bool,
    first: u128,
    last: u128,
}

/// The addresses of all ranges in as few rows as can be: neighbours are one.
fn stretches(ranges: &[AddressRange]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for range in folded(ranges.to_vec()) {
        let (is_ipv6, (first, last)) = (range.first.is_ipv6(), range.bounds());
        match stretches.last_mut() {
            Some(before) if before.is_ipv6 == is_ipv6 && first <= before.last.saturating_add(1) => {
                before.last = before.last.max(last);
            }
            Some(_) | None => stretches.push(Stretch { is_ipv6, first, last }),
        }
    }
    stretches
}

#[cfg(test)]
#[path = "addresses/tests.rs"]
mod tests;
