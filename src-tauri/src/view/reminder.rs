//! Reminders of expiries, for the UI: what is due, and the sentences in which it is said.

use chrono::{DateTime, Utc};
use nms_api::TokenId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long before an expiry. The later, the more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub enum ReminderStep {
    /// Two weeks.
    #[serde(rename = "days_14")]
    Days14,
    /// A week.
    #[serde(rename = "days_7")]
    Days7,
    /// A day.
    #[serde(rename = "day_1")]
    Day1,
}

/// What is to be said now: the tokens that have come within a step, and were not told of at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Reminder {
    /// Which step.
    pub step: ReminderStep,
    /// Which tokens, the first to expire first.
    pub tokens: Vec<ReminderToken>,
}

/// A token that expires soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReminderToken {
    /// Which.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: Option<String>,
    /// As the list shows its value.
    pub masked: String,
    /// When.
    pub expires_at: DateTime<Utc>,
}

/// A notification in the page's words, since it alone has the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct ReminderWords {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// What a click does, for desktops that show it.
    pub click: String,
    /// The token that a click opens; `null` when it tells of several.
    pub token_id: Option<TokenId>,
    /// What it tells of, so that it is told once.
    pub told: Vec<ToldReminder>,
}

/// What a person was reminded of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToldReminder {
    /// Which token.
    pub token_id: TokenId,
    /// When it expires. With another expiry it counts as not told.
    pub expires_at: DateTime<Utc>,
    /// At which step.
    pub step: ReminderStep,
}

/// What came of a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReminderOutcome {
    /// The desktop has taken it; it is not due again.
    Shown,
    /// This desktop shows no notifications, or does not answer; it stays due.
    Unavailable,
}

/// Somebody clicked a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OpenToken {
    /// Of this token; `null`: of several.
    pub id: Option<TokenId>,
}
