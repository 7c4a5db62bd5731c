//! The person's settings: what may be chosen, and the one place that holds the choice. Never a secret in them.
//!
//! Not here: the file's form ([`file`]), and what a choice does (custody's delays, the appearance, the page).

mod file;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::FileReason;
use crate::set_aside;
use crate::view::SettingsView;
use file::Kept;

/// What a person chose. Whole each time: nothing in it depends on what was chosen before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// Light, dark, or as the desktop says.
    pub theme: Theme,
    /// A language tag (BCP 47), or `system`.
    pub language: String,
    /// Seconds until a copied token is taken off the clipboard; 0: never, until the app ends.
    pub clipboard_delay_s: u32,
    /// Days until a new token expires, unless the person says otherwise; `null`: the server's default.
    pub default_expiry_days: Option<u32>,
    /// Whether the desktop reminds of an expiry.
    pub reminders: bool,
    /// How close the rows of a list stand.
    pub density: Density,
    /// What the list keeps over a restart (order, filters). The page's own: opaque here.
    pub list: BTreeMap<String, String>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// More contrast, light or dark as the desktop says.
    HighContrast,
}

/// How close the rows of a list stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Room around each.
    Comfortable,
    /// More of them on a screen.
    Compact,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: "system".to_owned(),
            clipboard_delay_s: 60,
            default_expiry_days: None,
            reminders: true,
            density: Density::Comfortable,
            list: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// The delays that custody keeps.
    pub(crate) fn of_custody(&self) -> nms_custody::Settings {
        let clipboard_delay = Duration::from_secs(self.clipboard_delay_s.into());
        nms_custody::Settings { clipboard_delay, ..nms_custody::Settings::default() }
    }
}

/// The settings of the moment and their file.
pub(crate) struct SettingsStore {
    path: PathBuf,
    now: Mutex<SettingsView>,
    /// Held while the file is written, so that the last choice is the one that stays.
    kept: Mutex<Kept>,
}

impl SettingsStore {
    /// Reads the file. One that is damaged, or of a newer version, is set aside under a name with the instant `at`, and
    /// the defaults hold. Performs I/O.
    pub(crate) fn open(path: PathBuf, at: DateTime<Utc>) -> Self {
        let (settings, kept, why) = file::read(&path);
        let store = Self { path, now: Mutex::new(SettingsView { settings, set_aside: None }), kept: Mutex::new(kept) };
        if let Some(why) = why
            && let Err(reason) = store.clear_the_way(&mut store.kept(), at)
        {
            tracing::warn!(?why, ?reason, "settings that cannot be read could not be set aside");
        }
        store
    }

    /// The settings, and what was set aside to begin anew.
    pub(crate) fn view(&self) -> SettingsView {
        self.now().clone()
    }

    /// The settings.
    pub(crate) fn settings(&self) -> Settings {
        self.now().settings.clone()
    }

    /// Holds from now on; [`save`](Self::save) keeps it.
    pub(crate) fn set(&self, settings: Settings) {
        self.now().settings = settings;
    }

    /// Writes what holds now, whoever set it. What stands in the way of it is set aside first. Performs I/O.
    ///
    /// # Errors
    /// Why it could not be written; what is there is untouched.
    pub(crate) fn save(&self, at: DateTime<Utc>) -> Result<(), FileReason> {
        let mut kept = self.kept();
        self.clear_the_way(&mut kept, at)?;
        let settings = self.settings();
        Ok(file::write(&self.path, &settings, &kept)?)
    }

    fn clear_the_way(&self, kept: &mut Kept, at: DateTime<Utc>) -> Result<(), FileReason> {
        let Some(why) = kept.in_the_way else { return Ok(()) };
        let aside = set_aside::set_aside(&self.path, why, at)?;
        kept.in_the_way = None;
        tracing::warn!(?why, "the settings could not be read and were set aside");
        self.now().set_aside = Some(aside);
        Ok(())
    }

    fn now(&self) -> std::sync::MutexGuard<'_, SettingsView> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
