//! The kinds of tokens that a list filters by and counts, in the contract's words.

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::limits::{EXPIRING_DAYS, LONG_LIVED_DAYS, MAX_FILTER_DAYS, UNUSED_DAYS};
use nms_api::{PermissionName, Risk, Risks, TokenCounts, TokenQuery, TokenState};

use crate::permission_bits;
use crate::problems::{Answer, Refusal};
use crate::store::Kind;

/// Now, and what the owner holds: that on which the kinds depend besides the tokens.
#[derive(Clone, Copy)]
pub(super) struct Standpoint<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) held: &'a [PermissionName],
}

impl Standpoint<'_> {
    /// Everything that a query asks for: all of it must hold.
    pub(super) fn asked_for(self, query: &TokenQuery) -> Answer<Vec<Kind>> {
        let kinds = [
            query.state.map(state).transpose()?,
            days("expires_within_days", query.expires_within_days)?.map(|days| self.expiring(days)),
            days("unused_days", query.unused_days)?.map(|days| self.unused(days)),
            query.never_used.map(|never| if never { Kind::NeverUsed } else { Kind::EverUsed }),
            query.lost.map(|lost| self.lost(lost)),
            days("lifetime_over_days", query.lifetime_over_days)?.map(living_over),
        ];
        let holding_each = query.risk.iter().flat_map(Risks::iter).map(holding);
        Ok(kinds.into_iter().flatten().chain(holding_each).collect())
    }

    /// What a list counts, in the order in which [`counts`] takes it.
    pub(super) fn counted(self) -> [Kind; 12] {
        [
            Kind::Any,
            Kind::Active,
            Kind::Paused,
            Kind::Expired,
            self.expiring(EXPIRING_DAYS),
            Kind::NeverUsed,
            self.unused(UNUSED_DAYS),
            holding(Risk::Write),
            holding(Risk::Admin),
            holding(Risk::SensitiveRead),
            self.lost(true),
            living_over(LONG_LIVED_DAYS),
        ]
    }

    fn expiring(self, days: u32) -> Kind {
        Kind::ExpiringBy(self.now + span(days))
    }

    fn unused(self, days: u32) -> Kind {
        Kind::IdleSince(self.now - span(days))
    }

    fn lost(self, lost: bool) -> Kind {
        let beyond = permission_bits::beyond(self.held);
        if lost { Kind::Holding(beyond) } else { Kind::HoldingNone(beyond) }
    }
}

/// The figures of [`Standpoint::counted`].
pub(super) fn counts(figures: [u32; 12]) -> TokenCounts {
    let [all, active, paused, expired, expiring, never_used, unused, writes, admin, sensitive, lost, long_lived] =
        figures;
    TokenCounts {
        all,
        active,
        paused,
        expired,
        expiring,
        never_used,
        unused,
        writes,
        admin,
        sensitive,
        lost,
        long_lived,
    }
}

fn state(state: TokenState) -> Answer<Kind> {
    match state {
        TokenState::Active => Ok(Kind::Active),
        TokenState::Paused => Ok(Kind::Paused),
        TokenState::Expired => Ok(Kind::Expired),
        TokenState::Deleted => Err(Refusal::invalid("state", "It must be one of: active, paused, expired.")),
    }
}

fn holding(risk: Risk) -> Kind {
    Kind::Holding(permission_bits::of_risk(risk))
}

fn living_over(days: u32) -> Kind {
    Kind::LivingOver(span(days))
}

fn days(field: &str, days: Option<u32>) -> Answer<Option<u32>> {
    match days {
        None | Some(1..=MAX_FILTER_DAYS) => Ok(days),
        Some(_) => Err(Refusal::invalid(field, format!("It must be from 1 to {MAX_FILTER_DAYS}."))),
    }
}

fn span(days: u32) -> TimeDelta {
    TimeDelta::days(i64::from(days))
}
