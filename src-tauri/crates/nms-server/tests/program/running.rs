//! The program, started and asked.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, RequestBuilder, Response};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::older::connect;

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
    pub(crate) fn start_with(command: Command, folder: &Path) -> Self {
        Self::start_seen(command, folder, |_| folder.to_owned())
    }

    /// The same where the folder is another for us: `seen` says where the child's lies.
    pub(crate) fn start_seen(command: Command, folder: &Path, seen: impl Fn(&Child) -> PathBuf) -> Self {
        let mut server = Self::begin(command, folder, client());
        server.session = printed(&seen(&server.child), &["session"]).trim().to_owned();
        server
    }

    /// Starts it where it ran before, with the session of that time.
    pub(crate) fn again(folder: &Path, session: &str) -> Self {
        let mut server = Self::begin(program(), folder, client());
        session.clone_into(&mut server.session);
        server
    }

    /// The same after this one has ended, asked by the same client: to make another takes as long as a start.
    pub(crate) fn started_anew(&self, folder: &Path) -> Self {
        let mut server = Self::begin(program(), folder, self.http.clone());
        self.session.clone_into(&mut server.session);
        server
    }

    fn begin(mut command: Command, folder: &Path, http: Client) -> Self {
        let command = command.arg("serve").arg("--data").arg(folder).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("nms-server answers on ").expect("an address").to_owned();
        Self { child, address, session: String::new(), http }
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

fn client() -> Client {
    Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap()
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

/// Every file below a folder with its bytes, by its path from there. What goes away meanwhile is left out.
pub(crate) fn all_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(below) = folders.pop() {
        for entry in std::fs::read_dir(below).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => {
                    let name = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                    found.extend(std::fs::read(entry.path()).ok().map(|bytes| (name, bytes)));
                }
                Ok(_) | Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

/// The names of all files below a folder that hold these bytes.
pub(crate) fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let holds = |content: &[u8]| content.windows(bytes.len()).any(|window| window == bytes);
    all_files(folder).into_iter().filter(|(_, content)| holds(content)).map(|(name, _)| name).collect()
}

/// Waits for what the program does beside its answers, and not for ever.
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what} did not come to be");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits for what is asynchronous, in a test that is not.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What SQLite says of a whole file, indexes and foreign keys included: `ok`.
pub(crate) fn whole(file: &Path) -> Vec<String> {
    now(async {
        let mut store = connect(file).await;
        let said = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut store).await;
        let orphans = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(&mut store).await;
        let mut said: Vec<String> = said.unwrap();
        said.extend(orphans.unwrap());
        said
    })
}
