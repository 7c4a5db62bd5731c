//! The NMS token API, version 1, asked over HTTP: time limits, caps, no redirects, lost answers settled by
//! idempotency key.
//!
//! The server is not trusted: it may be slow, endless, wrong or hostile, and each of these ends in a typed [`Error`]
//! within the [`TimeLimits`]. No credential, address, body or name that a person typed stands in an error or a log.
//!
//! Every call may be cancelled by dropping its future: its connection is closed at once and nothing runs on. What a
//! cancelled [`Client::create_token`] did on the server is then unknown, as after
//! [`Error::OutcomeUnknown`]: ask [`Client::token_by_key`].
//!
//! Not here: where the credential is kept, what is done with a secret, what a person is told, the server.

mod address;
mod answer;
mod body;
mod call;
mod change;
mod clean;
mod client;
mod clock;
mod create;
mod error;
mod page;
mod review;
pub mod snippets;
mod time_limits;
mod transport;
mod trouble;
mod uses;
mod weight;

pub use address::{AddressRefused, ServerAddress};
pub use client::Client;
pub use create::Created;
pub use error::{Action, Error, Refusal, Unreachable};
pub use page::{EventOfTokenPage, EventPage, TokenPage};
pub use time_limits::TimeLimits;
pub use transport::NotBuilt;
