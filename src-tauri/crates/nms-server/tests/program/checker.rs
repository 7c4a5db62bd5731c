//! The document against the server, judged by a machine that did not read our code: schemathesis reads the document, sends
//! what it allows and what it does not, follows its links, and compares each answer with what stands there.
//!
//! It tries an unknown credential on each operation, and takes only 401 or 403 for an answer. After twenty in a minute the
//! server says 429, as it promises: so each half of the operations is asked of a server of its own, which counts anew.
//! In the long form it would try hundreds, and there it leaves this to the short one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rounds::{rounds, tell};
use crate::running::{Running, json_of};

/// Where `.ci/tools.sh` puts it: beside what is built.
fn place() -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_nms-server")).ancestors().nth(2).unwrap();
    built.join("set-up/schemathesis")
}

/// Half of the operations, and the phases of the check.
struct Half {
    filter: [&'static str; 2],
    phases: &'static str,
}

/// The operations on tokens, and all others: no link leads to one of those.
const HALVES: [Half; 2] = [
    Half { filter: ["--include-path-regex", "/tokens"], phases: "examples,coverage,fuzzing,stateful" },
    Half { filter: ["--exclude-path-regex", "/tokens"], phases: "examples,coverage,fuzzing" },
];

/// What is left out where there is more than one example of each kind: besides the credentials, that what was made is
/// there, since a rotation without overlap ends a token, and the checker takes only a DELETE for an end.
const LONG: [&str; 2] = ["--exclude-checks", "ignored_auth,ensure_resource_availability"];

/// Runs it on half of the operations.
fn check(server: &Running, half: &Half, token: &str) -> Output {
    assert!(place().join("installed.txt").exists(), "schemathesis is missing: .ci/set-up.sh test installs it");
    // It writes down what it found where it runs. Read from its own address, the document's would be left out of the check.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("document.json"), server.get("/openapi.json").to_string()).unwrap();
    let examples = rounds(1, 100);
    Command::new("python3")
        .args(["-m", "schemathesis.cli", "--no-color", "--config-file"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/program/schemathesis.toml"))
        .args(["run", "--checks", "all", "--continue-on-failure"])
        .args(["--max-examples", &examples.to_string()])
        .args(if examples > 1 { &LONG[..] } else { &[] })
        .args(half.filter)
        .args(["--phases", half.phases])
        .args(["document.json", "--url", &server.address])
        .env("PYTHONPATH", place())
        .envs([("PALPABL_SESSION", server.session.as_str()), ("PALPABL_TOKEN", token), ("NO_PROXY", "127.0.0.1")])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// How many operations the document names.
fn operations(server: &Running) -> usize {
    let document = server.get("/openapi.json");
    document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum()
}

/// The number before or after a word, as in "Tested: 23" and "881 generated, …".
fn number(said: &str, near: &str) -> usize {
    let line = said.lines().find(|line| line.contains(near)).unwrap();
    let digits = |text: &str| text.trim().split(' ').next().unwrap().parse().ok();
    digits(line).or_else(|| digits(line.split(near).nth(1).unwrap())).unwrap()
}

/// Judges half of the operations on a server of its own; how many these were, and how many requests.
fn judge(half: &Half) -> (usize, usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path());
    let all = json!({"permissions": ["alerts:read", "devices:read", "devices:write", "metrics:read"]});
    let create = server.ask("POST", "/tokens").header("Idempotency-Key", Uuid::now_v7().to_string());
    let made: Value = json_of(create.json(&all).send().unwrap());
    let output = check(&server, half, made["secret"].as_str().unwrap());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    (operations(&server), number(&said, "Tested:"), number(&said, " generated, "))
}

#[test]
fn a_checker_that_read_only_the_document_finds_nothing_that_the_server_does_otherwise() {
    let halves = HALVES.map(|half| std::thread::spawn(move || judge(&half)));
    let [(all, some, requests), (_, others, more_requests)] = halves.map(|half| half.join().unwrap());
    assert_eq!(some + others, all);
    tell(&format!("{} requests of schemathesis to {all} operations, 0 failures", requests + more_requests));
}
