//! What `src-tauri/SECURITY.md` promises is tested by tests that are there.

use std::fs;

use tidy::{files, hold, root};

#[test]
fn every_promise_names_tests_that_are_there() {
    let page = fs::read_to_string(root().join("src-tauri/SECURITY.md")).unwrap();
    let is_promise =
        |line: &&str| line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let promises: Vec<&str> = page.lines().filter(is_promise).collect();
    assert_eq!(promises.len(), 24, "one row for each promise");
    let code: String = files("").into_iter().filter(|file| file.is_a(&["rs"])).map(|file| file.text).collect();
    let mut broken = Vec::new();
    for promise in promises {
        let tests: Vec<&str> = promise.split('|').nth(3).unwrap().split('`').skip(1).step_by(2).collect();
        if tests.is_empty() {
            broken.push(format!("no test at all: {promise}"));
        }
        broken.extend(tests.into_iter().filter(|test| !code.contains(&format!("fn {test}("))).map(str::to_owned));
    }
    hold("Each promise of src-tauri/SECURITY.md names its tests as they stand in the code.", &broken);
}
