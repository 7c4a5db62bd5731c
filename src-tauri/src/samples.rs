//! Records for tests, as a server answers them.

use chrono::{DateTime, Utc};
use nms_api::{Etag, Token, TokenId, TokenState};
use uuid::Uuid;

/// An active token that was never used, made on 23 November 2026 for ninety days.
pub(crate) fn token(number: u128, name: Option<&str>) -> Token {
    let made_at: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
    Token {
        id: TokenId(Uuid::from_u128(number)),
        organization_id: Uuid::nil(),
        name: name.map(str::to_owned),
        description: None,
        prefix: "pnms_pat_a1b2c3d4".to_owned(),
        suffix: "f9g0".to_owned(),
        permissions: vec!["devices:read".into(), "metrics:read".into()],
        effective_permissions: vec!["devices:read".into()],
        allowed_addresses: vec![],
        created_at: made_at,
        updated_at: made_at,
        expires_at: "2027-02-21T10:00:00Z".parse().unwrap(),
        state: TokenState::Active,
        last_used_at: None,
        last_used_from: None,
        use_count: 0,
        used_permissions: vec![],
        replaces: None,
        replaced_by: None,
        ends_at: None,
        deleted_at: None,
        reported_at: None,
        etag: Etag("\"1\"".to_owned()),
    }
}
