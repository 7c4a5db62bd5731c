use nms_api::Secret;
use nms_api::token_format::{LOOKUP_ID_LEN, TOKEN_LEN};
use proptest::prelude::*;

use super::*;

const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";
const OTHER: &str = "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E";
const MASKED: &str = "pnms_pat_EXAMPLE1…HpXV";
/// The same without what only a checksum can vouch for.
const LOOKUP: &str = "pnms_pat_EXAMPLE1…";

const ALONE: Around = Around {
    header: Header::None,
    blanks: false,
    line_breaks: false,
    invisible: false,
    quotes: false,
    other_text: false,
};
const IN_TEXT: Around = Around { other_text: true, ..ALONE };
const BEARER: Around = Around { header: Header::Bearer, ..ALONE };
const APART: Around = Around { header: Header::BearerApart, ..ALONE };
const MALFORMED: Around = Around { header: Header::Malformed, ..IN_TEXT };

/// In a case `{}` stands for the value, `{1}` and `{2}` for its halves.
fn filled(text: &str) -> String {
    text.replace("{}", VALUE).replace("{1}", &VALUE[..30]).replace("{2}", &VALUE[30..]).replace("{other}", OTHER)
}

#[track_caller]
fn check(text: &str, form: Form, masked: Option<&str>, around: Around) {
    let text = filled(text);
    let finding = inspect(&text);
    assert_eq!((finding.form, finding.masked.as_deref(), finding.around), (form, masked, around), "{text:?}");
    let proven = [Form::Token, Form::Broken].contains(&form) || masked == Some(MASKED) && form != Form::Masked;
    let sha256 = proven.then(|| Secret::new(VALUE.to_owned()).sha256());
    assert_eq!(finding.sha256(), sha256, "{text:?}");
}

#[test]
fn a_token_is_told_with_what_stands_around_it() {
    for (text, around) in [
        ("{}", ALONE),
        (" {}", Around { blanks: true, ..ALONE }),
        ("{}\t", Around { blanks: true, ..ALONE }),
        ("{}\u{a0}", Around { blanks: true, ..ALONE }),
        ("{}\n", Around { line_breaks: true, ..ALONE }),
        ("\r\n{}", Around { line_breaks: true, ..ALONE }),
        ("{} \n", Around { blanks: true, line_breaks: true, ..ALONE }),
        ("\u{feff}{}", Around { invisible: true, ..ALONE }),
        ("{}\u{200b}", Around { invisible: true, ..ALONE }),
        ("{}\u{0}", Around { invisible: true, ..ALONE }),
        ("\"{}\"", Around { quotes: true, ..ALONE }),
        ("'{}", Around { quotes: true, ..ALONE }),
        ("„{}“\n", Around { quotes: true, line_breaks: true, ..ALONE }),
        ("PNMS_TOKEN={}", IN_TEXT),
        ("PNMS_TOKEN=\"{}\"\n", Around { quotes: true, line_breaks: true, ..IN_TEXT }),
        ("my token: {} (keep it)", Around { blanks: true, ..IN_TEXT }),
        ("{},", IN_TEXT),
        ("x{}", IN_TEXT),
        ("https://nms.example/?token={}&a=b", IN_TEXT),
        ("{}\n{}", Around { line_breaks: true, ..IN_TEXT }),
    ] {
        check(text, Form::Token, Some(MASKED), around);
    }
}

