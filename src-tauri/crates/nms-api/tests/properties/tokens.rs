//! The form of a token.

use nms_api::token_format::{self, LOOKUP_ID_LEN, NotAToken, PREFIX, ParsedToken, SECRET_LEN, TOKEN_LEN};
use proptest::prelude::*;

/// A text that is a token, or nearly.
fn nearly() -> impl Strategy<Value = String> {
    let part = |length: usize| proptest::string::string_regex(&format!("[0-9A-Za-z]{{{length}}}")).unwrap();
    let value = (part(LOOKUP_ID_LEN), part(SECRET_LEN))
        .prop_map(|(lookup_id, secret)| token_format::compose(&lookup_id, &secret).unwrap().expose().to_owned());
    (value, 0usize..TOKEN_LEN, 0usize..4, ".{0,3}").prop_map(|(value, at, removed, put)| {
        let rest = &value[(at + removed).min(TOKEN_LEN)..];
        format!("{}{put}{rest}", &value[..at])
    })
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn what_is_accepted_is_what_its_parts_make(text in prop_oneof![nearly(), any::<String>(), "pnms_pat_[0-9A-Za-z]{40,52}"]) {
        if let Ok(parsed) = ParsedToken::parse(&text) {
            let secret = &text[PREFIX.len() + LOOKUP_ID_LEN..PREFIX.len() + LOOKUP_ID_LEN + SECRET_LEN];
            let again = token_format::compose(parsed.lookup_id(), secret).unwrap();
            prop_assert_eq!(again.expose(), text.as_str(), "never with another checksum");
            prop_assert!(text.ends_with(parsed.suffix()));
        }
    }

    #[test]
    fn a_mask_is_never_a_token_whatever_it_hides(lookup_id in "[0-9A-Za-z]{8}", suffix in "[0-9A-Za-z]{4}") {
        let masked = token_format::mask(&lookup_id, &suffix);
        prop_assert_eq!(ParsedToken::parse(&masked).err(), Some(NotAToken::Masked));
        let typed = masked.replace('…', "...");
        prop_assert_eq!(ParsedToken::parse(&typed).err(), Some(NotAToken::Masked));
    }

    #[test]
    fn a_token_with_one_character_changed_is_none(lookup_id in "[0-9A-Za-z]{8}", secret in "[0-9A-Za-z]{32}", at in 0usize..TOKEN_LEN, put in any::<char>()) {
        let value = token_format::compose(&lookup_id, &secret).unwrap();
        let value = value.expose();
        let changed = format!("{}{put}{}", &value[..at], &value[at + 1..]);
        prop_assert_eq!(ParsedToken::parse(&changed).is_ok(), changed == value);
    }

    #[test]
    fn why_a_text_is_none_never_repeats_it(text in nearly()) {
        if let Err(why) = ParsedToken::parse(&text) {
            let told = format!("{why} {why:?}");
            prop_assert!(text.len() <= PREFIX.len() || !told.contains(&text));
        }
    }

    #[test]
    fn parts_of_another_form_make_no_token(lookup_id in ".{0,10}", secret in ".{0,40}") {
        let fit = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let made = token_format::compose(&lookup_id, &secret).is_ok();
        prop_assert_eq!(made, fit(&lookup_id, LOOKUP_ID_LEN) && fit(&secret, SECRET_LEN));
    }
}
