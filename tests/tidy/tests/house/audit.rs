//! What `make audit` makes of what the tools say: found is a failure, not reached is none, and neither is silent.

use crate::shell::{Machine, Said};

/// With both tools saying this and ending so.
fn audited(deny: (&str, i32), npm: (&str, i32)) -> Said {
    let machine = Machine::ready();
    machine.program("cargo-deny", "exit 0");
    machine.program("cargo", &format!("cat <<'END'\n{}\nEND\nexit {}", deny.0, deny.1));
    machine.program("npm", &format!("cat >&2 <<'END'\n{}\nEND\nexit {}", npm.0, npm.1));
    machine.run("audit.sh", &[])
}

const FINE: (&str, i32) = ("advisories ok", 0);
const NONE: (&str, i32) = ("found 0 vulnerabilities", 0);

#[track_caller]
fn check(said: &Said, status: i32, rust: &str, ui: &str) {
    assert_eq!(said.status, status, "{said:?}");
    let summary = said.out.split_once("\nAdvisories:\n").map_or("", |(_, summary)| summary);
    let lines: Vec<_> = summary.lines().map(str::trim).collect();
    assert!(lines[0].starts_with(rust) && lines[0].contains("Rust's dependencies"), "{said:?}");
    assert!(lines[1].starts_with(ui) && lines[1].contains("the UI's dependencies"), "{said:?}");
}

#[test]
fn nothing_known_is_said_of_each() {
    check(&audited(FINE, NONE), 0, "nothing known", "nothing known");
}

#[test]
fn a_database_that_cannot_be_reached_is_skipped_with_the_reason_and_is_no_failure() {
    let said = audited(
        ("2026-11-28 12:00:00 [ERROR] failed to fetch advisory database https://github.com/RustSec/advisory-db", 1),
        ("npm error audit endpoint returned an error", 1),
    );
    check(&said, 0, "SKIPPED", "SKIPPED");
    for reason in ["(2026-11-28 12:00:00 [ERROR] failed to fetch", "(npm error audit endpoint"] {
        assert!(said.out.contains(reason), "{said:?}");
    }
}

#[test]
fn what_is_found_is_a_failure_whatever_else_stands_there() {
    let advisory = "error[vulnerability]: a connection that timed out is used again\n  ID: RUSTSEC-2026-0001";
    check(&audited((advisory, 1), NONE), 1, "FOUND", "nothing known");
    check(&audited(("\u{1b}[1m\u{1b}[31merror[unmaintained]\u{1b}[0m: gone", 1), NONE), 1, "FOUND", "nothing known");
    for last in ["3 vulnerabilities (1 moderate, 2 high)", "1 high severity vulnerability", "2 vulnerabilities"] {
        check(&audited(FINE, (&format!("ETIMEDOUT is what it is about\n{last}"), 1)), 1, "nothing known", "FOUND");
    }
}

#[test]
fn what_went_wrong_in_another_way_is_not_passed_over() {
    let said = audited(("[ERROR] failed to parse config", 1), ("npm error Cannot read properties of null", 1));
    check(&said, 1, "BROKEN", "BROKEN");
}

#[test]
fn a_tool_that_is_not_there_is_said() {
    let machine = Machine::ready();
    machine.without("npm");
    let said = machine.run("audit.sh", &[]);
    check(&said, 0, "SKIPPED", "SKIPPED");
    assert!(said.out.contains("cargo-deny is not installed") && said.out.contains("npm is not installed"), "{said:?}");
}