#[test]
fn a_header_is_told_by_its_scheme() {
    let quoted = Around { quotes: true, ..BEARER };
    for (text, around) in [
        ("Bearer {}", BEARER),
        ("bearer {}", BEARER),
        ("Authorization: Bearer {}", BEARER),
        ("authorization:Bearer {}", BEARER),
        ("AUTHORIZATION:  BEARER {}\n", Around { line_breaks: true, ..BEARER }),
        ("Bearer  {}", APART),
        ("Bearer\t{}", Around { blanks: true, ..APART }),
        ("Bearer\n{}", Around { line_breaks: true, ..APART }),
        ("Bearer{}", Around { header: Header::BearerJoined, ..ALONE }),
        ("Authorization: Bearer{}\n", Around { header: Header::BearerJoined, line_breaks: true, ..ALONE }),
        ("Bearer Bearer {}", Around { header: Header::BearerTwice, ..ALONE }),
        ("Authorization: bearer  Bearer {}", Around { header: Header::BearerTwice, ..ALONE }),
        ("Authorization: Bearer 'Bearer {}'", Around { header: Header::BearerTwice, quotes: true, ..ALONE }),
        ("Bearer xBearer {}", Around { blanks: true, ..IN_TEXT }),
        ("Bearer \"{}\"", Around { quotes: true, ..APART }),
        ("Authorization Bearer {}", MALFORMED),
        ("Authorization: Bearer: {}", MALFORMED),
        ("Authorization: Authorization: Bearer {}", MALFORMED),
        ("\"Authorization\": \"Bearer {}\"", Around { other_text: true, ..quoted }),
        ("my bearer token: {}", Around { blanks: true, ..IN_TEXT }),
        ("Authori\u{200b}zation: Bear\u{200b}er {}", Around { invisible: true, ..BEARER }),
        ("Bearer \u{200b}{}", Around { invisible: true, ..BEARER }),
        ("\u{feff}Authorization: Bearer {}", Around { invisible: true, ..BEARER }),
        ("Authorization: \u{200b}Bearer {}", Around { invisible: true, ..BEARER }),
        ("\n\u{200b}Bearer {}", Around { invisible: true, ..BEARER }),
        ("a\u{200b}b Bearer {}", Around { other_text: true, ..BEARER }),
        ("-H 'Authorization: Bearer {}'", Around { other_text: true, ..quoted }),
        ("'Authorization: Bearer {}'", quoted),
        ("ABearer {}", Around { blanks: true, ..IN_TEXT }),
        ("Authorization: {}", Around { header: Header::WithoutScheme, ..ALONE }),
        ("authorization:{}", Around { header: Header::WithoutScheme, ..ALONE }),
        ("Authorization: Token {}", Around { header: Header::OtherScheme, ..ALONE }),
        ("Authorization: Basic {}\n", Around { header: Header::OtherScheme, line_breaks: true, ..ALONE }),
        ("Token {}", Around { blanks: true, ..IN_TEXT }),
    ] {
        check(text, Form::Token, Some(MASKED), around);
    }
}

#[test]
fn what_is_wrong_with_a_value_is_told_apart() {
    let (quack, foreign, longer) =
        (VALUE.replace("Quick", "Quack"), VALUE.replace("Quick", "Qu-ck"), VALUE.replace("4eHpXV", "AAAAAAAA"));
    let cut = |length| Form::CutOff { missing_at: Cut::End, length, missing: TOKEN_LEN - length };
    let headless = |missing| Form::CutOff { missing_at: Cut::Start, length: TOKEN_LEN - missing, missing };
    let broken_around = Around { line_breaks: true, ..ALONE };
    for (text, form, masked, around) in [
        (quack.as_str(), Form::Mistyped, Some(LOOKUP), ALONE),
        (&VALUE.replace("EXAMPLE1", "example1"), Form::Mistyped, Some("pnms_pat_example1…"), ALONE),
        (&foreign, Form::ForeignCharacter, Some(LOOKUP), ALONE),
        (&VALUE.replace("Quick", "Quéck"), Form::ForeignCharacter, Some(LOOKUP), ALONE),
        (&VALUE[..54], cut(54), Some(LOOKUP), ALONE),
        (&VALUE[..17], cut(17), Some(LOOKUP), ALONE),
        (&VALUE[..16], cut(16), None, ALONE),
        ("pnms_pat_", cut(9), None, ALONE),
        ("Bearer pnms_pat_EXAMPLE1The\n", cut(20), Some(LOOKUP), Around { line_breaks: true, ..BEARER }),
        ("pnms_pat_EXAMPLE1The and then some", cut(20), Some(LOOKUP), Around { blanks: true, ..IN_TEXT }),
        (&VALUE[1..], headless(1), Some(MASKED), ALONE),
        (&VALUE[9..], headless(9), Some(MASKED), ALONE),
        (&format!("Bearer {}\n", &VALUE[2..]), headless(2), Some(MASKED), Around { line_breaks: true, ..BEARER }),
        ("{}AB", Form::TooLong { surplus: 2 }, Some(MASKED), ALONE),
        (&longer, Form::TooLong { surplus: 2 }, Some(LOOKUP), ALONE),
        ("{1}\n{2}", Form::Broken, Some(MASKED), ALONE),
        ("{1}\r\n    {2}\n", Form::Broken, Some(MASKED), broken_around),
        ("{1}\u{200b}{2}", Form::Broken, Some(MASKED), ALONE),
        ("Bearer {1} {2}", Form::Broken, Some(MASKED), BEARER),
    ] {
        check(text, form, masked, around);
    }
}

#[test]
fn a_masked_value_is_shown_as_a_list_shows_it_and_no_further() {
    for (text, masked) in [
        (MASKED, Some(MASKED)),
        ("pnms_pat_EXAMPLE1...HpXV", Some(MASKED)),
        ("pnms_pat_EXAMPLE1****HpXV", Some(MASKED)),
        ("pnms_pat_EXAMPLE1••••••••HpXV", Some(MASKED)),
        // Somebody's own way of masking shows more than we would.
        ("pnms_pat_EXAMPLE1TheQuickBrown…4eHpXV", Some(LOOKUP)),
        ("pnms_pat_EXAMPLE1…OverLazyDog4eHpXV", Some(LOOKUP)),
        ("pnms_pat_EXAMPLE1…", Some(LOOKUP)),
        ("pnms_pat_EXA…HpXV", None),
        ("pnms_pat_…", None),
    ] {
        check(text, Form::Masked, masked, ALONE);
    }
    check(
        "\"pnms_pat_EXAMPLE1…HpXV\"\n",
        Form::Masked,
        Some(MASKED),
        Around { quotes: true, line_breaks: true, ..ALONE },
    );
}

