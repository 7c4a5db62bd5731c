//! Creations at a real server, over a network that loses, delays and delivers late.

mod journal;
mod kills;
mod relay;

use nms_client::{ServerAddress, TimeLimits};
use nms_server::{Clock, Server, Settings};
use tempfile::TempDir;

use super::*;
use crate::remembered::Whose;
use crate::unfinished::Unfinished;
use crate::view::UnfinishedView;
use relay::{Relay, Way};

struct Bench {
    server: Server,
    relay: Relay,
    session: Mutex<Client>,
    whose: Whose,
    folder: TempDir,
}

impl Bench {
    async fn start() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let listen = ([127, 0, 0, 1], 0).into();
        let settings = Settings { listen, ..Settings::built_in(folder.path().join("data")) };
        let server = Server::start(settings, Clock::system());
        let server = server.await.unwrap();
        let relay = Relay::to(server.address());
        let client = session(&server, &relay).await;
        let whose = Whose::of(&client.me().await.unwrap(), "built-in".to_owned());
        Arc::new(Self { server, relay, session: Mutex::new(client), whose, folder })
    }

    /// As a start of the app opens it.
    fn journal(&self) -> Arc<Journal> {
        Arc::new(Journal::open(self.folder.path().join("journal.json"), Utc::now()))
    }

    /// What a start of the app finds now.
    async fn found(self: &Arc<Self>) -> UnfinishedView {
        Unfinished::new(Arc::clone(self), self.journal()).look().await.unwrap()
    }

    /// How many tokens there are.
    async fn tokens(&self) -> usize {
        let client = session(&self.server, &self.relay).await;
        *self.session.lock().unwrap() = client.clone();
        client.tokens(&nms_api::TokenQuery::default()).await.unwrap().list.tokens.len()
    }
}

/// A new session; the one before is over.
async fn session(server: &Server, relay: &Relay) -> Client {
    let address = ServerAddress::parse(&format!("http://127.0.0.1:{}", relay.port)).unwrap();
    let first_wait = Duration::from_millis(5);
    let limits = TimeLimits { first_wait, ..TimeLimits::default() };
    Client::new(address, server.open_session().await.unwrap(), limits).unwrap()
}

impl Nms for Bench {
    async fn client(&self) -> Result<Client, Failure> {
        Ok(self.session.lock().unwrap().clone())
    }

    async fn renewed(&self) -> Result<Client, Failure> {
        let client = session(&self.server, &self.relay).await;
        *self.session.lock().unwrap() = client.clone();
        Ok(client)
    }

    async fn whose(&self) -> Result<Whose, Failure> {
        Ok(self.whose.clone())
    }
}

async fn bench() -> (Arc<Bench>, Arc<Creations<Bench>>) {
    let bench = Bench::start().await;
    let creations = Creations::new(Arc::clone(&bench), bench.journal(), Duration::from_secs(20));
    (bench, Arc::new(creations))
}

fn wanted(name: &str) -> Wanted {
    let permissions = vec!["devices:read".into()];
    let name = Some(name.to_owned());
    Wanted::New(NewToken { name, description: None, permissions, expires_at: None, allowed_addresses: None })
}

#[track_caller]
fn assert_unknown(result: Result<Made, Failure>) {
    let what = result.map(|made| format!("{made:?}")).unwrap_err().what;
    assert_eq!(what, FailureKind::OutcomeUnknown { action: Action::Create });
}

/// A creation that was delayed on the way, while the NMS could not be reached.
async fn delayed(bench: &Bench, creations: &Creations<Bench>, wanted: Wanted) {
    bench.relay.set("POST", Way::Delayed);
    bench.relay.set("GET", Way::Lost);
    assert_unknown(creations.make(wanted, None).await);
    bench.relay.set("POST", Way::Through);
    bench.relay.set("GET", Way::Through);
}

#[tokio::test]
async fn a_creation_that_arrives_late_is_found_by_its_key() {
    let (bench, creations) = bench().await;
    delayed(&bench, &creations, wanted("poller")).await;
    assert_eq!(creations.find_out().await.unwrap(), None, "it is still on its way");
    assert!(bench.relay.deliver().await > 0);
    let found = creations.find_out().await.unwrap().unwrap();
    assert_eq!(found.name.as_deref(), Some("poller"));
    assert_eq!(creations.find_out().await.unwrap(), None, "that is settled");
}

#[tokio::test]
async fn a_like_token_of_somebody_elses_is_not_taken_for_it() {
    let (bench, creations) = bench().await;
    delayed(&bench, &creations, wanted("poller")).await;
    let other = Creations::new(Arc::clone(&bench), bench.journal(), PATIENCE);
    assert!(matches!(other.make(wanted("poller"), None).await, Ok(Made::Fresh { .. })));
    assert_eq!(creations.find_out().await.unwrap(), None);
}

