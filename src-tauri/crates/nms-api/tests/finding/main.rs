//! The rules in `finding/` and the function beside them find every token and nothing else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod dependencies;
mod planted;
mod rules;
