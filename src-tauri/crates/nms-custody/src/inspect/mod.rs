//! What a text is that somebody takes for a token: its form, and what stands around it. Works on what it is lent, keeps
//! none of it, and answers findings only.
//!
//! Not here: whose token it is and what it may do. Only a server knows, by [`Finding::sha256`].

mod around;
mod candidate;
pub(crate) mod file;

use nms_api::token_format::PREFIX;

pub use around::{Around, Header};
use candidate::Candidate;

/// The most that is looked at, in bytes. A token has 55.
pub const MAX_BYTES: usize = 64 * 1024;

/// What a text was found to be. The value cannot be had from it: not from its mask, which shows no more than a list
/// does, and not from its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub form: Form,
    /// As a list shows it: beginning, lookup id, ellipsis; and the last four where the checksum proves that they are
    /// checksum, or where somebody else has masked the value already. `None` where not even a lookup id is there.
    pub masked: Option<String>,
    /// What stands around it.
    pub around: Around,
    sha256: Option<[u8; 32]>,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// There is no text.
    Empty,
    /// More than [`MAX_BYTES`]: it was not looked at.
    TooMuch,
    /// Not UTF-8.
    NotText,
    /// Nothing in it starts like a token of version 1. Of another kind it may be one all the same.
    NotAToken,
    /// A header, and no value behind it.
    HeaderAlone,
    /// What a value was to be put in the place of: the name of a variable, say.
    Placeholder,
    /// A value as lists show it, with an ellipsis: nobody can sign in with that.
    Masked,
    /// A version 1 token whose checksum is right.
    Token,
    /// As long as a token and made of the same letters, but the checksum belongs to another.
    Mistyped,
    /// A token with blanks or line breaks within.
    Broken,
    /// The beginning or the end is missing.
    CutOff {
        /// Which of the two.
        missing_at: Cut,
        /// Characters that are there.
        length: usize,
        /// Characters that are not.
        missing: usize,
    },
    /// It goes on where a token ends.
    TooLong {
        /// Characters too many.
        surplus: usize,
    },
    /// As long as a token, with a character that no token has.
    ForeignCharacter,
    /// More than one value; each would have to be looked at by itself.
    Several {
        /// How many different ones.
        count: usize,
    },
}

/// Where something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The first characters.
    Start,
    /// The last characters.
    End,
}

impl Finding {
    /// SHA-256 of the token, by which a server says whose it is. Only where the checksum proves that it is one: the
    /// hash of any other text (a password, say) is nobody's business.
    pub fn sha256(&self) -> Option<[u8; 32]> {
        self.sha256
    }

    /// One of which there is nothing more to say.
    pub(crate) fn plain(form: Form) -> Self {
        Self { form, masked: None, around: Around::default(), sha256: None }
    }
}

/// Looks at bytes that came from outside.
pub(crate) fn inspect_bytes(bytes: &[u8]) -> Finding {
    if bytes.len() > MAX_BYTES {
        return Finding::plain(Form::TooMuch);
    }
    std::str::from_utf8(bytes).map_or_else(|_| Finding::plain(Form::NotText), inspect)
}

/// Looks at a text.
pub fn inspect(text: &str) -> Finding {
    if text.chars().all(around::is_unseen) {
        return Finding::plain(Form::Empty);
    }
    match candidates(text).as_slice() {
        [] => candidate::without_beginning(text)
            .map_or_else(|| Finding::plain(without_value(text)), |one| one.finding(text)),
        [one] => one.finding(text),
        many => Finding::plain(Form::Several { count: many.len() }),
    }
}

/// Nothing in it is a value, or the beginning or end of one.
fn without_value(text: &str) -> Form {
    if around::is_header_alone(text) {
        Form::HeaderAlone
    } else if candidate::is_placeholder(text) {
        Form::Placeholder
    } else {
        Form::NotAToken
    }
}

/// Whatever starts like a token; the same one twice counts once.
fn candidates(text: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (start, _) in text.match_indices(PREFIX) {
        let one = Candidate::at(text, start);
        if !found.iter().any(|other| text[other.place.clone()] == text[one.place.clone()]) {
            found.push(one);
        }
    }
    found
}

#[cfg(test)]
mod tests;
