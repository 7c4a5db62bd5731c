//! Every input of a command has bounds before it is used. They are the app's own safety, wide of what any server
//! allows: a server's limits are answered by the server.

use nms_api::limits::MAX_PAGE;
use nms_api::{Etag, EventQuery, NewToken, PermissionName, TokenChanges, TokenId, TokenQuery};

use crate::failure::{Failure, FailureKind};
use crate::view::{
    CalendarWords, Cursor, ExportFormat, LanguageTag, OpenWords, ReminderWords, RevealLook, SaveWords, SearchText,
    Settings, SnippetWanted,
};

const MAX_TEXT_BYTES: usize = 16 * 1024;
const MAX_PERMISSIONS: usize = 2_000;
const MAX_CURSOR_BYTES: usize = 4 * 1024;
const MAX_WORD_BYTES: usize = 200;
const MAX_SENTENCE_BYTES: usize = 1_000;
const MAX_REMINDERS: usize = 10_000;
const MAX_PICTURE_PX: u32 = 4_000;
const MAX_CLIPBOARD_DELAY_S: u32 = 3_600;
const MAX_EXPIRY_DAYS: u32 = 3_660;
/// Longer than any that is registered (RFC 5646, section 4.4.1: 35 characters serve).
const MAX_LANGUAGE_BYTES: usize = 64;
const MAX_LIST_MEMBERS: usize = 32;
const MAX_LIST_TEXT_BYTES: usize = 1024;

/// Something that came from the page and can be checked.
pub(crate) trait Bounded: Sized {
    /// Names the first member that is out of bounds.
    fn out_of_bounds(&self) -> Option<&'static str>;

    /// Itself, when everything is in bounds.
    fn checked(self) -> Result<Self, Failure> {
        match self.out_of_bounds() {
            None => Ok(self),
            Some(field) => Err(FailureKind::OutOfBounds { field: field.to_owned() }.into()),
        }
    }
}

impl Bounded for NewToken {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let texts = [("name", &self.name), ("description", &self.description)];
        let long = texts.into_iter().find(|(_, text)| text.as_deref().is_some_and(is_long));
        long.map(|(field, _)| field).or_else(|| too_many(&self.permissions).then_some("permissions")).or_else(|| {
            self.allowed_addresses.as_deref().is_some_and(too_many_addresses).then_some("allowed_addresses")
        })
    }
}

impl Bounded for TokenChanges {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let texts = [("name", &self.name), ("description", &self.description)];
        let long =
            texts.into_iter().find(|(_, text)| text.as_ref().and_then(|text| text.as_deref()).is_some_and(is_long));
        let many = || self.permissions.as_deref().is_some_and(too_many).then_some("permissions");
        let addresses =
            || self.allowed_addresses.as_deref().is_some_and(too_many_addresses).then_some("allowed_addresses");
        long.map(|(field, _)| field).or_else(many).or_else(addresses)
    }
}

impl Bounded for Etag {
    fn out_of_bounds(&self) -> Option<&'static str> {
        (self.0.len() > MAX_WORD_BYTES).then_some("etag")
    }
}

impl Bounded for TokenQuery {
    fn out_of_bounds(&self) -> Option<&'static str> {
        if self.q.as_deref().is_some_and(is_long) {
            return Some("q");
        }
        self.cursor.as_ref().is_some_and(|cursor| cursor.len() > MAX_CURSOR_BYTES).then_some("cursor")
    }
}

impl Bounded for EventQuery {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let texts = [("q", &self.q, MAX_TEXT_BYTES), ("kinds", &self.kinds, MAX_WORD_BYTES)];
        let texts = texts.into_iter().chain([("cursor", &self.cursor, MAX_CURSOR_BYTES)]);
        let mut long = texts.filter(|(_, text, bytes)| text.as_ref().is_some_and(|text| text.len() > *bytes));
        long.next().map(|(field, _, _)| field)
    }
}

impl Bounded for SearchText {
    fn out_of_bounds(&self) -> Option<&'static str> {
        is_long(&self.0).then_some("q")
    }
}

impl Bounded for Cursor {
    fn out_of_bounds(&self) -> Option<&'static str> {
        (self.0.len() > MAX_CURSOR_BYTES).then_some("cursor")
    }
}

