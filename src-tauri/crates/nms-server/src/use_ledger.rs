//! Who used what, kept here until the next batch is written. Every answer counts it already.
//!
//! Recording takes a short lock and never waits for the disk. Whoever reads takes [`UseLedger::reading`] over both the
//! query and the merge: while a batch is being written its counts would otherwise be in neither place, or in both.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use nms_api::{Actor, Event, EventKind, PermissionName, Slug, TokenId};
use tokio::sync::{Notify, RwLock, RwLockReadGuard};
use uuid::Uuid;

use crate::random::{NoRandomness, Random};
use crate::store::{self, Batch, Seen, Store, TokenRow};
use crate::unwritten::Unwritten;
use crate::use_days::{CallKind, Calls, UseDays};

/// The accepted calls of one token that are not written yet.
#[derive(Clone, Debug)]
pub(crate) struct Uses {
    pub(crate) count: u64,
    pub(crate) first: CallKind,
    pub(crate) first_at: DateTime<Utc>,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) last_from: String,
    /// The first of them from each address.
    sources: BTreeMap<String, FirstFrom>,
    permissions: BTreeMap<PermissionName, DateTime<Utc>>,
}

/// The first call from an address.
#[derive(Clone, Debug)]
struct FirstFrom {
    at: DateTime<Utc>,
    agent: Option<String>,
}

impl Uses {
    fn add(&mut self, later: &Self) {
        self.count += later.count;
        // Two calls at once may be counted in another order than they came in.
        if later.last_at >= self.last_at {
            self.last_at = later.last_at;
            self.last_from.clone_from(&later.last_from);
        }
        for (address, call) in &later.sources {
            let first = self.sources.entry(address.clone()).or_insert_with(|| call.clone());
            if call.at < first.at {
                first.clone_from(call);
            }
        }
        later.merge_permissions_into(&mut self.permissions);
    }

    /// Counts them into a row.
    pub(crate) fn merge_into(&self, row: &mut TokenRow) {
        row.use_count += self.count;
        row.last_used_at = Some(self.last_at);
        row.last_used_from = Some(self.last_from.clone());
        self.merge_permissions_into(&mut row.used_permissions);
    }

    pub(crate) fn merge_permissions_into(&self, permissions: &mut BTreeMap<PermissionName, DateTime<Utc>>) {
        for (name, at) in &self.permissions {
            let last = permissions.entry(name.clone()).or_insert(*at);
            *last = (*last).max(*at);
        }
    }
}

/// Of so many kinds of refused calls of a token the address is told; further ones have none. Whoever has the value of
/// a deleted token and many addresses could fill the disk otherwise.
pub(crate) const MAX_REFUSED_KINDS: usize = 200;

/// What a storm of refused calls has in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RefusedKind {
    pub(crate) token_id: TokenId,
    /// See [`reason_of`].
    pub(crate) reason: &'static str,
    /// `None`: not told apart.
    pub(crate) address: Option<String>,
    pub(crate) permission: Option<PermissionName>,
}

#[derive(Clone, Debug)]
struct RefusedCalls {
    count: u64,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// Of the last.
    agent: Option<String>,
}

#[derive(Default)]
struct Pending {
    uses: HashMap<TokenId, Uses>,
    /// The same calls, by day and caller.
    days: HashMap<TokenId, UseDays>,
    refused: HashMap<TokenId, HashMap<RefusedKind, RefusedCalls>>,
    sessions: HashMap<Uuid, DateTime<Utc>>,
}

/// What is not written yet.
#[derive(Default)]
pub(crate) struct UseLedger {
    pending: Mutex<Pending>,
    settling: RwLock<()>,
    /// Wakes whoever writes the next batch.
    pub(crate) something_to_write: Notify,
}

