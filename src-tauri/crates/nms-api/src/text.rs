//! Names and descriptions that people type: what is kept of them and what is refused.

use unicode_normalization::UnicodeNormalization;

use crate::limits::{MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS};

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextRefused {
    /// Longer than the limit that is named, in Unicode scalar values.
    #[error("it is longer than {0} characters")]
    TooLong(usize),
    /// A control character: a line break or worse.
    #[error("it holds a control character")]
    Control,
    /// A bidirectional control (U+202A–202E, U+2066–2069), which could make it read as another text.
    #[error("it holds a bidirectional control character")]
    Bidi,
}

/// A token's name as it is kept: trimmed and NFC; nothing left is `None`.
///
/// # Errors
/// [`TextRefused`] says what is wrong with it.
pub fn name(typed: &str) -> Result<Option<String>, TextRefused> {
    checked(typed, MAX_NAME_CHARS)
}

/// A token's description as it is kept: trimmed and NFC; nothing left is `None`.
///
/// # Errors
/// [`TextRefused`] says what is wrong with it.
pub fn description(typed: &str) -> Result<Option<String>, TextRefused> {
    checked(typed, MAX_DESCRIPTION_CHARS)
}

fn checked(typed: &str, max_chars: usize) -> Result<Option<String>, TextRefused> {
    let kept: String = typed.trim().nfc().collect();
    if kept.chars().any(char::is_control) {
        return Err(TextRefused::Control);
    }
    if kept.chars().any(is_bidi_control) {
        return Err(TextRefused::Bidi);
    }
    if kept.chars().count() > max_chars {
        return Err(TextRefused::TooLong(max_chars));
    }
    Ok((!kept.is_empty()).then_some(kept))
}

/// Whether it could make a text read as another one. Joiners (U+200C, U+200D) are none of these: many scripts need them.
pub fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_trimmed_and_composed() {
        for (typed, kept) in [
            ("  collector-berlin-02\t", Some("collector-berlin-02")),
            ("", None),
            (" \n ", None),
            ("Mu\u{0308}nchen", Some("M\u{fc}nchen")),
            ("نمونه\u{200c}ها", Some("نمونه\u{200c}ها")),
            ("<b>bold</b>", Some("<b>bold</b>")),
        ] {
            assert_eq!(name(typed), Ok(kept.map(str::to_owned)), "{typed:?}");
        }
    }

    #[test]
    fn what_could_deceive_is_refused() {
        for (typed, why) in [
            ("two\nlines", TextRefused::Control),
            ("nul\0", TextRefused::Control),
            ("right\u{202e}left", TextRefused::Bidi),
            ("isolate\u{2066}", TextRefused::Bidi),
        ] {
            assert_eq!(name(typed), Err(why), "{typed:?}");
        }
    }

    #[test]
    fn length_is_counted_after_composing() {
        assert!(name(&"u\u{308}".repeat(100)).is_ok());
        assert_eq!(name(&"ü".repeat(101)), Err(TextRefused::TooLong(100)));
        assert!(description(&"x".repeat(500)).is_ok());
        assert_eq!(description(&"x".repeat(501)), Err(TextRefused::TooLong(500)));
    }
}
