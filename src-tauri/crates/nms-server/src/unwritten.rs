//! The accepted calls that are not written down yet, as they were at one moment: an answer that filters, counts and
//! shows takes all three from the same.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use nms_api::TokenId;

use crate::store::TokenRow;
use crate::text_keys;
use crate::use_ledger::Uses;

/// By token; see `UseLedger::unwritten`.
#[derive(Debug, Default)]
pub(crate) struct Unwritten(pub(crate) HashMap<TokenId, Uses>);

impl Unwritten {
    /// Counts them into a row.
    pub(crate) fn merge(&self, row: &mut TokenRow) {
        if let Some(uses) = self.0.get(&row.id) {
            uses.merge_into(row);
        }
    }

    /// Tokens that have any.
    pub(crate) fn used(&self) -> impl Iterator<Item = TokenId> {
        self.0.keys().copied()
    }

    /// Tokens whose last use was later than that.
    pub(crate) fn used_after(&self, then: DateTime<Utc>) -> impl Iterator<Item = TokenId> {
        self.0.iter().filter(move |(_, uses)| uses.last_at > then).map(|(id, _)| *id)
    }

    /// Tokens whose last use came from an address in which this word stands, folded.
    pub(crate) fn used_from(&self, word: &str) -> impl Iterator<Item = TokenId> {
        self.0.iter().filter(move |(_, uses)| text_keys::folded(&uses.last_from).contains(word)).map(|(id, _)| *id)
    }
}
