//! `kill -9` in a loop, while several people write: what was answered is there, and the file is whole.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, RequestBuilder};
use rustix::process::Signal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::older::store_file;
use crate::rounds::{rounds, tell};
use crate::running::{Running, whole};

/// People who write at the same time.
const WRITERS: usize = 4;
/// A folder is used for so many kills: an ever larger store would only take longer to look through.
const ROUNDS_OF_A_FOLDER: usize = 50;
/// So many servers, each with a folder of its own, are killed side by side: each waits for the disk most of the time.
const LANES: usize = 4;
/// Fewer rounds than this are not worth more than one of them.
const WORTH_LANES: usize = 100;

/// What one writer knows of one token.
struct Written {
    id: String,
    /// The name that was answered last.
    name: String,
    /// The name that was sent and not answered.
    wanted: Option<String>,
    delete: Delete,
}

#[derive(PartialEq)]
enum Delete {
    NotSent,
    Sent,
    Answered,
}

/// Somebody who makes tokens, renames every second one and deletes the others, until nobody answers.
struct Writer {
    http: Client,
    root: String,
    session: String,
    answered: Sender<()>,
}

impl Writer {
    fn ask(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.root)).bearer_auth(&self.session)
    }

    /// `None`: it was not answered as a success, which means nothing.
    fn answer(&self, request: RequestBuilder) -> Option<Value> {
        let response = request.send().ok()?;
        let status = response.status().as_u16();
        let text = response.text().ok()?;
        assert!(status < 400, "{text}");
        // It may be over meanwhile.
        let _ = self.answered.send(());
        Some(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn write(&self) -> Vec<Written> {
        let mut all = Vec::new();
        for number in 0.. {
            let body = json!({"name": "made", "permissions": ["devices:read"]});
            let key = Uuid::now_v7().to_string();
            let create = self.ask(reqwest::Method::POST, "/tokens").header("Idempotency-Key", key).json(&body);
            let Some(made) = self.answer(create) else { break };
            let id = made["token"]["id"].as_str().unwrap().to_owned();
            let mut written = Written { id, name: "made".to_owned(), wanted: None, delete: Delete::NotSent };
            let goes_on = if number % 2 == 0 { self.change(&mut written) } else { self.delete(&mut written) };
            all.push(written);
            if !goes_on {
                break;
            }
        }
        all
    }

    fn change(&self, written: &mut Written) -> bool {
        let (path, name) = (format!("/tokens/{}", written.id), format!("renamed {}", Uuid::now_v7()));
        written.wanted = Some(name.clone());
        let request = self.ask(reqwest::Method::PATCH, &path).header("If-Match", "*").json(&json!({"name": name}));
        if self.answer(request).is_none() {
            return false;
        }
        (written.name, written.wanted) = (name, None);
        true
    }

    fn delete(&self, written: &mut Written) -> bool {
        written.delete = Delete::Sent;
        let is_answered = self.answer(self.ask(reqwest::Method::DELETE, &format!("/tokens/{}", written.id))).is_some();
        if is_answered {
            written.delete = Delete::Answered;
        }
        is_answered
    }
}

fn writers(server: &Running) -> (Vec<JoinHandle<Vec<Written>>>, Receiver<()>) {
    let (answered, answers) = channel();
    let writer = |_| {
        let (http, root, session) = (server.http.clone(), server.address.clone(), server.session.clone());
        let writer = Writer { http, root, session, answered: answered.clone() };
        std::thread::spawn(move || writer.write())
    };
    ((0..WRITERS).map(writer).collect(), answers)
}

/// Fails when what was answered is not there.
fn check(server: &Running, written: &Written) {
    let answer = server.ask("GET", &format!("/tokens/{}", written.id)).send().unwrap();
    let is_there = answer.status() == 200;
    match written.delete {
        Delete::NotSent => assert!(is_there, "a token is lost that was answered"),
        Delete::Answered => assert!(!is_there, "a token is back whose deletion was answered"),
        Delete::Sent => {}
    }
    if is_there {
        let token: Value = serde_json::from_str(&answer.text().unwrap()).unwrap();
        let name = token["name"].as_str().unwrap();
        assert!(name == written.name || written.wanted.as_deref() == Some(name), "{name} is not what was answered");
    }
}

/// A server that is killed in each of these rounds; how many writes it had answered.
fn lane(of: impl Iterator<Item = usize>) -> usize {
    let (mut folder, mut answered) = (tempfile::tempdir().unwrap(), 0);
    let mut server = Running::start(folder.path());
    for (place, round) in of.enumerate() {
        if place % ROUNDS_OF_A_FOLDER == ROUNDS_OF_A_FOLDER - 1 {
            server.stop();
            folder = tempfile::tempdir().unwrap();
            server = Running::start(folder.path());
        }
        let (writers, answers) = writers(&server);
        // After more or fewer answers in each round, and a moment later.
        let enough = 1 + round * 7 % (4 * WRITERS);
        (0..enough).for_each(|_| answers.recv_timeout(Duration::from_secs(20)).unwrap());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_micros((round * 7919 % 8_000) as u64) {
            std::hint::spin_loop();
        }
        server.signal(Signal::KILL);
        server.child.wait().unwrap();
        let written: Vec<Written> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        answered += enough + answers.try_iter().count();
        server = server.started_anew(folder.path());
        written.iter().for_each(|written| check(&server, written));
        assert_eq!(whole(&store_file(folder.path())), ["ok"]);
    }
    answered
}

#[test]
fn killed_in_a_loop_it_loses_nothing_that_was_answered_and_its_file_stays_whole() {
    let times = rounds(5, 2_000);
    let lanes = if times < WORTH_LANES { 1 } else { LANES };
    let begin = |first| std::thread::spawn(move || lane((first..times).step_by(lanes)));
    let lanes: Vec<JoinHandle<usize>> = (0..lanes).map(begin).collect();
    let answered: usize = lanes.into_iter().map(|lane| lane.join().unwrap()).sum();
    tell(&format!("{times} kills, {answered} answered writes, 0 lost, every file whole"));
}
