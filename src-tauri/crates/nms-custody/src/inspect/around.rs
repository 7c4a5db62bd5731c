//! What stands around a value: a scheme, blanks, line breaks, quotes. Each of them is a reason why a server may not
//! know the value in the middle.

/// What stands around a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Around {
    /// What stands before it of an `Authorization` header.
    pub header: Header,
    /// Blanks right before or after it (besides the one that belongs behind `Bearer`).
    pub blanks: bool,
    /// Line breaks right before or after it.
    pub line_breaks: bool,
    /// Characters right before or after it that nobody can see: of no width, or controls.
    pub invisible: bool,
    /// Quotation marks right before or after it.
    pub quotes: bool,
    /// Other text.
    pub other_text: bool,
}

/// What stands before a value of an `Authorization` header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Header {
    /// Nothing: the value stands for itself.
    #[default]
    None,
    /// `Bearer`, as it must be.
    Bearer,
    /// `Bearer` twice: most often a program writes it, and what it was given has it too.
    BearerTwice,
    /// `Bearer` with nothing between it and the value.
    BearerJoined,
    /// `Bearer` with something else than one blank between it and the value.
    BearerApart,
    /// The header's name, and no scheme: `Bearer` is missing.
    WithoutScheme,
    /// The header's name and another scheme.
    OtherScheme,
    /// The words of one, and not as they must stand.
    Malformed,
}

const NAME: &str = "authorization:";
const WORD: &str = "authorization";
pub(super) const SCHEME: &str = "bearer";

/// Looks at what stands before and after a value.
pub(super) fn around(before: &str, after: &str) -> Around {
    let mut around = Around::default();
    // What cannot be seen is told by itself, wherever in a header it stands.
    let seen: String = before.chars().filter(|character| !is_invisible(*character)).collect();
    let head = seen.trim_end_matches(is_edge);
    let gap = &seen[head.len()..];
    let (header, rest) = header_at_the_end_of(head);
    let text = rest.trim_end_matches(is_edge);
    around.other_text = !text.is_empty();
    around.header = match header {
        _ if is_rest_of_a_header(rest) => Header::Malformed,
        Header::Bearer if gap.is_empty() => Header::BearerJoined,
        Header::Bearer if gap != " " => Header::BearerApart,
        header => header,
    };
    // One blank belongs behind a header, and of more is told with it.
    let is_header = around.header != Header::None;
    gap.chars().filter(|one| !is_header || *one != ' ').for_each(|one| around.note(one));
    let near = if around.header == Header::None { head } else { text };
    around.invisible = after_so_many(before, near.chars().count()).any(is_invisible);
    let tail = after.trim_start_matches(is_edge);
    around.other_text |= !tail.is_empty();
    after[..after.len() - tail.len()].chars().for_each(|character| around.note(character));
    around
}

/// Which header `head` ends in, and what stands before that.
fn header_at_the_end_of(head: &str) -> (Header, &str) {
    if let Some(rest) = without_scheme(head) {
        let (header, rest) = match without_scheme(rest) {
            Some(more) => (Header::BearerTwice, more),
            None => (Header::Bearer, rest),
        };
        return (header, without_ending(rest, NAME).unwrap_or(rest));
    }
    if let Some(rest) = without_ending(head, NAME) {
        return (Header::WithoutScheme, rest);
    }
    let before_word = head.trim_end_matches(|character: char| character.is_ascii_alphanumeric()).trim_end();
    match without_ending(before_word, NAME) {
        Some(rest) => (Header::OtherScheme, rest),
        None => (Header::None, head),
    }
}

/// The words of a header that is none: a colon too many or too few, or its name twice.
fn is_rest_of_a_header(rest: &str) -> bool {
    let end = rest.trim_end_matches([' ', '\t', ':', '=']);
    [SCHEME, WORD]
        .iter()
        .any(|word| without_ending(end, word).is_some_and(|before| !before.ends_with(char::is_alphanumeric)))
}

/// What follows the first so many characters that can be seen.
fn after_so_many(text: &str, seen: usize) -> impl Iterator<Item = char> {
    let mut left = seen;
    text.chars().skip_while(move |character| {
        let is_before = left > 0;
        if !is_invisible(*character) {
            left = left.saturating_sub(1);
        }
        is_before
    })
}

/// Whether it is a header to which only the value is missing.
pub(super) fn is_header_alone(text: &str) -> bool {
    let seen: String = text.chars().filter(|character| !is_invisible(*character)).collect();
    let (header, rest) = header_at_the_end_of(seen.trim_end_matches(is_edge));
    matches!(header, Header::Bearer | Header::WithoutScheme) && rest.trim_end_matches(is_edge).is_empty()
}

/// What stands before `Bearer`, where that is a word of its own.
fn without_scheme(head: &str) -> Option<&str> {
    let rest = without_ending(head, SCHEME).filter(|rest| !rest.ends_with(char::is_alphanumeric))?;
    Some(rest.trim_end_matches(is_edge))
}

/// The text before this ending, in whatever case it is written.
fn without_ending<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let (rest, found) = text.split_at_checked(text.len().checked_sub(ending.len())?)?;
    found.eq_ignore_ascii_case(ending).then_some(rest)
}

impl Around {
    fn note(&mut self, character: char) {
        match character {
            character if is_quote(character) => self.quotes = true,
            character if is_line_break(character) => self.line_breaks = true,
            character if character.is_whitespace() => self.blanks = true,
            _ => self.invisible = true,
        }
    }
}

/// What is taken for an edge and not for text.
fn is_edge(character: char) -> bool {
    is_unseen(character) || is_quote(character)
}

pub(super) fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' | '‹' | '›')
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Blank, or nothing that leaves a mark.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Nothing that leaves a mark or a gap: controls, marks of direction, characters of no width, a byte order mark.
fn is_invisible(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || character == '\u{feff}'
}