#[test]
fn what_is_no_token_is_not_guessed_at() {
    for text in ["", " \n\t", "\u{feff}", "\u{0}\u{0}"] {
        check(text, Form::Empty, None, ALONE);
    }
    for text in
        ["hunter2", "ghp_000000000000000000000000000000000000000002ACVk", "PNMS_PAT_EXAMPLE1", "…", &VALUE[10..]]
    {
        check(text, Form::NotAToken, None, ALONE);
    }
    for text in ["Bearer", "Bearer ", "Authorization: Bearer \n", "authorization:", "'Authorization: Bearer '"] {
        check(text, Form::HeaderAlone, None, ALONE);
    }
    for text in ["<b>bold</b>", "[1, 2]", "cost: 5$", "<>"] {
        check(text, Form::NotAToken, None, ALONE);
    }
    for text in
        ["$NMS_TOKEN", "Bearer ${TOKEN}", "Authorization: Bearer <token>", "TOKEN={{ token }}", "token: \"%TOKEN%\""]
    {
        check(text, Form::Placeholder, None, ALONE);
    }
    for (text, count) in [("{}\n{other}", 2), ("{other}{}", 2), ("{} pnms_pat_EXAMPLE1…HpXV pnms_pat_x", 3)] {
        check(text, Form::Several { count }, None, ALONE);
    }
    assert_eq!(inspect_bytes(&vec![b' '; MAX_BYTES + 1]).form, Form::TooMuch);
    assert_eq!(inspect_bytes(b"pnms_pat_caf\xe9").form, Form::NotText);
}

/// As many cases as the environment wants, or two thousand.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig { cases: 2_000, ..ProptestConfig::default() },
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever is done to a token: what can be told of it afterwards is its lookup id and, with the checksum right,
    /// its last four.
    #[test]
    fn nothing_of_the_secret_part_is_ever_told(
        at in 0usize..=TOKEN_LEN,
        removed in 0usize..8,
        put in "[ \n\"'…a-zA-Z0-9\u{200b}.-]{0,6}",
        before in "(Bearer |Authorization: |\"|\n| |x|)",
        after in "(\n|\"| |,|0|)",
    ) {
        let rest = VALUE.get(at + removed..).unwrap_or("");
        let text = format!("{before}{}{put}{rest}{after}", &VALUE[..at]);
        let finding = inspect(&text);
        let shown = finding.masked.clone().unwrap_or_default();
        let end = shown.split('…').nth(1).unwrap_or_default().to_owned();
        prop_assert!(end.is_empty() || finding.sha256().is_some() && end == "HpXV" || finding.form == Form::Masked && end.len() == 4, "{text:?}: {finding:?}");
        prop_assert!(shown.is_empty() || shown.split('…').next().unwrap().len() == PREFIX.len() + LOOKUP_ID_LEN);
        let secret_part = &VALUE[PREFIX.len() + LOOKUP_ID_LEN..TOKEN_LEN - 6];
        let told = format!("{finding:?}");
        prop_assert!((0..secret_part.len() - 8).all(|from| !told.contains(&secret_part[from..from + 8])), "{told}");
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), at in 0usize..40) {
        inspect(&text);
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        inspect(&format!("{}{PREFIX}{}", &text[..at], &text[at..]));
        inspect_bytes(text.as_bytes());
    }

    /// A token is said to be one only when its checksum proves it, and then the hash is that of the very value.
    #[test]
    fn what_is_called_a_token_is_one(pieces in prop::collection::vec(prop_oneof![
        Just(VALUE.to_owned()), Just(OTHER.to_owned()), Just(VALUE[..40].to_owned()), "[ \n\"'=:…0-9a-zA-Z]{0,4}",
        "pnms_pat_[0-9A-Za-z]{46}",
    ], 0..5)) {
        let text = pieces.concat();
        let finding = inspect(&text);
        if let Some(hash) = finding.sha256() {
            let known = [VALUE, OTHER].map(|value| Secret::new(value.to_owned()).sha256());
            prop_assert!(known.contains(&hash), "{text:?}: {finding:?}");
        }
        prop_assert!(finding.form != Form::Token || finding.sha256().is_some(), "{text:?}: {finding:?}");
    }
}
