//! What a caller calls itself, made fit to be kept and shown: it is somebody else's text, and any length of it may come.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use nms_api::limits::MAX_AGENT_CHARS;
use nms_api::text;

/// The `User-Agent` without what could deceive, trimmed and bounded; `None` when nothing is left.
pub(crate) fn agent(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(USER_AGENT)?;
    let sent = String::from_utf8_lossy(sent.as_bytes());
    let is_kept = |character: &char| !character.is_control() && !text::is_bidi_control(*character);
    let kept: String = sent.trim().chars().filter(is_kept).take(MAX_AGENT_CHARS).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(sent: &[u8], kept: Option<&str>) {
        let headers = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_bytes(sent).unwrap())]);
        assert_eq!(agent(&headers).as_deref(), kept, "{sent:?}");
    }

    #[test]
    fn a_program_is_called_as_it_calls_itself() {
        assert_eq!(agent(&HeaderMap::new()), None);
        check(b"Prometheus/2.42.0", Some("Prometheus/2.42.0"));
        check(b"  curl/7.88.1\t", Some("curl/7.88.1"));
        check("Mess-Dienst/1 (Zürich)".as_bytes(), Some("Mess-Dienst/1 (Zürich)"));
    }

    #[test]
    fn what_could_deceive_is_left_out() {
        check(b"", None);
        check(b" \t ", None);
        check("a\u{202e}b\u{2066}c\u{85}d".as_bytes(), Some("abcd"));
        check(b"tab\tbed", Some("tabbed"));
        check(b"not utf-8: \xff", Some("not utf-8: \u{fffd}"));
    }

    #[test]
    fn however_long_it_is_little_is_kept() {
        check("ü".repeat(5000).as_bytes(), Some(&"ü".repeat(MAX_AGENT_CHARS)));
    }
}
