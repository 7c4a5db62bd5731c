//! Verification: a credential in, whoever it stands for or why not out. One function, so that a cache has one place.
//!
//! A credential that is unknown, mistyped or of no known form takes the same path as the wrong value of a token that
//! there is: one hash, one look-up that finds nothing, one comparison in constant time.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::token_format::{NotAToken, ParsedToken};
use nms_api::{Slug, TokenId, TokenState, addresses};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::caller::{ActingToken, Caller, Person};
use super::credential::{SESSION_PREFIX, session_lookup_id};
use crate::catalogue;
use crate::store::{KEPT_AFTER_DELETION, Result, Store, Verifiable};
use crate::use_ledger::UseLedger;

/// A session ends after this long without use.
const SESSION_IDLE: TimeDelta = TimeDelta::hours(12);
/// A lookup id that no credential has.
const NONE: &str = "";

/// What verification found.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It is good.
    Accepted(Caller),
    /// It is not.
    Refused(Refused),
}

/// Why a credential is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nobody knows it, or its checksum does not fit, or it has no known form: which, is not said.
    Unknown,
    /// It is what a list shows.
    Masked,
    /// It is the right value of this token, which is expired, paused or deleted, or not accepted from there.
    Token(TokenId, Slug),
}

/// Says for whom a credential that came from the address `from` stands at `now`. Performs I/O: one look-up.
pub(crate) async fn verify(
    store: &Store,
    ledger: &UseLedger,
    credential: &str,
    from: IpAddr,
    now: DateTime<Utc>,
) -> Result<Verdict> {
    if credential.starts_with(SESSION_PREFIX) {
        return verify_session(store, ledger, credential, now).await;
    }
    let lookup_id = match ParsedToken::parse(credential) {
        Ok(parsed) => parsed.lookup_id(),
        Err(NotAToken::Masked) => return Ok(Verdict::Refused(Refused::Masked)),
        Err(NotAToken::OtherPrefix | NotAToken::Length | NotAToken::Alphabet | NotAToken::Checksum) => NONE,
    };
    let hash = hash_of(credential);
    let found = store.verifiable(lookup_id, &hash).await?;
    let is_it = is_same(found.as_ref().map(|found| found.sha256.as_slice()), &hash);
    Ok(match found {
        Some(found) if is_it => judge(found, from, now),
        Some(_) | None => Verdict::Refused(Refused::Unknown),
    })
}

/// Of sessions last used before then, none is accepted.
pub(crate) fn oldest_session(now: DateTime<Utc>) -> DateTime<Utc> {
    now - SESSION_IDLE
}

async fn verify_session(store: &Store, ledger: &UseLedger, credential: &str, now: DateTime<Utc>) -> Result<Verdict> {
    let _reading = ledger.reading().await;
    let found = store.session(session_lookup_id(credential).unwrap_or(NONE)).await?;
    let is_it = is_same(found.as_ref().map(|found| found.sha256.as_slice()), &hash_of(credential));
    let Some(session) = found.filter(|_| is_it) else { return Ok(Verdict::Refused(Refused::Unknown)) };
    let last_used_at = ledger.session_last_used(session.id).unwrap_or(session.last_used_at);
    if last_used_at <= oldest_session(now) {
        return Ok(Verdict::Refused(Refused::Unknown));
    }
    ledger.session_used(session.id, now);
    Ok(Verdict::Accepted(Caller::Session(Person {
        user: session.user,
        organization: session.organization,
        held: session.held.unwrap_or_else(catalogue::all),
    })))
}

fn hash_of(credential: &str) -> [u8; 32] {
    tracing::trace!("a credential is hashed");
    Sha256::digest(credential.as_bytes()).into()
}

/// Compares in constant time; where nothing was found with a hash that nothing has, so that it takes as long.
fn is_same(stored: Option<&[u8]>, hash: &[u8; 32]) -> bool {
    tracing::trace!("a hash is compared");
    hash.ct_eq(stored.unwrap_or(&[0; 32])).into()
}

/// The value is right; does the token work?
fn judge(found: Verifiable, from: IpAddr, now: DateTime<Utc>) -> Verdict {
    let Verifiable { row, held, .. } = found;
    let is_forgotten = row.gone_at(now).is_some_and(|gone_at| gone_at + KEPT_AFTER_DELETION <= now);
    let refused = match row.state(now) {
        TokenState::Deleted if is_forgotten => Refused::Unknown,
        TokenState::Deleted => Refused::Token(row.id, Slug::TokenDeleted),
        TokenState::Expired => Refused::Token(row.id, Slug::TokenExpired),
        TokenState::Paused => Refused::Token(row.id, Slug::TokenPaused),
        TokenState::Active if !addresses::allow(&row.allowed_addresses, from) => {
            Refused::Token(row.id, Slug::AddressNotAllowed)
        }
        TokenState::Active => {
            let held = held.unwrap_or_else(catalogue::all);
            return Verdict::Accepted(Caller::Token(ActingToken { row: Box::new(row), held }));
        }
    };
    Verdict::Refused(refused)
}

#[cfg(test)]
mod tests;
