//! The automatic backups of the built-in server, as the UI sees them.

use chrono::{DateTime, NaiveDate, Utc};
use nms_server::Backup;
use serde::Serialize;
use ts_rs::TS;

/// A copy of the built-in server's store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BackupView {
    /// Its day, in UTC: by this it is asked for.
    pub day: NaiveDate,
    /// Nothing that happened since is in it. `None`: only the day is known.
    pub made_at: Option<DateTime<Utc>>,
}

impl From<Backup> for BackupView {
    fn from(Backup { day, made_at, .. }: Backup) -> Self {
        Self { day, made_at }
    }
}

/// A backup has taken the place of a damaged store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RestoredView {
    /// Which.
    pub backup: BackupView,
    /// The folder in which the damaged store lies, as it was; `None` where nothing was left of it.
    pub kept_in: Option<String>,
}
