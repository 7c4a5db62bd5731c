//! Who is asking: the answer of `GET /me`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::PermissionName;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct User {
    /// Which.
    pub id: Uuid,
    /// What people call them.
    pub name: String,
}

/// An organisation in which a person acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Organization {
    /// Which.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
}

/// What this server allows. The app takes its limits from here and has none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Limits {
    /// Days until a token expires when nobody says.
    pub default_days: u32,
    /// The latest expiry, in calendar months from now, counted in UTC.
    pub max_months: u32,
    /// The most tokens of one person; `None`: no limit.
    pub max_tokens: Option<u32>,
    /// How long a change may take to count everywhere, in seconds.
    pub propagation_max_s: u32,
}

/// What the organisation demands beyond the limits. Nothing in version 1 of the built-in server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Policy {}

/// The answer of `GET /me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Me {
    /// The person.
    pub user: User,
    /// Where the session acts.
    pub organization: Organization,
    /// Where it could act.
    pub organizations: Vec<Organization>,
    /// What the person holds there now, folded.
    pub permissions: Vec<PermissionName>,
    /// The server's clock, UTC.
    pub server_time: DateTime<Utc>,
    /// What this server allows.
    pub limits: Limits,
    /// What the organisation demands.
    pub policy: Policy,
}
