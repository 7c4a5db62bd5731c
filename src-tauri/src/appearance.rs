//! Dark and high contrast as the desktop's settings portal says (`org.freedesktop.portal.Settings`, namespace
//! `org.freedesktop.appearance`): WebKitGTK does not follow it by itself. Without a portal the page's media queries
//! decide. What the person chose in the settings stands above both.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tauri::{AppHandle, Manager, Theme};
use zbus::zvariant::{OwnedValue, Value};

use crate::app::tell;
use crate::view::{Appearance, Theme as Choice};

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

/// How the window looks, kept up to date.
#[derive(Clone)]
pub(crate) struct Appearances {
    wishes: Arc<Mutex<Wishes>>,
    app: AppHandle,
}

/// Who wants what.
#[derive(Clone, Copy)]
struct Wishes {
    desktop: Appearance,
    person: Choice,
}

impl Wishes {
    fn shown(self) -> Appearance {
        match self.person {
            Choice::System => self.desktop,
            // A desktop that asks for more contrast still gets it.
            Choice::Light => Appearance { dark: Some(false), ..self.desktop },
            Choice::Dark => Appearance { dark: Some(true), ..self.desktop },
            Choice::HighContrast => Appearance { more_contrast: Some(true), ..self.desktop },
        }
    }
}

impl Appearances {
    /// Asks the portal, waits shortly for its first answer, and follows its changes from then on.
    pub(crate) fn watch(app: &AppHandle, person: Choice) -> Self {
        let wishes = Wishes { desktop: Appearance::default(), person };
        let appearances = Self { wishes: Arc::new(Mutex::new(wishes)), app: app.clone() };
        let (first, answered) = std::sync::mpsc::channel();
        let watched = appearances.clone();
        let watching = move || {
            if let Err(error) = watched.follow(&first) {
                tracing::debug!(%error, "no settings portal");
            }
        };
        if let Err(error) = std::thread::Builder::new().name("appearance".into()).spawn(watching) {
            tracing::warn!(%error, "the settings portal cannot be watched");
        }
        // Late or never: the page is told when it comes.
        let _ = answered.recv_timeout(FIRST_ANSWER_LIMIT);
        appearances
    }

    /// As of now.
    pub(crate) fn now(&self) -> Appearance {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner).shown()
    }

    /// The person chose; the window and the page are told.
    pub(crate) fn choose(&self, person: Choice) {
        self.change(|wishes| wishes.person = person);
    }

    fn follow(&self, first: &std::sync::mpsc::Sender<()>) -> zbus::Result<()> {
        let bus = zbus::blocking::Connection::session()?;
        let settings = SettingsProxyBlocking::new(&bus)?;
        let changes = settings.receive_setting_changed()?;
        self.hear(read(&settings));
        // Nobody waits any more: the first paint is over, and the change below tells the page.
        let _ = first.send(());
        for change in changes {
            if change.args().is_ok_and(|change| change.namespace == NAMESPACE) {
                self.hear(read(&settings));
            }
        }
        Ok(())
    }

    fn hear(&self, desktop: Appearance) {
        self.change(|wishes| wishes.desktop = desktop);
    }

    fn change(&self, change: impl FnOnce(&mut Wishes)) {
        let mut wishes = self.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        let before = wishes.shown();
        change(&mut wishes);
        let is_changed = wishes.shown() != before;
        drop(wishes);
        if is_changed {
            self.show();
        }
    }

    /// As of now, so that of two changes at once the later is told last.
    fn show(&self) {
        let appearance = self.now();
        if let Some(window) = self.app.get_webview_window(crate::window::LABEL) {
            let theme = appearance.dark.map(|dark| if dark { Theme::Dark } else { Theme::Light });
            if let Err(error) = window.set_theme(theme) {
                tracing::debug!(%error, "the window's frame keeps its colours");
            }
        }
        tell(&self.app, "appearance", appearance);
    }
}

/// A script that tells the page before its first paint.
pub(crate) fn script(appearance: Appearance) -> String {
    let json = serde_json::to_string(&appearance).unwrap_or_else(|_| "null".to_owned());
    format!("Object.defineProperty(window, '__APPEARANCE__', {{ value: Object.freeze({json}) }});")
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
    fn the_persons_choice_stands_above_the_desktops() {
        let desktop = |dark, more_contrast| Appearance { dark, more_contrast };
        for (person, wanted, shown) in [
            (Choice::System, desktop(None, None), desktop(None, None)),
            (Choice::System, desktop(Some(true), Some(true)), desktop(Some(true), Some(true))),
            (Choice::Light, desktop(Some(true), Some(false)), desktop(Some(false), Some(false))),
            (Choice::Dark, desktop(None, Some(true)), desktop(Some(true), Some(true))),
            (Choice::HighContrast, desktop(None, None), desktop(None, Some(true))),
            (Choice::HighContrast, desktop(Some(true), Some(false)), desktop(Some(true), Some(true))),
        ] {
            assert_eq!(Wishes { desktop: wanted, person }.shown(), shown, "{person:?}");
        }
    }

    #[test]
    fn a_variant_within_a_variant_is_read() {
        assert_eq!(number_in(&Value::Value(Box::new(Value::U32(1)))), Some(1));
        assert_eq!(number_in(&Value::from("dark")), None);
    }
}
