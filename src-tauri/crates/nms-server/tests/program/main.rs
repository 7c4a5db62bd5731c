//! The real program on a real folder: what it prints, what it refuses, what it leaves on the disk.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod commands;
mod disk;
mod running;
mod scan;
mod starting;
