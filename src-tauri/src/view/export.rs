//! Exports of the list, for the UI: what is wanted, in whose words, and what came of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportFormat {
    /// A table for a spreadsheet.
    Csv {
        /// The head of each column.
        columns: Box<ColumnWords>,
    },
    /// The records as the server lists them, for programs.
    Json,
    /// An event for each expiry, for a calendar.
    Ics {
        /// What the events say.
        calendar: CalendarWords,
    },
}

/// How many columns a table has.
pub(crate) const COLUMNS: usize = 18;

/// The heads of a table's columns: the page's words, since it alone has the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[expect(missing_docs, reason = "each is the head of the column that holds the member of this name")]
pub struct ColumnWords {
    pub name: String,
    pub description: String,
    pub masked: String,
    pub state: String,
    pub expires_at: String,
    pub permissions: String,
    pub effective_permissions: String,
    pub allowed_addresses: String,
    pub created_at: String,
    pub updated_at: String,
    pub last_used_at: String,
    pub last_used_from: String,
    pub use_count: String,
    pub used_permissions: String,
    pub replaces: String,
    pub replaced_by: String,
    pub ends_at: String,
    pub id: String,
}

impl ColumnWords {
    /// In the order of the columns.
    pub(crate) fn all(&self) -> [&str; COLUMNS] {
        [
            &self.name,
            &self.description,
            &self.masked,
            &self.state,
            &self.expires_at,
            &self.permissions,
            &self.effective_permissions,
            &self.allowed_addresses,
            &self.created_at,
            &self.updated_at,
            &self.last_used_at,
            &self.last_used_from,
            &self.use_count,
            &self.used_permissions,
            &self.replaces,
            &self.replaced_by,
            &self.ends_at,
            &self.id,
        ]
    }
}

/// What a calendar of expiries says. `{name}` and `{masked}` in it stand for those of the token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct CalendarWords {
    /// The calendar's own name.
    pub title: String,
    /// An event's title, for a token that has a name.
    pub summary: String,
    /// An event's title, for a token that has none.
    pub summary_unnamed: String,
    /// What stands below the title.
    pub description: String,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExportProgress {
    /// Tokens that have come.
    pub read: u32,
    /// All of the person's; with filters fewer may come.
    pub all: u32,
}

/// What came of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportOutcome {
    /// Written, whole.
    Saved {
        /// Where.
        path: String,
        /// How many tokens are in it.
        tokens: u32,
    },
    /// The person dismissed the dialog.
    Dismissed,
    /// The person stopped it; nothing was written.
    Cancelled,
}
