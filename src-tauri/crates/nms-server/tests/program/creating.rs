//! Creations that are cut off by `kill -9`: one token or none, and the same key never makes a second.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rounds::{rounds, tell};
use crate::running::Running;

/// The moment of the kill wanders in so many steps over the time that a creation takes, and half as long after it.
const STEPS: usize = 24;

/// What a client that dies or is cut off has sent, and what came back before the end.
struct Cut {
    key: String,
    answer: String,
}

fn body() -> String {
    json!({"name": "cut off", "permissions": ["devices:read"]}).to_string()
}

/// Sends a creation as a whole, kills the server when `patience` is over, and reads what it had answered by then.
fn create_and_kill(server: &mut Running, patience: Duration) -> Cut {
    let (key, body) = (Uuid::now_v7().to_string(), body());
    let host = server.address.strip_prefix("http://").unwrap();
    let head = format!(
        "POST /api/v1/tokens HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        server.session,
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all((head + &body).as_bytes()).unwrap();
    let sent = Instant::now();
    while sent.elapsed() < patience {
        std::hint::spin_loop();
    }
    server.signal(Signal::KILL);
    server.child.wait().unwrap();
    let mut answer = Vec::new();
    // A connection that is cut off may end in an error: what came before counts.
    let _ = stream.read_to_end(&mut answer);
    Cut { key, answer: String::from_utf8(answer).unwrap() }
}

/// The answer to the same request again, or to another body with the same key.
fn again(server: &Running, key: &str, body: String) -> (u16, Value) {
    let request = server.ask("POST", "/tokens").header("Idempotency-Key", key);
    let answer = request.header("Content-Type", "application/json").body(body).send().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&answer.text().unwrap()).unwrap())
}

/// How long a creation takes here and now.
fn usual_time(server: &Running) -> Duration {
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            server.make("measured");
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[2]
}

#[test]
fn killed_while_it_creates_it_has_made_one_token_or_none_and_the_same_key_makes_no_second() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(folder.path());
    let step = usual_time(&server) * 3 / 2 / u32::try_from(STEPS).unwrap();
    let (times, mut tokens, mut kept, mut answered) = (rounds(8, 1_000), 5, 0, 0);
    for round in 0..times {
        // 11 and 24 have no common divisor: the first few rounds are spread out already.
        let cut = create_and_kill(&mut server, step * u32::try_from(round * 11 % STEPS).unwrap());
        server = server.started_anew(folder.path());
        let found = server.get(&format!("/tokens?idempotency_key={}", cut.key))["tokens"].as_array().unwrap().len();
        assert!(found <= 1, "{found} tokens of one key");
        if cut.answer.starts_with("HTTP/1.1 201") {
            assert_eq!(found, 1, "it was answered and is gone");
            answered += 1;
        }
        kept += found;
        let (status, made) = again(&server, &cut.key, body());
        assert_eq!((status, made["secret"].is_null()), if found == 1 { (200, true) } else { (201, false) });
        let (status, replayed) = again(&server, &cut.key, body());
        assert_eq!((status, &replayed["secret"]), (200, &Value::Null), "a replay never says the secret");
        assert_eq!(replayed["token"]["id"], made["token"]["id"]);
        assert_eq!(again(&server, &cut.key, body() + " ").0, 422, "another body");
        tokens += 1;
        assert_eq!(server.get("/tokens?limit=1")["counts"]["all"], tokens);
    }
    tell(&format!("{times} kills while creating: {kept} tokens there, {answered} of them answered, 0 doubled"));
    assert!(times < STEPS || (0 < kept && kept < times), "no kill met the middle: {kept} of {times}");
}
