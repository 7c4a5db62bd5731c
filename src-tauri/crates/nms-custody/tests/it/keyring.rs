//! The session in a real keyring on a bus of its own.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use nms_api::Secret;
use nms_custody::keyring::{Kept, LIMIT, Late, Reason, ServerKey, SessionKeyring};
use rustix::process::Signal;

use crate::desktop::bus::{Keyring, any_file_holds, lookup, silent_prompter, with_bus};
use crate::desktop::{PATIENCE, inside};

const SESSION: &str = "nms_session_0123456789abcdefghijklmnopqrstuvwxyz";

fn server() -> ServerKey {
    ServerKey::new("http://127.0.0.1:7467")
}

fn session() -> Secret {
    Secret::new(SESSION.into())
}

/// Patient enough for a first connection in an unoptimised build.
fn keyring() -> SessionKeyring {
    SessionKeyring::new(PATIENCE, |_, _| panic!("nothing is late here"))
}

/// What a test compares: a secret cannot be.
fn told(kept: &Kept) -> Result<Option<&str>, Reason> {
    match kept {
        Kept::Found(secret) => Ok(Some(secret.expose())),
        Kept::Empty => Ok(None),
        Kept::Unavailable(reason) => Err(*reason),
    }
}

#[test]
fn a_session_is_found_by_the_next_start_and_by_other_programs_until_it_is_forgotten() {
    inside(with_bus, async || {
        let _service = Keyring::start_unlocked();
        assert_eq!(told(&keyring().load(&server()).await), Ok(None));
        keyring().store(&server(), &session()).await.unwrap();
        assert_eq!(told(&keyring().load(&server()).await), Ok(Some(SESSION)));
        assert_eq!(lookup(server().as_str()).as_deref(), Some(SESSION));
        keyring().forget(&server()).await.unwrap();
        keyring().forget(&server()).await.unwrap();
        assert_eq!(told(&keyring().load(&server()).await), Ok(None));
        assert_eq!(lookup(server().as_str()), None);
    });
}

#[test]
fn sessions_of_many_servers_stand_side_by_side_and_are_replaced_one_by_one() {
    inside(with_bus, async || {
        let _service = Keyring::start_unlocked();
        let keyring = keyring();
        let servers = ["http://127.0.0.1:1", "http://127.0.0.1:12", "https://nms.example.org"].map(ServerKey::new);
        for server in &servers {
            keyring.store(server, &Secret::new(format!("session on {}", server.as_str()))).await.unwrap();
        }
        keyring.store(&servers[0], &Secret::new("another".into())).await.unwrap();
        keyring.forget(&servers[1]).await.unwrap();
        assert_eq!(told(&keyring.load(&servers[0]).await), Ok(Some("another")));
        assert_eq!(told(&keyring.load(&servers[1]).await), Ok(None));
        assert_eq!(told(&keyring.load(&servers[2]).await), Ok(Some("session on https://nms.example.org")));
    });
}

#[test]
fn the_value_stands_in_no_file_in_clear() {
    inside(with_bus, async || {
        let _service = Keyring::start_unlocked();
        keyring().store(&server(), &session()).await.unwrap();
        let home = std::env::var("HOME").unwrap();
        assert!(any_file_holds(home.as_ref(), b"GnomeKeyring"), "the search sees the keyring's own file");
        assert!(!any_file_holds(home.as_ref(), SESSION.as_bytes()));
    });
}

#[test]
fn without_a_service_it_says_so_quickly_and_works_as_soon_as_there_is_one() {
    inside(with_bus, async || {
        let keyring = keyring();
        let begun = Instant::now();
        assert_eq!(told(&keyring.load(&server()).await), Err(Reason::NoService));
        assert_eq!(keyring.store(&server(), &session()).await, Err(Reason::NoService));
        assert_eq!(keyring.forget(&server()).await, Err(Reason::NoService));
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        let service = Keyring::start_unlocked();
        keyring.store(&server(), &session()).await.unwrap();
        assert_eq!(told(&keyring.load(&server()).await), Ok(Some(SESSION)));
        // Gone again while in use, and back.
        service.stop();
        assert_eq!(told(&keyring.load(&server()).await), Err(Reason::NoService));
        let _service = Keyring::start_unlocked();
        assert_eq!(told(&keyring.load(&server()).await), Ok(Some(SESSION)));
    });
}

#[test]
fn without_a_bus_it_says_so_quickly() {
    inside(
        || ((), vec![("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus".into())]),
        async || {
            let begun = Instant::now();
            assert_eq!(told(&keyring().load(&server()).await), Err(Reason::NoService));
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        },
    );
}

