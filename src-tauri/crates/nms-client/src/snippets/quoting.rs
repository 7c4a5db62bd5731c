//! How a path or a name is written down where other characters would mean something.

use std::{fmt::Write, path::Path};

/// Why no text can be made for a path.
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

pub(super) fn path_text(path: &Path) -> Result<&str, PathRefused> {
    let text = path.to_str().ok_or(PathRefused::NotUtf8)?;
    if text.is_empty() {
        return Err(PathRefused::Empty);
    }
    if text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\t')) {
        return Err(PathRefused::Control);
    }
    Ok(text)
}

/// For a shell: in single quotes nothing means anything besides the quote itself.
pub(super) fn shell_quoted(path: &str) -> String {
    // What starts with a hyphen would be an option, and a hyphen alone the standard input.
    let here = if path.starts_with('-') { "./" } else { "" };
    format!("'{here}{}'", path.replace('\'', r"'\''"))
}

/// A string that is the same in YAML 1.2 (section 7.3.1), TOML 1.0 (basic strings) and Python: they share these escapes.
pub(super) fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if must_be_escaped(character) => {
                // Writing to a string does not fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// What one of the three does not take as it stands, and what would make a text look like another one: marks that turn
/// the direction of writing. None lies beyond `\uFFFF`.
fn must_be_escaped(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Telegraf replaces `${VARIABLE}` in its file before it reads that as TOML, where a dollar may be written so as well.
pub(super) fn unexpanded(quoted: &str) -> String {
    quoted.replace('$', "\\u0024")
}

/// A name that Kubernetes takes (RFC 1123: small letters, digits and hyphens, at most 63), as near as can be.
pub(super) fn label(name: Option<&str>) -> String {
    const MAX_CHARACTERS: usize = 50;
    let mut label = String::from("nms-token");
    for word in name.unwrap_or_default().split(|character: char| !character.is_ascii_alphanumeric()) {
        if !word.is_empty() && label.len() + word.len() < MAX_CHARACTERS {
            label.push('-');
            label.push_str(&word.to_ascii_lowercase());
        }
    }
    label
}
