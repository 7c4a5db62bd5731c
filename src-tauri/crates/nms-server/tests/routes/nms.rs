//! A server of its own for each test, a clock to set, and a client that asks what no decent client would.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::PermissionName;
use nms_server::{Clock, Server, Settings};
use reqwest::header::HeaderMap;
use reqwest::{Client, ClientBuilder, Method, RequestBuilder};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

/// When every test begins.
pub(crate) const START: &str = "2026-11-23T10:00:00Z";

/// A server, its folder, its clock, and its person's session.
pub(crate) struct Nms {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
    pub(crate) session: String,
    clock: Arc<AtomicI64>,
    http: Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A token that was made: its id, its value, its record.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Value,
}

impl Nms {
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), at(START)).await
    }

    pub(crate) async fn start_in(folder: TempDir, now: DateTime<Utc>) -> Self {
        let settings = settings(folder.path());
        Self::start_with(folder, settings, now).await
    }

    pub(crate) async fn start_with(folder: TempDir, settings: Settings, now: DateTime<Utc>) -> Self {
        let micros = Arc::new(AtomicI64::new(now.timestamp_micros()));
        let clock = Arc::clone(&micros);
        // A microsecond passes with each look, as it would.
        let tick = move || DateTime::from_timestamp_micros(clock.fetch_add(1, Ordering::SeqCst)).unwrap();
        let server = Server::start(settings, Clock::from_fn(tick)).await.unwrap();
        let session = server.open_session().await.unwrap().expose().to_owned();
        Self { server, folder, session, clock: micros, http: client().build().unwrap() }
    }

    /// Opens another session: the one before has ended.
    pub(crate) async fn sign_in(&mut self) {
        self.session = self.server.open_session().await.unwrap().expose().to_owned();
    }

    /// Stops the server and starts another in the same folder, at the same time of its clock.
    pub(crate) async fn restart(self) -> Self {
        let now = self.now();
        self.server.stop().await;
        Self::start_in(self.folder, now).await
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn set_clock(&self, now: &str) {
        self.clock.store(at(now).timestamp_micros(), Ordering::SeqCst);
    }

    /// A request without a credential. `path` begins after `/api/v1`.
    pub(crate) fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        self.at_root(method, &format!("/api/v1{path}"))
    }

    /// A request without a credential. `path` is the whole path.
    pub(crate) fn at_root(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("http://{}{path}", self.server.address()))
    }

    /// A request with this credential.
    pub(crate) fn with(&self, credential: &str, method: &str, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(credential)
    }

    /// A request of the person.
    pub(crate) fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.with(&self.session, method, path)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.ask("GET", path)).await
    }

    pub(crate) async fn post_token(&self, key: Uuid, body: &Value) -> Answer {
        send(self.ask("POST", "/tokens").header("Idempotency-Key", key.to_string()).json(body)).await
    }

    /// Makes a token out of these members; `devices:read` where they name no permissions.
    #[track_caller]
    pub(crate) fn make(&self, mut members: Value) -> impl Future<Output = Made> {
        if members.get("permissions").is_none() {
            members["permissions"] = json!(["devices:read"]);
        }
        let request = self.ask("POST", "/tokens").header("Idempotency-Key", Uuid::now_v7().to_string()).json(&members);
        async move {
            let answer = send(request).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            let body = answer.json();
            Made {
                id: body["token"]["id"].as_str().unwrap().to_owned(),
                secret: body["secret"].as_str().unwrap().to_owned(),
                token: body["token"].clone(),
            }
        }
    }

    pub(crate) async fn patch(&self, id: &str, if_match: &str, body: &Value) -> Answer {
        send(self.ask("PATCH", &format!("/tokens/{id}")).header("If-Match", if_match).json(body)).await
    }

    pub(crate) async fn delete(&self, id: &str) -> Answer {
        send(self.ask("DELETE", &format!("/tokens/{id}"))).await
    }

    /// A token as the list's owner sees it.
    pub(crate) async fn token(&self, id: &str) -> Value {
        self.get(&format!("/tokens/{id}")).await.json()
    }

    pub(crate) async fn events(&self, id: &str) -> Vec<Value> {
        let answer = self.get(&format!("/tokens/{id}/events")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["events"].as_array().unwrap().clone()
    }

    /// The kinds of a token's events, oldest first.
    pub(crate) async fn event_kinds(&self, id: &str) -> Vec<String> {
        let events = self.events(id).await;
        events.iter().rev().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn rotate(&self, id: &str, key: Uuid, body: &Value) -> Answer {
        let request = self.ask("POST", &format!("/tokens/{id}/rotate"));
        send(request.header("Idempotency-Key", key.to_string()).json(body)).await
    }

    /// Calls `GET /devices` with a token.
    pub(crate) async fn use_token(&self, secret: &str) -> Answer {
        send(self.with(secret, "GET", "/devices")).await
    }

    /// The same from another address of this computer: on Linux all of 127.0.0.0/8 is.
    pub(crate) async fn use_token_from(&self, address: &str, secret: &str) -> Answer {
        let http = client().local_address(Some(address.parse().unwrap())).build().unwrap();
        let url = format!("http://{}/api/v1/devices", self.server.address());
        send(http.get(url).bearer_auth(secret)).await
    }

    pub(crate) async fn set_held(&self, names: &[&str]) {
        let names = names.iter().map(|name| PermissionName::from(*name)).collect();
        self.server.set_held(Some(names)).await.unwrap();
    }

    /// The store itself, past the server.
    pub(crate) async fn store(&self) -> SqliteConnection {
        let path = self.folder.path().join("nms.sqlite3");
        SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
    }
}

fn client() -> ClientBuilder {
    Client::builder().no_proxy().http1_only().timeout(Duration::from_secs(30))
}

pub(crate) fn settings(folder: &Path) -> Settings {
    let listen = "127.0.0.1:0".parse().unwrap();
    let person_name = "Ada Lovelace".to_owned();
    Settings { data_dir: folder.to_owned(), listen, fallback: false, person_name, revoke_reported: false }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {} {:?}", self.status, self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The slug of the problem, after checking what every problem has.
    #[track_caller]
    pub(crate) fn slug(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{} {}", self.status, self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        assert!(self.header("x-request-id").is_some() && self.header("date").is_some());
        problem["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned()
    }

    /// Status and slug; the body of what is no problem counts as "".
    #[track_caller]
    pub(crate) fn outcome(&self) -> (u16, String) {
        (self.status, if self.status < 400 { String::new() } else { self.slug() })
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, slug: &str) -> &Self {
        assert_eq!(self.outcome(), (status, slug.to_owned()), "{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn field(&self, field: &str) -> &Self {
        assert_eq!(self.json()["field"], field, "{}", self.text);
        self
    }

    /// The address of the next page.
    pub(crate) fn next(&self) -> Option<String> {
        let link = self.header("link")?;
        let (address, rest) = link.strip_prefix('<').unwrap().split_once('>').unwrap();
        assert_eq!(rest, "; rel=\"next\"");
        Some(address.strip_prefix("/api/v1").unwrap().to_owned())
    }
}

/// Waits for what happens beside the requests, and not for ever.
pub(crate) async fn eventually(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to be within 10 s");
}

pub(crate) fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

/// An instant as it stands in an answer.
pub(crate) fn instant(value: &Value) -> DateTime<Utc> {
    at(value.as_str().unwrap())
}
