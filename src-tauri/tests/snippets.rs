//! The texts that put a token to use, run by the programs that they are for, against the built-in server.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test's helpers cannot do shall fail the test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use nms_api::{NewToken, PermissionName, Token, UseRecord};
use nms_client::snippets::{Form, Snippet, compose};
use nms_client::{Client, Created, ServerAddress, TimeLimits};
use nms_server::{Clock, Server, Settings};
use tempfile::TempDir;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(60);
const NAME: &str = "poller \"03\" of $HOME";

/// A server with one token, which was saved to a file whose name nobody would choose.
struct Bench {
    folder: TempDir,
    server: Server,
    client: Client,
    token: Token,
    saved: PathBuf,
}

impl Bench {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: folder.path().join("data"),
            listen: "127.0.0.1:0".parse().unwrap(),
            fallback: false,
            person_name: "Ada Lovelace".to_owned(),
            revoke_reported: false,
        };
        let server = Server::start(settings, Clock::system()).await.unwrap();
        let address = ServerAddress::parse(&format!("http://{}", server.address())).unwrap();
        let session = server.open_session().await.unwrap();
        let client = Client::new(address, session, TimeLimits::default()).unwrap();
        let new = NewToken {
            name: Some(NAME.to_owned()),
            permissions: vec![PermissionName::from("metrics:read")],
            ..NewToken::default()
        };
        let Created::Fresh { token, secret } = client.create_token(&new, Uuid::new_v4()).await.unwrap() else {
            panic!("the answer was lost")
        };
        let saved = folder.path().join("it's \"my\" $HOME\\token: #1 ü");
        std::fs::write(&saved, secret.expose()).unwrap();
        Self { folder, server, client, token, saved }
    }

    /// The text, as a person would paste it after saving the token.
    fn text(&self, form: Form) -> String {
        let Snippet::ReadsFile(text) = compose(form, self.client.address(), Some(NAME), Some(&self.saved)) else {
            panic!("{form:?} does not name the file")
        };
        text
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// What the server has recorded of the token's use.
    async fn uses(&self) -> Vec<UseRecord> {
        self.client.token_uses(self.token.id).await.unwrap()
    }

    /// Waits for a call of this program.
    async fn until_used_by(&self, program: &str) -> UseRecord {
        let mut ticks = tokio::time::interval(Duration::from_millis(250));
        let used = async {
            loop {
                ticks.tick().await;
                let uses = self.uses().await;
                let found = uses.into_iter().find(|one| one.agent.as_deref().is_some_and(|is| is.contains(program)));
                if let Some(found) = found {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, used).await.unwrap_or_else(|_| panic!("{program} never used the token"))
    }
}

/// Runs a program to its end, and answers what it printed.
#[track_caller]
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap();
    let [printed, complained] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{program}: {printed}\n{complained}");
    printed
}

#[track_caller]
fn assert_tells_of_itself(printed: &str, token: &Token) {
    assert!(printed.contains(&token.id.to_string()) && printed.contains("seconds_left"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_asks_the_server_about_the_saved_token() {
    let bench = Bench::start().await;
    assert_tells_of_itself(&run("sh", &["-c", &bench.text(Form::Curl)]), &bench.token);
    assert_eq!(bench.until_used_by("curl/").await.count, 1);
    bench.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn python_asks_the_server_about_the_saved_token() {
    let bench = Bench::start().await;
    let script = bench.file("ask.py", &bench.text(Form::Python));
    assert_tells_of_itself(&run("python3", &[utf8(&script)]), &bench.token);
    assert_eq!(bench.until_used_by("Python-urllib/").await.count, 1);
    bench.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_scrapes_the_server_with_the_saved_token() {
    let bench = Bench::start().await;
    // More often than once a minute, so that nobody waits for it.
    let text = format!("global:\n  scrape_interval: 1s\n{}", bench.text(Form::Prometheus));
    let configuration = bench.file("prometheus.yml", &text);
    // It also looks whether the file with the token is there.
    run("promtool", &["check", "config", utf8(&configuration)]);
    let mut prometheus = Command::new("prometheus")
        .arg(format!("--config.file={}", configuration.display()))
        .arg(format!("--storage.tsdb.path={}", bench.folder.path().join("tsdb").display()))
        .args(["--web.listen-address=127.0.0.1:0", "--log.level=error"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let used = bench.until_used_by("Prometheus/").await;
    prometheus.kill().unwrap();
    prometheus.wait().unwrap();
    assert_eq!(used.permission, Some(PermissionName::from("metrics:read")));
    bench.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_collector_hands_to_prometheus_is_a_configuration_of_prometheus() {
    let bench = Bench::start().await;
    let collector = bench.text(Form::Collector);
    // Below `config`, six blanks in; the Collector has expanded variables by then.
    let handed: String = collector
        .lines()
        .filter_map(|line| line.strip_prefix("      "))
        .fold(String::new(), |all, line| all + &line.replace("$$", "$") + "\n");
    let handed = handed.split("receivers:").next().unwrap();
    run("promtool", &["check", "config", utf8(&bench.file("handed.yml", handed))]);
    bench.server.stop().await;
}

#[track_caller]
fn utf8(path: &Path) -> &str {
    path.to_str().unwrap()
}
