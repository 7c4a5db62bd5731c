//! Lists that come in pages: what is asked for, and where the next page begins.

use nms_api::{EventList, EventOfTokenList, TokenList};
use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue, LINK},
};
use serde::Serialize;
use serde_json::Value;

/// The longest cursor that is taken, in bytes.
const MAX_CURSOR_BYTES: usize = 4096;

/// One page of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPage {
    /// The tokens, and how many there are in all.
    pub list: TokenList,
    /// For [`TokenQuery::cursor`](nms_api::TokenQuery::cursor), with the same sort and filters; `None` on the last page.
    pub next: Option<String>,
}

/// One page of events, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPage {
    /// The events.
    pub list: EventList,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

/// One page of the events of all tokens, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventOfTokenPage {
    /// The events.
    pub list: EventOfTokenList,
    /// For [`EventQuery::cursor`](nms_api::EventQuery::cursor), with the same filters; `None` on the last page.
    pub next: Option<String>,
}

/// The members of a query that are there, as names and values.
pub(crate) fn pairs(query: &impl Serialize) -> Option<Vec<(String, String)>> {
    let Ok(Value::Object(members)) = serde_json::to_value(query) else { return None };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Some(members.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// The `cursor` of the link with `rel="next"` (RFC 8288). Only the cursor is taken: a link never decides where a
/// credential goes, and one to another server counts as none.
pub(crate) fn next_cursor(headers: &HeaderMap, asked: &Url) -> Option<String> {
    let target = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_target)?;
    let url = asked.join(target).ok()?;
    if url.origin() != asked.origin() || url.path() != asked.path() {
        return None;
    }
    let (_, cursor) = url.query_pairs().find(|(name, _)| name == "cursor")?;
    (!cursor.is_empty() && cursor.len() <= MAX_CURSOR_BYTES).then(|| cursor.into_owned())
}

/// The target of the first link of this header whose relations include `next`.
fn next_target(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((target, after)) = rest.split_once('<').and_then(|(_, link)| link.split_once('>')) {
        let end = end_of_parameters(after);
        if after[..end].split(';').any(is_next) {
            return Some(target);
        }
        rest = &after[end..];
    }
    None
}

/// Where the comma before the next link stands; one within quotes does not count.
fn end_of_parameters(text: &str) -> usize {
    let mut quoted = false;
    let comma = text.find(|character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    });
    comma.unwrap_or(text.len())
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
}

/// A text that came from outside (an entity tag, a language), as a header can hold it.
pub(crate) fn sendable(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nms_api::{Sort, TokenQuery, TokenState};

    #[track_caller]
    fn check(link: &str, expected: Option<&str>) {
        let asked = Url::parse("https://nms.example/api/v1/tokens?limit=2").unwrap();
        let mut headers = HeaderMap::new();
        headers.append(LINK, HeaderValue::from_static("</docs>; rel=help"));
        headers.append(LINK, HeaderValue::from_str(link).unwrap());
        assert_eq!(next_cursor(&headers, &asked).as_deref(), expected, "{link}");
    }

    #[test]
    fn the_cursor_of_the_next_page_is_found() {
        check(r#"</api/v1/tokens?limit=2&cursor=a%2Fb%3D>; rel="next""#, Some("a/b="));
        check(r#"<https://nms.example/api/v1/tokens?cursor=c>; title="a, <b>"; REL=next"#, Some("c"));
        check(r#"</x?cursor=p>; rel="prev", </api/v1/tokens?cursor=n,m>; rel="last next""#, Some("n,m"));
    }

    #[test]
    fn a_link_leads_nowhere_else() {
        check(r#"<https://evil.example/api/v1/tokens?cursor=c>; rel="next""#, None);
        check(r#"<//evil.example/api/v1/tokens?cursor=c>; rel="next""#, None);
        check(r#"<http://nms.example/api/v1/tokens?cursor=c>; rel="next""#, None);
        check(r#"</api/v1/admin/tokens?cursor=c>; rel="next""#, None);
        check(r#"</api/v1/tokens?cursor=>; rel="next""#, None);
        check(r#"</api/v1/tokens>; rel="next""#, None);
        check(r#"</api/v1/tokens?cursor=c>; rel="nextish""#, None);
        check("</api/v1/tokens?cursor=c", None);
        check("<<<>>>;;;,,,=\"", None);
        check(&format!("</api/v1/tokens?cursor={}>; rel=next", "c".repeat(5000)), None);
    }

    #[test]
    fn a_query_says_only_what_was_asked_for() {
        assert_eq!(pairs(&TokenQuery::default()), Some(vec![]));
        let query = TokenQuery {
            limit: Some(2),
            sort: Some(Sort::LastUsedDescending),
            q: Some("a&b=c".into()),
            state: Some(TokenState::Active),
            ..TokenQuery::default()
        };
        let expected = [("limit", "2"), ("q", "a&b=c"), ("sort", "-last_used_at"), ("state", "active")];
        assert_eq!(pairs(&query), Some(expected.map(|(name, value)| (name.into(), value.into())).to_vec()));
    }
}
