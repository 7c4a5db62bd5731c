//! What lies where, and how much of it in one place.

use std::fs;

use tidy::{files, has_word, hold, root};

const TOP: [&str; 9] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "Makefile", "README.md", "icons", "src-tauri", "tests", "ui"];

#[test]
fn the_top_level_holds_what_the_owner_wants_there_and_nothing_else() {
    let there: Vec<_> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    let too_many: Vec<_> = there.iter().filter(|name| !TOP.contains(&name.as_str())).cloned().collect();
    hold("Tool settings are dotfiles, crates live in src-tauri/crates, the rest has its folder.", &too_many);
    let missing: Vec<_> =
        TOP.iter().filter(|name| !there.iter().any(|other| other == *name)).map(|name| (*name).to_owned()).collect();
    hold("Each of these is there.", &missing);
}

#[test]
fn no_file_is_longer_than_one_sitting() {
    let sources: Vec<_> = files("")
        .into_iter()
        .filter(|file| file.is_a(&["css", "rs", "sh", "svelte", "ts"]) && !file.is_generated())
        .collect();
    assert!(sources.len() > 20);
    let broken: Vec<_> = sources
        .iter()
        .map(|file| (file.text.lines().count(), file))
        .filter(|(lines, _)| *lines > 400)
        .map(|(lines, file)| format!("{}: {lines} lines", file.path))
        .collect();
    hold("A file has at most 400 lines; split it by subject.", &broken);
}

#[test]
fn every_file_of_rust_says_first_why_it_is_there() {
    let broken: Vec<_> = files("")
        .into_iter()
        .filter(|file| file.is_a(&["rs"]) && !file.text.starts_with("//!"))
        // Examples for the compiler, and tests that stand beside what they are about.
        .filter(|file| !file.path.ends_with("/tests.rs"))
        .map(|file| file.path)
        .collect();
    hold("A file opens with why it exists and what is deliberately not in it.", &broken);
}

#[test]
fn the_versions_that_are_needed_are_the_same_wherever_they_are_said() {
    let said = |path: &str, sentence: &str| {
        let text = fs::read_to_string(root().join(path)).unwrap_or_default();
        (!text.contains(sentence)).then(|| format!("{path} does not say {sentence}"))
    };
    let broken: Vec<_> = [
        said("Cargo.toml", "rust-version = \"1.94\""),
        said(".ci/common.sh", "node_needed=20.19\n"),
        said("ui/package.json", "\"node\": \">=20.19\""),
        said("README.md", "1.94"),
        said("README.md", "20.19"),
    ]
    .into_iter()
    .flatten()
    .collect();
    hold("Rust 1.94 and Node 20.19, in words, in the set-up and in the manifests.", &broken);
}

#[test]
fn the_makefile_s_targets_are_scripts_that_are_there() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let scripts: Vec<_> = makefile
        .split([' ', '@', '\n'])
        .filter(|word| word.starts_with(".ci/") && word.ends_with(".sh"))
        .filter(|word| !root().join(word).is_file())
        .map(str::to_owned)
        .collect();
    hold("The Makefile is thin: what it does stands in .ci.", &scripts);
    let run = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(has_word(&run, "lint") && has_word(&run, "test"), ".ci/run runs both");
}
