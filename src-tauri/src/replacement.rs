//! What *Replace* asks for: the same token anew, as far as it can be had now.

use chrono::TimeDelta;
use nms_api::permissions::effective;
use nms_api::{Me, NewToken, Token, expiry};

/// Same name, description and addresses, the permissions that are still held, the same span of days from now, within the limit.
pub(crate) fn of(old: &Token, me: &Me) -> NewToken {
    let span = (old.expires_at - old.created_at).max(TimeDelta::minutes(1));
    let wanted = me.server_time.checked_add_signed(span).unwrap_or(old.expires_at);
    NewToken {
        name: old.name.clone(),
        description: old.description.clone(),
        permissions: effective(&old.permissions, &me.permissions),
        expires_at: Some(wanted.min(expiry::latest(me.server_time, me.limits.max_months))),
        allowed_addresses: Some(old.allowed_addresses.clone()),
    }
}

#[cfg(test)]
mod tests {
    use nms_api::{Limits, Organization, PermissionName, Policy, User};
    use uuid::Uuid;

    use super::*;
    use crate::samples;

    fn me(now: &str) -> Me {
        let organization = Organization { id: Uuid::nil(), name: "o".into() };
        Me {
            user: User { id: Uuid::nil(), name: "p".into() },
            organizations: vec![organization.clone()],
            organization,
            permissions: vec!["a:read".into(), "b:read".into()],
            server_time: now.parse().unwrap(),
            limits: Limits { default_days: 90, max_months: 12, max_tokens: None, propagation_max_s: 0 },
            policy: Policy {},
        }
    }

    fn token(created_at: &str, expires_at: &str, permissions: &[&str]) -> Token {
        Token {
            permissions: permissions.iter().map(|name| PermissionName::from(*name)).collect(),
            allowed_addresses: vec!["10.0.0.0/8".into()],
            created_at: created_at.parse().unwrap(),
            expires_at: expires_at.parse().unwrap(),
            ..samples::token(1, Some("poller"))
        }
    }

    #[test]
    fn a_replacement_lasts_as_many_days_from_now_and_drops_what_was_lost() {
        let old = token("2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z", &["a:read", "gone:write"]);
        let new = of(&old, &me("2026-11-23T12:00:00Z"));
        assert_eq!(new.name.as_deref(), Some("poller"));
        assert_eq!(new.permissions, vec![PermissionName::from("a:read")]);
        assert_eq!(new.allowed_addresses, Some(old.allowed_addresses));
        assert_eq!(new.expires_at, Some("2026-12-23T12:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_replacement_never_asks_for_more_than_the_limit() {
        let old = token("2024-01-01T00:00:00Z", "2026-01-01T00:00:00Z", &["a:read"]);
        let new = of(&old, &me("2026-11-23T12:00:00Z"));
        assert_eq!(new.expires_at, Some("2027-11-23T12:00:00Z".parse().unwrap()));
    }
}
