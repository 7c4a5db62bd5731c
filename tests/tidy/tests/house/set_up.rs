//! What a person meets on a machine that is not ready: words first, nothing done in silence, nothing done twice.

use std::fs;
use std::os::unix::net::UnixListener;

use crate::shell::Machine;

#[test]
fn a_machine_that_is_ready_is_told_nothing() {
    let machine = Machine::ready();
    machine.program("apt-get", "echo apt-get must not run; exit 9");
    machine.run("versions.sh", &[]).is_quiet();
    machine.run("packages.sh", &["run", "desk", "lint"]).is_quiet();
}

#[test]
fn rust_that_is_too_old_is_said_with_its_place_and_nothing_is_installed() {
    let machine = Machine::ready();
    machine.program("rustc", "echo 'rustc 1.63.0 (4b91a6ea7 2022-08-08)'");
    machine.program("npm", "echo npm must not run");
    let place = machine.path("bin/rustc").display().to_string();
    let said = machine.run("set-up.sh", &["run"]);
    said.complains(
        1,
        &["Rust 1.94 or newer is needed.", &place, "Rust 1.63.0", "rustup update", "Nothing was installed"],
    );
    assert_eq!(said.out, "");
}

#[test]
fn rust_that_is_missing_is_said_with_where_it_was_looked_for() {
    let machine = Machine::ready();
    machine.without("rustc");
    let places = [machine.path("bin"), machine.path("home/.cargo/bin")].map(|path| path.display().to_string());
    machine
        .run("versions.sh", &[])
        .complains(1, &["Rust 1.94 or newer", "rustc was not found", &places[0], &places[1]]);
}

#[test]
fn a_rust_that_cannot_say_its_version_will_not_do() {
    let machine = Machine::ready();
    machine.program("rustc", "echo 'error: no default toolchain' >&2; exit 1");
    machine.run("versions.sh", &[]).complains(1, &["Rust of a version that it does not tell"]);
}

#[test]
fn rustup_s_rust_is_found_before_the_next_login() {
    let machine = Machine::ready();
    machine.program("rustc", "echo 'rustc 1.63.0 (4b91a6ea7 2022-08-08)'");
    machine.script("home/.cargo/bin/rustc", "echo 'rustc 2.0.0 (0123456 2030-01-01)'");
    machine.run("versions.sh", &[]).is_quiet();
}

#[test]
fn node_is_judged_by_its_version() {
    let check = |version: &str, sentence: Option<&str>| {
        let machine = Machine::ready();
        machine.program("node", &format!("echo {version}"));
        let said = machine.run("versions.sh", &[]);
        match sentence {
            Some(sentence) => said.complains(1, &[sentence, &machine.path("bin/node").display().to_string()]),
            None => said.is_quiet(),
        }
    };
    check("v18.20.4", Some("Node 20.19 or newer is needed."));
    check("v20.18.3", Some("is Node 20.18.3"));
    check("v20.19.0", None);
    check("v21.7.3", Some("Node 21.7.3 is between two versions that do"));
    check("v22.3.0", Some("Node 22.3.0 is between two versions that do"));
    check("v22.12.0", None);
    check("v26.0.0", None);
}

#[test]
fn all_that_is_wrong_with_the_versions_is_said_at_once() {
    let machine = Machine::ready();
    machine.without("rustc");
    machine.without("node");
    machine.run("versions.sh", &[]).complains(1, &["rustc was not found", "node was not found"]);
    let machine = Machine::ready();
    machine.without("npm");
    machine.run("versions.sh", &[]).complains(1, &["npm, which comes with it, is not"]);
}

#[test]
fn missing_packages_are_named_before_they_are_installed() {
    let machine = Machine::ready();
    machine.lacks(&["libdbus-1-dev", "xvfb"]);
    let said = machine.run("packages.sh", &["run", "desk"]);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    let lines: Vec<_> = said.out.lines().collect();
    assert_eq!(lines[0], "This machine lacks:");
    assert_eq!(lines[1], "  libdbus-1-dev: talks to the desktop");
    assert_eq!(lines[2], "  xvfb: a private display");
    assert_eq!(lines[3], "They are installed now: apt-get install --no-install-recommends libdbus-1-dev xvfb");
    assert!(lines[4].starts_with("apt-get ") && lines[4].ends_with(" update"), "{lines:?}");
    assert!(lines[5].ends_with(" install --no-install-recommends libdbus-1-dev xvfb"), "{lines:?}");
}

