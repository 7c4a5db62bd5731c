//! What was found out about a value that somebody holds, for the UI: never the value itself, never its hash.

use nms_api::Token;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::Failure;

/// Where the value is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TestSource {
    /// On the clipboard.
    Clipboard,
    /// In a file that a dialog asks for.
    File,
}

/// What the dialog that asks for a file to read says: the page's words, since it alone has the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct OpenWords {
    /// Its title.
    pub title: String,
    /// The button that chooses the file.
    pub open: String,
    /// The button that does not.
    pub cancel: String,
}

/// What came of testing a token.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TokenTest {
    /// It was looked at.
    Tested {
        /// What was found.
        finding: Finding,
        /// Whose it is.
        whose: Whose,
    },
    /// The person dismissed the dialog.
    Dismissed,
}

/// Whose a value is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Whose {
    /// It is no whole token: nobody was asked.
    NotAsked,
    /// One of the person's tokens; perhaps one that was deleted within the last 90 days.
    Mine {
        /// As it is now.
        token: Box<Token>,
    },
    /// None of theirs: somebody else's, another NMS's, or gone for longer than that.
    NotMine,
    /// The NMS could not be asked.
    Unknown {
        /// Why not.
        failure: Failure,
    },
}

/// What a text was found to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Finding {
    /// What it is.
    pub form: FindingForm,
    /// As a list shows it; without the last four where nothing proves that they are its own. `null` where not even the
    /// lookup id is there.
    pub masked: Option<String>,
    /// What stands around it.
    pub around: FindingAround,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum FindingForm {
    /// There is no text.
    Empty,
    /// More text than is looked at: 64 KiB.
    TooMuch,
    /// Not text in UTF-8.
    NotText,
    /// Nothing in it starts like a version 1 token. Of another kind it may be one all the same.
    NotAToken,
    /// A header, and no value behind it.
    HeaderAlone,
    /// What a value was to be put in the place of.
    Placeholder,
    /// A value as lists show it.
    Masked,
    /// A version 1 token; its checksum is right.
    Token,
    /// As long as a token, but the checksum is wrong.
    Mistyped,
    /// A token with blanks or line breaks within.
    Broken,
    /// Cut off.
    CutOff {
        /// What is missing: the first characters, else the last.
        at_start: bool,
        /// Characters that are there.
        length: u32,
        /// Characters that are not.
        missing: u32,
    },
    /// It goes on where a token ends.
    TooLong {
        /// Characters too many.
        surplus: u32,
    },
    /// As long as a token, with a character that no token has.
    ForeignCharacter,
    /// Several values; each would have to be tested by itself.
    Several {
        /// How many.
        count: u32,
    },
}

/// What stands around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FindingAround {
    /// What stands before it of an `Authorization` header.
    pub header: FindingHeader,
    /// Blanks right before or after it.
    pub blanks: bool,
    /// Line breaks right before or after it.
    pub line_breaks: bool,
    /// Characters right before or after it that nobody can see.
    pub invisible: bool,
    /// Quotation marks right before or after it.
    pub quotes: bool,
    /// Other text.
    pub other_text: bool,
}

/// What stands before a value of an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingHeader {
    /// Nothing.
    None,
    /// `Bearer`, as it must be.
    Bearer,
    /// `Bearer` twice.
    BearerTwice,
    /// `Bearer` with no blank between it and the value.
    BearerJoined,
    /// `Bearer` with something else than one blank between it and the value.
    BearerApart,
    /// The header's name, but no `Bearer`.
    WithoutScheme,
    /// The header's name and another scheme.
    OtherScheme,
    /// The words of one, and not as they must stand.
    Malformed,
}
