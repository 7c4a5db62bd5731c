//! The list for programs: the records as the contract has them, and where and when they were read.

use std::io;

use chrono::{DateTime, Utc};
use nms_api::Token;
use serde::Serialize;

#[derive(Serialize)]
struct Listed<'a> {
    server: &'a str,
    exported_at: DateTime<Utc>,
    tokens: &'a [Token],
}

pub(super) fn bytes(tokens: &[Token], server: &str, at: DateTime<Utc>) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(&Listed { server, exported_at: at, tokens })?;
    bytes.push(b'\n');
    Ok(bytes)
}
