//! What must be found nowhere once an app has ended, in nothing that it said or left behind: the value of a token, the
//! credential of a session, an idempotency key. All three have a form of their own, so that no test has to say which
//! there were: whatever has the form is one, also the half of one.
//!
//! Not seen: one that was compressed, or written in another alphabet (base 64, percent signs).

use std::path::Path;

use crate::desktop::Desktop;

/// A token's and a session's; eight characters that are no secret follow, and then the rest (contract, *Token format*).
const PREFIXES: [&[u8]; 2] = [b"pnms_pat_", b"pnms_ses_"];
const PUBLIC_CHARS: usize = 8;
/// Where the places of an idempotency key are its dashes, its version and its variant (RFC 9562, section 5.4). Every other
/// id that the app and its server make is of version 7.
const KEY_LEN: usize = 36;
/// Where a key stands with intent: in the journal, since by it alone the NMS can be asked what became of a creation; and in
/// the store of the NMS and its backups, which answer that.
const HAVE_KEYS: [&str; 4] = ["journal.json", ".sqlite3", ".sqlite3-wal", ".sqlite3-journal"];

/// What was found, and where; never the value itself.
pub(crate) fn left(desktop: &Desktop, log: &str) -> Vec<String> {
    let mut found = within("the app's output", log.as_bytes(), true);
    let home = desktop.home();
    for folder in [home.join(".local"), home.join(".config"), home.join(".cache"), desktop.folder().join("tmp")] {
        search(&folder, &mut found);
    }
    found
}

fn search(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            search(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let place = path.display().to_string();
            let has_keys = HAVE_KEYS.iter().any(|end| place.ends_with(end));
            found.extend(within(&place, &bytes, !has_keys));
        }
    }
}

/// Also in the letters of two bytes in which a web view stores texts.
fn within(what: &str, bytes: &[u8], keys_count: bool) -> Vec<String> {
    let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let credentials = starts(&narrow).into_iter().map(|start| format!("{what}: {start}…"));
    let keys = if keys_count { keys(&narrow) } else { 0 };
    credentials.chain((keys > 0).then(|| format!("{what}: {keys} idempotency keys"))).collect()
}

/// What is public of every value of which more stands there.
fn starts(bytes: &[u8]) -> Vec<String> {
    let goes_on = |rest: &[u8]| rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count() > PUBLIC_CHARS;
    let is_one = |from: &usize| PREFIXES.iter().any(|prefix| bytes[*from..].strip_prefix(*prefix).is_some_and(goes_on));
    let public = |from: usize| String::from_utf8_lossy(&bytes[from..from + 9 + PUBLIC_CHARS]).into_owned();
    (0..bytes.len()).filter(is_one).map(public).collect()
}

fn keys(bytes: &[u8]) -> usize {
    let fits = |window: &[u8]| {
        window.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => *byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => byte.is_ascii_hexdigit(),
        })
    };
    bytes.windows(KEY_LEN).filter(|window| fits(window)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canaries_would_be_found_whole_or_half_and_what_is_public_is_none() {
        let value = format!("pnms_pat_{:046}", 7);
        let wide: Vec<u8> = value.bytes().flat_map(|byte| [byte, 0]).collect();
        for text in [
            value.as_bytes(),
            &value.as_bytes()[..18],
            &wide,
            b"pnms_ses_0000000000000000",
            b"k=01234567-89ab-4def-8123-456789abcdef.",
        ] {
            assert_eq!(within("it", text, true).len(), 1, "{text:?}");
        }
        for text in [
            "pnms_pat_00000000…0007",
            "pnms_pat_",
            "018f0000-0000-7000-8000-000000000001",
            "0123456789ab4def8123456789abcdef",
        ] {
            assert_eq!(within("it", text.as_bytes(), true), Vec::<String>::new(), "{text}");
        }
        assert_eq!(within("the journal", b"01234567-89ab-4def-8123-456789abcdef", false), Vec::<String>::new());
    }
}
