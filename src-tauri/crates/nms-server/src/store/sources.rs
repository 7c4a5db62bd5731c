//! From where each token is used. A source that is new for a token which has a usual place is an event.
//!
//! For the first days after its first use a token's sources are only learnt: a service is moved about while it is set
//! up. A token that is bound to addresses needs no such event: whoever calls from elsewhere is refused. Both are learnt
//! from all the same, so that nothing is reported as new when the binding is taken off.
//!
//! A store that was written before sources were kept begins to learn with the first use of each token.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::{Actor, AddressRange, Event, EventKind, TokenId};
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::token_row::{ranges, uuid};
use super::{Owner, Result, events, instant, micros};
use crate::use_ledger::bare_event;

/// How long after the first use sources are learnt without a word.
const LEARNING: TimeDelta = TimeDelta::days(7);
/// A token with as many sources has no usual one: no more of them are kept, and none is an event.
const MAX_SOURCES: usize = 100;
/// What providers give to one place in IPv6. Within it hosts change their addresses by themselves (RFC 8981).
const IPV6_PLACE: u128 = !0 << 64;

/// The first call of a batch that came from an address.
pub(crate) struct Seen<'a> {
    pub(crate) token_id: TokenId,
    pub(crate) address: &'a str,
    /// What the program called itself.
    pub(crate) agent: Option<&'a str>,
    pub(crate) at: DateTime<Utc>,
    /// For its event, should there be one.
    pub(crate) event_id: Uuid,
}

/// Remembers what is new, and tells of it. Tokens that were purged meanwhile are passed over.
pub(super) async fn learn(connection: &mut AnyConnection, seen: &[Seen<'_>]) -> Result<()> {
    for seen in seen {
        let source = source(seen.address);
        let known = known(&mut *connection, seen.token_id).await?;
        if known.len() >= MAX_SOURCES || known.iter().any(|(known, _)| *known == source) {
            continue;
        }
        let Some((owner, allowed)) = token(&mut *connection, seen.token_id).await? else { continue };
        remember(&mut *connection, seen, &source).await?;
        let first_use = known.iter().map(|(_, first_at)| *first_at).min();
        if allowed.is_empty() && first_use.is_some_and(|first_use| seen.at - first_use >= LEARNING) {
            events::insert(&mut *connection, owner, &new_source(seen)).await?;
        }
    }
    Ok(())
}

/// Where an address stands: an IPv6 one in its /64, an IPv4 one for itself.
fn source(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => format!("{}/64", std::net::Ipv6Addr::from_bits(address.to_bits() & IPV6_PLACE)),
        Ok(IpAddr::V4(_)) | Err(_) => address.to_owned(),
    }
}

fn new_source(seen: &Seen<'_>) -> Event {
    Event {
        address: Some(seen.address.to_owned()),
        agent: seen.agent.map(str::to_owned),
        ..bare_event(seen.event_id, seen.token_id, seen.at, EventKind::NewSource, Actor::Token)
    }
}

async fn known(connection: &mut AnyConnection, id: TokenId) -> Result<Vec<(String, DateTime<Utc>)>> {
    let rows = sqlx::query("SELECT source, first_at FROM token_sources WHERE token_id = $1")
        .bind(id.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get("source")?, instant(row.try_get("first_at")?)))).collect()
}

async fn token(connection: &mut AnyConnection, id: TokenId) -> Result<Option<(Owner, Vec<AddressRange>)>> {
    let row = sqlx::query("SELECT owner_id, organization_id, allowed_addresses FROM tokens WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let owner = Owner { person_id: uuid(&row, "owner_id")?, organization_id: uuid(&row, "organization_id")? };
    Ok(Some((owner, ranges(row.try_get("allowed_addresses")?)?)))
}

async fn remember(connection: &mut AnyConnection, seen: &Seen<'_>, source: &str) -> Result<()> {
    sqlx::query("INSERT INTO token_sources (token_id, source, first_at) VALUES ($1, $2, $3)")
        .bind(seen.token_id.to_string())
        .bind(source)
        .bind(micros(seen.at))
        .execute(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_host_that_changes_its_address_stays_where_it_is() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::1", "::/64"),
        ] {
            assert_eq!(source(address), expected);
        }
    }
}
