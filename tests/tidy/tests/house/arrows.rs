//! Which crate may know which. `nms-api ← nms-client, nms-server, nms-custody ← src-tauri`; siblings never know each other.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;
use tidy::{files, hold, root};

const SHELL: &str = "palpabl-nms-settings";

/// Every crate of the house and those that it may name, tests and build scripts included.
const MAY_KNOW: [(&str, &[&str]); 7] = [
    ("nms-api", &[]),
    ("nms-client", &["nms-api"]),
    ("nms-custody", &["nms-api"]),
    ("nms-server", &["nms-api"]),
    (SHELL, &["nms-api", "nms-client", "nms-custody", "nms-server"]),
    // These prove it from outside.
    ("palpabl-nms-settings-tests", &[]),
    ("tidy", &["nms-api"]),
];

/// What I/O would need; the contract's types have none of it, however deep.
const DOES_IO: [&str; 12] =
    ["arboard", "async-std", "axum", "hyper", "keyring", "mio", "reqwest", "rusqlite", "smol", "sqlx", "tokio", "zbus"];

#[test]
fn crates_know_only_those_below_them() {
    let mut broken = Vec::new();
    for package in packages() {
        let name = text(&package["name"]);
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(known, _)| *known == name) else {
            broken.push(format!("{name} has no place in the house yet: give it one here and in the README"));
            continue;
        };
        for dependency in dependencies(&package) {
            // A crate names itself to turn on a feature for its own tests.
            let ours = dependency != name && MAY_KNOW.iter().any(|(known, _)| *known == dependency);
            if ours && !allowed.contains(&dependency.as_str()) {
                broken.push(format!("{name} names {dependency}"));
            }
        }
    }
    hold("Arrows go one way, and siblings never know each other.", &broken);
}

#[test]
fn every_room_of_the_house_is_there() {
    let there: BTreeSet<_> = packages().iter().map(|package| text(&package["name"])).collect();
    let wanted: BTreeSet<_> = MAY_KNOW.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, wanted);
}

#[test]
fn only_the_shell_names_tauri() {
    let is_tauri = |name: &str| name.starts_with("tauri") || name == "wry" || name == "tao";
    let mut by_shell = 0;
    let mut broken = Vec::new();
    for package in packages() {
        for dependency in dependencies(&package).into_iter().filter(|name| is_tauri(name)) {
            if package["name"] == SHELL {
                by_shell += 1;
            } else {
                broken.push(format!("{} names {dependency}", package["name"]));
            }
        }
    }
    assert!(by_shell > 0, "the shell itself names no tauri: this test no longer sees what it looks for");
    hold("Only src-tauri knows that there is a Tauri.", &broken);
}

#[test]
fn the_contract_s_types_pull_in_nothing_that_does_io() {
    let tree =
        cargo(&["tree", "-p", "nms-api", "-e", "normal", "--all-features", "--prefix", "none", "--format", "{p}"]);
    let names: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("serde"), "`cargo tree` says something else than it did: {tree}");
    let broken: Vec<_> = DOES_IO.iter().filter(|name| names.contains(*name)).map(|name| (*name).to_owned()).collect();
    hold("nms-api knows no network, no database and no runtime, not even through others.", &broken);
}

#[test]
fn the_contract_s_types_know_no_files_network_threads_or_clock() {
    let mut broken = Vec::new();
    let sources = files("src-tauri/crates/nms-api/src");
    assert!(!sources.is_empty());
    for file in sources {
        let code: String = file.code().flat_map(|(_, line)| line.chars()).filter(|c| !c.is_whitespace()).collect();
        let named_at_once = code.split("std::{").skip(1).filter_map(|rest| rest.split('}').next());
        let rooms = named_at_once.flat_map(|group| group.split(',')).chain(code.split("std::").skip(1));
        let room = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
        for foreign in rooms.map(room).filter(|room| ["env", "fs", "net", "process", "thread"].contains(&room.as_str()))
        {
            broken.push(format!("{}: std::{foreign}", file.path));
        }
        for clock in ["Utc::now(", "Local::now(", "SystemTime::now(", "Instant::now("] {
            if code.contains(clock) {
                broken.push(format!("{}: {clock})", file.path));
            }
        }
    }
    hold("nms-api has no I/O; the time is handed to it.", &broken);
}

#[test]
fn every_crate_keeps_the_workspace_s_lints() {
    let manifests =
        files("src-tauri").into_iter().chain(files("tests")).filter(|file| file.path.ends_with("/Cargo.toml"));
    let broken: Vec<_> =
        manifests.filter(|file| !file.text.contains("[lints]\nworkspace = true")).map(|file| file.path).collect();
    hold("Lints stand in one place, the workspace.", &broken);
}

fn packages() -> Vec<Value> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap_or_default();
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    assert!(!packages.is_empty(), "`cargo metadata` names no package");
    packages
}

fn dependencies(package: &Value) -> Vec<String> {
    package["dependencies"].as_array().into_iter().flatten().map(|dependency| text(&dependency["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Offline: a test of the house's rules must not wait for a network.
#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output =
        Command::new(program).args(arguments).args(["--locked", "--offline"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
