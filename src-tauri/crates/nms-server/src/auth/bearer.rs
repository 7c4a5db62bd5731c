//! The credential of a request (RFC 6750, section 2.1).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// What a request carries as its credential.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bearer<'a> {
    /// No `Authorization` at all.
    None,
    /// What follows `Bearer` and one blank, exactly. Empty for another scheme, several headers, or bytes that are not
    /// UTF-8: no credential is empty.
    Value(&'a str),
}

/// Reads `Authorization`. Blanks around a header's value are HTTP's own and gone already; nothing else is trimmed.
pub(crate) fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    const SCHEME: &str = "bearer ";
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Bearer::None };
    // A masked value holds an ellipsis, which `to_str` would refuse.
    let text = std::str::from_utf8(value.as_bytes()).unwrap_or_default();
    match text.split_at_checked(SCHEME.len()) {
        Some((scheme, credential)) if scheme.eq_ignore_ascii_case(SCHEME) && values.next().is_none() => {
            Bearer::Value(credential)
        }
        Some(_) | None => Bearer::Value(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[track_caller]
    fn check(lines: &[&str], expected: Bearer<'_>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        assert_eq!(bearer(&headers), expected, "{lines:?}");
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_the_value_as_it_is() {
        check(&[], Bearer::None);
        for scheme in ["Bearer", "bearer", "BEARER"] {
            check(&[&format!("{scheme} abc")], Bearer::Value("abc"));
        }
        check(&["Bearer  abc"], Bearer::Value(" abc"));
        check(&["Bearer pnms_pat_a1b2c3d4…f9g0"], Bearer::Value("pnms_pat_a1b2c3d4…f9g0"));
    }

    #[test]
    fn whatever_is_no_bearer_is_a_credential_that_nobody_has() {
        for lines in [&["Basic abc"][..], &["Bearer"], &["abc"], &[""], &["Bearer a", "Bearer a"], &["Beärer abc"]] {
            check(lines, Bearer::Value(""));
        }
    }
}
