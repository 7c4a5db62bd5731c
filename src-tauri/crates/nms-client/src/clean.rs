//! What a server wrote, before it may stand in an error: bounded, in one line, and without a credential. A server that
//! repeats the caller's credential, or a token's value, must not bring it into a log or onto a screen.

use nms_api::{Secret, token_format};

/// The longest request id that is kept, in bytes.
const MAX_REQUEST_ID_BYTES: usize = 128;
/// The longest text for a person that is kept, in characters.
const MAX_DETAIL_CHARS: usize = 500;
/// The longest name of a field or permission that is kept, in bytes.
const MAX_WORD_BYTES: usize = 200;
/// The most names of one list that are kept.
const MAX_WORDS: usize = 200;

/// Cleans for one caller, whose credential is looked for.
pub(crate) struct Cleaner<'a> {
    pub(crate) credential: &'a Secret,
}

impl Cleaner<'_> {
    /// Printable ASCII only, else nothing: an id that is not whole finds nothing in a server's log.
    pub(crate) fn request_id(&self, bytes: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(bytes).ok()?.trim();
        let printable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        (text.len() <= MAX_REQUEST_ID_BYTES && printable && !self.tells(text)).then(|| text.to_owned())
    }

    /// One line, cut off where it is too long.
    pub(crate) fn detail(&self, text: &str) -> Option<String> {
        if self.tells(text) {
            return None;
        }
        let line = text.chars().map(|character| if is_format(character) { ' ' } else { character });
        let kept: String = line.take(MAX_DETAIL_CHARS).collect();
        let kept = kept.trim();
        (!kept.is_empty()).then(|| kept.to_owned())
    }

    /// A name that a program reads.
    pub(crate) fn word(&self, text: &str) -> Option<String> {
        let fits = !text.is_empty() && text.len() <= MAX_WORD_BYTES && !text.contains(is_format);
        (fits && !self.tells(text)).then(|| text.to_owned())
    }

    /// The names of a list that can be kept.
    pub(crate) fn words<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<String> {
        texts.filter_map(|text| self.word(text)).take(MAX_WORDS).collect()
    }

    /// Whether a text gives away the caller's credential or the value of a token.
    fn tells(&self, text: &str) -> bool {
        text.contains(self.credential.expose())
            || text.match_indices(token_format::PREFIX).any(|(at, prefix)| {
                let rest = text[at + prefix.len()..].bytes();
                rest.take_while(u8::is_ascii_alphanumeric).count() > token_format::LOOKUP_ID_LEN
            })
    }
}

/// Control characters, and the bidirectional controls that make a text read as another.
fn is_format(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

    #[test]
    fn what_gives_a_credential_away_is_dropped() {
        let credential = Secret::new("session-c4n4ry".into());
        let cleaner = Cleaner { credential: &credential };
        assert_eq!(cleaner.detail("you sent session-c4n4ry"), None);
        assert_eq!(cleaner.detail(&format!("made {VALUE}")), None);
        assert_eq!(cleaner.detail(&format!("made {}", &VALUE[..30])), None);
        assert_eq!(cleaner.request_id(b"session-c4n4ry"), None);
        assert_eq!(cleaner.word(VALUE), None);
        assert_eq!(cleaner.detail("pnms_pat_EXAMPLE1… is paused").as_deref(), Some("pnms_pat_EXAMPLE1… is paused"));
    }

    #[test]
    fn what_is_kept_is_bounded_and_one_line() {
        let credential = Secret::new("session".into());
        let cleaner = Cleaner { credential: &credential };
        assert_eq!(cleaner.request_id(b" 01-ab ").as_deref(), Some("01-ab"));
        assert_eq!(cleaner.request_id(b"a\x1b[31m"), None);
        assert_eq!(cleaner.request_id("ü".as_bytes()), None);
        assert_eq!(cleaner.request_id(&[b'a'; 129]), None);
        assert_eq!(cleaner.detail("two\nlines\u{202e}").as_deref(), Some("two lines"));
        assert_eq!(cleaner.detail(&"ü".repeat(2000)).map(|text| text.chars().count()), Some(500));
        assert_eq!(cleaner.words(["devices:read", "", "a\nb"].into_iter()), ["devices:read"]);
    }
}
