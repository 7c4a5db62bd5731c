//! Folded forms of what people type, by which lists are ordered and searched. Never shown.

use nms_api::token_format;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::store::TokenRow;

/// Without regard to case. Upper case first, so that "ß" and "SS" meet; character by character, so that no rule about
/// the end of a word (the final sigma) gets in.
pub(crate) fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// By which names are ordered: case and marks do not count, so that "Älpli" stands beside "alpha".
pub(crate) fn sorting(name: &str) -> String {
    folded(&name.nfkd().filter(|character| !is_combining_mark(*character)).collect::<String>())
}

/// Everything in which a search looks, a line each.
pub(crate) fn searching(row: &TokenRow) -> String {
    let masked = token_format::mask(&row.lookup_id, &row.suffix);
    let texts = [row.name.as_deref().unwrap_or_default(), row.description.as_deref().unwrap_or_default(), &masked];
    let names = row.permissions.iter().map(|name| name.as_str());
    let ranges: Vec<String> = row.allowed_addresses.iter().map(ToString::to_string).collect();
    let lines: Vec<&str> = texts.into_iter().chain(names).chain(ranges.iter().map(String::as_str)).collect();
    folded(&lines.join("\n"))
}

/// The words of a search as they stand in [`searching`]: three dots are the ellipsis of a masked value.
pub(crate) fn words(typed: &str) -> Vec<String> {
    typed.split_whitespace().map(|word| folded(&word.replace("...", "…"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_in_any_script() {
        for (one, other) in [("STRASSE", "straße"), ("ΟΔΟΣ", "οδος"), ("ΟΔΟΣ", "οδος"), ("İ", "i\u{307}")]
        {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn marks_do_not_count_in_the_order() {
        let mut names = ["Zürich", "alpha", "Älpli", "Beta", "zoo"];
        names.sort_by_key(|name| sorting(name));
        assert_eq!(names, ["alpha", "Älpli", "Beta", "zoo", "Zürich"]);
    }

    #[test]
    fn a_masked_value_is_found_however_its_ellipsis_was_typed() {
        assert_eq!(words(" Pnms_pat_a1B2c3d4...F9g0  x "), ["pnms_pat_a1b2c3d4…f9g0", "x"]);
    }
}
