//! Wayland desktops: sway, where every program may see the clipboard (data-control), and Weston, where only the window
//! with the focus may.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::desktop::Desktop;
use crate::patience::until_true;
use crate::process::{Daemon, Environment};

/// Debian's `nobody`: sway refuses to run as root.
const NOBODY: u32 = 65_534;
/// Where a compositor puts its socket when it finds its folder empty, or is told so.
const SOCKET: &str = "wayland-1";

/// Which desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With data-control.
    Sway,
    /// Without.
    Weston,
}

/// A compositor without a screen of its own.
pub(crate) struct Compositor {
    _server: Daemon,
    folder: TempDir,
}

impl Compositor {
    /// Starts it. Weston lies on the X display of `environment`, for its keyboard: without one no window has the focus.
    #[track_caller]
    pub(crate) fn start(kind: Kind, environment: &Environment) -> Self {
        let folder = tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o700)).tempdir().unwrap();
        let mut command = match kind {
            Kind::Sway => sway(&folder),
            Kind::Weston => weston(),
        };
        command.env_clear();
        for name in ["PATH", "LANG", "DISPLAY"] {
            command.envs(environment.get_key_value(std::ffi::OsStr::new(name)));
        }
        if kind == Kind::Sway {
            command.env_remove("DISPLAY");
            command.envs([("WLR_BACKENDS", "headless"), ("WLR_LIBINPUT_NO_DEVICES", "1"), ("WLR_RENDERER", "pixman")]);
        }
        command.env("XDG_RUNTIME_DIR", folder.path()).env("HOME", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Self { _server: Daemon::start(&mut command), folder };
        until_true("the compositor's socket", || started.socket().exists());
        started
    }

    /// Where programs reach it.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join(SOCKET)
    }
}

fn sway(folder: &TempDir) -> Command {
    let configuration = folder.path().join("sway.conf");
    std::fs::write(&configuration, "output HEADLESS-1 resolution 1200x850\n").unwrap();
    let mut command = Command::new("sway");
    command.arg("-c").arg(configuration);
    if rustix::process::geteuid().is_root() {
        chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn weston() -> Command {
    let mut command = Command::new("weston");
    command.args(["--backend=x11-backend.so", "--no-config", "--use-pixman", "--idle-time=0"]);
    command.args(["--width=1200", "--height=850", &format!("--socket={SOCKET}")]);
    command
}

impl Desktop {
    /// On Wayland another program's window, which has the focus as long as this lives.
    #[track_caller]
    pub fn somebody_elses_window(&self) -> Daemon {
        let mut command = self.command("weston-flower");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Daemon::start(&mut command)
    }

    /// What another program pastes on Wayland, in this form; where only a window with the focus may, it opens one.
    #[track_caller]
    pub(crate) fn wayland_clipboard(&self, form: &str) -> Option<String> {
        let said = self.run("wl-paste", &["--no-newline", "--type", form], None)?;
        (said.status == 0 && !said.out.is_empty()).then(|| said.text())
    }
}