impl Bounded for Vec<TokenId> {
    fn out_of_bounds(&self) -> Option<&'static str> {
        (self.is_empty() || self.len() > MAX_PAGE as usize).then_some("ids")
    }
}

impl Bounded for RevealLook {
    fn out_of_bounds(&self) -> Option<&'static str> {
        if !(0.5..=8.0).contains(&self.scale) {
            return Some("scale");
        }
        (self.width_px == 0 || self.width_px > MAX_PICTURE_PX).then_some("width_px")
    }
}

impl Bounded for SnippetWanted {
    fn out_of_bounds(&self) -> Option<&'static str> {
        self.name.as_deref().is_some_and(|name| name.len() > MAX_SENTENCE_BYTES).then_some("name")
    }
}

impl Bounded for SaveWords {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let words = [("title", &self.title), ("save", &self.save), ("cancel", &self.cancel)];
        let long = words.into_iter().find(|(_, word)| word.len() > MAX_WORD_BYTES).map(|(field, _)| field);
        let name = &self.file_name;
        let no_name = name.is_empty() || name.len() > MAX_WORD_BYTES || name.contains(['/', '\0']);
        long.or_else(|| no_name.then_some("file_name"))
    }
}

impl Bounded for ExportFormat {
    fn out_of_bounds(&self) -> Option<&'static str> {
        match self {
            Self::Csv { columns } => columns.all().iter().any(|word| word.len() > MAX_WORD_BYTES).then_some("columns"),
            Self::Json => None,
            Self::Ics { calendar: CalendarWords { title, summary, summary_unnamed, description } } => {
                let words = [title, summary, summary_unnamed, description];
                words.iter().any(|word| word.len() > MAX_SENTENCE_BYTES).then_some("calendar")
            }
        }
    }
}

impl Bounded for ReminderWords {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let words = [("title", &self.title), ("body", &self.body), ("click", &self.click)];
        let long = words.into_iter().find(|(_, word)| word.len() > MAX_SENTENCE_BYTES).map(|(field, _)| field);
        long.or_else(|| (self.told.len() > MAX_REMINDERS).then_some("told"))
    }
}

impl Bounded for OpenWords {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let words = [("title", &self.title), ("open", &self.open), ("cancel", &self.cancel)];
        words.into_iter().find(|(_, word)| word.len() > MAX_WORD_BYTES).map(|(field, _)| field)
    }
}

impl Bounded for LanguageTag {
    fn out_of_bounds(&self) -> Option<&'static str> {
        (!is_language_tag(&self.0)).then_some("language")
    }
}

impl Bounded for Settings {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let long = |text: &String| text.len() > MAX_LIST_TEXT_BYTES;
        let members = [
            ("language", !is_language_tag(&self.language)),
            ("clipboard_delay_s", self.clipboard_delay_s > MAX_CLIPBOARD_DELAY_S),
            (
                "default_expiry_days",
                self.default_expiry_days.is_some_and(|days| !(1..=MAX_EXPIRY_DAYS).contains(&days)),
            ),
            (
                "list",
                self.list.len() > MAX_LIST_MEMBERS || self.list.iter().any(|(name, text)| long(name) || long(text)),
            ),
        ];
        members.into_iter().find(|(_, is_out)| *is_out).map(|(field, _)| field)
    }
}

/// The form of a tag (RFC 5646, section 2.1), loosely: what it names is for whoever speaks languages.
fn is_language_tag(text: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.len() <= MAX_LANGUAGE_BYTES && text.split('-').all(subtag)
}

fn is_long(text: &str) -> bool {
    text.len() > MAX_TEXT_BYTES
}

fn too_many_addresses(addresses: &[String]) -> bool {
    addresses.len() > MAX_PERMISSIONS || addresses.iter().any(|range| range.len() > MAX_WORD_BYTES)
}

