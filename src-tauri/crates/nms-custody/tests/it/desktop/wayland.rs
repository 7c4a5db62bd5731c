//! Wayland desktops of a test's own, and their clipboards as other programs see them: sway, which lets every program
//! see the clipboard (data-control), and Weston, which lets only the window with the focus.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use gtk::prelude::{Cast, GtkWindowExt, WidgetExt};
use tempfile::TempDir;

use super::display::Display;
use super::{Running, output, until};

/// Debian's `nobody`: sway refuses to run as root.
const NOBODY: u32 = 65_534;
/// Where a compositor puts its socket when it finds its folder empty, or is told so.
const SOCKET: &str = "wayland-1";

/// A compositor without a screen. What it ran on goes after it.
pub(crate) struct Compositor {
    pub(crate) server: Running,
    _screen: Option<Display>,
    folder: TempDir,
}

impl Compositor {
    pub(crate) fn sway() -> Self {
        let folder = folder();
        let configuration = folder.path().join("sway.conf");
        std::fs::write(&configuration, "output HEADLESS-1 resolution 640x480\n").unwrap();
        let mut command = Command::new("sway");
        command.arg("-c").arg(configuration);
        command.envs([("WLR_BACKENDS", "headless"), ("WLR_LIBINPUT_NO_DEVICES", "1"), ("WLR_RENDERER", "pixman")]);
        if rustix::process::geteuid().is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
            command.uid(NOBODY).gid(NOBODY);
        }
        Self::start(command, None, folder)
    }

    /// On an X display, for its keyboard: without one no window ever has the focus.
    pub(crate) fn weston() -> Self {
        let screen = Display::start();
        let mut command = Command::new("weston");
        command.args(["--backend=x11-backend.so", "--no-config", "--use-pixman", "--idle-time=0"]);
        command.args(["--width=640", "--height=480", &format!("--socket={SOCKET}")]).envs(screen.environment());
        Self::start(command, Some(screen), folder())
    }

    fn start(mut command: Command, screen: Option<Display>, folder: TempDir) -> Self {
        command.env("XDG_RUNTIME_DIR", folder.path()).env("HOME", folder.path());
        command.env_remove("WAYLAND_DISPLAY").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Running::start(&mut command);
        let started = Self { server, _screen: screen, folder };
        until("the compositor's socket", || started.socket().exists());
        started
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join(SOCKET)
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("WAYLAND_DISPLAY", self.socket().display().to_string()),
            ("XDG_RUNTIME_DIR", self.folder.path().display().to_string()),
            ("GDK_BACKEND", "wayland".into()),
        ]
    }
}

fn folder() -> TempDir {
    tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o700)).tempdir().unwrap()
}

/// For [`super::inside`].
pub(crate) fn with_sway() -> (Compositor, Vec<(&'static str, String)>) {
    let compositor = Compositor::sway();
    let environment = compositor.environment();
    (compositor, environment)
}

/// For [`super::inside`].
pub(crate) fn with_weston() -> (Compositor, Vec<(&'static str, String)>) {
    let compositor = Compositor::weston();
    let environment = compositor.environment();
    (compositor, environment)
}

/// A sway of the inner test's own, so that it can be stopped and ended; what the environment names.
pub(crate) fn with_a_link_only() -> (TempDir, Vec<(&'static str, String)>) {
    let folder = folder();
    let environment = vec![("WAYLAND_DISPLAY", folder.path().join("link").display().to_string())];
    (folder, environment)
}

/// In the inner test of that: the link leads to this compositor.
pub(crate) fn link_to(compositor: &Compositor) {
    std::os::unix::fs::symlink(compositor.socket(), std::env::var_os("WAYLAND_DISPLAY").unwrap()).unwrap();
}

/// What another program pastes; none when there is nothing to paste. Where only a window with the focus may, it opens
/// one.
pub(crate) fn paste() -> Option<Vec<u8>> {
    paste_with(&["--no-newline"])
}

/// What another program gets when it asks for this form.
pub(crate) fn paste_as(form: &str) -> Option<Vec<u8>> {
    paste_with(&["--no-newline", "--type", form])
}

pub(crate) fn paste_primary() -> Option<Vec<u8>> {
    paste_with(&["--no-newline", "--primary"])
}

fn paste_with(arguments: &[&str]) -> Option<Vec<u8>> {
    let (bytes, success) = output(Command::new("wl-paste").args(arguments));
    success.then_some(bytes)
}

/// Another program copies, and serves it until it is dropped or loses the clipboard.
pub(crate) fn copy_elsewhere(arguments: &[&str], text: &str) -> Running {
    let mut command = Command::new("wl-copy");
    command.arg("--foreground").args(arguments).arg(text);
    Running::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))
}

/// A window of this process, as the app has one, on a thread of its own. It ends with the test.
pub(crate) fn open_window() {
    let (shown, is_shown) = mpsc::channel();
    std::thread::spawn(move || {
        gtk::init().unwrap();
        let window = gtk::Window::new(gtk::WindowType::Toplevel);
        window.connect_is_active_notify(move |window| {
            // The test waits for the first time only.
            let _ = window.is_active().then(|| shown.send(()));
        });
        window.show_all();
        gtk::main();
    });
    is_shown.recv_timeout(super::PATIENCE).expect("the window never had the focus");
}

/// Takes the window of this process off the screen, and with it the focus, or puts it back; returns when that came about.
pub(crate) fn hide_window(is_hidden: bool) {
    let windows =
        || gtk::Window::list_toplevels().into_iter().filter_map(|widget| widget.downcast::<gtk::Window>().ok());
    gtk::glib::idle_add_once(move || windows().for_each(|window| window.set_visible(!is_hidden)));
    until("the window's focus came or went", || {
        let (tell, told) = mpsc::channel();
        gtk::glib::idle_add_once(move || {
            let _ = tell.send(windows().any(|window| window.is_active()));
        });
        told.recv_timeout(super::PATIENCE).is_ok_and(|has_focus| has_focus != is_hidden)
    });
}
