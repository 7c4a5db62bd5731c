//! What is due: pure arithmetic in UTC, where a day has 24 hours. The caller brings the clock, which is the server's.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::{Token, TokenState};

use crate::view::{Reminder, ReminderStep, ReminderToken, ToldReminder};

/// The most urgent first.
const STEPS: [(ReminderStep, TimeDelta); 3] = [
    (ReminderStep::Day1, TimeDelta::days(1)),
    (ReminderStep::Days7, TimeDelta::days(7)),
    (ReminderStep::Days14, TimeDelta::days(14)),
];

/// Whether it expires later than anybody is reminded of.
pub(super) fn is_far(token: &Token, now: DateTime<Utc>) -> bool {
    STEPS.iter().all(|(_, span)| token.expires_at - now > *span)
}

/// The most urgent step that a token has come within. None for one that expires later, has expired, does not work
/// anyway, or has been replaced: its successor is what counts.
pub(super) fn step(token: &Token, now: DateTime<Utc>) -> Option<ReminderStep> {
    let left = token.expires_at - now;
    if left <= TimeDelta::zero() || token.state != TokenState::Active || token.replaced_by.is_some() {
        return None;
    }
    STEPS.into_iter().find(|(_, span)| left <= *span).map(|(step, _)| step)
}

/// What is to be said now: of each token the most urgent step only, and only once.
pub(super) fn due(tokens: &[Token], told: &[ToldReminder], now: DateTime<Utc>) -> Vec<Reminder> {
    let mut by_step: BTreeMap<ReminderStep, Vec<ReminderToken>> = BTreeMap::new();
    for token in tokens {
        let Some(step) = step(token, now) else { continue };
        let is_of_it = |told: &&ToldReminder| told.token_id == token.id && told.expires_at == token.expires_at;
        if !told.iter().filter(is_of_it).any(|told| told.step >= step) {
            by_step.entry(step).or_default().push(reminder_of(token));
        }
    }
    by_step
        .into_iter()
        .rev()
        .map(|(step, mut tokens)| {
            tokens.sort_by_key(|token| token.expires_at);
            Reminder { step, tokens }
        })
        .collect()
}

fn reminder_of(token: &Token) -> ReminderToken {
    ReminderToken { id: token.id, name: token.name.clone(), masked: token.masked(), expires_at: token.expires_at }
}

#[cfg(test)]
mod tests {
    use nms_api::TokenId;
    use uuid::Uuid;

    use super::*;
    use crate::samples;

    const NOW: &str = "2026-11-23T10:00:00Z";

    fn now() -> DateTime<Utc> {
        NOW.parse().unwrap()
    }

    fn token(number: u128, expires_at: &str) -> Token {
        Token { expires_at: expires_at.parse().unwrap(), ..samples::token(number, Some("poller")) }
    }

    fn told(number: u128, expires_at: &str, step: ReminderStep) -> ToldReminder {
        ToldReminder { token_id: TokenId(Uuid::from_u128(number)), expires_at: expires_at.parse().unwrap(), step }
    }

    /// Steps and numbers of what is due.
    fn due_now(tokens: &[Token], told: &[ToldReminder]) -> Vec<(ReminderStep, Vec<u128>)> {
        let numbers = |reminder: Reminder| reminder.tokens.iter().map(|token| token.id.0.as_u128()).collect();
        due(tokens, told, now()).into_iter().map(|reminder| (reminder.step, numbers(reminder))).collect()
    }

    #[test]
    fn a_step_begins_to_the_microsecond_whatever_a_clock_on_a_wall_does_meanwhile() {
        for (expires_at, expected) in [
            ("2026-11-23T09:59:59Z", None),
            ("2026-11-23T10:00:00Z", None),
            ("2026-11-23T10:00:00.000001Z", Some(ReminderStep::Day1)),
            ("2026-11-24T10:00:00Z", Some(ReminderStep::Day1)),
            ("2026-11-24T10:00:00.000001Z", Some(ReminderStep::Days7)),
            ("2026-11-30T10:00:00Z", Some(ReminderStep::Days7)),
            ("2026-11-30T10:00:00.000001Z", Some(ReminderStep::Days14)),
            ("2026-12-07T10:00:00Z", Some(ReminderStep::Days14)),
            ("2026-12-07T10:00:00.000001Z", None),
        ] {
            assert_eq!(step(&token(1, expires_at), now()), expected, "{expires_at}");
        }
        // Europe leaves summer time on 25 October 2026; seven days stay 168 hours.
        let before = "2026-10-20T10:00:00Z".parse().unwrap();
        assert_eq!(step(&token(1, "2026-10-27T10:00:00Z"), before), Some(ReminderStep::Days7));
        assert_eq!(step(&token(1, "2026-10-27T10:00:01Z"), before), Some(ReminderStep::Days14));
    }

    #[test]
    fn what_does_not_work_or_was_replaced_is_nobodys_worry() {
        let soon = token(1, "2026-11-24T09:00:00Z");
        assert_eq!(step(&soon, now()), Some(ReminderStep::Day1));
        for state in [TokenState::Paused, TokenState::Expired] {
            assert_eq!(step(&Token { state, ..soon.clone() }, now()), None);
        }
        let replaced = Token { replaced_by: Some(TokenId(Uuid::nil())), ..soon };
        assert_eq!(step(&replaced, now()), None);
        assert!(!is_far(&replaced, now()), "others may come after it");
        assert!(is_far(&token(1, "2026-12-07T10:00:00.000001Z"), now()));
    }

    #[test]
    fn each_step_is_told_once_and_only_the_most_urgent() {
        let expires_at = "2026-11-29T10:00:00Z";
        let tokens = [token(1, expires_at)];
        for (earlier, expected) in [
            (vec![], true),
            (vec![ReminderStep::Days14], true),
            (vec![ReminderStep::Days7], false),
            (vec![ReminderStep::Days14, ReminderStep::Days7], false),
            (vec![ReminderStep::Day1], false),
        ] {
            let told: Vec<_> = earlier.iter().map(|step| told(1, expires_at, *step)).collect();
            let wanted = if expected { vec![(ReminderStep::Days7, vec![1])] } else { vec![] };
            assert_eq!(due_now(&tokens, &told), wanted, "{earlier:?}");
        }
    }

    #[test]
    fn another_expiry_begins_anew_and_another_token_is_another() {
        let tokens = [token(1, "2026-11-24T09:00:00Z"), token(2, "2026-11-24T09:00:00Z")];
        let told =
            [told(1, "2026-11-24T08:00:00Z", ReminderStep::Day1), told(2, "2026-11-24T09:00:00Z", ReminderStep::Day1)];
        assert_eq!(due_now(&tokens, &told), [(ReminderStep::Day1, vec![1])]);
    }

    #[test]
    fn those_of_one_step_are_told_together_the_most_urgent_step_first() {
        let tokens = [
            token(1, "2026-12-05T10:00:00Z"),
            token(2, "2026-11-28T10:00:00Z"),
            token(3, "2026-11-27T10:00:00Z"),
            token(4, "2026-11-24T10:00:00Z"),
            token(5, "2027-11-24T10:00:00Z"),
        ];
        let expected =
            [(ReminderStep::Day1, vec![4]), (ReminderStep::Days7, vec![3, 2]), (ReminderStep::Days14, vec![1])];
        assert_eq!(due_now(&tokens, &[]), expected);
    }
}
