//! What all requests share. Nothing in here belongs to one of them.

use std::ops::Deref;
use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::Notify;

use crate::answer_counts::AnswerCounts;
use crate::auth::{AccessTable, Guesses};
use crate::clock::Clock;
use crate::damage::Damage;
use crate::hosts::Hosts;
use crate::keys_at_work::KeysAtWork;
use crate::random::Random;
use crate::reports::Reports;
use crate::store::Store;
use crate::use_ledger::UseLedger;

/// The parts of a running server.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) ledger: UseLedger,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) hosts: Hosts,
    pub(crate) access: AccessTable,
    pub(crate) keys_at_work: KeysAtWork,
    pub(crate) guesses: Guesses,
    /// Wakes whoever writes the ends of replaced tokens.
    pub(crate) something_ends: Notify,
    pub(crate) answers: AnswerCounts,
    pub(crate) reports: Reports,
    pub(crate) damage: Damage,
    /// The OpenAPI document, as it is sent.
    pub(crate) document: Bytes,
}

/// A running server's parts, shared.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl App {
    /// Writes down the uses that were only counted so far. What cannot be written stays counted, and is tried again.
    pub(crate) async fn settle(&self) {
        if let Err(error) = self.ledger.settle(&self.store, &self.random).await {
            self.damage.learn(&error);
            tracing::warn!(%error, "uses could not be written down; they stay counted");
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
