//! One stretch of a text that starts like a token, or would if its beginning were there.

use std::ops::Range;

use nms_api::Secret;
use nms_api::token_format::{CHECKSUM_LEN, LOOKUP_ID_LEN, PREFIX, ParsedToken, SUFFIX_LEN, TOKEN_LEN, mask};

use super::around::{SCHEME, around, is_quote, is_unseen};
use super::{Cut, Finding, Form};

/// Letters and digits behind the prefix.
const BODY_LEN: usize = TOKEN_LEN - PREFIX.len();
const ELLIPSES: [&str; 2] = ["…", "..."];
/// Others mask with a row of these.
const MASKS: [char; 3] = ['*', '•', '.'];

/// Where it lies and what it is. Everything that may be told of its value, and nothing of the value itself.
pub(super) struct Candidate {
    pub(super) place: Range<usize>,
    form: Form,
    masked: Option<String>,
    sha256: Option<[u8; 32]>,
}

/// What a checksum proves to be a token.
struct Proven {
    masked: String,
    sha256: [u8; 32],
}

impl Proven {
    fn of(secret: &Secret) -> Option<Self> {
        let parsed = ParsedToken::parse(secret.expose()).ok()?;
        Some(Self { masked: mask(parsed.lookup_id(), parsed.suffix()), sha256: secret.sha256() })
    }
}

impl Candidate {
    /// The one whose prefix stands at `start`.
    pub(super) fn at(text: &str, start: usize) -> Self {
        let body = &text[start + PREFIX.len()..];
        let length = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let place = start..start + PREFIX.len() + length;
        let after = &text[place.end..];
        if let Some(ellipsis) = ellipsis(after) {
            return Self::masked(body, length, ellipsis, start);
        }
        let first = &text[start..place.end.min(start + TOKEN_LEN)];
        match (Proven::of(&Secret::new(first.to_owned())), length.checked_sub(BODY_LEN)) {
            (Some(proven), Some(0)) => Self::proven(place, Form::Token, proven),
            (Some(proven), Some(surplus)) => Self::proven(place, Form::TooLong { surplus }, proven),
            (_, Some(0)) => Self::unproven(text, place, Form::Mistyped),
            (_, Some(surplus)) => Self::unproven(text, place, Form::TooLong { surplus }),
            (_, None) => Self::incomplete(text, place),
        }
    }

    /// The whole of what is to be said about it.
    pub(super) fn finding(&self, text: &str) -> Finding {
        Finding {
            form: self.form,
            masked: self.masked.clone(),
            around: around(&text[..self.place.start], &text[self.place.end..]),
            sha256: self.sha256,
        }
    }

    fn proven(place: Range<usize>, form: Form, proven: Proven) -> Self {
        Self { place, form, masked: Some(proven.masked), sha256: Some(proven.sha256) }
    }

    /// Nothing proves where its checksum lies, so that what stands at its end may be secret.
    fn unproven(text: &str, place: Range<usize>, form: Form) -> Self {
        let masked = lookup_id(&text[place.start + PREFIX.len()..]).map(|lookup_id| mask(lookup_id, ""));
        Self { place, form, masked, sha256: None }
    }

    /// Somebody masked it. What they show is repeated only as far as a list would show it.
    fn masked(body: &str, length: usize, ellipsis: &str, start: usize) -> Self {
        let shown = &body[length + ellipsis.len()..];
        let suffix_len = shown.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let is_ours = length == LOOKUP_ID_LEN && suffix_len == SUFFIX_LEN;
        let suffix = if is_ours { &shown[..suffix_len] } else { "" };
        let masked = lookup_id(body).map(|lookup_id| mask(lookup_id, suffix));
        let end = start + PREFIX.len() + length + ellipsis.len() + suffix_len;
        Self { place: start..end, form: Form::Masked, masked, sha256: None }
    }

