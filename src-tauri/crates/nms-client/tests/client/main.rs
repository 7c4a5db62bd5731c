//! The client against a server that misbehaves: real sockets, raw bytes. One binary, so that it links once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test's helpers cannot do shall fail the test")]

mod again;
mod cancelling;
mod changing;
mod connecting;
mod creating;
mod dates;
mod deleting;
mod forms;
mod heavy;
mod hostile;
mod nms;
mod reading;
mod redirects;
mod samples;
mod secrets;
mod snippets;
mod tls;
