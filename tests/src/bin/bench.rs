//! How long a person waits, and for how much memory: the start, and the list with 5 and with 10,000 tokens.
//!
//! `bench [FOLDER]`: figures on standard output and, as JSON, in FOLDER/bench.json (`target/bench` otherwise). Each is the
//! median of five; seen through the web driver, which adds up to 20 ms to each. `PALPABL_BENCH_TOKENS` sets another number.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the test bench")]

use std::path::PathBuf;
use std::time::Instant;

use palpabl_nms_settings_tests::app::target_dir;
use palpabl_nms_settings_tests::patience::{until, until_true};
use palpabl_nms_settings_tests::process::proportional_kib;
use palpabl_nms_settings_tests::{App, Desktop, KeyringAtStart};
use serde_json::{Map, Value, json};

const RUNS: usize = 5;

fn main() {
    let folder = std::env::args_os().nth(1).map_or_else(|| target_dir().join("bench"), PathBuf::from);
    let many = std::env::var("PALPABL_BENCH_TOKENS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let mut figures = Map::new();
    measure_keyrings(&mut figures);
    for tokens in [5, many] {
        measure(tokens, &mut figures);
    }
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("bench.json"), format!("{:#}\n", Value::Object(figures))).unwrap();
}

type Act = fn(&App<'_>);
/// What is done to the whole list, which brings another row to its top.
const ACTS: [(&str, Act); 3] = [
    ("search typed until its first row", |app| app.find("searchbox", "Search tokens").replace_with("00003")),
    ("sorted until the first row", |app| app.find("button", "Expires").click()),
    ("filtered until the first row", |app| app.find_like("button", "Expiring").click()),
];

fn measure(tokens: usize, figures: &mut Map<String, Value>) {
    let desktop = Desktop::new();
    let mut tell = |what: &str, unit: &str, figure: u128| {
        println!("{tokens:>6} tokens  {what:<44} {figure:>7} {unit}");
        figures.insert(format!("{tokens} tokens, {what}, {unit}"), json!(u64::try_from(figure).unwrap_or(u64::MAX)));
    };
    let app = App::start(&desktop);
    app.until_ready();
    let begun = Instant::now();
    app.fill_with(tokens);
    tell("made over HTTP", "ms", begun.elapsed().as_millis());
    app.terminate();
    drop(app);

    let started = (0..RUNS).map(|_| {
        let begun = Instant::now();
        let app = App::start(&desktop);
        until("the first row", || top(&app));
        let took = begun.elapsed().as_millis();
        app.terminate();
        took
    });
    tell("start of driver and app until the first row", "ms", median(started.collect()));

    let app = App::start(&desktop);
    until("the first row", || top(&app));
    tell("memory of all processes", "KiB", u128::from(proportional_kib(&app.processes())));
    for (what, act) in ACTS {
        tell(what, "ms", median((0..RUNS).map(|_| time(&app, tokens, act)).collect()));
    }
    tell("memory after that", "KiB", u128::from(proportional_kib(&app.processes())));
    app.terminate();
}

/// What a keyring, or the lack of one, adds to the start. In turn, so that whatever else the machine does is shared.
fn measure_keyrings(figures: &mut Map<String, Value>) {
    let keyrings = [KeyringAtStart::None, KeyringAtStart::Unlocked, KeyringAtStart::Locked];
    let desktops = keyrings.map(|keyring| (keyring, Desktop::with(keyring, (1280, 900))));
    let mut started = [const { Vec::new() }; 3];
    // The first start of each makes what the later ones find.
    for run in 0..=RUNS {
        for ((_, desktop), started) in desktops.iter().zip(&mut started) {
            let begun = Instant::now();
            let app = App::start(desktop);
            app.until_ready();
            let took = begun.elapsed().as_millis();
            app.terminate();
            if run > 0 {
                started.push(took);
            }
        }
    }
    for (keyring, mut started) in keyrings.into_iter().zip(started) {
        started.sort_unstable();
        let (least, took, most) = (started[0], started[started.len() / 2], started[started.len() - 1]);
        println!("keyring {keyring:?}: start of driver and app until the list {took:>7} ms ({least} to {most})");
        figures.insert(format!("keyring {keyring:?}, start, ms"), json!(u64::try_from(took).unwrap_or(u64::MAX)));
    }
}

/// From the whole list, in its usual order, until another row stands on top, in ms.
fn time(app: &App<'_>, tokens: usize, act: Act) -> u128 {
    app.find("searchbox", "Search tokens").replace_with("");
    app.find_like("button", "All").click();
    // The head turns the order around each time.
    until_true("the whole list, the newest on top", || {
        let rows = app.look(NEWEST_FIRST);
        if rows == false {
            app.find("button", "Created").click();
        }
        rows == tokens + 1
    });
    let before = until("the first row", || top(app));
    let begun = Instant::now();
    act(app);
    until_true("another row on top", || top(app).is_some_and(|now| now != before));
    begun.elapsed().as_millis()
}

/// How many rows there are, with the heads, once they are in that order.
const NEWEST_FIRST: &str = "return document.querySelector('.made[role=columnheader]')?.ariaSort === 'descending' && \
    Number(document.querySelector('[role=table]').getAttribute('aria-rowcount'))";

/// Which token stands on top.
fn top(app: &App<'_>) -> Option<String> {
    app.look("return document.querySelector('[data-token]')?.dataset.token ?? null").as_str().map(str::to_owned)
}

fn median(mut figures: Vec<u128>) -> u128 {
    figures.sort_unstable();
    figures[figures.len() / 2]
}
