//! The store: every query of this crate. Who may ask what is decided before (`auth/`); what an answer looks like,
//! after (`routes/`).
//!
//! The text of the queries is meant for PostgreSQL too: `$1` placeholders, standard upserts, instants as integers.

mod alerts;
mod callers;
mod copy;
mod devices;
mod error;
mod events;
mod follow;
mod idempotency;
mod inspect;
mod open;
mod people;
mod purge;
mod reports;
mod rotation;
mod sessions;
mod sources;
mod statement;
mod token_kinds;
mod token_list;
mod token_row;
mod tokens;
mod use_days;
mod uses;
mod write;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use sqlx::AnyPool;
use uuid::Uuid;

pub(crate) use alerts::{AlertPosition, AlertRow, Whose};
pub(crate) use error::{Error, Result};
pub(crate) use events::{EventPosition, WantedEvents};
pub(crate) use idempotency::Scope;
pub(crate) use inspect::{Inspected, inspect, inspect_beside};
pub(crate) use open::{OpenRefused, open};
pub(crate) use people::{BuiltIn, FirstStart};
pub(crate) use reports::Known;
pub(crate) use rotation::{Ended, Rotated};
pub(crate) use sources::Seen;
pub(crate) use statement::Value;
pub(crate) use token_kinds::{Kind, Scene};
pub(crate) use token_list::{Asked, Filters, Position};
pub(crate) use token_row::TokenRow;
pub(crate) use tokens::{Created, NewRow, Verifiable};
pub(crate) use uses::Batch;

/// The open store. One connection writes, so that writers wait for each other in here and not in SQLite's file locks;
/// the others read, and in WAL mode wait for nobody.
#[derive(Clone)]
pub(crate) struct Store {
    reads: AnyPool,
    writes: AnyPool,
    /// How many transactions were written.
    commits: Arc<AtomicU64>,
}

/// Whose: a person in an organisation. Every query about tokens names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    pub(crate) person_id: Uuid,
    pub(crate) organization_id: Uuid,
}

/// For how long a deleted token's row and events are kept.
pub(crate) const KEPT_AFTER_DELETION: chrono::TimeDelta = chrono::TimeDelta::days(90);

fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}
