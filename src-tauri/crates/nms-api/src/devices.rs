//! The NMS's own small inventory: what a token is for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether a device answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    /// It answers.
    Up,
    /// It does not.
    Down,
    /// Nobody asked yet.
    #[default]
    Unknown,
}

impl DeviceStatus {
    /// Those that there are.
    pub const ALL: [Self; 3] = [Self::Up, Self::Down, Self::Unknown];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Unknown => "unknown",
        }
    }
}

/// A device of the inventory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// Which: a UUIDv7.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// An IP address or a host name.
    pub address: String,
    /// Where it stands.
    pub site: Option<String>,
    /// Whether it answers.
    pub status: DeviceStatus,
}

/// The body of `POST /devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// At most 100 characters.
    pub name: String,
    /// An IP address or a host name, at most 253 characters.
    pub address: String,
    /// At most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Left out: unknown.
    #[serde(default)]
    pub status: DeviceStatus,
}

/// The answer of `GET /devices`, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceList {
    /// One page.
    pub devices: Vec<Device>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_one_name() {
        for status in DeviceStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
