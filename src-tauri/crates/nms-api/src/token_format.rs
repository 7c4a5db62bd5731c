//! The form of a version 1 token: prefix, lookup id, secret, checksum; and how it is masked.
//!
//! Servers parse strictly; a client that meets another form says "not a version 1 token", never "invalid".

use crate::Secret;

/// What every token's value starts with, for good.
pub const PREFIX: &str = "pnms_pat_";
/// Characters of the public lookup id.
pub const LOOKUP_ID_LEN: usize = 8;
/// Characters of the secret part: 190 bits in base 62.
pub const SECRET_LEN: usize = 32;
/// Characters of the checksum.
pub const CHECKSUM_LEN: usize = 6;
/// Characters, all ASCII, of a whole value.
pub const TOKEN_LEN: usize = PREFIX.len() + LOOKUP_ID_LEN + SECRET_LEN + CHECKSUM_LEN;
/// Characters that stay visible at the end of a masked value; they belong to the checksum.
pub const SUFFIX_LEN: usize = 4;
/// The digits of base 62, in their order.
pub const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const CHECKED_LEN: usize = TOKEN_LEN - CHECKSUM_LEN;

/// Why a text is not a version 1 token. None of them repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAToken {
    /// It does not start with [`PREFIX`], so that nothing more can be said of it.
    #[error("it does not start with {PREFIX}")]
    OtherPrefix,
    /// It holds an ellipsis: somebody took the list's masked value for the token.
    #[error("it is a masked value, not the token")]
    Masked,
    /// Not [`TOKEN_LEN`] characters long; most often cut off while copying.
    #[error("it is not {TOKEN_LEN} characters long")]
    Length,
    /// A character that base 62 does not have.
    #[error("it holds a character that no token has")]
    Alphabet,
    /// The checksum belongs to another value: mistyped.
    #[error("its checksum does not fit: it is mistyped")]
    Checksum,
}

/// The parts of a value that has the right form. Borrowed: no copy of the secret is made.
#[derive(Clone, Copy)]
pub struct ParsedToken<'a> {
    value: &'a str,
}

impl<'a> ParsedToken<'a> {
    /// Parses strictly: nothing is trimmed.
    ///
    /// # Errors
    /// [`NotAToken`] says what is wrong.
    pub fn parse(value: &'a str) -> Result<Self, NotAToken> {
        let Some(rest) = value.strip_prefix(PREFIX) else { return Err(NotAToken::OtherPrefix) };
        if rest.contains('…') || rest.contains("...") {
            return Err(NotAToken::Masked);
        }
        if value.len() != TOKEN_LEN {
            return Err(NotAToken::Length);
        }
        if !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(NotAToken::Alphabet);
        }
        if checksum(&value.as_bytes()[..CHECKED_LEN]) != value.as_bytes()[CHECKED_LEN..] {
            return Err(NotAToken::Checksum);
        }
        Ok(Self { value })
    }

    /// The public part by which a server finds the token.
    pub fn lookup_id(&self) -> &'a str {
        &self.value[PREFIX.len()..PREFIX.len() + LOOKUP_ID_LEN]
    }

    /// The last [`SUFFIX_LEN`] characters, shown in the masked value.
    pub fn suffix(&self) -> &'a str {
        &self.value[TOKEN_LEN - SUFFIX_LEN..]
    }
}

/// Puts a value together.
///
/// # Errors
/// [`NotAToken`] when a part has another length or alphabet than base 62.
pub fn compose(lookup_id: &str, secret: &str) -> Result<Secret, NotAToken> {
    if lookup_id.len() != LOOKUP_ID_LEN || secret.len() != SECRET_LEN {
        return Err(NotAToken::Length);
    }
    if !lookup_id.bytes().chain(secret.bytes()).all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(NotAToken::Alphabet);
    }
    // Room for all of it at once: growing would leave a copy behind.
    let mut value = String::with_capacity(TOKEN_LEN);
    value.push_str(PREFIX);
    value.push_str(lookup_id);
    value.push_str(secret);
    for digit in checksum(value.as_bytes()) {
        value.push(char::from(digit));
    }
    Ok(Secret::new(value))
}

/// What a list shows: prefix, lookup id, ellipsis, last four.
pub fn mask(lookup_id: &str, suffix: &str) -> String {
    format!("{PREFIX}{lookup_id}…{suffix}")
}

/// CRC-32/ISO-HDLC of `bytes` in base 62, most significant digit first, left-padded with `0`.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
    let mut rest = crc32(bytes);
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

/// CRC-32/ISO-HDLC, bit by bit: 49 bytes need no table, and this adds no dependency to every crate of the house.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (crc & 1).wrapping_neg();
            crc = (crc >> 1) ^ (0xEDB8_8320 & mask);
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The contract's own.
    const VECTORS: [&str; 3] = [
        "pnms_pat_000000000000000000000000000000000000000002ACVk",
        "pnms_pat_TESTONLYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4Yt49E",
        "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV",
    ];

    #[track_caller]
    fn refused(value: &str, expected: NotAToken) {
        assert_eq!(ParsedToken::parse(value).err(), Some(expected), "{value:?}");
    }

    #[test]
    fn the_contracts_vectors_are_tokens() {
        for value in VECTORS {
            let parsed = ParsedToken::parse(value).unwrap_or_else(|why| panic!("{value}: {why}"));
            assert_eq!(parsed.lookup_id(), &value[9..17]);
            assert_eq!(parsed.suffix(), &value[51..]);
            let again = compose(&value[9..17], &value[17..49]).unwrap();
            assert_eq!(again.expose(), value);
        }
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let good = VECTORS[2];
        refused("", NotAToken::OtherPrefix);
        refused("ghp_000000000000000000000000000000000000000002ACVk", NotAToken::OtherPrefix);
        refused(&format!(" {good}"), NotAToken::OtherPrefix);
        refused(&format!("{good} "), NotAToken::Length);
        refused(&format!("{good}\n"), NotAToken::Length);
        refused(&good[..54], NotAToken::Length);
        refused("pnms_pat_EXAMPLE1…HpXV", NotAToken::Masked);
        refused("pnms_pat_EXAMPLE1...HpXV", NotAToken::Masked);
        refused(&good.replace("Quick", "Qu-ck"), NotAToken::Alphabet);
        refused(&good.replace("Quick", "Quéc"), NotAToken::Alphabet);
        refused(&good.replace("Quick", "Quack"), NotAToken::Checksum);
    }

    #[test]
    fn a_masked_value_shows_prefix_lookup_id_and_last_four() {
        assert_eq!(mask("a1b2c3d4", "f9g0"), "pnms_pat_a1b2c3d4…f9g0");
    }

    proptest! {
        #[test]
        fn parts_come_back_as_they_went_in(lookup_id in "[0-9A-Za-z]{8}", secret in "[0-9A-Za-z]{32}") {
            let value = compose(&lookup_id, &secret).unwrap();
            let parsed = ParsedToken::parse(value.expose()).unwrap();
            prop_assert_eq!(parsed.lookup_id(), lookup_id);
            prop_assert_eq!(value.expose().len(), TOKEN_LEN);
        }

        #[test]
        fn one_wrong_character_is_always_noticed(at in 9usize..55, digit in 0usize..62) {
            let mut bytes = VECTORS[2].as_bytes().to_vec();
            prop_assume!(bytes[at] != BASE62[digit]);
            bytes[at] = BASE62[digit];
            prop_assert!(ParsedToken::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = ParsedToken::parse(&text);
            let _ = ParsedToken::parse(&format!("{PREFIX}{text}"));
        }
    }
}