#[test]
fn packages_of_other_jobs_are_left_alone() {
    let machine = Machine::ready();
    machine.lacks(&["xvfb"]);
    machine.run("packages.sh", &["run"]).is_quiet();
}

#[test]
fn what_is_here_without_debian_s_package_is_not_installed_again() {
    let machine = Machine::ready();
    machine.lacks(&["libwebkit2gtk-4.1-dev", "curl"]);
    machine.program("pkg-config", "[ \"$*\" = '--exists webkit2gtk-4.1' ]");
    machine.program("curl", "exit 0");
    machine.run("packages.sh", &["run", "desk"]).is_quiet();
}

#[test]
fn sudo_is_used_by_everybody_but_root() {
    let machine = Machine::ready();
    machine.lacks(&["xclip"]);
    machine.program("id", "echo 1000");
    machine.program("sudo", "echo \"sudo $*\"; exec \"$@\"");
    let said = machine.run("packages.sh", &["desk"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.out.contains("They are installed now: sudo apt-get install --no-install-recommends xclip\nsudo apt-get"),
        "{said:?}"
    );
}

#[test]
fn without_sudo_a_person_is_told_what_root_must_do() {
    let machine = Machine::ready();
    machine.lacks(&["xclip", "xdotool"]);
    machine.program("id", "echo 1000");
    let said = machine.run("packages.sh", &["desk"]);
    said.complains(1, &["xclip: reads the clipboard", "As root: apt-get install xclip xdotool"]);
    assert_eq!(said.out, "", "apt-get was not called");
}

#[test]
fn without_apt_each_thing_is_named_with_its_purpose_and_how_it_is_recognised() {
    let machine = Machine::ready();
    machine.without("apt-get");
    machine.without("dpkg-query");
    machine.program("cc", "exit 0");
    machine.program("pkg-config", "[ \"$*\" = '--exists dbus-1' ]");
    let said = machine.run("packages.sh", &["run"]);
    said.complains(
        1,
        &["has no apt-get", "libwebkit2gtk-4.1-dev: the web view in the window (pkg-config knows webkit2gtk-4.1)"],
    );
    assert!(!said.err.contains("build-essential") && !said.err.contains("libdbus-1-dev"), "those are here: {said:?}");
}

#[test]
fn an_apt_that_fails_ends_the_set_up() {
    let machine = Machine::ready();
    machine.lacks(&["xclip"]);
    machine.program("apt-get", "echo 'E: Unable to locate package' >&2; exit 100");
    machine.program("npm", "echo npm must not run");
    let said = machine.run("set-up.sh", &["desk"]);
    said.complains(1, &["E: Unable to locate package", "By hand: apt-get install xclip"]);
    assert!(!said.out.contains("npm"), "{said:?}");
}

#[test]
fn the_ui_is_installed_and_built_only_when_what_it_is_made_from_has_changed() {
    let machine = Machine::ready();
    machine.program("npm", "echo \"npm $*\"; mkdir -p node_modules dist; touch dist/index.html");
    machine.file("ui/package.json", "{}");
    machine.file("ui/package-lock.json", "{}");
    machine.file("ui/src/main.ts", "1");
    let did = || {
        let said = machine.run("ui.sh", &[]);
        assert_eq!((said.status, said.err.as_str()), (0, ""));
        (said.out.contains("npm ci --no"), said.out.contains("npm run --silent build"))
    };
    assert_eq!(did(), (true, true), "a fresh clone");
    assert_eq!(did(), (false, false), "nothing changed");
    machine.file("ui/src/main.ts", "1");
    assert_eq!(did(), (false, false), "written anew, with the same contents");
    machine.file("ui/src/main.test.ts", "1");
    assert_eq!(did(), (false, false), "a test is no part of what is built");
    machine.file("ui/src/tokens/row.ts", "2");
    assert_eq!(did(), (false, true), "a new source");
    fs::remove_file(machine.path("project/ui/src/tokens/row.ts")).unwrap();
    assert_eq!(did(), (false, true), "a source is gone");
    machine.file("ui/package-lock.json", "{ }");
    assert_eq!(did(), (true, true), "other packages");
    fs::remove_file(machine.path("project/ui/dist/index.html")).unwrap();
    assert_eq!(did(), (false, true), "what was built is gone");
}

#[test]
fn a_build_of_the_ui_that_fails_is_tried_again() {
    let machine = Machine::ready();
    machine.file("ui/package.json", "{}");
    machine.file("ui/package-lock.json", "{}");
    machine.file("ui/src/main.ts", "1");
    machine.program("npm", "mkdir -p node_modules dist; touch dist/index.html; [ \"$1\" = ci ]");
    assert_ne!(machine.run("ui.sh", &[]).status, 0);
    machine.program("npm", "echo \"npm $*\"");
    let said = machine.run("ui.sh", &[]);
    assert!(
        said.status == 0 && !said.out.contains("npm ci") && said.out.contains("npm run --silent build"),
        "{said:?}"
    );
}

#[test]
fn a_tool_of_cargo_s_is_built_only_when_it_is_missing() {
    let machine = Machine::ready();
    machine.program("cargo", "echo \"cargo $*\"");
    machine.program("cargo-shear", "exit 0");
    machine.run("tools.sh", &["cargo-shear"]).is_quiet();
    machine.without("cargo-shear");
    let said = machine.run("tools.sh", &["cargo-shear"]);
    let lines: Vec<_> = said.out.lines().collect();
    assert!(lines[0].starts_with("cargo-shear is not here. It is built now"), "{said:?}");
    assert!(lines[1].starts_with("cargo install --quiet --locked cargo-shear@1."), "{said:?}");
}

#[test]
fn a_part_of_rust_that_rustup_left_out_is_named() {
    let machine = Machine::ready();
    machine.program("cargo-clippy", "echo 'error: component is not installed' >&2; exit 1");
    machine.run("tools.sh", &["cargo-clippy"]).complains(1, &["rustup component add clippy"]);
}

#[test]
fn a_part_of_rust_that_was_left_out_is_installed_where_rustup_is() {
    let machine = Machine::ready();
    machine.program("cargo-clippy", "[ -e clippy-is-here ]");
    machine.program("rustup", "echo \"rustup $*\"; touch clippy-is-here");
    let said = machine.run("tools.sh", &["cargo-clippy"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.out.starts_with("clippy is not here.") && said.out.ends_with("rustup component add clippy\n"),
        "{said:?}"
    );
}

#[test]
fn without_a_display_the_demonstration_runs_in_the_window_s_place() {
    let mut machine = Machine::ready();
    machine.script("project/.ci/in-window.sh", "echo \"in-window $*\"; exit 7");
    machine.script("project/.ci/set-up.sh", "echo \"set-up $*\"");
    let said = machine.run("app.sh", &[]);
    assert_eq!(said.status, 7, "the demonstration's own status: {said:?}");
    assert!(said.out.starts_with("There is no display here") && said.out.ends_with("in-window demo\n"), "{said:?}");

    machine.set("DISPLAY", ":47110");
    let said = machine.run("app.sh", &[]);
    assert_eq!(said.status, 7, "a display that has gone is none: {said:?}");
    assert!(said.out.starts_with("The display :47110 that DISPLAY names is not there"), "{said:?}");

    let socket = machine.path("wayland-0");
    machine.set("WAYLAND_DISPLAY", socket.to_str().unwrap());
    let said = machine.run("app.sh", &[]);
    assert_eq!(said.status, 7, "neither of both: {said:?}");
    let compositor = UnixListener::bind(&socket).unwrap();
    machine.program("cargo", "mkdir -p target/release; printf '#!/bin/sh\\necho window' >target/release/palpabl-nms-settings; chmod +x target/release/*; echo \"cargo $*\"");
    let said = machine.run("app.sh", &[]);
    assert_eq!(said.out, "set-up run\ncargo build --locked --release -p palpabl-nms-settings\nwindow\n");
    drop(compositor);
    let said = machine.run("app.sh", &[]);
    assert_eq!(said.status, 7, "its socket alone is no display: {said:?}");
}
