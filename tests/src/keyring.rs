//! The system keyring of a desktop: GNOME's, started for it alone, and looked into from another process.

use std::io::Write;
use std::process::Stdio;

use crate::desktop::{Desktop, until_on_bus};
use crate::process::Daemon;

/// Its password; it protects nothing but the tests' own items.
const PASSWORD: &str = "test-password";
const NAME_ON_BUS: &str = "org.freedesktop.secrets";

/// A running keyring.
pub struct Keyring {
    _daemon: Daemon,
}

impl Keyring {
    /// Running and unlocked.
    #[track_caller]
    pub(crate) fn unlocked(desktop: &Desktop) -> Self {
        Self::start(desktop, &["--unlock"], Some(PASSWORD))
    }

    /// Running, with a collection that is locked: made by an unlocked one, which then ended.
    #[track_caller]
    pub(crate) fn locked(desktop: &Desktop) -> Self {
        let first = Self::unlocked(desktop);
        let made = desktop.run("secret-tool", &["store", "--label=made", "made", "first"], Some(b"x"));
        assert_eq!(made.map(|said| said.status), Some(0), "the keyring could not be made");
        drop(first);
        Self::start(desktop, &["--start"], None)
    }

    #[track_caller]
    fn start(desktop: &Desktop, how: &[&str], password: Option<&str>) -> Self {
        let mut command = desktop.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).args(how);
        command.stdin(if password.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::null()).stderr(desktop.log("keyring.log"));
        let mut daemon = Daemon::start(&mut command);
        if let (Some(mut pipe), Some(password)) = (daemon.child().stdin.take(), password) {
            pipe.write_all(password.as_bytes())
                .unwrap_or_else(|error| panic!("the keyring takes no password: {error}"));
        }
        until_on_bus(&desktop.bus_address(), NAME_ON_BUS);
        Self { _daemon: daemon }
    }
}

/// What a stranger finds in the keyring.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Everything that stands there unencrypted: label, times, attributes; one line each.
    pub described: String,
    /// The value.
    pub secret: String,
}

impl Desktop {
    /// The value of the token of this name, as another program finds it in the keyring.
    #[track_caller]
    pub fn token_in_keyring(&self, name: &str) -> Option<String> {
        let schema = ["lookup", "xdg:schema", "org.palpabl.nms.Token", "name", name];
        let found = self.run("secret-tool", &schema, None)?;
        (found.status == 0).then(|| found.text())
    }

    /// The item with which the app keeps its session, as `secret-tool` sees it.
    #[track_caller]
    pub fn session_in_keyring(&self) -> Option<Item> {
        let found = self.run("secret-tool", &["search", "--unlock", "service", "org.palpabl.nms.session"], None)?;
        // It describes on standard error and says the value on standard output.
        let all = format!("{}{}", found.text(), found.complaints);
        let secret = all.lines().find_map(|line| line.strip_prefix("secret = "))?.to_owned();
        let described = all.lines().filter(|line| !line.starts_with("secret = ")).collect::<Vec<_>>().join("\n");
        Some(Item { described, secret })
    }
}