impl UseLedger {
    /// Counts an accepted call of the program that calls itself `agent`.
    pub(crate) fn used(
        &self,
        id: TokenId,
        at: DateTime<Utc>,
        from: &str,
        agent: Option<String>,
        permission: Option<PermissionName>,
    ) {
        let permissions = permission.iter().map(|name| (name.clone(), at)).collect();
        let sources = BTreeMap::from([(from.to_owned(), FirstFrom { at, agent: agent.clone() })]);
        let kind = CallKind { address: Some(from.to_owned()), agent, permission };
        let mut pending = self.pending();
        pending.days.entry(id).or_default().day(at.date_naive()).add(&kind, Calls { count: 1, last_at: at });
        let (first_at, last_at) = (at, at);
        let call = Uses { count: 1, first: kind, first_at, last_at, last_from: from.to_owned(), sources, permissions };
        pending.add_uses(id, call);
        drop(pending);
        self.something_to_write.notify_one();
    }

    /// Counts a refused call of the program that calls itself `agent`.
    pub(crate) fn refused(&self, kind: RefusedKind, agent: Option<String>, at: DateTime<Utc>) {
        self.pending().add_refused(kind, RefusedCalls { count: 1, first_at: at, last_at: at, agent });
        self.something_to_write.notify_one();
    }

    /// Renews a session.
    pub(crate) fn session_used(&self, id: Uuid, at: DateTime<Utc>) {
        self.pending().sessions.insert(id, at);
        self.something_to_write.notify_one();
    }

    /// The last use of a session that is not written yet.
    pub(crate) fn session_last_used(&self, id: Uuid) -> Option<DateTime<Utc>> {
        self.pending().sessions.get(&id).copied()
    }

    /// Whether any use of a token is not written yet.
    pub(crate) fn has_unwritten_uses(&self) -> bool {
        !self.pending().uses.is_empty()
    }

