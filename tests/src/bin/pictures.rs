//! Takes the pictures of the README from the real window: the list with believable tokens, in light and dark, and its tour.
//!
//! `pictures [FOLDER]`: they land there, in `tests/pictures` otherwise.
#![expect(clippy::print_stdout, reason = "a tool of the test bench")]

use std::path::{Path, PathBuf};

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::portal::Portal;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

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
    portal.set_dark(false);
    tour(&app, &folder);
}

/// What the README tells of: whose a token is and what it needs, what lapses when, why a service was refused, the one
/// moment of a value.
fn tour(app: &App<'_>, folder: &Path) {
    let take = |name: &str| {
        // What the page holds is on the screen some frames later.
        app.look_later(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 400)))",
        );
        app.picture(&folder.join(name));
        println!("{}", folder.join(name).display());
    };
    app.find("button", "grafana, details").click();
    app.find("complementary", "grafana").until_it_says("calls from 1 caller");
    take("details.png");
    app.find("button", "Close details").click();
    app.find("button", "Timeline").click();
    app.until_it_says("What lapses in the next 12 months");
    take("timeline.png");
    app.find("button", "Timeline").click();

    let relay = app.seed("syslog-relay", &["devices:read"]);
    assert_eq!(app.use_token(&relay, "devices:read"), 200);
    app.look_away_and_back();
    app.delete("syslog-relay");
    assert_eq!([401, 401, 401].map(|_| app.use_token(&relay, "devices:read")), [401, 401, 401]);
    app.find("button", "A service stopped working").click();
    app.find("dialog", "A service stopped working").find_like("button", "syslog-relay").click();
    app.until_it_says("The token was deleted.");
    take("stopped.png");
    app.press("Escape");
    app.until_no_dialog();

    app.create("poller-wien", &["metrics:ingest"]);
    take("once.png");
    app.copy();
    app.done();
}

/// Makes the tokens, and uses some of them.
fn fill(app: &App<'_>) {
    for (name, description, permissions, days, calls) in TOKENS {
        let expires_at = app.desktop().in_days(days);
        let secret = app.seed_as(&json!({
            "name": name, "description": description, "permissions": permissions, "expires_at": expires_at
        }));
        for _ in 0..calls {
            assert_eq!(app.use_token(&secret, "devices:read"), 200);
        }
    }
}
