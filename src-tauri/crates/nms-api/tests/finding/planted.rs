//! Good and broken values, planted between all kinds of neighbours.

use nms_api::{Secret, finding, token_format};
use proptest::prelude::*;

use crate::rules::{RULES, Rule, sample};

const VECTORS: [&str; 3] = [
    "pnms_pat_000000000000000000000000000000000000000002ACVk",
    "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E",
    "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV",
];

/// What may stand before and behind a value.
const BORDERS: [(&str, &str); 40] = [
    ("", ""),
    ("", "\n"),
    ("\n", "\r\n"),
    ("\r", "\0"),
    ("\u{feff}", ""),
    ("\t", "\t"),
    ("Authorization: Bearer ", ""),
    ("PNMS_TOKEN=", " # poller"),
    ("token: ", ","),
    ("\"", "\""),
    ("'", "'"),
    ("`", "`"),
    ("“", "”"),
    ("«", "»"),
    ("é", "é"),
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("<td>", "</td>"),
    (">", "<"),
    ("\\\"", "\\\""),
    ("\\n", "\\n"),
    ("\\r\\n", "\\r"),
    ("\\t", "\\t"),
    ("?token=", "&page=2"),
    ("%3D", "%26"),
    ("%22", "%22"),
    ("\\x3d", "\\x26"),
    ("\\u003D", "\\u0026"),
    ("https://ada:", "@nms.example/"),
    // What base 64 has besides letters and digits, in both of its alphabets.
    ("QUJD+", "+QUJD"),
    ("QUJD/", "/QUJD"),
    ("QUJD==", "="),
    ("QUJD-", "-QUJD"),
    ("QUJD_", "_QUJD"),
    ("backup_", "_old.txt"),
    ("...", "..."),
    ("…", "…"),
    ("|", "|"),
    ("$", ";"),
];

/// Letters and digits right before it, which are no escape.
const GLUED: [&str; 6] = ["x", "9", "QUJD", "3D", "\\b", "u003d"];

#[track_caller]
fn check(rule: &Rule, text: &str, expected: usize) {
    let beginning: String = text.chars().take(200).collect();
    assert_eq!(rule.tokens(text.as_bytes()), expected, "{} in {beginning:?}", rule.file);
    assert_eq!(finding::find(text.as_bytes()).count(), expected, "the function in {beginning:?}");
}

#[test]
fn every_planted_token_is_found_whatever_stands_beside_it() {
    for rule in RULES.iter() {
        for (before, behind) in BORDERS {
            for value in VECTORS {
                check(rule, &format!("{before}{value}{behind}"), 1);
                check(rule, &format!("many\nlines {before}{value}{behind} and\nmore"), 1);
            }
        }
        let lines: String = VECTORS.iter().cycle().take(300).map(|value| format!("{value}\n")).collect();
        check(rule, &lines, 300);
    }
}

#[test]
fn nothing_is_found_that_is_no_token() {
    for value in VECTORS {
        let body = value.strip_prefix("pnms_pat_").unwrap();
        let mut broken: Vec<String> = GLUED.map(|glued| format!("{glued}{value}")).into();
        broken.extend(["0", "A", "z"].map(|longer| format!("{value}{longer}")));
        broken.extend([
            value[..54].to_owned(),
            format!("pnms_pat_{}", &body[1..]),
            format!("PNMS_PAT_{body}"),
            format!("pnms_ses_{body}"),
            format!("pnms-pat-{body}"),
            format!("{}-{}", &value[..20], &value[21..]),
            format!("{}\n{}", &value[..30], &value[30..]),
            format!("{}é{}", &value[..20], &value[22..]),
            format!("{}…{}", &value[..17], &value[51..]),
            format!("{}...{}", &value[..17], &value[51..]),
        ]);
        for (rule, text) in RULES.iter().flat_map(|rule| broken.iter().map(move |text| (rule, text))) {
            assert_eq!(rule.matches(text.as_bytes()).len(), 0, "{} in {text:?}", rule.file);
            check(rule, text, 0);
        }
    }
}

#[test]
fn the_checksum_sorts_out_what_only_looks_like_a_token() {
    for rule in RULES.iter() {
        for value in VECTORS {
            for at in 9..value.len() {
                let other = if &value[at..=at] == "q" { "r" } else { "q" };
                let mistyped = format!("{}{other}{}", &value[..at], &value[at + 1..]);
                assert_eq!(rule.matches(mistyped.as_bytes()).len(), 1, "{} matches the form", rule.file);
                check(rule, &mistyped, 0);
            }
        }
    }
}

#[test]
fn the_test_string_of_the_pattern_for_github_holds_a_vector() {
    let [.., github] = &*RULES;
    let matched: Vec<Vec<u8>> = github.matches(sample().as_bytes()).iter().map(|value| value.to_vec()).collect();
    assert_eq!(matched, [VECTORS[2].as_bytes()]);
}

/// A value as a server makes one.
fn made() -> impl Strategy<Value = String> {
    ("[0-9A-Za-z]{8}", "[0-9A-Za-z]{32}")
        .prop_map(|(lookup_id, secret)| token_format::compose(&lookup_id, &secret).unwrap().expose().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_and_the_function_agree_whatever_stands_around(
        value in made(), before in ".{0,8}", behind in ".{0,8}", cut in 0usize..60,
    ) {
        let whole = format!("{before}{value}{behind}");
        // Now and then a piece is missing.
        let text: String = whole.chars().enumerate().filter(|(at, _)| *at != cut).map(|(_, c)| c).collect();
        for text in [whole.as_bytes(), text.as_bytes()] {
            let found = finding::find(text).count();
            for rule in RULES.iter() {
                prop_assert_eq!(rule.tokens(text), found, "{} in {:?}", rule.file, String::from_utf8_lossy(text));
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic_and_what_it_finds_stands_there(
        pieces in prop::collection::vec(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..12),
            Just(b"pnms_pat_".to_vec()),
            made().prop_map(String::into_bytes),
        ], 0..8),
    ) {
        let bytes = pieces.concat();
        for found in finding::find(&bytes) {
            let value = str::from_utf8(&bytes[found.at..found.at + token_format::TOKEN_LEN]).unwrap();
            prop_assert!(token_format::ParsedToken::parse(value).is_ok());
            prop_assert_eq!(found.hash, nms_api::TokenHash::of(&Secret::new(value.to_owned()).sha256()));
        }
    }
}
