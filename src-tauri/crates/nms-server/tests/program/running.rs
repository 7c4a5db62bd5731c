//! The program, started and asked.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, RequestBuilder, Response};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use uuid::Uuid;

/// A program that serves a folder, killed when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) session: String,
    pub(crate) http: Client,
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nms-server"));
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs a command of the program to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let (command, rest) = arguments.split_first().unwrap();
    program().arg(command).arg("--data").arg(folder).args(rest).output().unwrap()
}

/// What a command that must succeed prints.
pub(crate) fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a command that must fail complains of.
pub(crate) fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

impl Running {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(program(), folder)
    }

    /// Starts a command that ends in the program.
    pub(crate) fn start_with(mut command: Command, folder: &Path) -> Self {
        let command = command.arg("serve").arg("--data").arg(folder).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("nms-server answers on ").expect("an address").to_owned();
        let session = printed(folder, &["session"]).trim().to_owned();
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { child, address, session, http }
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.with(&self.session, method, path)
    }

    pub(crate) fn with(&self, credential: &str, method: &str, path: &str) -> RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("{}/api/v1{path}", self.address)).bearer_auth(credential)
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        json_of(self.ask("GET", path).send().unwrap())
    }

    pub(crate) fn create(&self, name: &str) -> Response {
        let body = json!({"name": name, "permissions": ["devices:read"]});
        self.ask("POST", "/tokens").header("Idempotency-Key", Uuid::now_v7().to_string()).json(&body).send().unwrap()
    }

    /// Makes a token; its id and its value.
    pub(crate) fn make(&self, name: &str) -> (String, String) {
        let made = json_of(self.create(name));
        (made["token"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) {
        self.signal(Signal::TERM);
        let started = Instant::now();
        assert!(self.child.wait().unwrap().success());
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn json_of(response: Response) -> Value {
    assert!(response.status().is_success(), "{response:?}");
    serde_json::from_str(&response.text().unwrap()).unwrap()
}

/// The names of all files below a folder that hold these bytes.
pub(crate) fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if !entry.file_type().unwrap().is_file() {
            continue;
        }
        let mut content = Vec::new();
        File::open(entry.path()).unwrap().read_to_end(&mut content).unwrap();
        if content.windows(bytes.len()).any(|window| window == bytes) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}
