//! A session bus of a test's own, and GNOME's keyring on it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{Running, output, until};

/// A bus that starts no service by itself, with a home of its own for whoever runs on it.
pub(crate) struct Bus {
    home: TempDir,
    address: String,
    _daemon: Running,
}

impl Bus {
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let configuration = home.path().join("bus.conf");
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
            "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><type>session</type>
            <listen>unix:path={}</listen><auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"
            eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#,
            home.path().join("bus").display()
        );
        std::fs::write(&configuration, text).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg(format!("--config-file={}", configuration.display())).args(["--nofork", "--print-address=1"]);
        let mut daemon = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut address = String::new();
        BufReader::new(daemon.0.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { home, address: address.trim().to_owned(), _daemon: daemon }
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let home = self.home.path().display().to_string();
        vec![
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("XDG_RUNTIME_DIR", home.clone()),
            ("XDG_DATA_HOME", home.clone()),
            ("HOME", home),
        ]
    }
}

/// For [`super::inside`]: a bus without a keyring; the inner test may start one.
pub(crate) fn with_bus() -> (Bus, Vec<(&'static str, String)>) {
    let bus = Bus::start();
    let environment = bus.environment();
    (bus, environment)
}

/// GNOME's keyring, unlocked with a password, on the bus of the environment.
pub(crate) struct Keyring {
    daemon: Running,
}

impl Keyring {
    /// The first start makes the default collection; a later one unlocks it.
    pub(crate) fn start_unlocked() -> Self {
        let mut daemon = Self::spawn(&["--unlock"]);
        daemon.0.stdin.take().unwrap().write_all(b"test-password").unwrap();
        Self::once_it_answers(daemon)
    }

    /// With the collection that an earlier one made, if any, locked.
    pub(crate) fn start_locked() -> Self {
        Self::once_it_answers(Self::spawn(&["--start"]))
    }

    fn spawn(arguments: &[&str]) -> Running {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).args(arguments);
        Running::start(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()))
    }

    fn once_it_answers(daemon: Running) -> Self {
        until("the keyring on the bus", || is_on_the_bus("org.freedesktop.secrets"));
        Self { daemon }
    }

    pub(crate) fn stop(mut self) {
        self.daemon.signal(rustix::process::Signal::TERM);
        assert!(self.daemon.wait(super::PATIENCE).is_some());
        until("no keyring on the bus", || !is_on_the_bus("org.freedesktop.secrets"));
    }

    pub(crate) fn running(&self) -> &Running {
        &self.daemon
    }
}

/// Takes the place of the program that shows prompts, and never shows any.
pub(crate) fn silent_prompter() -> zbus::blocking::Connection {
    let named = zbus::blocking::connection::Builder::session().unwrap().name("org.gnome.keyring.SystemPrompter");
    named.unwrap().build().unwrap()
}

pub(crate) fn is_on_the_bus(name: &str) -> bool {
    let (answer, _) = output(Command::new("dbus-send").args([
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner",
        &format!("string:{name}"),
    ]));
    String::from_utf8_lossy(&answer).contains("boolean true")
}

/// What another program finds in the keyring.
pub(crate) fn lookup(server: &str) -> Option<String> {
    let (value, success) =
        output(Command::new("secret-tool").args(["lookup", "service", "org.palpabl.nms.session", "username", server]));
    success.then(|| String::from_utf8(value).unwrap())
}

/// Whether any file below holds these bytes.
pub(crate) fn any_file_holds(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).any(|entry| match entry.file_type().unwrap() {
        kind if kind.is_dir() => any_file_holds(&entry.path(), bytes),
        kind if kind.is_file() => {
            std::fs::read(entry.path()).unwrap().windows(bytes.len()).any(|window| window == bytes)
        }
        _ => false,
    })
}
