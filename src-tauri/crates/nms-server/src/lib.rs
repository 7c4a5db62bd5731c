//! The NMS token API served: over HTTP, from one SQLite file. A library that the app starts inside itself; the program
//! `nms-server` is a thin shell around it.
//!
//! A request goes through `gate` (may it?), a file of `routes` (what does it want?) and `store` (the queries). Not
//! here: who keeps a credential, what a person sees, how a client asks.

mod agent;
mod alert_watch;
mod alerts;
mod answer_counts;
mod answers;
mod asked;
mod auth;
mod backups;
mod catalogue;
mod changes;
mod clock;
mod connections;
mod control;
mod cursor;
mod damage;
mod data_folder;
mod endings;
mod error;
mod etag;
mod exposition;
mod first_start;
mod gate;
mod hosts;
mod housekeeping;
mod keys_at_work;
mod language;
mod listener;
mod lock;
mod members;
mod owner_commands;
mod peer_limit;
mod permission_bits;
mod person;
mod port_holder;
mod problems;
mod random;
mod reports;
mod restore;
mod routes;
mod server;
mod settings;
mod state;
mod store;
mod text_keys;
mod unwritten;
mod use_days;
mod use_ledger;
mod workshop;

#[cfg(test)]
#[path = "../tests/rounds/mod.rs"]
mod rounds;

pub use backups::Backup;
pub use clock::Clock;
pub use control::{CommandError, HeldChange, MAX_STATES, PersonCommand, PersonReply, command};
pub use error::{Damaged, HeldError, RestoreError, SessionError, StartError};
pub use port_holder::PortHolder;
pub use restore::{Restored, restore};
pub use server::Server;
pub use settings::{Settings, USUAL_PORT};
