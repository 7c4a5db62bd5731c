//! The real portal of a desktop (xdg-desktop-portal with its GTK part), for what a played one cannot say: whom it refuses.
//!
//! It answers only programs that it can look into. So that this is as on a person's desktop, no program of this one may
//! look into others against their will, whoever runs the tests.

use std::path::Path;
use std::process::Stdio;

use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};
use zbus::blocking::connection;

use crate::desktop::{Desktop, until_on_bus};
use crate::process::Daemon;

const FOLDERS: [&str; 2] = ["/usr/libexec", "/usr/lib/xdg-desktop-portal"];
const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const FILE_CHOOSER: &str = "org.freedesktop.portal.FileChooser";

/// A running portal; it ends when it is dropped.
pub struct RealPortal<'desktop> {
    desktop: &'desktop Desktop,
    _front: Daemon,
    _gtk: Daemon,
}

impl<'desktop> RealPortal<'desktop> {
    /// Starts it on a desktop whose programs [may not look into others](Desktop::keep_programs_apart).
    #[track_caller]
    pub fn start(desktop: &'desktop Desktop) -> Self {
        // The part with the windows first: without it the other offers no dialogs.
        let gtk = start(desktop, "xdg-desktop-portal-gtk");
        until_on_bus(&desktop.bus_address(), "org.freedesktop.impl.portal.desktop.gtk");
        let front = start(desktop, "xdg-desktop-portal");
        until_on_bus(&desktop.bus_address(), NAME);
        Self { desktop, _front: front, _gtk: gtk }
    }

    /// Has it ask an ordinary program of the desktop where to save; its dialog's title.
    #[track_caller]
    pub fn ask_where(&self) -> &'static str {
        const TITLE: &str = "Asked by the portal";
        let method = format!("{FILE_CHOOSER}.SaveFile");
        let call = ["call", "--session", "--dest", NAME, "--object-path", PATH, "--method", &method, "", TITLE, "{}"];
        let Some(said) = self.desktop.run("gdbus", &call, None) else { panic!("the portal hangs") };
        said.succeeded();
        TITLE
    }

    /// Why it answers nothing to a program that nobody may look into: this one, for the moment.
    #[track_caller]
    pub fn refusal_of_a_closed_program(&self) -> String {
        let before = dumpable_behavior().unwrap();
        set_dumpable_behavior(DumpableBehavior::NotDumpable).unwrap();
        let address = self.desktop.bus_address();
        let bus = connection::Builder::address(address.as_str()).and_then(connection::Builder::build).unwrap();
        let asked =
            bus.call_method(Some(NAME), PATH, Some(SETTINGS), "Read", &("org.freedesktop.appearance", "contrast"));
        set_dumpable_behavior(before).unwrap();
        asked.err().map_or_else(|| panic!("it is not refused"), |refused| refused.to_string())
    }
}

#[track_caller]
fn start(desktop: &Desktop, program: &str) -> Daemon {
    let places = FOLDERS.map(|folder| Path::new(folder).join(program));
    let Some(place) = places.into_iter().find(|path| path.is_file()) else {
        panic!("no {program}; `make setup` installs it")
    };
    // Which parts are used for which desktop stands in their files.
    let mut command = desktop.command(place);
    command.env("XDG_CURRENT_DESKTOP", "gnome").stdin(Stdio::null()).stdout(Stdio::null());
    Daemon::start(command.stderr(desktop.log(&format!("{program}.log"))))
}
