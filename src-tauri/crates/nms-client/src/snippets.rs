//! Lines for a shell that try a token out and never hold its value: a pasted line stays in the shell's history.
//!
//! The value also stays out of every program's arguments, which anybody on the computer can read: curl takes the
//! header from its standard input, `cat` is told the file's name only, and `printf` is part of the shell.

use std::path::Path;

use crate::{ServerAddress, address::BASE_PATH};

/// Why no line can be made for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathRefused {
    /// It is not UTF-8, so that it cannot be shown and pasted as it is.
    #[error("the path is not UTF-8")]
    NotUtf8,
    /// It holds a control character besides line breaks and tabs, which a terminal could take for a command.
    #[error("the path holds a control character")]
    Control,
    /// It names nothing.
    #[error("the path is empty")]
    Empty,
}

/// A line for any POSIX shell that asks the server about the token in the file at `path`, which holds nothing but the
/// token.
///
/// # Errors
/// [`PathRefused`] when the path cannot be written down.
pub fn curl_from_file(address: &ServerAddress, path: &Path) -> Result<String, PathRefused> {
    let file = quoted(path)?;
    Ok(format!("{{ printf 'Authorization: Bearer '; cat {file}; }} | {}", curl(address)))
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

/// In single quotes nothing means anything to a shell besides the quote itself.
fn quoted(path: &Path) -> Result<String, PathRefused> {
    let text = path.to_str().ok_or(PathRefused::NotUtf8)?;
    if text.is_empty() {
        return Err(PathRefused::Empty);
    }
    if text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\t')) {
        return Err(PathRefused::Control);
    }
    // What starts with a hyphen would be an option, and a hyphen alone the standard input.
    let here = if text.starts_with('-') { "./" } else { "" };
    Ok(format!("'{here}{}'", text.replace('\'', r"'\''")))
}
