//! The commands that the page may call: listed once for the permissions, once as handlers, once as wrappers, the same each time.

use std::{collections::BTreeSet, fs};

use tidy::{between, files, hold, root};

#[test]
fn every_listed_command_is_registered() {
    assert_eq!(handlers(), listed(), "generate_handler! in src-tauri/src against the list in src-tauri/build.rs");
}

#[test]
fn every_listed_command_is_granted_to_the_window_by_name() {
    let text = read("src-tauri/capabilities/main.json");
    let capability: serde_json::Value = serde_json::from_str(&text).unwrap();
    let granted: BTreeSet<_> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|permission| permission.as_str()?.strip_prefix("allow-"))
        .map(|name| name.replace('-', "_"))
        .collect();
    assert_eq!(granted, listed(), "capabilities/main.json against the list in src-tauri/build.rs");
}

#[test]
fn every_listed_command_has_a_wrapper_of_its_name() {
    assert_eq!(wrappers(), listed(), "ui/src/ipc/commands.ts against the list in src-tauri/build.rs");
}

#[test]
fn every_command_keeps_its_arguments_out_of_the_log() {
    let mut commands = 0;
    let mut broken = Vec::new();
    for file in files("src-tauri/src/commands") {
        for after in file.text.split("#[tauri::command").skip(1) {
            commands += 1;
            let head = after.split("fn ").next().unwrap_or_default();
            if !head.contains("skip_all") {
                let name = between(after, "fn ", "(").unwrap_or("?");
                broken.push(format!("{}: {name}", file.path));
            }
        }
    }
    assert_eq!(commands, listed().len(), "commands live in src-tauri/src/commands and are listed in build.rs");
    hold("A command is instrumented with skip_all: arguments are named into a log, never by default.", &broken);
}

/// The strings in the array `COMMANDS`.
#[expect(clippy::expect_used, reason = "a test's helper")]
fn listed() -> BTreeSet<String> {
    let text = read("src-tauri/build.rs");
    let names = between(&text, "COMMANDS: &[&str] = &[", "];").expect("build.rs has a list of COMMANDS");
    let names: BTreeSet<_> = names.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(!names.is_empty());
    names
}

/// The last words of the paths in `generate_handler![…]`.
#[expect(clippy::expect_used, reason = "a test's helper")]
fn handlers() -> BTreeSet<String> {
    let opening = "generate_handler![";
    let sources = files("src-tauri/src");
    let mut with_list = sources.iter().filter(|file| file.code().any(|(_, line)| line.contains(opening)));
    let file = with_list.next().expect("somewhere the handlers are registered");
    assert!(with_list.next().is_none(), "handlers are registered in one place");
    let code: String = file.code().map(|(_, line)| line).collect();
    let list = between(&code, opening, "]").expect("the list of handlers ends");
    list.split(',')
        .filter_map(|path| path.trim().rsplit("::").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The commands that exported functions of commands.ts call, where the function's name is the command's in camelCase.
fn wrappers() -> BTreeSet<String> {
    let text = read("ui/src/ipc/commands.ts");
    let mut found = BTreeSet::new();
    let mut broken = Vec::new();
    for export in text
        .split("\nexport ")
        .skip(1)
        .filter(|export| !export.starts_with("type ") && !export.starts_with("interface "))
    {
        let declared = export.trim_start_matches("async ").trim_start_matches("const ").trim_start_matches("function ");
        let name = declared.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let command = export.split_once("invoke").and_then(|(_, call)| between(call, "(\"", "\""));
        match command {
            Some(command) if camel(command) == name => drop(found.insert(command.to_owned())),
            Some(command) => broken.push(format!("{name} calls {command}")),
            None => broken.push(format!("{name} calls no command by its name")),
        }
    }
    hold("A wrapper has its command's name, in camelCase, and calls it.", &broken);
    found
}

fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}")).unwrap()
}
