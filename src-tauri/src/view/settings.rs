//! The person's settings, as the UI sees them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::settings::{Density, Settings, Theme};

/// The settings, and whether they had to begin anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SettingsView {
    /// What holds now.
    pub settings: Settings,
    /// The file that could not be read at the start, and where it was put. The defaults hold in its place.
    pub set_aside: Option<SetAside>,
}

/// A file of the app's own that was set aside, whole and untouched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SetAside {
    /// Where it lies now.
    pub path: String,
    /// Why.
    pub why: SetAsideReason,
}

/// Why a file was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SetAsideReason {
    /// It is none, or not readable.
    Damaged,
    /// A newer version of the app wrote it.
    Newer,
}

/// In which language the page wants to be answered (BCP 47).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct LanguageTag(pub(crate) String);
