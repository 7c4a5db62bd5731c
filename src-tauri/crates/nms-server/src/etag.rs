//! A token's version as an entity tag, and the condition that a caller sets with one (RFC 9110, section 13.1.1).

use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use data_encoding::HEXLOWER;
use nms_api::{Etag, TokenId};

/// The strong tag of this version of this token: another token's never fits.
pub(crate) fn of(id: TokenId, version: i64) -> Etag {
    let (_, _, _, node) = id.0.as_fields();
    Etag(format!("\"{}.{version}\"", HEXLOWER.encode(node)))
}

/// What `If-Match` demands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// It was not sent.
    None,
    /// `*`: whatever is there.
    Any,
    /// One of these strong tags, quotes included. Weak and malformed ones are not among them: they never match.
    OneOf(Vec<String>),
}

impl Condition {
    /// Reads `If-Match`, which may be sent in several lines.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(IF_MATCH).iter().peekable();
        if lines.peek().is_none() {
            return Self::None;
        }
        let text: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        let text = text.join(",");
        if text.trim() == "*" { Self::Any } else { Self::OneOf(strong_tags(&text)) }
    }

    /// Whether the token as it is may be changed. What was not demanded always holds.
    pub(crate) fn holds(&self, etag: &Etag) -> bool {
        match self {
            Self::None | Self::Any => true,
            Self::OneOf(tags) => tags.contains(&etag.0),
        }
    }
}

/// The strong tags of a list. A tag may hold commas, so the quotes lead.
fn strong_tags(list: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = list.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let (is_weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |tag| (true, tag));
        let Some((tag, after)) = quoted.strip_prefix('"').and_then(|open| open.split_once('"')) else { return tags };
        if !is_weak {
            tags.push(format!("\"{tag}\""));
        }
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], holds: bool) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, line.parse().unwrap());
        }
        assert_eq!(Condition::read(&headers).holds(&Etag("\"a.1\"".into())), holds, "{lines:?}");
    }

    #[test]
    fn a_condition_holds_for_the_star_and_for_one_strong_tag_that_fits() {
        check(&["*"], true);
        check(&["\"a.1\""], true);
        check(&["\"b.1\", \"a.1\""], true);
        check(&["\"b,1\",\"a.1\""], true);
        check(&["\"b.1\"", "\"a.1\""], true);
        check(&["W/\"b\" , \"a.1\""], true);
    }

    #[test]
    fn weak_other_and_malformed_tags_never_fit() {
        for lines in [&["W/\"a.1\""][..], &["\"a.2\""], &["a.1"], &["\"a.1"], &[""], &["\"\""], &["\"b, \"a.1\""]] {
            check(lines, false);
        }
    }

    #[test]
    fn two_tokens_at_the_same_version_have_other_tags() {
        let id = |last: u128| TokenId(uuid::Uuid::from_u128(last));
        assert_ne!(of(id(1), 1), of(id(2), 1));
        assert_eq!(of(id(1), 7).0, "\"0000000000000001.7\"");
    }
}
