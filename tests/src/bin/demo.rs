//! The main job in a real window on a private virtual display, for machines without one: create, copy, call the server
//! with the token, edit, delete. Each step is printed as it happens, and leaves a picture. Exit status 0 only when every
//! step held.
//!
//! `demo [FOLDER]`: the pictures land there, in `target/demo` otherwise.
//!
//! It drives the app that was built for the tests in the window: the one that people get refuses every driver by design.
#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use palpabl_nms_settings_tests::app::target_dir;
use palpabl_nms_settings_tests::{App, Desktop};

const NAME: &str = "collector-berlin-02";
const DEVICE: &str = r#"{"name":"sw-demo-1","address":"192.0.2.10","site":"Berlin","status":"up"}"#;

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(|| target_dir().join("demo"), PathBuf::from);
    println!("The main job, in a real window on a private virtual display:");
    // A step that does not hold panics with its reason, which is then on standard error already.
    let held = catch_unwind(AssertUnwindSafe(|| main_job(&folder))).is_ok();
    if !held {
        println!(" FAILED");
        return ExitCode::FAILURE;
    }
    println!("Every step held. Pictures: {}", folder.display());
    ExitCode::SUCCESS
}

fn main_job(folder: &std::path::Path) {
    let desktop = Desktop::new();
    let mut steps = Steps { folder, number: 0 };
    steps.begin("Open the app: a window, the built-in NMS, no sign-in and no question");
    let app = App::start(&desktop);
    app.until_ready();
    steps.held(&app, "open");

    steps.begin(&format!("Create the token {NAME} with devices:write, and devices:read that goes with it"));
    app.create(NAME, &["devices:write"]);
    steps.held(&app, "created");

    steps.begin("Copy it; another program reads it from the clipboard");
    let token = app.copy();
    assert_eq!(token.len(), 55, "what the clipboard holds is no token");
    steps.held(&app, "copied");
    println!("      {}…{}", &token[..17], &token[51..]);
    app.done();

    let devices = format!("{}/api/v1/devices", app.server());
    steps.begin("Call the NMS with the token: curl reads the devices and adds one");
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    assert_eq!(desktop.curl(&devices, &token, Some(DEVICE)).status, 201);
    steps.held(&app, "called");

    steps.begin("Edit it: devices:write is taken away, adding is refused (403), reading goes on");
    app.take_used_permission(NAME, "devices:write");
    assert_eq!(desktop.curl(&devices, &token, Some(DEVICE)).status, 403);
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    steps.held(&app, "edited");

    steps.begin("Delete it: the next call is refused (401)");
    app.delete(NAME);
    assert_eq!(desktop.curl(&devices, &token, None).status, 401);
    steps.held(&app, "deleted");

    steps.begin("Quit: the clipboard is empty");
    let picture = steps.picture("end");
    app.picture(&picture);
    app.terminate();
    assert_eq!(desktop.clipboard(), None);
    println!("  ok");
}

/// Numbers what is done and says when it held.
struct Steps<'a> {
    folder: &'a std::path::Path,
    number: usize,
}

impl Steps<'_> {
    fn begin(&mut self, what: &str) {
        self.number += 1;
        print!("{}. {what}", self.number);
        // Whoever watches sees what is being done; a closed output is noticed by the next line.
        drop(std::io::stdout().flush());
    }

    fn held(&self, app: &App<'_>, picture: &str) {
        app.picture(&self.picture(picture));
        println!("  ok");
    }

    fn picture(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{:02}-{name}.png", self.number))
    }
}
