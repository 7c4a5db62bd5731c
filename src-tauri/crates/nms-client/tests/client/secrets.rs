//! Nothing secret in any error or log, even when the server repeats it everywhere.

use std::{
    error::Error as StdError,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use nms_api::{Etag, Secret, TokenChanges, TokenQuery};
use nms_client::{Client, Error, ServerAddress, TimeLimits};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    nms::{Nms, SESSION, Step, impatient},
    samples::{ID, KEY, NAME, VALUE, created, http, list, new_token, ok, problem, replayed, token},
};

/// What must be read nowhere.
fn canaries() -> [String; 5] {
    [SESSION.into(), VALUE.into(), VALUE[17..49].into(), KEY.to_string(), NAME.into()]
}

#[track_caller]
fn nothing_secret(text: &str) {
    for canary in canaries() {
        assert!(!text.contains(&canary), "{canary} in {text}");
    }
}

#[track_caller]
fn says_nothing_secret(error: &Error) {
    nothing_secret(&format!("{error} {error:?} {error:#?} {:?}", error.request_id()));
    assert!(!format!("{error} {error:?}").contains("127.0.0.1"), "no address: {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        nothing_secret(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
    if let Error::Refused(refusal) = error {
        // The server's own words may name the token to the person, but never a credential.
        let texts = format!("{:?} {:?} {:?} {refusal:?}", refusal.field, refusal.permissions, refusal.request_id);
        nothing_secret(&texts);
        let detail = refusal.detail.as_deref().unwrap_or_default();
        assert!(!detail.contains(SESSION) && !detail.contains(VALUE), "{detail}");
    }
}

/// Everything that a server can do wrong, with everything secret in it.
fn steps() -> Vec<Step> {
    let loud = canaries().join(" ");
    let repeated = json!({
        "detail": loud, "field": SESSION, "permissions": [VALUE, SESSION], "title": loud, "token": loud,
    });
    let wrong_token = json!({"token": {"id": VALUE}, "secret": {"value": VALUE}, "etag": SESSION});
    let secret_header = format!("X-Request-Id: {SESSION}");
    let location = format!("Location: https://{SESSION}.example/{VALUE}?key={KEY}");
    let json_type = "Content-Type: application/json";
    vec![
        Step::Cut,
        Step::CutAfter(created()[..created().len() - 5].to_vec()),
        Step::CutAfter(loud.clone().into_bytes()),
        Step::Answer(http("200 OK", &["Content-Type: text/html", &secret_header], &loud)),
        Step::Answer(http(
            "200 OK",
            &[json_type, &secret_header],
            &format!("{{\"id\": \"{loud}\", \"state\": \"{loud}\""),
        )),
        Step::Answer(http("307 X", &[&location, &secret_header], &loud)),
        Step::Answer(ok(&wrong_token)),
        Step::Answer(ok(&json!({"tokens": loud}))),
        Step::Answer(ok(&json!({"token": token(), "secret": VALUE.repeat(200)}))),
        Step::Answer(problem(422, "invalid", &repeated)),
        Step::Answer(problem(500, "internal", &repeated)),
        Step::Answer(problem(412, "stale", &repeated)),
        Step::Answer(problem(418, &format!("{SESSION}{VALUE}"), &repeated)),
        Step::Answer(http("502 X", &[json_type, &secret_header], &format!("[{loud}]"))),
    ]
}

/// Every call, one after another; the errors they end in.
async fn every_call(client: &Client) -> Vec<Error> {
    let changes = TokenChanges { name: Some(Some(NAME.into())), ..TokenChanges::default() };
    let query = TokenQuery { q: Some(NAME.into()), ..TokenQuery::default() };
    let results = [
        client.me().await.err(),
        client.permissions(Some("de")).await.err(),
        client.tokens(&query).await.err(),
        client.token(ID).await.err(),
        client.create_token(&new_token(), KEY).await.err(),
        client.token_by_key(KEY).await.err(),
        client.update_token(ID, &Etag("\"v1\"".into()), &changes).await.err(),
        client.delete_token(ID).await.err(),
        client.token_events(ID, Some(NAME)).await.err(),
    ];
    results.into_iter().flatten().collect()
}

#[tokio::test]
async fn no_error_says_anything_secret() {
    for step in steps() {
        let nms = Nms::playing([step]).await;
        let errors = every_call(&nms.client()).await;
        assert!(errors.len() >= 8, "{errors:?}");
        errors.iter().for_each(says_nothing_secret);
    }
}

#[tokio::test]
async fn no_error_of_a_silent_or_missing_server_says_anything_secret() {
    let nms = Nms::playing([Step::Silent]).await;
    let short = TimeLimits { total: Duration::from_millis(300), ..impatient() };
    every_call(&nms.client_within(short)).await.iter().for_each(says_nothing_secret);
    let address = ServerAddress::parse("http://127.0.0.1:9").unwrap();
    let client = Client::new(address, Secret::new(SESSION.into()), short).unwrap();
    let errors = every_call(&client).await;
    assert_eq!(errors.len(), 9);
    errors.iter().for_each(says_nothing_secret);
    nothing_secret(&format!("{client:?}"));
}

#[tokio::test]
async fn a_creation_shows_nothing_secret_of_itself() {
    let nms = Nms::playing([Step::Answer(created()), Step::Answer(replayed())]).await;
    for _ in 0..2 {
        nothing_secret(&format!("{:?}", nms.client().create_token(&new_token(), KEY).await));
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_most_talkative_log_says_nothing_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone());
    // One thread runs the whole test, so that nothing escapes the subscriber of this thread.
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let good = [created(), replayed(), ok(&token()), ok(&list(&[token()]))].map(Step::Answer);
    for step in steps().into_iter().chain(good) {
        let nms = Nms::playing([step]).await;
        every_call(&nms.client()).await;
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    nothing_secret(&text);
    assert!(!text.contains(&ID.to_string()), "which token is no business of a log");
    for expected in ["method=PATCH", "route=\"/tokens/{id}/events\"", "status=422", "duration_ms="] {
        assert!(text.contains(expected), "no {expected} in the log");
    }
}
