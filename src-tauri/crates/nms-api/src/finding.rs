//! Tokens that lie about in foreign bytes: found by their form and their borders, believed for their checksum.
//!
//! The folder `finding/` holds the same form and borders as rules for programs that search repositories; those cannot
//! compute a checksum. Not here: reading files, and asking whether a token is live.

use memchr::memmem;

use crate::token_format::{self, PREFIX, ParsedToken, TOKEN_LEN};
use crate::{Secret, TokenHash};

/// The longest escape after which a value may begin, `\u003d`, in bytes.
const LONGEST_ESCAPE: usize = 6;
/// How many bytes before and behind a value decide whether one stands there. Whoever looks through a stream in pieces
/// lets them overlap by [`TOKEN_LEN`] and this on either side.
pub const BORDER_LEN: usize = LONGEST_ESCAPE;

/// Escapes that end in hexadecimal digits: how they begin, and how many digits.
const ENDS_IN_HEX: [(&[u8], usize); 3] = [(b"%", 2), (b"\\x", 2), (b"\\u", 4)];

/// A token's value that stands in some bytes. The value itself is not in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it begins.
    pub at: usize,
    /// What a list shows of it.
    pub masked: String,
    /// By which a server may be asked about it.
    pub hash: TokenHash,
}

/// Every token in `bytes`, which need not be text, in order. The ends of `bytes` count as borders.
pub fn find(bytes: &[u8]) -> impl Iterator<Item = Found> {
    memmem::find_iter(bytes, PREFIX).filter_map(|at| found(bytes, at))
}

fn found(bytes: &[u8], at: usize) -> Option<Found> {
    let value = bytes.get(at..at + TOKEN_LEN)?;
    if !begins_something(&bytes[..at]) || bytes.get(at + TOKEN_LEN).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let value = Secret::new(str::from_utf8(value).ok()?.to_owned());
    let parsed = ParsedToken::parse(value.expose()).ok()?;
    let masked = token_format::mask(parsed.lookup_id(), parsed.suffix());
    Some(Found { at, masked, hash: TokenHash::of(&value.sha256()) })
}

/// Whether what follows `before` begins there: no letter or digit stands at its end, or one that belongs to an escape.
fn begins_something(before: &[u8]) -> bool {
    match before {
        [] | [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., last] if !last.is_ascii_alphanumeric() => true,
        [..] => ENDS_IN_HEX.into_iter().any(|(mark, digits)| ends_hex_escape(before, mark, digits)),
    }
}

/// Whether the last bytes are this mark and as many hexadecimal digits.
fn ends_hex_escape(before: &[u8], mark: &[u8], digits: usize) -> bool {
    let Some(end) = before.len().checked_sub(digits) else { return false };
    before[..end].ends_with(mark) && before[end..].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

    #[track_caller]
    fn check(text: &str, expected: &[usize]) {
        let places: Vec<usize> = find(text.as_bytes()).map(|found| found.at).collect();
        assert_eq!(places, expected, "{text}");
    }

    #[test]
    fn what_is_told_of_a_value_is_its_place_its_mask_and_its_hash() {
        let found: Vec<Found> = find(format!("token={VALUE}\n").as_bytes()).collect();
        let hash = TokenHash::of(&Secret::new(VALUE.into()).sha256());
        assert_eq!(found, [Found { at: 6, masked: "pnms_pat_EXAMPLE1…HpXV".into(), hash }]);
        assert!(!format!("{found:?}").contains("QuickBrown"));
    }

    #[test]
    fn values_that_touch_by_one_character_are_both_found() {
        check(&format!("{VALUE},{VALUE}_{VALUE}"), &[0, 56, 112]);
        check(&format!("{VALUE}{VALUE}"), &[]);
    }

    #[test]
    fn a_letter_before_hides_it_unless_that_ends_an_escape() {
        for (before, is_found) in [
            ("n", false),
            ("\\n", true),
            ("3D", false),
            ("%3D", true),
            ("%3", false),
            ("\\x3d", true),
            ("\\u003d", true),
        ] {
            let expected: &[usize] = if is_found { &[before.len()] } else { &[] };
            check(&format!("{before}{VALUE}"), expected);
        }
        check(&format!("u003d{VALUE}"), &[]);
    }

    #[test]
    fn bytes_that_are_no_text_hide_nothing_and_break_nothing() {
        let mut bytes = vec![0xff, 0x00];
        bytes.extend_from_slice(VALUE.as_bytes());
        bytes.push(0xfe);
        assert_eq!(find(&bytes).count(), 1);
        bytes[20] = 0xff;
        assert_eq!(find(&bytes).count(), 0);
        assert_eq!(find(&VALUE.as_bytes()[..54]).count(), 0);
    }
}
