//! What time could tell: nothing.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::DateTime;
use nms_api::token_format::{LOOKUP_ID_LEN, PREFIX, SECRET_LEN, compose};
use nms_api::{Actor, EventKind, Secret};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use uuid::Uuid;

use super::*;
use crate::auth::NewCredential;
use crate::clock::Clock;
use crate::rounds::{rounds, tell};
use crate::store::{Created, NewRow, Scope, TokenRow};
use crate::use_ledger::bare_event;
use crate::workshop::Workshop;

/// The means of the kinds may differ by less.
const BOUND: Duration = Duration::from_micros(5);

/// A store with two tokens, and credentials that nobody may tell from each other.
struct Scene {
    workshop: Workshop,
    ledger: UseLedger,
    now: DateTime<Utc>,
    live: Secret,
    expired: Secret,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workshop = Workshop::open(folder.path(), "Ada", Clock::system()).await.unwrap();
        let now = workshop.owner.clock.now();
        let live = add(&workshop, now + TimeDelta::days(1)).await;
        let expired = add(&workshop, now - TimeDelta::days(1)).await;
        Self { workshop, ledger: UseLedger::default(), now, live, expired, _folder: folder }
    }

    async fn verify(&self, credential: &str) -> Verdict {
        let from = IpAddr::from([127, 0, 0, 1]);
        verify(&self.workshop.owner.store, &self.ledger, credential, from, self.now).await.unwrap()
    }

    /// Four ways to be wrong, each drawn anew: `draw` makes the secret parts.
    fn wrong(&self, draw: usize) -> [(&'static str, String); 4] {
        let secret = format!("{draw:0>width$}", width = SECRET_LEN);
        let under = |lookup_id: &str| compose(lookup_id, &secret).unwrap().expose().to_owned();
        let of = |token: &Secret| under(&token.expose()[PREFIX.len()..][..LOOKUP_ID_LEN]);
        let mut mistyped = of(&self.live);
        let last = if mistyped.ends_with('0') { '1' } else { '0' };
        mistyped.replace_range(mistyped.len() - 1.., &last.to_string());
        [
            ("unknown id", under(&format!("{draw:0>width$}", width = LOOKUP_ID_LEN))),
            ("bad checksum", mistyped),
            ("wrong secret of a live token", of(&self.live)),
            ("wrong secret of an expired token", of(&self.expired)),
        ]
    }
}

/// Stores a token as a service would have it: with a name, addresses, use.
async fn add(workshop: &Workshop, expires_at: DateTime<Utc>) -> Secret {
    let (owner, now) = (&workshop.owner, workshop.owner.clock.now());
    let credential = NewCredential::token(&owner.random).unwrap();
    let id = TokenId(owner.random.id(now).unwrap());
    let row = TokenRow {
        id,
        owner: owner.owner,
        lookup_id: credential.lookup_id.clone(),
        suffix: credential.suffix.clone(),
        name: Some("poller".to_owned()),
        description: Some("of the core switches".to_owned()),
        permissions: vec!["devices:read".into(), "sites:read".into()],
        allowed_addresses: vec!["127.0.0.0/8".parse().unwrap()],
        created_at: now,
        updated_at: now,
        expires_at,
        paused: false,
        version: 1,
        use_count: 0,
        last_used_at: None,
        last_used_from: None,
        used_permissions: Default::default(),
        replaces: None,
        replaced_by: None,
        ends_at: None,
        deleted_at: None,
        reported_at: None,
    };
    let new = NewRow { row, sha256: credential.secret.sha256() };
    let scope = Scope { owner: owner.owner, method: "POST", path: "/".to_owned(), key: Uuid::now_v7() };
    let event = bare_event(owner.random.id(now).unwrap(), id, now, EventKind::Created, Actor::Server);
    let created = owner.store.create_token(&new, &scope, &[0; 32], &event).await.unwrap();
    assert_eq!(created, Created::Stored);
    credential.secret
}

/// What this crate logs at its most talkative while it lives, on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The lines since the last time.
    fn taken(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

#[tokio::test]
async fn whatever_is_wrong_takes_the_same_path() {
    let scene = Scene::new().await;
    let log = Log::default();
    let kept = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("nms_server=trace")
        .with_writer(move || kept.clone())
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let path =
        ["TRACE a credential is hashed\n", "TRACE a token is looked up\n", "TRACE a hash is compared\n"].concat();
    for (kind, credential) in scene.wrong(7) {
        assert!(matches!(scene.verify(&credential).await, Verdict::Refused(Refused::Unknown)), "{kind}");
        assert_eq!(log.taken(), path, "{kind}");
        let lookup_id = ParsedToken::parse(&credential).map_or(NONE, |parsed| parsed.lookup_id());
        let found = scene.workshop.owner.store.verifiable(lookup_id, &hash_of(&credential)).await.unwrap();
        assert!(found.is_none(), "{kind}: a row was read");
        log.taken();
    }
    assert!(matches!(scene.verify(scene.live.expose()).await, Verdict::Accepted(_)));
    assert_eq!(log.taken(), path, "a good one too");
    let expired = scene.verify(scene.expired.expose()).await;
    assert!(matches!(expired, Verdict::Refused(Refused::Token(_, Slug::TokenExpired))), "{expired:?}");
}

/// Keeps this thread, and those that it starts, on one processor: moving between two would cost some kinds more by chance.
fn stay_on_one_processor() {
    let allowed = sched_getaffinity(None).unwrap();
    let one = (0..CpuSet::MAX_CPU).rev().find(|processor| allowed.is_set(*processor)).unwrap();
    let mut only = CpuSet::new();
    only.set(one);
    sched_setaffinity(None, &only).unwrap();
}

/// Measures in any form of it, asserts in the long one only: few measurements on a busy computer prove nothing. All of them
/// count, the interrupted ones too.
#[tokio::test]
async fn whatever_is_wrong_takes_as_long() {
    const WARM_UP: usize = 100;
    stay_on_one_processor();
    let scene = Scene::new().await;
    let count = rounds(50, 100_000);
    let mut times = [Duration::ZERO; 4];
    for draw in 0..WARM_UP + count {
        // In an order as by chance: nothing that comes at regular times hits one kind more than another.
        let mut kinds: Vec<_> = scene.wrong(draw).into_iter().enumerate().collect();
        kinds.sort_by_cached_key(|(kind, _)| hash_of(&format!("{draw} {kind}")));
        for (kind, (_, credential)) in kinds {
            let begun = Instant::now();
            let verdict = scene.verify(&credential).await;
            let took = begun.elapsed();
            assert!(matches!(verdict, Verdict::Refused(Refused::Unknown)));
            if draw >= WARM_UP {
                times[kind] += took;
            }
        }
    }
    let means = times.map(|sum| sum / u32::try_from(count).unwrap());
    let apart = *means.iter().max().unwrap() - *means.iter().min().unwrap();
    tell(&format!("means of {count} wrong credentials of each kind: {means:?}, {apart:?} apart"));
    assert!(count < 10_000 || apart < BOUND, "{means:?} are {apart:?} apart");
}
