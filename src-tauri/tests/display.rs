//! The program itself where it has no display to open its window on, or a small one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_palpabl-nms-settings");
const PATIENCE: Duration = Duration::from_secs(60);
/// What a size that was remembered on a larger monitor looks like.
const REMEMBERED: &str = r#"{"main":{"width":1270,"height":890,"x":40,"y":30,"prev_x":40,"prev_y":30,
    "maximized":false,"visible":true,"decorated":true,"fullscreen":false}}"#;

/// The program in a home of its own, without the desktop of whoever runs the tests.
fn program(home: &Path) -> Command {
    let mut program = Command::new(PROGRAM);
    let theirs = ["WAYLAND_DISPLAY", "DISPLAY", "GDK_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"];
    let folders = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"];
    for name in theirs.into_iter().chain(folders) {
        program.env_remove(name);
    }
    program.env("HOME", home);
    program
}

#[test]
fn a_display_that_does_not_answer_is_said_in_words() {
    let home = tempfile::tempdir().unwrap();
    for (display, named) in [(Some(":99999"), "DISPLAY=:99999"), (None, "neither WAYLAND_DISPLAY nor DISPLAY")] {
        let mut program = program(home.path());
        program.envs(display.map(|display| ("DISPLAY", display)));
        let ended = program.output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("The window cannot be opened") && said.contains(named), "{said}");
        assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
    }
}

/// A child process that does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_window_that_was_larger_than_this_monitor_opens_within_it() {
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", "1024x700x24", "-nolisten", "tcp", "-noreset"]);
    let mut server = Running(server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut number = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
    let display = format!(":{}", number.trim());

    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/org.palpabl.nms.settings");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(".window-state.json"), REMEMBERED).unwrap();
    let mut app = program(home.path());
    app.env("DISPLAY", &display).stdout(Stdio::null());
    let _app = Running(app.spawn().unwrap());

    let until = Instant::now() + PATIENCE;
    loop {
        let lies = geometry(&display);
        if lies == Some((0, 0, 1024, 700)) {
            return;
        }
        assert!(Instant::now() < until, "the window lies at {lies:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where the window is and how large: x, y, width, height.
#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn geometry(display: &str) -> Option<(i32, i32, i32, i32)> {
    let asked = Command::new("xwininfo").args(["-display", display, "-name", "Palpabl NMS settings"]).output().unwrap();
    let said = String::from_utf8(asked.stdout).unwrap();
    let number = |label: &str| said.lines().find_map(|line| line.trim().strip_prefix(label)?.trim().parse().ok());
    Some((number("Absolute upper-left X:")?, number("Absolute upper-left Y:")?, number("Width:")?, number("Height:")?))
}