    /// Keeps batches from being written while somebody reads and merges.
    pub(crate) async fn reading(&self) -> RwLockReadGuard<'_, ()> {
        self.settling.read().await
    }

    /// Counts what is not written yet into a row that was read under [`Self::reading`].
    pub(crate) fn merge(&self, row: &mut TokenRow) {
        if let Some(uses) = self.pending().uses.get(&row.id) {
            uses.merge_into(row);
        }
    }

    /// What is not written yet, for a question about many tokens that is asked under [`Self::reading`].
    pub(crate) fn unwritten(&self) -> Unwritten {
        Unwritten(self.pending().uses.clone())
    }

    /// Counts what is not written yet into a token's days that were read under [`Self::reading`].
    pub(crate) fn merge_days(&self, id: TokenId, days: &mut UseDays) {
        if let Some(unwritten) = self.pending().days.get(&id) {
            days.merge(unwritten);
        }
    }

    /// How many calls of a token on which days are not written yet.
    pub(crate) fn calls_by_day(&self, id: TokenId) -> Vec<(NaiveDate, u64)> {
        let pending = self.pending();
        let days = pending.days.get(&id).into_iter().flat_map(UseDays::iter);
        days.map(|(day, calls)| (day, calls.iter().map(|(_, calls)| calls.count).sum())).collect()
    }

    /// Writes what there is. When it cannot be written it stays here, and counts.
    pub(crate) async fn settle(&self, store: &Store, random: &Random) -> store::Result<()> {
        let _alone = self.settling.write().await;
        let pending = std::mem::take(&mut *self.pending());
        if pending.is_empty() {
            return Ok(());
        }
        let written = match pending.batch(random) {
            Ok(batch) => store.write_uses(&batch).await,
            Err(error) => Err(store::Error::Unexpected(error.into())),
        };
        if written.is_err() {
            self.pending().put_back(pending);
        }
        written
    }

    /// Nothing in here can be left half changed by a panic.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.refused.is_empty() && self.sessions.is_empty()
    }

    fn add_uses(&mut self, id: TokenId, later: Uses) {
        match self.uses.get_mut(&id) {
            Some(uses) => uses.add(&later),
            None => drop(self.uses.insert(id, later)),
        }
    }

    fn add_refused(&mut self, kind: RefusedKind, later: RefusedCalls) {
        let of_token = self.refused.entry(kind.token_id).or_default();
        let has_place = of_token.len() < MAX_REFUSED_KINDS || of_token.contains_key(&kind);
        let kind = if has_place { kind } else { RefusedKind { address: None, ..kind } };
        let calls = of_token.entry(kind).or_insert_with(|| RefusedCalls { count: 0, ..later.clone() });
        calls.count += later.count;
        calls.last_at = later.last_at;
        calls.agent = later.agent;
    }

    /// `earlier` could not be written; what came since is later.
    fn put_back(&mut self, earlier: Self) {
        let later = std::mem::replace(self, earlier);
        for (id, uses) in later.uses {
            self.add_uses(id, uses);
        }
        for (id, days) in later.days {
            self.days.entry(id).or_default().merge(&days);
        }
        for (kind, calls) in later.refused.into_values().flatten() {
            self.add_refused(kind, calls);
        }
        self.sessions.extend(later.sessions);
    }

    /// The first call from each address.
    fn seen(&self, random: &Random) -> Result<Vec<Seen<'_>>, NoRandomness> {
        let each =
            self.uses.iter().flat_map(|(id, uses)| uses.sources.iter().map(|(address, first)| (*id, address, first)));
        let mut seen: Vec<Seen<'_>> = each
            .map(|(token_id, address, FirstFrom { at, agent })| {
                Ok(Seen { token_id, address, agent: agent.as_deref(), at: *at, event_id: random.id(*at)? })
            })
            .collect::<Result<_, _>>()?;
        seen.sort_unstable_by_key(|seen| seen.at);
        Ok(seen)
    }

    /// In the order in which they began: those that came first are told apart.
    fn refused_events(&self, random: &Random) -> Result<Vec<Event>, NoRandomness> {
        let kinds = self.refused.values().flatten();
        let mut events: Vec<Event> = kinds
            .map(|(kind, calls)| Ok(refused_event(random.id(calls.first_at)?, kind, calls)))
            .collect::<Result<_, _>>()?;
        events.sort_unstable_by_key(|event| event.first_at);
        Ok(events)
    }

    fn batch(&self, random: &Random) -> Result<Batch<'_>, NoRandomness> {
        Ok(Batch {
            uses: self
                .uses
                .iter()
                .map(|(id, uses)| Ok((*id, uses, random.id(uses.first_at)?)))
                .collect::<Result<_, _>>()?,
            seen: self.seen(random)?,
            days: &self.days,
            refused: self.refused_events(random)?,
            sessions: self.sessions.iter().map(|(id, at)| (*id, *at)).collect(),
        })
    }
}

/// A refusal's reason as it is counted: its slug without `token-`.
pub(crate) fn reason_of(slug: Slug) -> &'static str {
    slug.as_str().strip_prefix("token-").unwrap_or(slug.as_str())
}

/// Nothing but what every event has.
pub(crate) fn bare_event(id: Uuid, token_id: TokenId, at: DateTime<Utc>, kind: EventKind, actor: Actor) -> Event {
    Event {
        id,
        token_id,
        at,
        kind,
        actor,
        from: None,
        to: None,
        reason: None,
        address: None,
        agent: None,
        permission: None,
        count: None,
        first_at: None,
    }
}

/// The event of a token's first accepted call.
pub(crate) fn first_used_event(token_id: TokenId, uses: &Uses, id: Uuid) -> Event {
    Event {
        address: uses.first.address.clone(),
        agent: uses.first.agent.clone(),
        permission: uses.first.permission.clone(),
        ..bare_event(id, token_id, uses.first_at, EventKind::FirstUsed, Actor::Token)
    }
}

fn refused_event(id: Uuid, kind: &RefusedKind, calls: &RefusedCalls) -> Event {
    Event {
        reason: Some(kind.reason.to_owned()),
        address: kind.address.clone(),
        agent: calls.agent.clone(),
        permission: kind.permission.clone(),
        count: Some(calls.count),
        first_at: Some(calls.first_at),
        ..bare_event(id, kind.token_id, calls.last_at, EventKind::Refused, Actor::Token)
    }
}
