//! The app as people get it has no door for those who would drive or inspect its window. The built one is not tried here:
//! the sources are held to what it is built of.

use std::fs;

use tidy::{between, files, hold, root};

#[expect(clippy::unwrap_used, reason = "a test's helper")]
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn what_is_for_tests_is_in_no_default_and_the_web_view_is_built_without_tools() {
    let manifest: toml::Value = read("src-tauri/Cargo.toml").parse::<toml::Table>().unwrap().into();
    let words = |value: &toml::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(words(&manifest["features"]["default"]), ["custom-protocol"]);
    assert_eq!(words(&manifest["features"]["custom-protocol"]), ["tauri/custom-protocol"]);
    let tauri = &manifest["dependencies"]["tauri"];
    assert_eq!(tauri["default-features"].as_bool(), Some(false));
    assert_eq!(words(&tauri["features"]), ["wry", "compression", "dynamic-acl", "x11", "dbus"]);
    let window = read("src-tauri/src/window.rs");
    assert!(window.contains(".devtools(false)") && !window.contains("devtools(true)"));
}

#[test]
fn the_program_takes_every_variable_away_that_opens_the_web_view() {
    let harden = read("src-tauri/src/harden.rs");
    let released = between(&harden, "} else {", "};").unwrap();
    for door in
        ["TAURI_WEBVIEW_AUTOMATION", "TAURI_AUTOMATION", "WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"]
    {
        assert!(released.contains(&format!("\"{door}\"")), "{door}");
    }
    let main = read("src-tauri/src/main.rs");
    let (first, then) = (main.find("harden::environment()").unwrap(), main.find("run(").unwrap());
    assert!(first < then, "before anything else runs");
}

#[test]
fn only_the_feature_for_tests_reads_their_variables() {
    let of_tests = |path: &str| path.ends_with("/e2e.rs");
    let named: Vec<String> = files("src-tauri/src")
        .into_iter()
        .filter(|file| !of_tests(&file.path))
        .flat_map(|file| {
            let names = |(_, line): &(usize, &str)| line.contains("PALPABL_E2E");
            file.code().filter(names).map(|(number, line)| file.place(number, line)).collect::<Vec<_>>()
        })
        .collect();
    hold("What a test may set is read in e2e.rs alone, which only the feature compiles.", &named);
    let lib = read("src-tauri/src/lib.rs");
    assert!(lib.contains("#[cfg(feature = \"e2e\")]\nmod e2e;"));
}
