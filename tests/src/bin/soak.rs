//! The main job over and over in one window: create, reveal every second time, copy, use, edit, delete. No round may fail, no copy of any round's
//! secret may be left, and memory may not grow without end.
//!
//! `soak [FOLDER]`: what it looked like at the end lands there, in `target/soak` otherwise. `PALPABL_SOAK_ROUNDS` sets
//! how many rounds, 100 otherwise: about ten minutes.
#![expect(clippy::print_stdout, reason = "a tool of the test bench")]

use std::path::PathBuf;
use std::time::Instant;

use palpabl_nms_settings_tests::app::target_dir;
use palpabl_nms_settings_tests::memory::scan;
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::process::proportional_kib;
use palpabl_nms_settings_tests::{App, Desktop};

const NAME: &str = "poller-03";
/// The web view frees when it likes: what counts is the least within so many rounds.
const SPAN: usize = 20;
/// What all later rounds together may add to that of the first ones, in KiB. The driver's hold on what it found is in it.
const GROWTH: u64 = 100 << 10;

fn main() {
    let folder = std::env::args_os().nth(1).map_or_else(|| target_dir().join("soak"), PathBuf::from);
    let rounds = std::env::var("PALPABL_SOAK_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let mut used = vec![];
    for number in 1..=rounds {
        let begun = Instant::now();
        let token = round(&app, number % 2 == 0);
        let left = scan(&app.processes(), &token);
        assert_eq!(left.found, [], "copies are left after round {number}");
        assert!(left.processes >= 3, "app, web process and network process were looked through: {left:?}");
        let memory = proportional_kib(&app.processes());
        println!("round {number:>4}  {:>6} ms  {memory:>8} KiB", begun.elapsed().as_millis());
        used.push(memory);
    }
    let least = |rounds: &[u64]| rounds.iter().copied().min().unwrap_or_default();
    let (first, last) = (least(&used[..SPAN.min(rounds)]), least(&used[rounds.saturating_sub(SPAN)..]));
    println!("Memory: {first} KiB in the first rounds, {last} KiB in the last.");
    assert!(last < first + GROWTH, "it grew");
    app.picture(&folder.join("end.png"));
    println!("{rounds} rounds held.");
    app.terminate();
}

/// One round; the token that it made, used and deleted.
fn round(app: &App<'_>, reveals: bool) -> String {
    let desktop = app.desktop();
    let once = app.create(NAME, &["devices:write"]);
    if reveals {
        once.find("button", "Reveal").click();
        once.find("button", "Hide").click();
        once.find("button", "Reveal");
    }
    let token = app.copy();
    app.done();
    let devices = format!("{}/api/v1/devices", app.server());
    assert_eq!(desktop.curl(&devices, &token, Some("{}")).status, 422);
    app.take_used_permission(NAME, "devices:write");
    assert_eq!(desktop.curl(&devices, &token, Some("{}")).status, 403);
    app.delete(NAME);
    assert_eq!(desktop.curl(&devices, &token, None).status, 401);
    app.find("button", "Empty now").click();
    until_true("the clipboard is empty", || desktop.clipboard().is_none());
    token
}
