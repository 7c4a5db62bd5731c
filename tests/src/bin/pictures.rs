//! Takes the pictures of the README from the real window: the list with believable tokens, in light and dark.
//!
//! `pictures [FOLDER]`: they land there, in `tests/pictures` otherwise.
#![expect(clippy::panic, clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the test bench")]

use std::path::{Path, PathBuf};

use palpabl_nms_settings_tests::patience::{until, until_true};
use palpabl_nms_settings_tests::portal::Portal;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

/// Name, what it is for, permissions, days until it expires, how many calls it has made.
const TOKENS: [(&str, &str, &[&str], u64, usize); 5] = [
    ("backup-nightly", "Saves device configurations at 02:00", &["configs:backup", "configs:read"], 180, 0),
    ("grafana", "Dashboards in the network room", &["devices:read", "metrics:read"], 90, 4),
    ("cmdb-sync", "Owned by the inventory team", &["devices:read", "ipam:read", "sites:read"], 9, 2),
    ("oncall-bot", "Acknowledges alerts from chat", &["alerts:acknowledge", "alerts:read"], 30, 0),
    (
        "collector-berlin-02",
        "Polls the Berlin site",
        &["collectors:enroll", "devices:read", "events:ingest", "metrics:ingest"],
        90,
        1,
    ),
];

fn main() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
    let folder = std::env::args_os().nth(1).map_or_else(beside, PathBuf::from);
    let desktop = Desktop::new();
    let portal = Portal::start(&desktop, false);
    let app = App::start(&desktop);
    app.until_ready();
    fill(&app);
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    until_true("the list", || app.listed().len() == TOKENS.len());
    for (name, dark) in [("list-light.png", false), ("list-dark.png", true)] {
        portal.set_dark(dark);
        let scheme = if dark { "dark" } else { "light" };
        until_true(scheme, || app.look("return getComputedStyle(document.documentElement).colorScheme") == scheme);
        app.picture(&folder.join(name));
        println!("{}", folder.join(name).display());
    }
}

/// Makes the tokens over HTTP, with the session that the app keeps in this desktop's keyring, and uses some of them.
fn fill(app: &App<'_>) {
    let desktop = app.desktop();
    let session = until("the session in the keyring", || desktop.session_in_keyring()).secret;
    for (number, (name, description, permissions, days, calls)) in TOKENS.into_iter().enumerate() {
        let expires_at = in_days(desktop, days);
        let body =
            json!({ "name": name, "description": description, "permissions": permissions, "expires_at": expires_at });
        let secret = create(desktop, &app.server(), &session, number, &body);
        for _ in 0..calls {
            assert_eq!(desktop.curl(&format!("{}/api/v1/devices", app.server()), &secret, None).status, 200);
        }
    }
}

fn create(desktop: &Desktop, server: &str, session: &str, number: usize, body: &Value) -> String {
    let headers = format!(
        "Authorization: Bearer {session}\nContent-Type: application/json\nIdempotency-Key: 00000000-0000-4000-8000-{number:012}\n"
    );
    let url = format!("{server}/api/v1/tokens");
    let arguments = ["--silent", "--fail-with-body", "--header", "@-", "--data", &body.to_string(), &url];
    let Some(said) = desktop.run("curl", &arguments, Some(headers.as_bytes())) else { panic!("curl hangs") };
    let answer: Value = serde_json::from_str(&said.succeeded().text()).unwrap();
    answer["secret"].as_str().unwrap().to_owned()
}

/// An instant so many days from now, by the system's own calendar.
fn in_days(desktop: &Desktop, days: u64) -> String {
    let said = desktop.run("date", &["--utc", "--date", &format!("{days} days"), "+%Y-%m-%dT%H:%M:%SZ"], None);
    said.map(|said| said.text().trim().to_owned()).unwrap_or_default()
}
