//! Every input of a command has bounds before it is used. They are the app's own safety, wide of what any server
//! allows: a server's limits are answered by the server.

use nms_api::{NewToken, PermissionName, TokenChanges, TokenQuery};

use crate::failure::{Failure, FailureKind};
use crate::view::{RevealLook, SaveWords};

const MAX_TEXT_BYTES: usize = 16 * 1024;
const MAX_PERMISSIONS: usize = 2_000;
const MAX_CURSOR_BYTES: usize = 4 * 1024;
const MAX_WORD_BYTES: usize = 200;
const MAX_PICTURE_PX: u32 = 4_000;

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
        long.map(|(field, _)| field).or_else(|| too_many(&self.permissions).then_some("permissions"))
    }
}

impl Bounded for TokenChanges {
    fn out_of_bounds(&self) -> Option<&'static str> {
        let texts = [("name", &self.name), ("description", &self.description)];
        let long =
            texts.into_iter().find(|(_, text)| text.as_ref().and_then(|text| text.as_deref()).is_some_and(is_long));
        let many = || self.permissions.as_deref().is_some_and(too_many).then_some("permissions");
        long.map(|(field, _)| field).or_else(many)
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

impl Bounded for RevealLook {
    fn out_of_bounds(&self) -> Option<&'static str> {
        if !(0.5..=8.0).contains(&self.scale) {
            return Some("scale");
        }
        (self.width_px == 0 || self.width_px > MAX_PICTURE_PX).then_some("width_px")
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

fn is_long(text: &str) -> bool {
    text.len() > MAX_TEXT_BYTES
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
        assert_eq!(TokenQuery { q: Some(long), ..TokenQuery::default() }.out_of_bounds(), Some("q"));
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