fn too_many(permissions: &[PermissionName]) -> bool {
    permissions.len() > MAX_PERMISSIONS || permissions.iter().any(|name| name.as_str().len() > 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_person_types_is_refused_by_its_name() {
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        let new = NewToken { description: Some(long.clone()), ..NewToken::default() };
        assert_eq!(new.out_of_bounds(), Some("description"));
        let changes = TokenChanges { name: Some(Some(long.clone())), ..TokenChanges::default() };
        assert_eq!(changes.out_of_bounds(), Some("name"));
        let many = vec![PermissionName::from("a:b"); MAX_PERMISSIONS + 1];
        assert_eq!(NewToken { permissions: many, ..NewToken::default() }.out_of_bounds(), Some("permissions"));
        assert_eq!(EventQuery { kinds: Some(long.clone()), ..EventQuery::default() }.out_of_bounds(), Some("kinds"));
        assert_eq!(SearchText(long.clone()).out_of_bounds(), Some("q"));
        assert_eq!(Etag(long.clone()).out_of_bounds(), Some("etag"));
        assert_eq!(TokenQuery { q: Some(long), ..TokenQuery::default() }.out_of_bounds(), Some("q"));
    }

    #[test]
    fn settings_that_no_page_offers_are_refused_by_their_name() {
        let language = |text: &str| Settings { language: text.to_owned(), ..Settings::default() };
        let list =
            |name: &str, text: String| Settings { list: [(name.to_owned(), text)].into(), ..Settings::default() };
        let many = (0..=MAX_LIST_MEMBERS).map(|number| (number.to_string(), String::new())).collect();
        for (settings, refused) in [
            (Settings::default(), None),
            (language("zh-Hant-TW"), None),
            (language("qps-ploc"), None),
            (language(""), Some("language")),
            (language("de_AT"), Some("language")),
            (language("de-\r\nX"), Some("language")),
            (language(&"ab-".repeat(40)), Some("language")),
            (Settings { clipboard_delay_s: 3_600, ..Settings::default() }, None),
            (Settings { clipboard_delay_s: 3_601, ..Settings::default() }, Some("clipboard_delay_s")),
            (Settings { default_expiry_days: Some(0), ..Settings::default() }, Some("default_expiry_days")),
            (Settings { default_expiry_days: Some(3_661), ..Settings::default() }, Some("default_expiry_days")),
            (list("q", "x".repeat(MAX_LIST_TEXT_BYTES)), None),
            (list("q", "x".repeat(MAX_LIST_TEXT_BYTES + 1)), Some("list")),
            (Settings { list: many, ..Settings::default() }, Some("list")),
        ] {
            assert_eq!(settings.out_of_bounds(), refused, "{settings:?}");
        }
    }

    #[test]
    fn words_have_the_length_of_words() {
        let save = |title: &str, file_name: &str| SaveWords {
            title: title.to_owned(),
            save: "Save".to_owned(),
            cancel: "Cancel".to_owned(),
            file_name: file_name.to_owned(),
        };
        let long = "x".repeat(MAX_WORD_BYTES + 1);
        assert_eq!(save("Save the list", "tokens.csv").out_of_bounds(), None);
        assert_eq!(save(&long, "tokens.csv").out_of_bounds(), Some("title"));
        for name in ["", "a/b", "a\0b", &long] {
            assert_eq!(save("Save", name).out_of_bounds(), Some("file_name"), "{name:?}");
        }
        let open = OpenWords { title: "Choose".to_owned(), open: long, cancel: "Cancel".to_owned() };
        assert_eq!(open.out_of_bounds(), Some("open"));
        let sentence = "x".repeat(MAX_SENTENCE_BYTES + 1);
        let wanted = |name: &str| SnippetWanted { handle: None, name: Some(name.to_owned()) };
        assert_eq!((wanted("poller-03").out_of_bounds(), wanted(&sentence).out_of_bounds()), (None, Some("name")));
        let calendar = CalendarWords {
            title: "API tokens".to_owned(),
            summary: "{name}".to_owned(),
            summary_unnamed: "{masked}".to_owned(),
            description: sentence,
        };
        assert_eq!(ExportFormat::Ics { calendar }.out_of_bounds(), Some("calendar"));
        assert_eq!(ExportFormat::Json.out_of_bounds(), None);
    }

    #[test]
    fn a_picture_has_a_size_that_a_screen_has() {
        for (scale, width_px, refused) in
            [(1.0, 600, None), (f32::NAN, 600, Some("scale")), (100.0, 600, Some("scale")), (1.0, 0, Some("width_px"))]
        {
            assert_eq!(RevealLook { scale, dark: false, width_px }.out_of_bounds(), refused);
        }
    }
}
