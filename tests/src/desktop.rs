//! A private desktop: its own home, X display, session bus and keyring, and nothing of whoever runs the tests.
//!
//! The bus starts no services by itself, so that *no keyring* means none. Everything ends with the desktop.

use std::fs::{DirBuilder, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::compositor::{Compositor, Kind};
use crate::keyring::Keyring;
use crate::patience::within;
use crate::process::{Daemon, Environment, Said, run, signal};

/// The name under which the app keeps its data.
pub const APP_ID: &str = "org.palpabl.nms.settings";
/// Without it GTK looks for the bus of screen readers.
const NO_READER: &str = "NO_AT_BRIDGE";
const START_LIMIT: Duration = Duration::from_secs(15);
const BUS_CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Which keyring a desktop has at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringAtStart {
    /// No Secret Service at all.
    None,
    /// Running and unlocked.
    Unlocked,
    /// Running, with a locked collection and nobody to unlock it.
    Locked,
}

/// A private desktop.
pub struct Desktop {
    // In the order in which they end.
    keyring: Option<Keyring>,
    compositor: Option<Compositor>,
    _bus: Daemon,
    display: Daemon,
    display_name: String,
    environment: Environment,
    /// What its programs are started through.
    through: &'static [&'static str],
    folder: TempDir,
}

impl Desktop {
    /// With an unlocked keyring and a screen that holds the window at its usual size.
    #[track_caller]
    pub fn new() -> Self {
        Self::with(KeyringAtStart::Unlocked, (1280, 900))
    }

    /// With this keyring, and a screen of this many pixels.
    #[track_caller]
    pub fn with(keyring: KeyringAtStart, screen: (u32, u32)) -> Self {
        let folder = tempfile::Builder::new().prefix("palpabl-desktop.").tempdir().unwrap();
        let mut environment = environment(folder.path());
        let (display, number) = start_display(folder.path(), &environment, screen);
        let display_name = format!(":{number}");
        environment.insert("DISPLAY".into(), display_name.clone().into());
        let (bus, address) = start_bus(folder.path(), &environment);
        environment.insert("DBUS_SESSION_BUS_ADDRESS".into(), address.into());
        let mut desktop = Self {
            keyring: None,
            compositor: None,
            _bus: bus,
            display,
            display_name,
            environment,
            through: &[],
            folder,
        };
        match keyring {
            KeyringAtStart::None => {}
            KeyringAtStart::Unlocked => desktop.keyring = Some(desktop.start_keyring()),
            KeyringAtStart::Locked => desktop.keyring = Some(Keyring::locked(&desktop)),
        }
        desktop
    }

    /// On Wayland, with an unlocked keyring.
    #[track_caller]
    pub fn on_wayland(kind: Kind) -> Self {
        let mut desktop = Self::new();
        let compositor = Compositor::start(kind, &desktop.environment);
        desktop.environment.remove(std::ffi::OsStr::new("DISPLAY"));
        desktop.environment.insert("WAYLAND_DISPLAY".into(), compositor.socket().into());
        desktop.environment.insert("GDK_BACKEND".into(), "wayland".into());
        desktop.compositor = Some(compositor);
        desktop
    }

    /// Whether programs are on Wayland.
    pub fn is_on_wayland(&self) -> bool {
        self.compositor.is_some()
    }

    /// Programs that start from now on look for the bus of those who have the screen read to them.
    pub(crate) fn read_aloud(&mut self) {
        self.environment.remove(std::ffi::OsStr::new(NO_READER));
    }

    /// Programs that start from now on may look into others only as far as these let them, also where root runs the tests.
    pub fn keep_programs_apart(&mut self) {
        if rustix::process::geteuid().is_root() {
            self.through = &["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"];
        }
    }

    /// Starts an unlocked keyring, as when a person signs in to one. It ends when it is dropped.
    #[track_caller]
    pub fn start_keyring(&self) -> Keyring {
        Keyring::unlocked(self)
    }

    /// What every program on this desktop finds in its environment.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// A folder that is gone with the desktop.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the person's files are.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Where the app keeps its data.
    pub fn data_dir(&self) -> PathBuf {
        self.home().join(".local/share").join(APP_ID)
    }

    /// Where the app notes what is not finished.
    pub fn journal(&self) -> PathBuf {
        self.data_dir().join("journal.json")
    }

    /// How much of that there is.
    #[track_caller]
    pub fn notes(&self) -> usize {
        let Ok(text) = std::fs::read(self.journal()) else { return 0 };
        let notes: serde_json::Value = serde_json::from_slice(&text).unwrap();
        notes["entries"].as_array().map_or(0, Vec::len)
    }

    /// Where the app keeps what the person chose.
    pub fn config_dir(&self) -> PathBuf {
        self.home().join(".config").join(APP_ID)
    }

