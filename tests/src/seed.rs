//! Tokens made as a script of the person's makes them, over HTTP: for tests that are about what comes afterwards. The session
//! is the one that the app keeps in this desktop's keyring.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::app::App;
use crate::desktop::Desktop;
use crate::display::Place;
use crate::patience::{until, until_true};

impl App<'_> {
    /// Makes a token for 90 days, and answers its value. The window is not told of it.
    #[track_caller]
    pub fn seed(&self, name: &str, permissions: &[&str]) -> String {
        self.seed_as(&json!({ "name": name, "permissions": permissions }))
    }

    /// The same, of everything that the contract has for a new token.
    #[track_caller]
    pub fn seed_as(&self, wanted: &Value) -> String {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let session = self.session();
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let headers = format!(
            "Authorization: Bearer {session}\nContent-Type: application/json\nIdempotency-Key: 00000000-0000-4000-8000-{number:012}\n"
        );
        let url = format!("{}/api/v1/tokens", self.server());
        let arguments = ["--silent", "--fail-with-body", "--header", "@-", "--data", &wanted.to_string(), &url];
        let Some(said) = self.desktop().run("curl", &arguments, Some(headers.as_bytes())) else { panic!("curl hangs") };
        let answer: Value = serde_json::from_str(&said.succeeded().text()).unwrap();
        answer["secret"].as_str().unwrap().to_owned()
    }

    /// The session that the app keeps in this desktop's keyring.
    #[track_caller]
    pub(crate) fn session(&self) -> String {
        until("the session in the keyring", || self.desktop().session_in_keyring()).secret
    }

    /// Uses a token as a script does, for what needs this permission: `devices:read`, `alerts:read` or `metrics:read`.
    #[track_caller]
    pub fn use_token(&self, secret: &str, permission: &str) -> u16 {
        let path = match permission {
            "devices:read" => "api/v1/devices",
            "alerts:read" => "api/v1/alerts",
            "metrics:read" => "metrics",
            other => panic!("no call that needs {other}"),
        };
        self.desktop().curl(&format!("{}/{path}", self.server()), secret, None).status
    }

    /// Turns to another program and back. The list is then read anew.
    #[track_caller]
    pub fn look_away_and_back(&self) {
        let has_focus = || self.look("return document.hasFocus()");
        self.display().open_another_window(Place { x: 0, y: 0, width: 1, height: 1 });
        until_true("the page has lost the keyboard", || has_focus() == false);
        self.display().focus(self.window());
        until_true("the page has the keyboard", || has_focus() == true);
    }
}

impl Desktop {
    /// An instant so many days from now, by the system's own calendar.
    #[track_caller]
    pub fn in_days(&self, days: u64) -> String {
        let said = self.run("date", &["--utc", "--date", &format!("{days} days"), "+%Y-%m-%dT%H:%M:%SZ"], None);
        said.map(|said| said.succeeded().text().trim().to_owned()).unwrap()
    }
}
