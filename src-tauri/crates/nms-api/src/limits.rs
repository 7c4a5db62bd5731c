//! The bounds of version 1 of the contract. What may differ between servers (expiry, number of tokens) is answered by
//! `GET /me` as [`Limits`](crate::Limits); these constants are the built-in server's defaults for it.

/// The longest name, in Unicode scalar values after NFC.
pub const MAX_NAME_CHARS: usize = 100;
/// The longest description, in Unicode scalar values after NFC.
pub const MAX_DESCRIPTION_CHARS: usize = 500;
/// The largest request body, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Tokens on a page when the caller does not say.
pub const DEFAULT_PAGE: u32 = 50;
/// The most tokens on a page.
pub const MAX_PAGE: u32 = 500;
/// Days until a token expires when the caller does not say.
pub const DEFAULT_DAYS: u32 = 90;
/// The latest expiry, in calendar months from now, counted in UTC.
pub const MAX_MONTHS: u32 = 12;
/// By how much an expiry may pass the limit, in seconds: clocks differ and requests travel.
pub const EXPIRY_TOLERANCE_S: i64 = 60;
/// The most ranges of addresses of one token.
pub const MAX_ADDRESSES: usize = 50;
/// How long the old token may still work after a rotation, in seconds: 7 days.
pub const MAX_OVERLAP_S: u32 = 7 * 24 * 60 * 60;
/// Of `expiring`, a kind of tokens that a list counts: active, and lapsing within so many days.
pub const EXPIRING_DAYS: u32 = 14;
/// Of `unused`: not used for so many days, and made as long ago.
pub const UNUSED_DAYS: u32 = 30;
/// Of `long_lived`: more than so many days from its making to its expiry.
pub const LONG_LIVED_DAYS: u32 = 180;
/// The most days that a filter may name: ten years.
pub const MAX_FILTER_DAYS: u32 = 3660;
/// The longest search text, in Unicode scalar values.
pub const MAX_QUERY_CHARS: usize = 200;
/// For how many days use is told by day, today included.
pub const USE_DAYS: u32 = 30;
/// The longest name of a calling program that is kept, in Unicode scalar values.
pub const MAX_AGENT_CHARS: usize = 120;
/// The most callers that are told at once.
pub const MAX_CALLERS: u32 = 50;
/// The most tokens whose daily use is told at once.
pub const MAX_IDS: usize = 500;
/// The most hashes in one report of values that were found in public.
pub const MAX_REPORTED: usize = 100;
/// Reports that a server takes from one peer in a minute.
pub const MAX_REPORTS_PER_MINUTE: usize = 30;
