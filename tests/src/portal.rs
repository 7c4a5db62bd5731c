//! A desktop's settings portal, played: says whether the desktop is dark, and tells when that changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use zbus::blocking::{Connection, connection};
use zbus::zvariant::{OwnedValue, Value};

use crate::desktop::Desktop;

const NAMESPACE: &str = "org.freedesktop.appearance";
const PATH: &str = "/org/freedesktop/portal/desktop";
const DARK: u32 = 1;
const LIGHT: u32 = 2;

/// A running portal.
pub struct Portal {
    connection: Connection,
    scheme: Arc<AtomicU32>,
}

struct Settings {
    scheme: Arc<AtomicU32>,
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    /// A variant within a variant, as the real one answers this old call.
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        let inner = Value::Value(Box::new(self.value(namespace, key)?));
        inner.try_into().map_err(|_| zbus::fdo::Error::Failed("no value".to_owned()))
    }

    fn read_one(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        self.value(namespace, key)?.try_into().map_err(|_| zbus::fdo::Error::Failed("no value".to_owned()))
    }

    #[zbus(property)]
    fn version(&self) -> u32 {
        2
    }
}

impl Settings {
    fn value(&self, namespace: &str, key: &str) -> zbus::fdo::Result<Value<'static>> {
        match (namespace, key) {
            (NAMESPACE, "color-scheme") => Ok(Value::U32(self.scheme.load(Ordering::SeqCst))),
            (NAMESPACE, "contrast") => Ok(Value::U32(0)),
            _ => Err(zbus::fdo::Error::UnknownProperty("no such setting".to_owned())),
        }
    }
}

impl Portal {
    /// Runs on the desktop's session bus until it is dropped.
    #[track_caller]
    pub fn start(desktop: &Desktop, dark: bool) -> Self {
        let scheme = Arc::new(AtomicU32::new(scheme_of(dark)));
        let settings = Settings { scheme: Arc::clone(&scheme) };
        let connection = connection::Builder::address(desktop.bus_address().as_str())
            .and_then(|bus| bus.serve_at(PATH, settings))
            .and_then(|bus| bus.name("org.freedesktop.portal.Desktop"))
            .and_then(connection::Builder::build)
            .unwrap();
        Self { connection, scheme }
    }

    /// The person switches the desktop between dark and light.
    #[track_caller]
    pub fn set_dark(&self, dark: bool) {
        self.scheme.store(scheme_of(dark), Ordering::SeqCst);
        let changed = (NAMESPACE, "color-scheme", Value::U32(scheme_of(dark)));
        self.connection
            .emit_signal(None::<&str>, PATH, "org.freedesktop.portal.Settings", "SettingChanged", &changed)
            .unwrap();
    }
}

fn scheme_of(dark: bool) -> u32 {
    if dark { DARK } else { LIGHT }
}
