//! No false alarm in everything that this program is built from: gigabytes that others wrote.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use nms_api::finding;
use serde_json::Value;

use crate::rules::{RULES, Rule};

/// What was looked through.
#[derive(Debug)]
struct Heap {
    /// Of so many files one is read.
    every: usize,
    seen: usize,
    files: usize,
    bytes: u64,
}

impl Heap {
    /// Looks through everything below a folder; what cannot be read ends the test. Links lead to what is here anyway.
    fn look_through(&mut self, folder: &Path, rules: &[Rule]) {
        for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                self.look_through(&entry.path(), rules);
            } else if kind.is_file() {
                self.seen += 1;
                if self.seen.is_multiple_of(self.every) {
                    self.look_into(&entry.path(), rules);
                }
            }
        }
    }

    fn look_into(&mut self, file: &Path, rules: &[Rule]) {
        let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.files += 1;
        self.bytes += bytes.len() as u64;
        assert_eq!(finding::find(&bytes).count(), 0, "the function in {}", file.display());
        for rule in rules {
            assert_eq!(rule.count(&bytes), 0, "{} in {}", rule.file, file.display());
        }
    }
}

/// What a program of this machine's Rust says.
fn said(program: &str, usual: &str, arguments: &[&str]) -> String {
    let program = std::env::var_os(program).unwrap_or_else(|| OsString::from(usual));
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Where the sources of all that we depend on lie: every crate, and the UI's packages.
fn sources() -> Vec<PathBuf> {
    let version = said("RUSTC", "rustc", &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&said("CARGO", "cargo", &arguments)).unwrap();
    let foreign = metadata["packages"].as_array().unwrap().iter().filter(|package| !package["source"].is_null());
    let folder = |package: &Value| Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned();
    let mut sources: Vec<PathBuf> = foreign.map(folder).collect();
    assert!(sources.len() > 300, "{} crates", sources.len());
    let packages = Path::new(metadata["workspace_root"].as_str().unwrap()).join("ui/node_modules");
    assert!(packages.is_dir(), "the UI's packages are not there: make setup");
    sources.push(packages);
    sources
}

/// Looks through one of `every` so many files.
fn look_through_all(every: usize) -> Heap {
    let mut heap = Heap { every, seen: 0, files: 0, bytes: 0 };
    for folder in sources() {
        heap.look_through(&folder, &*RULES);
    }
    heap
}

#[test]
fn nothing_in_the_sources_of_our_dependencies_is_taken_for_a_token() {
    let heap = look_through_all(10);
    assert!(heap.files > 1_000 && heap.bytes > 10_000_000, "{heap:?}");
}

#[test]
#[ignore = "reads a gigabyte: cargo nextest run -p nms-api --run-ignored only"]
fn nothing_in_any_source_of_our_dependencies_is_taken_for_a_token() {
    let heap = look_through_all(1);
    assert!(heap.files > 10_000 && heap.bytes > 100_000_000, "{heap:?}");
}
