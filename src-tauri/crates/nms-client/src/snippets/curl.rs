//! Lines for a shell that try a token out and never hold its value: a pasted line stays in the shell's history.
//!
//! The value also stays out of every program's arguments, which anybody on the computer can read: curl takes the
//! header from its standard input, `cat` is told the file's name only, and `printf` is part of the shell.

use std::path::Path;

use super::quoting::{PathRefused, path_text, shell_quoted};
use crate::{ServerAddress, address::BASE_PATH};

/// A line for any POSIX shell that asks the server about the token in the file at `path`, which holds nothing but the
/// token.
///
/// # Errors
/// [`PathRefused`] when the path cannot be written down.
pub fn curl_from_file(address: &ServerAddress, path: &Path) -> Result<String, PathRefused> {
    Ok(reading(address, path_text(path)?))
}

pub(super) fn reading(address: &ServerAddress, file: &str) -> String {
    format!("{{ printf 'Authorization: Bearer '; cat {}; }} | {}", shell_quoted(file), curl(address))
}

/// A line for bash and zsh that asks for the token without showing it, and then the server about it. Its variable
/// lives in a shell of its own, and is not handed to any program.
pub fn curl_asking(address: &ServerAddress) -> String {
    format!(
        "(set +a; unset pnms_token; printf 'Token: ' >&2; IFS= read -rs pnms_token; printf '\\n' >&2; \
         printf 'Authorization: Bearer %s' \"$pnms_token\" | {})",
        curl(address)
    )
}

/// Reads the header from its standard input. Of an address on this computer no proxy shall learn.
fn curl(address: &ServerAddress) -> String {
    let direct = if address.is_loopback() { " --noproxy '*'" } else { "" };
    format!("curl -sS{direct} -H @- '{address}{BASE_PATH}/token'")
}
