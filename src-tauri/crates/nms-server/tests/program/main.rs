//! The real program on a real folder: what it prints, what it refuses, what it leaves on the disk.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod backups;
mod checker;
mod commands;
mod creating;
mod disk;
mod killed;
mod no_room;
#[path = "../older/mod.rs"]
mod older;
#[path = "../rounds/mod.rs"]
mod rounds;
mod running;
mod scan;
mod secrets;
mod starting;
mod updating;