    /// Where the app keeps what it can do without.
    pub fn cache_dir(&self) -> PathBuf {
        self.home().join(".cache").join(APP_ID)
    }

    /// The X display's name. On Wayland no program but the compositor is told of it.
    pub fn display(&self) -> String {
        self.display_name.clone()
    }

    /// Takes the display away from every program on it, as a desktop does that signs the person out.
    pub fn sign_out(&self) {
        signal(self.display.pid(), Signal::TERM);
    }

    /// The session bus's address.
    pub fn bus_address(&self) -> String {
        self.environment[std::ffi::OsStr::new("DBUS_SESSION_BUS_ADDRESS")].to_string_lossy().into_owned()
    }

    /// A program on this desktop, not yet started.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = match self.through {
            [] => Command::new(program),
            [through, how @ ..] => {
                let mut command = Command::new(through);
                command.args(how).arg(program.as_ref());
                command
            }
        };
        command.env_clear().envs(&self.environment).current_dir(self.home());
        command
    }

    /// Runs a short program on this desktop; `None` when it did not end in time.
    #[track_caller]
    pub fn run(&self, program: &str, arguments: &[&str], input: Option<&[u8]>) -> Option<Said> {
        run(self.command(program).args(arguments), input)
    }

    /// A file for what a long-running program says.
    #[track_caller]
    pub fn log(&self, name: &str) -> File {
        File::options().create(true).append(true).open(self.folder().join(name)).unwrap()
    }
}

impl Default for Desktop {
    fn default() -> Self {
        Self::new()
    }
}

fn environment(folder: &Path) -> Environment {
    let home = folder.join("home");
    let places = [
        ("HOME", home.clone()),
        ("XDG_RUNTIME_DIR", folder.join("run")),
        ("XDG_DATA_HOME", home.join(".local/share")),
        ("XDG_CONFIG_HOME", home.join(".config")),
        ("XDG_CACHE_HOME", home.join(".cache")),
        ("TMPDIR", folder.join("tmp")),
    ];
    for (_, place) in &places {
        DirBuilder::new().recursive(true).mode(0o700).create(place).unwrap();
    }
    let mut environment: Environment = places.into_iter().map(|(name, place)| (name.into(), place.into())).collect();
    environment.insert("PATH".into(), std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()));
    // Nobody reads this desktop aloud until a test says so.
    let words = [("LANG", "C.UTF-8"), ("TZ", "UTC"), ("GDK_BACKEND", "x11"), (NO_READER, "1")];
    environment.extend(words.map(|(name, value)| (name.into(), value.into())));
    environment
}

fn start_display(folder: &Path, environment: &Environment, screen: (u32, u32)) -> (Daemon, u32) {
    let log = File::create(folder.join("display.log")).unwrap();
    let mut command = Command::new("Xvfb");
    command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{}x{}x24", screen.0, screen.1),
            "-nolisten",
            "tcp",
            "-noreset",
        ])
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    let mut display = Daemon::start(&mut command);
    let number = first_line(&mut display).parse().unwrap_or_else(|_| panic!("Xvfb names no display"));
    (display, number)
}

fn start_bus(folder: &Path, environment: &Environment) -> (Daemon, String) {
    let configuration = folder.join("bus.conf");
    let socket = folder.join("run/bus");
    std::fs::write(&configuration, BUS_CONFIGURATION.replace("SOCKET", &socket.display().to_string())).unwrap();
    let log = File::create(folder.join("bus.log")).unwrap();
    let mut command = Command::new("dbus-daemon");
    command
        .arg(format!("--config-file={}", configuration.display()))
        .args(["--print-address=1", "--nofork", "--nopidfile"])
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    let mut bus = Daemon::start(&mut command);
    let address = first_line(&mut bus);
    (bus, address)
}

/// The first line that a program says on its standard output.
fn first_line(daemon: &mut Daemon) -> String {
    let out = daemon.child().stdout.take().unwrap_or_else(|| panic!("its output was not asked for"));
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(out).read_line(&mut line);
        // The receiver is gone when the limit has passed.
        drop(read.map(|_| tell.send(line)));
    });
    let line = told.recv_timeout(START_LIMIT).unwrap_or_default();
    assert!(!line.trim().is_empty(), "a part of the desktop did not start in {} s", START_LIMIT.as_secs());
    line.trim().to_owned()
}

/// Waits for a name on the session bus.
#[track_caller]
pub(crate) fn until_on_bus(address: &str, name: &str) {
    let connection = zbus::blocking::connection::Builder::address(address).and_then(|builder| builder.build()).unwrap();
    let bus = zbus::blocking::fdo::DBusProxy::new(&connection).unwrap();
    let there = || bus.name_has_owner(name.try_into().unwrap()).unwrap_or(false).then_some(());
    within(START_LIMIT, there).unwrap_or_else(|| panic!("{name} did not come onto the bus"));
}
