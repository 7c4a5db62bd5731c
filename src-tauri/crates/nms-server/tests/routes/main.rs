//! The routes, through a real socket and a real database file.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod alerts;
mod callers;
mod credentials;
mod devices;
mod events;
mod health;
mod me;
mod metrics;
mod nms;
mod openapi;
mod order;
mod permissions;
mod schema;
mod token;
mod tokens;
