//! Dates that no clock shows: read or refused, and nothing counts wrong because of them.

use nms_client::Error;
use serde_json::json;

use crate::{
    nms::Nms,
    samples::{ID, http, ok, token, token_with},
};

#[tokio::test]
async fn absurd_instants_in_an_answer_are_read_or_refused() {
    for (instant, is_read) in [
        ("0001-01-01T00:00:00Z", true),
        ("9999-12-31T23:59:59.999999999Z", true),
        ("2016-12-31T23:59:60Z", true),
        ("2026-11-23T10:00:00+23:59", true),
        ("1969-12-31T23:59:59Z", true),
        ("+262142-12-31T23:59:59Z", true),
        ("-262143-01-01T00:00:00Z", true),
        ("+262143-01-01T00:00:00Z", false),
        ("2026-13-01T00:00:00Z", false),
        ("2026-02-30T00:00:00Z", false),
        ("2026-11-23T24:00:01Z", false),
        ("2026-11-23T10:00:00", false),
        ("2026-11-23", false),
        ("2026-11-23T10:00:00+99:99", false),
        ("1764000000", false),
        ("NaN", false),
        ("", false),
    ] {
        for member in ["created_at", "expires_at", "last_used_at", "ends_at"] {
            let nms = Nms::answering(ok(&token_with(&json!({member: instant})))).await;
            let answer = nms.client().token(ID).await;
            assert_eq!(answer.is_ok(), is_read, "{member} {instant}: {answer:?}");
            assert!(is_read || matches!(answer, Err(Error::NotTheContract { .. })), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn absurd_dates_in_headers_change_nothing() {
    for date in [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "99999999999999999999",
        "",
        "\u{ff}",
    ] {
        let headers = [&*format!("Date: {date}"), &*format!("Retry-After: {date}"), "Content-Type: application/json"];
        let nms = Nms::answering(http("200 OK", &headers, &token().to_string())).await;
        let client = nms.client();
        assert!(client.token(ID).await.is_ok(), "{date}");
        // Told or not told, but never a fault.
        let _ = client.clock_skew();
        let busy = r#"{"type": "urn:palpabl:nms:problem:rate-limited"}"#;
        let nms = Nms::answering(http("429 X", &headers, busy)).await;
        let Err(Error::Refused(refusal)) = nms.client().token(ID).await else { panic!("{date}") };
        assert!(refusal.retry_after_s.is_none_or(|seconds| seconds <= 86_400), "{date}: {:?}", refusal.retry_after_s);
    }
}
