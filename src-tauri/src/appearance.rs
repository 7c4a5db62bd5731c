//! Dark and high contrast as the desktop's settings portal says (`org.freedesktop.portal.Settings`, namespace
//! `org.freedesktop.appearance`): WebKitGTK does not follow it by itself. Without a portal the page's media queries
//! decide.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tauri::{AppHandle, Manager, Theme};
use zbus::zvariant::{OwnedValue, Value};

use crate::app::tell;
use crate::view::Appearance;

const NAMESPACE: &str = "org.freedesktop.appearance";
/// How long the first paint may wait for the portal. A late answer comes as a change.
const FIRST_ANSWER_LIMIT: Duration = Duration::from_millis(120);

#[zbus::proxy(
    interface = "org.freedesktop.portal.Settings",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop"
)]
trait Settings {
    fn read(&self, namespace: &str, key: &str) -> zbus::Result<OwnedValue>;

    #[zbus(signal)]
    fn setting_changed(&self, namespace: &str, key: &str, value: Value<'_>) -> zbus::Result<()>;
}

/// What the desktop asks for, kept up to date.
pub(crate) struct Appearances {
    now: Arc<Mutex<Appearance>>,
}

impl Appearances {
    /// Asks the portal, waits shortly for its first answer, and follows its changes from then on.
    pub(crate) fn watch(app: &AppHandle) -> Self {
        let now = Arc::new(Mutex::new(Appearance::default()));
        let (first, answered) = std::sync::mpsc::channel();
        let watcher = Watcher { now: Arc::clone(&now), app: app.clone() };
        let watching = move || {
            if let Err(error) = watcher.follow(&first) {
                tracing::debug!(%error, "no settings portal");
            }
        };
        if let Err(error) = std::thread::Builder::new().name("appearance".into()).spawn(watching) {
            tracing::warn!(%error, "the settings portal cannot be watched");
        }
        // Late or never: the page is told when it comes.
        let _ = answered.recv_timeout(FIRST_ANSWER_LIMIT);
        Self { now }
    }

    /// As of now.
    pub(crate) fn now(&self) -> Appearance {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A script that tells the page before its first paint.
pub(crate) fn script(appearance: Appearance) -> String {
    let json = serde_json::to_string(&appearance).unwrap_or_else(|_| "null".to_owned());
    format!("Object.defineProperty(window, '__APPEARANCE__', {{ value: Object.freeze({json}) }});")
}

struct Watcher {
    now: Arc<Mutex<Appearance>>,
    app: AppHandle,
}

impl Watcher {
    fn follow(&self, first: &std::sync::mpsc::Sender<()>) -> zbus::Result<()> {
        let bus = zbus::blocking::Connection::session()?;
        let settings = SettingsProxyBlocking::new(&bus)?;
        let changes = settings.receive_setting_changed()?;
        self.set(read(&settings));
        // Nobody waits any more: the first paint is over, and the change below tells the page.
        let _ = first.send(());
        for change in changes {
            if change.args().is_ok_and(|change| change.namespace == NAMESPACE) {
                self.set(read(&settings));
            }
        }
        Ok(())
    }

    fn set(&self, appearance: Appearance) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if *now == appearance {
            return;
        }
        *now = appearance;
        drop(now);
        if let Some(window) = self.app.get_webview_window(crate::window::LABEL) {
            let theme = appearance.dark.map(|dark| if dark { Theme::Dark } else { Theme::Light });
            if let Err(error) = window.set_theme(theme) {
                tracing::debug!(%error, "the window's frame keeps its colours");
            }
        }
        tell(&self.app, "appearance", appearance);
    }
}

fn read(settings: &SettingsProxyBlocking<'_>) -> Appearance {
    let number = |key| settings.read(NAMESPACE, key).ok().and_then(|value| number_in(&value));
    let dark = number("color-scheme").and_then(|scheme| match scheme {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    });
    Appearance { dark, more_contrast: number("contrast").map(|contrast| contrast == 1) }
}

/// `Read` answers a variant within a variant.
fn number_in(value: &Value<'_>) -> Option<u32> {
    match value {
        Value::U32(number) => Some(*number),
        Value::Value(inner) => number_in(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_in_a_script_that_holds_nothing_else() {
        let script = script(Appearance { dark: Some(true), more_contrast: None });
        assert!(script.contains(r#"{"dark":true,"more_contrast":null}"#), "{script}");
    }

    #[test]
    fn a_variant_within_a_variant_is_read() {
        assert_eq!(number_in(&Value::Value(Box::new(Value::U32(1)))), Some(1));
        assert_eq!(number_in(&Value::from("dark")), None);
    }
}