#[test]
fn a_locked_keyring_is_an_answer_and_never_a_hang() {
    inside(with_bus, async || {
        let first = Keyring::start_unlocked();
        keyring().store(&server(), &session()).await.unwrap();
        first.stop();
        let locked = Keyring::start_locked();
        // Nobody can answer a prompt here: the service says that it was dismissed, or never answers.
        let keyring = SessionKeyring::new(LIMIT, |_, _| {});
        for _ in 0..3 {
            let begun = Instant::now();
            let loaded = keyring.load(&server()).await;
            assert!(matches!(told(&loaded), Err(Reason::Locked | Reason::TimedOut)), "{:?}", told(&loaded));
            let stored = keyring.store(&server(), &Secret::new("another".into())).await;
            assert!(matches!(stored, Err(Reason::Locked | Reason::TimedOut)), "{stored:?}");
            assert!(begun.elapsed() < LIMIT * 2 + Duration::from_secs(2), "{:?}", begun.elapsed());
        }
        locked.stop();
        let _unlocked = Keyring::start_unlocked();
        let keyring = self::keyring();
        assert_eq!(told(&keyring.load(&server()).await), Ok(Some(SESSION)));
    });
}

#[test]
fn without_a_default_collection_it_says_so() {
    inside(with_bus, async || {
        let _service = Keyring::start_locked();
        assert_eq!(told(&keyring().load(&server()).await), Ok(None), "nothing is there, and nothing is locked");
        assert_eq!(keyring().store(&server(), &session()).await, Err(Reason::NoDefaultCollection));
    });
}

#[test]
fn a_service_that_hangs_is_waited_for_no_longer_than_the_limit_and_its_late_answer_still_comes() {
    inside(with_bus, async || {
        let service = Keyring::start_unlocked();
        keyring().store(&server(), &session()).await.unwrap();
        let (tell, late) = mpsc::channel();
        let keyring = SessionKeyring::new(Duration::from_millis(500), move |server, answer| {
            drop(tell.send((server.clone(), answer)));
        });
        service.running().signal(Signal::STOP);
        let begun = Instant::now();
        assert_eq!(told(&keyring.load(&server()).await), Err(Reason::TimedOut));
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        service.running().signal(Signal::CONT);
        let (whose, answer) = late.recv_timeout(PATIENCE).unwrap();
        assert_eq!(whose, server());
        assert!(matches!(&answer, Late::Loaded(kept) if told(kept) == Ok(Some(SESSION))));
    });
}

#[test]
fn trying_again_does_not_queue_behind_a_call_that_hangs() {
    inside(with_bus, async || {
        let service = Keyring::start_unlocked();
        let keyring = SessionKeyring::new(Duration::from_millis(500), |_, _| {});
        keyring.store(&server(), &session()).await.unwrap();
        service.running().signal(Signal::STOP);
        let begun = Instant::now();
        for _ in 0..10 {
            assert_eq!(told(&keyring.load(&server()).await), Err(Reason::TimedOut));
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(keyring.under_way() <= 4, "calls that hang are bounded");
        service.running().signal(Signal::CONT);
        crate::desktop::until("the hung calls ended", || keyring.under_way() == 0);
        let patient = self::keyring();
        assert_eq!(told(&patient.load(&server()).await), Ok(Some(SESSION)));
    });
}

#[test]
fn a_prompt_that_nobody_answers_is_in_nobodys_way() {
    inside(with_bus, async || {
        let first = Keyring::start_unlocked();
        keyring().store(&server(), &session()).await.unwrap();
        first.stop();
        let _prompter = silent_prompter();
        let _locked = Keyring::start_locked();
        let keyring = SessionKeyring::new(LIMIT, |_, _| {});
        assert_eq!(told(&keyring.load(&server()).await), Err(Reason::TimedOut));
        assert_eq!(keyring.store(&server(), &session()).await, Err(Reason::TimedOut));
        assert_eq!(keyring.under_way(), 2, "both still wait for a person");
        // One that needs no prompt is answered at once.
        let begun = Instant::now();
        assert_eq!(told(&keyring.load(&ServerKey::new("http://127.0.0.1:1")).await), Ok(None));
        assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
    });
}

#[test]
fn a_store_that_comes_late_does_not_undo_signing_out() {
    inside(with_bus, async || {
        let service = Keyring::start_unlocked();
        let (tell, late) = mpsc::channel();
        let keyring = SessionKeyring::new(Duration::from_millis(500), move |_, answer| drop(tell.send(answer)));
        service.running().signal(Signal::STOP);
        assert_eq!(keyring.store(&server(), &session()).await, Err(Reason::TimedOut));
        // As many more as may hang, so that signing out cannot even begin: only the wish is known.
        for _ in 0..3 {
            assert_eq!(told(&keyring.load(&ServerKey::new("another")).await), Err(Reason::TimedOut));
        }
        let begun = Instant::now();
        assert_eq!(keyring.forget(&server()).await, Err(Reason::TimedOut));
        assert!(begun.elapsed() < Duration::from_millis(400), "{:?}", begun.elapsed());
        service.running().signal(Signal::CONT);
        for _ in 0..4 {
            if let Late::Stored(stored) = late.recv_timeout(PATIENCE).unwrap() {
                assert_eq!(stored, Err(Reason::Other), "it was undone");
            }
        }
        assert_eq!(lookup(server().as_str()), None);
    });
}