#[tokio::test]
async fn the_same_asked_for_again_makes_one_token_also_when_the_first_arrives_late() {
    let (bench, creations) = bench().await;
    delayed(&bench, &creations, wanted("poller")).await;
    assert_eq!(creations.find_out().await.unwrap(), None);
    assert!(matches!(creations.make(wanted("poller"), None).await, Ok(Made::Fresh { .. })));
    assert!(bench.relay.deliver().await > 0);
    assert_eq!(bench.tokens().await, 1);
    assert!(matches!(creations.make(wanted("poller"), None).await, Ok(Made::Fresh { .. })), "that is a new wish");
    assert_eq!(bench.tokens().await, 2);
}

#[tokio::test]
async fn a_replacement_asked_for_again_is_the_same_whatever_it_is_made_of_now() {
    let (bench, creations) = bench().await;
    let Wanted::New(mut new) = wanted("poller") else { panic!("it is new") };
    let old = TokenId(Uuid::now_v7());
    delayed(&bench, &creations, Wanted::Replacing(old, new.clone())).await;
    new.description = Some("as of a moment later".to_owned());
    assert!(bench.relay.deliver().await > 0);
    let made = creations.make(Wanted::Replacing(old, new), None).await;
    assert!(matches!(made, Ok(Made::Lost { .. })), "{made:?}");
    assert_eq!(bench.tokens().await, 1);
}

#[tokio::test]
async fn another_request_has_a_key_of_its_own() {
    let (bench, creations) = bench().await;
    delayed(&bench, &creations, wanted("poller")).await;
    assert!(matches!(creations.make(wanted("other"), None).await, Ok(Made::Fresh { .. })));
    assert!(bench.relay.deliver().await > 0);
    assert_eq!(bench.tokens().await, 2);
    assert_eq!(creations.find_out().await.unwrap().unwrap().name.as_deref(), Some("poller"));
}

#[tokio::test]
async fn what_cannot_be_sent_again_stays_unknown_and_keeps_its_key() {
    let (bench, creations) = bench().await;
    delayed(&bench, &creations, wanted("poller")).await;
    bench.relay.set("POST", Way::Lost);
    bench.relay.set("GET", Way::Lost);
    assert_unknown(creations.make(wanted("poller"), None).await);
    bench.relay.set("GET", Way::Through);
    assert!(bench.relay.deliver().await > 0);
    assert!(creations.find_out().await.unwrap().is_some());
}

#[tokio::test]
async fn a_session_that_is_over_is_renewed_and_the_token_made() {
    let (bench, creations) = bench().await;
    drop(bench.server.open_session().await.unwrap());
    assert!(matches!(creations.make(wanted("poller"), None).await, Ok(Made::Fresh { .. })));
    assert_eq!(bench.tokens().await, 1);
}

/// A creation that the person stops while the server has it.
async fn stopped(bench: &Bench, creations: &Arc<Creations<Bench>>) -> JoinHandle<Result<Made, Failure>> {
    bench.relay.set("POST", Way::Held);
    let maker = Arc::clone(creations);
    let making = tokio::spawn(async move { maker.make(wanted("poller"), None).await });
    bench.relay.until_came("POST").await;
    creations.stop();
    making
}

#[tokio::test]
async fn a_stopped_creation_is_over_when_what_it_made_is_deleted() {
    let (bench, creations) = bench().await;
    bench.relay.set("DELETE", Way::Held);
    let making = stopped(&bench, &creations).await;
    bench.relay.set("POST", Way::Through);
    bench.relay.until_came("DELETE").await;
    assert!(!making.is_finished(), "the token is still there");
    bench.relay.set("DELETE", Way::Through);
    assert_eq!(making.await.unwrap().unwrap_err().what, FailureKind::Cancelled);
    assert_eq!(bench.tokens().await, 0);
}

#[tokio::test]
async fn a_stopped_creation_that_was_refused_made_nothing() {
    let (bench, creations) = bench().await;
    let held = Some(vec!["alerts:read".into()]);
    bench.server.set_held(held).await.unwrap();
    let making = stopped(&bench, &creations).await;
    bench.relay.set("POST", Way::Through);
    assert_eq!(making.await.unwrap().unwrap_err().what, FailureKind::Cancelled);
    assert_eq!(creations.find_out().await.unwrap(), None);
}

#[tokio::test]
async fn a_stopped_creation_that_cannot_be_deleted_is_offered() {
    let (bench, creations) = bench().await;
    bench.relay.set("DELETE", Way::Bad);
    let making = stopped(&bench, &creations).await;
    bench.relay.set("POST", Way::Through);
    let made = making.await.unwrap();
    assert!(matches!(made, Ok(Made::Lost { .. })), "{made:?}");
    assert_eq!(bench.tokens().await, 1);
}

#[tokio::test]
async fn a_stopped_creation_of_which_nothing_is_heard_is_unknown_and_can_be_found_out() {
    let bench = Bench::start().await;
    let creations = Arc::new(Creations::new(Arc::clone(&bench), bench.journal(), Duration::from_millis(100)));
    let making = stopped(&bench, &creations).await;
    assert_unknown(making.await.unwrap());
    assert_eq!(creations.find_out().await.unwrap(), None);
    bench.relay.set("POST", Way::Through);
    let found = async {
        loop {
            if let Some(token) = creations.find_out().await.unwrap() {
                return token;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.expect("the request arrived all the same");
}
