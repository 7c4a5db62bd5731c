//! A desktop's daemon for notifications, played: remembers what was shown, and clicks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::blocking::{Connection, connection};
use zbus::zvariant::OwnedValue;

use crate::desktop::Desktop;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// What was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The daemon's number for it.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// Its text, in which this daemon reads markup.
    pub body: String,
    /// What it offers: key and words, in turn.
    pub actions: Vec<String>,
}

/// How the daemon is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// Shows everything, knows actions and markup.
    Able,
    /// Knows no actions.
    WithoutActions,
    /// Takes calls and never answers.
    Silent,
}

/// A running daemon; it ends when it is dropped.
pub struct Notifier {
    connection: Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
}

struct Daemon {
    manners: Manners,
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    async fn get_capabilities(&self) -> Vec<&'static str> {
        match self.manners {
            Manners::Able => vec!["body", "body-markup", "actions"],
            Manners::WithoutActions => vec!["body"],
            Manners::Silent => std::future::pending().await,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        _app_name: String,
        _replaces_id: u32,
        _app_icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap();
        let id = u32::try_from(shown.len()).unwrap() + 1;
        shown.push(Shown { id, title, body, actions });
        id
    }
}

impl Notifier {
    /// Runs on the desktop's session bus.
    #[track_caller]
    pub fn start(desktop: &Desktop, manners: Manners) -> Self {
        let shown = Arc::default();
        let daemon = Daemon { manners, shown: Arc::clone(&shown) };
        let connection = connection::Builder::address(desktop.bus_address().as_str())
            .and_then(|bus| bus.serve_at(PATH, daemon))
            .and_then(|bus| bus.name(NAME))
            .and_then(connection::Builder::build)
            .unwrap();
        Self { connection, shown }
    }

    /// What was shown so far.
    #[track_caller]
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }

    /// The person clicks it, as daemons tell it: to everybody.
    #[track_caller]
    pub fn click(&self, id: u32) {
        self.tell("ActionInvoked", &(id, "default"));
        self.tell("NotificationClosed", &(id, 2_u32));
    }

    /// It goes away by itself.
    #[track_caller]
    pub fn close(&self, id: u32) {
        self.tell("NotificationClosed", &(id, 1_u32));
    }

    #[track_caller]
    fn tell(&self, signal: &str, what: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        self.connection.emit_signal(None::<&str>, PATH, NAME, signal, what).unwrap();
    }
}
