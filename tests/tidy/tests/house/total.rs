//! The line at the end of `make test`: every runner counts, and one that breaks is never overlooked.

use crate::shell::{Machine, Said};

const JUNIT: &str = "<?xml version=\"1.0\"?>\n<testsuites name=\"nextest-run\" tests=\"12\" failures=\"2\" errors=\"1\" uuid=\"failures=9\">\n  <testsuite name=\"a\" tests=\"7\" disabled=\"0\" errors=\"0\" failures=\"0\">\n";

/// A machine on which every runner does well: 5 tests of Rust and 1 skipped, the UI's types, 3 tests of the UI and 1 to do.
fn all_well() -> Machine {
    let machine = Machine::ready();
    machine.script("project/.ci/set-up.sh", "exit 0");
    machine.script("project/.ci/e2e-app.sh", "exit 0");
    machine.program("cargo", &nextest(5, 0, 1, 0));
    machine.program(
        "npm",
        &npm(
            0,
            "\"numTotalTests\":4,\"numPassedTests\":3,\"numFailedTests\":0,\"numPendingTests\":0,\"numTodoTests\":1",
            0,
        ),
    );
    machine
}

fn nextest(passed: u32, failed: u32, skipped: u32, status: u32) -> String {
    let tests = passed + failed;
    format!(
        "mkdir -p target/nextest/default
echo '<testsuites name=\"nextest-run\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\">' >target/nextest/default/junit.xml
echo '     Summary [   1.000s] {tests} tests run: {passed} passed, {skipped} skipped' >&2
exit {status}"
    )
}

fn npm(check: u32, report: &str, test: u32) -> String {
    format!(
        "case \"$*\" in
*' check') exit {check} ;;
*) for argument in \"$@\"; do case $argument in --outputFile.json=*) echo '{{{report},\"testResults\":[]}}' >\"${{argument#*=}}\" ;; esac; done; exit {test} ;;
esac"
    )
}

fn last_line(said: &Said) -> &str {
    said.out.lines().last().unwrap_or_default()
}

#[test]
fn all_runners_are_added_up() {
    let said = all_well().run("test.sh", &[]);
    assert_eq!((last_line(&said), said.status), ("9 passed, 0 failed, 2 skipped", 0), "{said:?}");
}

#[test]
fn examples_in_the_documentation_are_counted_where_there_are_any() {
    let machine = all_well();
    machine.file("src-tauri/lib.rs", "/// ```\n/// assert!(true);\n/// ```\n");
    let results = "echo 'test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured'; echo 'test result: ok. 1 passed; 0 failed; 0 ignored'";
    machine.program("cargo", &format!("case $1 in test) {results}; exit 0 ;; esac\n{}", nextest(5, 0, 1, 0)));
    assert_eq!(last_line(&machine.run("test.sh", &[])), "12 passed, 0 failed, 3 skipped");
}

#[test]
fn a_failed_test_fails_the_run_and_the_other_runners_still_run() {
    let machine = all_well();
    machine.program("cargo", &nextest(4, 1, 0, 100));
    let said = machine.run("test.sh", &[]);
    assert_eq!((last_line(&said), said.status), ("8 passed, 1 failed, 1 skipped", 1), "{said:?}");
}

#[test]
fn a_runner_that_breaks_counts_as_a_failure() {
    let machine = all_well();
    machine.program("cargo", "echo 'error: could not compile'; exit 101");
    let said = machine.run("test.sh", &[]);
    assert_eq!((last_line(&said), said.status), ("4 passed, 1 failed, 1 skipped", 1), "{said:?}");
    assert!(said.err.contains("rust ended with status 101 and named no test that failed"), "{said:?}");

    let machine = all_well();
    machine.program("npm", "exit 1");
    let said = machine.run("test.sh", &[]);
    assert_eq!((last_line(&said), said.status), ("5 passed, 2 failed, 1 skipped", 1), "the types and the UI: {said:?}");
}

#[test]
fn an_app_that_does_not_build_counts_as_a_failure() {
    let machine = all_well();
    machine.script("project/.ci/e2e-app.sh", "exit 101");
    let said = machine.run("test.sh", &[]);
    assert_eq!((last_line(&said), said.status), ("9 passed, 1 failed, 2 skipped", 1), "{said:?}");
}

#[test]
fn a_report_of_an_earlier_run_is_not_counted_again() {
    let machine = all_well();
    assert_eq!(machine.run("test.sh", &[]).status, 0);
    machine.program("cargo", "exit 101");
    assert_eq!(last_line(&machine.run("test.sh", &[])), "4 passed, 1 failed, 1 skipped");
}

#[test]
fn a_run_without_a_test_is_a_failure() {
    let machine = Machine::ready();
    machine.file("logs/rust.status", "0\n");
    let logs = machine.path("project/logs").display().to_string();
    let said = machine.run("total.sh", &[&logs]);
    assert_eq!((last_line(&said), said.status), ("0 passed, 1 failed, 0 skipped", 1), "{said:?}");
}

#[test]
fn nextest_s_report_and_summary_are_read_whatever_their_colours() {
    let machine = Machine::ready();
    machine.file("logs/rust.status", "100\n");
    machine.file("logs/rust.xml", JUNIT);
    machine.file("logs/rust.log", "\u{1b}[31;1m     Summary\u{1b}[0m [ 1.0s] \u{1b}[1m12\u{1b}[0m tests run: \u{1b}[1m9\u{1b}[0m passed, \u{1b}[1m4\u{1b}[0m skipped\n");
    let logs = machine.path("project/logs").display().to_string();
    assert_eq!(last_line(&machine.run("total.sh", &[&logs])), "9 passed, 3 failed, 4 skipped");
}

#[test]
fn every_linter_is_asked_and_one_that_objects_fails_the_run() {
    let machine = all_well();
    machine.program("npm", "exit 0");
    machine.program("shellcheck", "exit 0");
    machine.program("cargo", "case $1 in clippy) echo 'warning: unused'; exit 101 ;; esac");
    let said = machine.run("lint.sh", &[]);
    let summary = said.out.split("\nLints:\n").nth(1).unwrap_or_default();
    let verdicts: Vec<_> = summary.lines().map(str::trim).collect();
    assert_eq!(said.status, 1, "{said:?}");
    assert_eq!(verdicts.len(), 6, "{said:?}");
    assert_eq!(
        verdicts.iter().filter(|line| line.starts_with("BROKEN")).collect::<Vec<_>>(),
        [&"BROKEN  Rust's lints"]
    );
}
