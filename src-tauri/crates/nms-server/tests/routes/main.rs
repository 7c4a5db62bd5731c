//! The routes, through a real socket and a real database file.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alerts;
mod callers;
mod connection;
mod credentials;
mod damage;
mod devices;
mod events;
mod guessing;
mod health;
mod me;
mod metrics;
mod names;
mod nms;
#[path = "../older/mod.rs"]
mod older;
mod openapi;
mod operations;
mod order;
mod permissions;
#[path = "../rounds/mod.rs"]
mod rounds;
mod schema;
mod strangers;
mod token;
mod tokens;