    /// Too few letters and digits in a row: interrupted, or ended too early.
    fn incomplete(text: &str, place: Range<usize>) -> Self {
        let rest = &text[place.start..];
        if let Some((end, proven)) = joined(rest) {
            return Self::proven(place.start..place.start + end, Form::Broken, proven);
        }
        let word = word(rest);
        if word.chars().count() == TOKEN_LEN {
            return Self::unproven(text, place.start..place.start + word.len(), Form::ForeignCharacter);
        }
        let length = place.len();
        Self::unproven(text, place, Form::CutOff { missing_at: Cut::End, length, missing: TOKEN_LEN - length })
    }
}

/// A token whose prefix is missing in part or whole: completed, its checksum is right.
pub(super) fn without_beginning(text: &str) -> Option<Candidate> {
    let core = text.trim_end_matches(|character| is_unseen(character) || is_quote(character));
    let start = core.rfind(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let start = start.map_or(0, |at| at + core[at..].chars().next().map_or(0, char::len_utf8));
    let missing = TOKEN_LEN.checked_sub(core.len() - start).filter(|missing| (1..=PREFIX.len()).contains(missing))?;
    let mut whole = String::with_capacity(TOKEN_LEN);
    whole.push_str(&PREFIX[..missing]);
    whole.push_str(&core[start..]);
    let proven = Proven::of(&Secret::new(whole))?;
    let form = Form::CutOff { missing_at: Cut::Start, length: core.len() - start, missing };
    Some(Candidate::proven(start..core.len(), form, proven))
}

/// The token that is left when what cannot be seen is taken out, and where it ends.
fn joined(text: &str) -> Option<(usize, Proven)> {
    // Room for all of it at once: growing would leave a copy behind.
    let mut value = String::with_capacity(TOKEN_LEN);
    let mut end = 0;
    for (at, character) in text.char_indices().filter(|(_, character)| !is_unseen(*character)) {
        if value.len() == TOKEN_LEN || !character.is_ascii() {
            break;
        }
        value.push(character);
        end = at + 1;
    }
    Some((end, Proven::of(&Secret::new(value))?))
}

/// What somebody has put in the place of the part that nobody is to see.
fn ellipsis(after: &str) -> Option<&str> {
    let row = &after[..after.len() - after.trim_start_matches(MASKS).len()];
    let is_mask = row.chars().count() > 2 || ELLIPSES.iter().any(|ellipsis| row.starts_with(ellipsis));
    let first = ELLIPSES.into_iter().find(|ellipsis| after.starts_with(ellipsis));
    if row.is_empty() || !is_mask { first } else { Some(row) }
}

/// Brackets in which shells and templates have the name of a value.
const BRACKETS: [(&str, &str); 6] = [("${", "}"), ("$(", ")"), ("{{", "}}"), ("<", ">"), ("[", "]"), ("%", "%")];

/// Where a value belongs, alone or behind a name or a header, stands what was to be put there.
pub(super) fn is_placeholder(text: &str) -> bool {
    let end = text.trim_end_matches(|character| is_unseen(character) || is_quote(character));
    let name_start = end.trim_end_matches(|one: char| one.is_ascii_alphanumeric() || one == '_');
    let variable = name_start.strip_suffix('$').filter(|_| name_start.len() < end.len());
    let bracketed = BRACKETS.iter().find_map(|(open, close)| {
        let (before, name) = end.strip_suffix(close)?.rsplit_once(open)?;
        let is_name = name.chars().all(|one| one.is_ascii_alphanumeric() || "_-. ".contains(one));
        (is_name && !name.trim().is_empty()).then_some(before)
    });
    variable.or(bracketed).is_some_and(|before| {
        let before = before.trim_end_matches(|character| is_unseen(character) || is_quote(character));
        before.is_empty() || before.ends_with(['=', ':']) || before.to_ascii_lowercase().ends_with(SCHEME)
    })
}

/// Up to the next blank or quotation mark.
fn word(text: &str) -> &str {
    text.split(|character| is_unseen(character) || is_quote(character)).next().unwrap_or_default()
}

/// The public part of what stands behind the prefix.
fn lookup_id(body: &str) -> Option<&str> {
    body.get(..LOOKUP_ID_LEN).filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

// What a mask shows at the end is part of the checksum and of nothing else.
const _: () = assert!(SUFFIX_LEN <= CHECKSUM_LEN);
