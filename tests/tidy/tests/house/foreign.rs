//! Nothing of the machine that built it stays in the tree.

use std::fs;

use tidy::{SourceFile, files, hold, root};

/// The needles are put together here, so that the rule does not find itself.
fn needles() -> Vec<String> {
    [
        ["registry", "npmjs.org"].join("."),
        ["registry", "yarnpkg.com"].join("."),
        ["index", "crates.io"].join("."),
        ["static", "crates.io"].join("."),
        ["deb", "debian.org"].join("."),
        ["pypi", "org"].join("."),
        ["files", "pythonhosted.org"].join("."),
        ["proxy", "golang.org"].join("."),
        ["", "root", ""].join("/"),
        ["", "work", ""].join("/"),
        ["shared", "design"].join("/"),
        ["shared", "tools"].join("/"),
        ["", "opt", "wheels"].join("/"),
        ["", "home", "runner"].join("/"),
    ]
    .into()
}

#[test]
fn the_tree_names_no_package_registry_and_no_folder_of_a_build_machine() {
    let mut needles = needles();
    // Where this checkout lies, whatever machine it is.
    needles.push(format!("{}/", root().display()));
    let broken: Vec<_> = files("").iter().flat_map(|file| found(file, &needles)).collect();
    hold("A clone builds anywhere: no host of a registry, no absolute path.", &broken);
}

fn found(file: &SourceFile, needles: &[String]) -> Vec<String> {
    let named = |line: &str| needles.iter().any(|needle| line.contains(needle.as_str()));
    file.lines().filter(|(_, line)| named(line)).map(|(number, line)| file.place(number, line)).collect()
}

#[test]
fn the_lock_files_name_no_place_to_fetch_from() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for file in files("") {
        let foreign: fn(&str) -> bool = match file.path.rsplit('/').next() {
            // One name for the registry, which every cargo knows by heart.
            Some("Cargo.lock") => |line| {
                line.starts_with("source = ")
                    && line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
            },
            Some("package-lock.json") => |line| line.contains("\"resolved\": \"") && line.contains("://"),
            _ => continue,
        };
        seen += 1;
        broken.extend(file.lines().filter(|(_, line)| foreign(line)).map(|(number, line)| file.place(number, line)));
    }
    assert_eq!(seen, 2, "one lock file for Rust, one for the UI");
    hold("What is fetched is told by name, version and checksum; from where is each machine's own affair.", &broken);
}

/// A registry that lacks the builds for other platforms makes npm leave them out of the lock, and `npm ci` then refuses
/// that lock everywhere. Such an entry needs no more than its version, `os`, `cpu` and `optional`.
#[test]
fn the_ui_s_lock_names_the_packages_of_every_platform() {
    let path = "ui/package-lock.json";
    let text = fs::read_to_string(root().join(path)).unwrap();
    let lock: serde_json::Value = serde_json::from_str(&text).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    let optional = packages.iter().flat_map(|(parent, package)| {
        let names = package["optionalDependencies"].as_object().into_iter().flat_map(|names| names.keys());
        names.map(move |name| (parent, name))
    });
    let broken: Vec<_> = optional
        .filter(|(parent, name)| {
            let (inside, beside) = (format!("{parent}/node_modules/{name}"), format!("node_modules/{name}"));
            !packages.contains_key(&inside) && !packages.contains_key(&beside)
        })
        .map(|(parent, name)| format!("{path}: {parent} needs {name}"))
        .collect();
    hold("`npm ci` works in a fresh clone, on any platform.", &broken);
}
