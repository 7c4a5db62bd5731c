//! The NMS token API, version 1, as types. What they mean is the contract; their form is the OpenAPI document that
//! `nms-server` publishes.
//!
//! Shared by whoever asks and whoever answers. Not here: clock, files, network, threads.

pub mod addresses;
mod alerts;
mod devices;
mod events;
pub mod expiry;
pub mod finding;
pub mod limits;
mod list_query;
mod me;
pub mod permissions;
pub mod problem;
mod rotation;
mod secret;
pub mod text;
pub mod token_format;
mod tokens;
mod uses;

pub use addresses::AddressRange;
pub use alerts::{Alert, AlertKind, AlertList, AlertQuery, AlertSeverity, AlertState};
pub use devices::{Device, DeviceList, DeviceStatus, NewDevice};
pub use events::{Actor, Event, EventKind, EventList, EventOfToken, EventOfTokenList};
pub use list_query::{EventQuery, PageQuery, Sort, TokenQuery};
pub use me::{Limits, Me, Organization, Policy, User};
pub use permissions::{Catalogue, Permission, PermissionName, Preset, Risk, Risks};
pub use problem::{Problem, Slug};
pub use rotation::{RotatedToken, Rotation};
pub use secret::Secret;
pub use tokens::{
    CreatedToken, Etag, NewToken, Propagation, Token, TokenChanges, TokenCounts, TokenHash, TokenId, TokenItself,
    TokenList, TokenReport, TokenState, UsedPermission,
};
pub use uses::{CallerList, CallerOfToken, CallerQuery, DailyUse, DailyUseList, DailyUseQuery, UseList, UseRecord};
