//! Kinds of tokens: what a filter asks for and what a list counts, each said once, so that a filter leaves as many
//! tokens as its count says.
//!
//! Uses that are not written yet count too: the database is told which tokens have any.

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::TokenId;

use super::statement::Statement;
use super::{Owner, micros};
use crate::unwritten::Unwritten;

/// Something that holds of a token or does not. Instants are compared with the moment of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Every token.
    Any,
    Active,
    Paused,
    Expired,
    /// Active, expiring then or before, and not replaced yet: then its successor is what counts.
    ExpiringBy(DateTime<Utc>),
    /// Last used then or before; never used: made then or before.
    IdleSince(DateTime<Utc>),
    NeverUsed,
    EverUsed,
    /// The snapshot has one of these bits, see `permission_bits`.
    Holding(i64),
    /// The snapshot has none of these bits.
    HoldingNone(i64),
    /// More than this from its making to its expiry.
    LivingOver(TimeDelta),
}

/// Whose tokens, when, and what is not written yet.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) owner: Owner,
    pub(crate) now: DateTime<Utc>,
    pub(crate) unwritten: &'a Unwritten,
}

impl Statement {
    /// The condition for an owner's tokens that are not deleted. The first two values are the owner's.
    pub(super) fn of_owner(&mut self, scene: Scene<'_>) -> String {
        let owner = self.text(scene.owner.person_id.to_string());
        let organization = self.text(scene.owner.organization_id.to_string());
        let now = self.number(micros(scene.now));
        format!(
            "owner_id = {owner} AND organization_id = {organization} AND deleted_at IS NULL \
             AND (ends_at IS NULL OR ends_at > {now})"
        )
    }

    /// The condition for tokens of this kind.
    pub(super) fn of_kind(&mut self, kind: &Kind, scene: Scene<'_>) -> String {
        let mut now = || self.number(micros(scene.now));
        match kind {
            Kind::Any => "1 = 1".to_owned(),
            Kind::Active => format!("expires_at > {} AND paused = 0", now()),
            Kind::Paused => format!("expires_at > {} AND paused = 1", now()),
            Kind::Expired => format!("expires_at <= {}", now()),
            Kind::ExpiringBy(then) => {
                let (now, then) = (now(), self.number(micros(*then)));
                format!("expires_at > {now} AND paused = 0 AND expires_at <= {then} AND replaced_by IS NULL")
            }
            Kind::IdleSince(then) => {
                let used = none_of(scene.unwritten.used_after(*then));
                format!("COALESCE(last_used_at, created_at) <= {}{used}", self.number(micros(*then)))
            }
            Kind::NeverUsed => format!("use_count = 0{}", none_of(scene.unwritten.used())),
            Kind::EverUsed => format!("(use_count > 0{})", or_one_of(scene.unwritten.used())),
            Kind::Holding(bits) => format!("(permission_bits & {}) <> 0", self.number(*bits)),
            Kind::HoldingNone(bits) => format!("(permission_bits & {}) = 0", self.number(*bits)),
            Kind::LivingOver(span) => {
                format!("expires_at - created_at > {}", self.number(span.num_microseconds().unwrap_or(i64::MAX)))
            }
        }
    }
}

/// ` AND` none of these, where there are any.
pub(super) fn none_of(ids: impl Iterator<Item = TokenId>) -> String {
    listed(ids).map(|ids| format!(" AND id NOT IN ({ids})")).unwrap_or_default()
}

/// ` OR` one of these, where there are any.
pub(super) fn or_one_of(ids: impl Iterator<Item = TokenId>) -> String {
    listed(ids).map(|ids| format!(" OR id IN ({ids})")).unwrap_or_default()
}

/// As literals: placeholders have a limit, and while the disk is full there is no limit to what is not written. An id
/// is digits and hyphens, whoever sent it.
fn listed(ids: impl Iterator<Item = TokenId>) -> Option<String> {
    let ids: Vec<String> = ids.map(|id| format!("'{id}'")).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}
