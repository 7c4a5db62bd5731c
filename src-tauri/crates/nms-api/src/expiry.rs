//! When a token may end. Pure arithmetic in UTC; the caller brings the clock.

use chrono::{DateTime, Months, TimeDelta, Utc};

use crate::limits::EXPIRY_TOLERANCE_S;

/// Why an expiry is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExpiryRefused {
    /// It is over already.
    #[error("it lies in the past")]
    Past,
    /// It is later than the limit, tolerance included.
    #[error("it is later than the limit")]
    TooLate,
}

/// The latest expiry that a token may get now: `max_months` calendar months on, counted in UTC
/// (29 February + 12 months = 28 February). The end of time where the calendar has no such day.
pub fn latest(now: DateTime<Utc>, max_months: u32) -> DateTime<Utc> {
    now.checked_add_months(Months::new(max_months)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The expiry of a token whose maker names none: `days` on, or the limit where that is earlier.
pub fn default(now: DateTime<Utc>, days: u32, max_months: u32) -> DateTime<Utc> {
    let wanted = now.checked_add_signed(TimeDelta::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MAX_UTC);
    wanted.min(latest(now, max_months))
}

/// Whether a token may end at `expires_at`.
///
/// # Errors
/// [`ExpiryRefused`] says which bound it breaks.
pub fn check(expires_at: DateTime<Utc>, now: DateTime<Utc>, max_months: u32) -> Result<(), ExpiryRefused> {
    if expires_at <= now {
        return Err(ExpiryRefused::Past);
    }
    let tolerance = TimeDelta::seconds(EXPIRY_TOLERANCE_S);
    if expires_at.signed_duration_since(latest(now, max_months)) > tolerance {
        return Err(ExpiryRefused::TooLate);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn twelve_months_are_calendar_months() {
        for (now, expected) in [
            ("2026-11-23T10:00:00Z", "2027-11-23T10:00:00Z"),
            ("2028-02-29T12:30:00.5Z", "2029-02-28T12:30:00.5Z"),
            ("2027-02-28T23:59:59Z", "2028-02-28T23:59:59Z"),
            ("2027-12-31T23:59:59Z", "2028-12-31T23:59:59Z"),
        ] {
            assert_eq!(latest(at(now), 12), at(expected), "{now}");
        }
    }

    #[test]
    fn the_default_keeps_the_time_of_day_across_a_change_of_summer_time() {
        // Berlin leaves summer time on 31 October 2027; UTC does not care.
        assert_eq!(default(at("2027-10-01T08:00:00Z"), 90, 12), at("2027-12-30T08:00:00Z"));
    }

    #[test]
    fn the_default_never_passes_the_limit() {
        assert_eq!(default(at("2027-01-31T08:00:00Z"), 90, 1), at("2027-02-28T08:00:00Z"));
    }

    #[test]
    fn the_bounds_are_now_and_the_limit_with_a_minute_of_tolerance() {
        let now = at("2026-11-23T10:00:00Z");
        assert_eq!(check(now, now, 12), Err(ExpiryRefused::Past));
        assert_eq!(check(at("2026-11-23T10:00:00.000001Z"), now, 12), Ok(()));
        assert_eq!(check(at("2027-11-23T10:01:00Z"), now, 12), Ok(()));
        assert_eq!(check(at("2027-11-23T10:01:00.000001Z"), now, 12), Err(ExpiryRefused::TooLate));
    }

    /// Made by another program by the letter of the contract. The page's own choices are held to the same list.
    #[test]
    fn the_bounds_are_where_the_contract_has_them() {
        let rows: Vec<(String, u32, String)> = serde_json::from_str(include_str!("../tests/expiry.json")).unwrap();
        assert!(rows.len() >= 200);
        let (minute, least) = (TimeDelta::seconds(EXPIRY_TOLERANCE_S), TimeDelta::microseconds(1));
        for (now, months, last) in rows {
            let (now, last) = (at(&now), at(&last));
            assert_eq!(latest(now, months), last, "{now}");
            for accepted in [now + least, last, last + minute] {
                assert_eq!(check(accepted, now, months), Ok(()), "{now} {accepted}");
            }
            assert_eq!(check(now, now, months), Err(ExpiryRefused::Past));
            assert_eq!(check(last + minute + least, now, months), Err(ExpiryRefused::TooLate), "{now}");
        }
    }

    proptest! {
        #[test]
        fn what_is_computed_here_is_accepted_here(seconds in 0i64..4_102_444_800, days in 1u32..400, months in 1u32..25) {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(check(latest(now, months), now, months), Ok(()));
            prop_assert_eq!(check(default(now, days, months), now, months), Ok(()));
        }
    }
}
