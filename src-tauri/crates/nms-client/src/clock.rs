//! By how much the server's clock differs from this computer's, as far as answers tell.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::HeaderValue;

/// Nothing was observed yet.
const UNKNOWN: i64 = i64::MIN;
/// The longest wait that a server is believed to want, in seconds.
const MAX_RETRY_AFTER_S: u64 = 24 * 60 * 60;

/// What the last answer told.
pub(crate) struct Clock(AtomicI64);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }

    /// Positive: the server's is ahead.
    pub(crate) fn skew(&self) -> Option<TimeDelta> {
        match self.0.load(Ordering::Relaxed) {
            UNKNOWN => None,
            ms => TimeDelta::try_milliseconds(ms),
        }
    }

    /// Takes note of an answer's `Date` (RFC 9110, section 6.6.1), whole seconds.
    pub(crate) fn observe(&self, date: Option<&HeaderValue>, sent_at: DateTime<Utc>, received_at: DateTime<Utc>) {
        let Some(date) = date.and_then(instant) else { return };
        self.0.store(difference(date, sent_at, received_at).num_milliseconds(), Ordering::Relaxed);
    }
}

/// The least by which the clocks must differ: `Date` means any instant of its second, and it was written at any
/// instant between sending and receiving.
fn difference(date: DateTime<Utc>, sent_at: DateTime<Utc>, received_at: DateTime<Utc>) -> TimeDelta {
    let ahead = date.signed_duration_since(received_at);
    let behind = date.signed_duration_since(sent_at) + TimeDelta::seconds(1);
    if ahead > TimeDelta::zero() {
        ahead
    } else if behind < TimeDelta::zero() {
        behind
    } else {
        TimeDelta::zero()
    }
}

/// `Retry-After` (RFC 9110, section 10.2.3) in seconds from now, at most a day.
pub(crate) fn retry_after_s(value: &HeaderValue, now: DateTime<Utc>) -> Option<u64> {
    let text = value.to_str().ok()?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(instant(value)?.signed_duration_since(now).num_seconds()).unwrap_or(0),
    };
    Some(bounded_wait_s(seconds))
}

pub(crate) fn bounded_wait_s(seconds: u64) -> u64 {
    seconds.min(MAX_RETRY_AFTER_S)
}

fn instant(value: &HeaderValue) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(value.to_str().ok()?.trim()).ok().map(|instant| instant.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: HeaderValue = HeaderValue::from_static("Mon, 23 Nov 2026 10:00:00 GMT");

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[track_caller]
    fn skew_ms(sent_at: &str, received_at: &str, expected: i64) {
        let clock = Clock::new();
        assert_eq!(clock.skew(), None);
        clock.observe(Some(&DATE), at(sent_at), at(received_at));
        assert_eq!(clock.skew(), Some(TimeDelta::milliseconds(expected)));
    }

    #[test]
    fn clocks_that_can_be_the_same_do_not_differ() {
        skew_ms("2026-11-23T10:00:00.4Z", "2026-11-23T10:00:00.5Z", 0);
        skew_ms("2026-11-23T10:00:00.9Z", "2026-11-23T10:00:01.9Z", 0);
        skew_ms("2026-11-23T09:59:30Z", "2026-11-23T10:00:30Z", 0);
    }

    #[test]
    fn the_least_difference_counts() {
        skew_ms("2026-11-23T09:58:00Z", "2026-11-23T09:58:01Z", 119_000);
        skew_ms("2026-11-25T10:00:00Z", "2026-11-25T10:00:01Z", -(2 * 86_400 - 1) * 1000);
    }

    #[test]
    fn absurd_dates_tell_nothing() {
        for text in ["", "yesterday", "Mon, 99 Nov 2026 10:00:00 GMT", "Mon, 23 Nov 99999999 10:00:00 GMT"] {
            let clock = Clock::new();
            clock.observe(Some(&HeaderValue::from_str(text).unwrap()), Utc::now(), Utc::now());
            assert_eq!(clock.skew(), None, "{text:?}");
        }
    }

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date() {
        let now = at("2026-11-23T09:59:30Z");
        for (text, expected) in [
            ("7", Some(7)),
            ("0", Some(0)),
            ("Mon, 23 Nov 2026 10:00:00 GMT", Some(30)),
            ("Sun, 22 Nov 2026 10:00:00 GMT", Some(0)),
            ("99999999999999999", Some(86_400)),
            ("-1", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after_s(&HeaderValue::from_str(text).unwrap(), now), expected, "{text:?}");
        }
    }
}
