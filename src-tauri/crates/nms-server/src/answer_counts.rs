//! How many requests were answered, by status code. Counted without a lock: every answer passes here.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;

/// The lowest code that HTTP has (RFC 9110, section 15).
const LOWEST: u16 = 100;

/// The answers since this server started.
#[derive(Debug)]
pub(crate) struct AnswerCounts([AtomicU64; 900]);

impl Default for AnswerCounts {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; 900])
    }
}

impl AnswerCounts {
    /// Counts an answer.
    pub(crate) fn count(&self, status: StatusCode) {
        // A `StatusCode` lies between 100 and 999, so there is always one.
        if let Some(count) = self.0.get(usize::from(status.as_u16() - LOWEST)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The codes that were answered, lowest first, with how often.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (u16, u64)> {
        let counts = (LOWEST..).zip(&self.0);
        counts.map(|(code, count)| (code, count.load(Ordering::Relaxed))).filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_counted_for_itself() {
        let counts = AnswerCounts::default();
        for code in [999, 200, 100, 404, 200] {
            counts.count(StatusCode::from_u16(code).unwrap());
        }
        assert_eq!(counts.counted().collect::<Vec<_>>(), [(100, 1), (200, 2), (404, 1), (999, 1)]);
    }
}
