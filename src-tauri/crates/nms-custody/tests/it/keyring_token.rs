//! A one-time secret in a real keyring: found by other programs as what it is, and kept when the keyring fails.

use std::process::Command;
use std::time::Duration;

use nms_api::Secret;
use nms_custody::keyring::{Reason, TokenEntry};
use nms_custody::{Custody, Error, Handle, HeldView, Settings, TestClock, VaultState};
use rustix::process::Signal;

use crate::desktop::bus::{Keyring, any_file_holds, silent_prompter, with_bus};
use crate::desktop::{inside, output, until};

const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";
const ID: &str = "0192f0aa-1111-7000-8000-000000000001";

fn entry() -> TokenEntry {
    TokenEntry {
        server: "built-in /data".to_owned(), token_id: ID.to_owned(), name: Some("poller „03“".to_owned())
    }
}

fn holding() -> (Custody, Handle) {
    holding_with(Settings::default())
}

/// With a limit that a test can wait for.
fn impatient() -> (Custody, Handle) {
    holding_with(Settings { keyring_limit: Duration::from_secs(2), ..Settings::default() })
}

fn holding_with(settings: Settings) -> (Custody, Handle) {
    let custody = Custody::open(settings, TestClock::new().clock(), |_| {});
    let handle = custody.keep(Secret::new(VALUE.into())).unwrap();
    (custody, handle)
}

fn held(custody: &Custody) -> HeldView {
    let VaultState::Holding(held) = custody.view().vault else { panic!("{:?}", custody.view()) };
    held
}

/// What another program finds by these attributes.
fn lookup(attributes: &[&str]) -> Option<String> {
    let (value, success) = output(Command::new("secret-tool").arg("lookup").args(attributes));
    success.then(|| String::from_utf8(value).unwrap())
}

#[track_caller]
fn assert_kept(custody: &Custody, result: &Result<(), Error>, reasons: &[Reason]) {
    let Err(Error::KeyringFailed(reason)) = result else { panic!("{result:?}") };
    assert!(reasons.contains(reason), "{reason:?}");
    assert!(!held(custody).saved.is_anywhere());
}

#[test]
fn a_saved_token_is_found_by_other_programs_by_its_id_or_its_name_until_it_is_forgotten() {
    inside(with_bus, async || {
        let _service = Keyring::start_unlocked();
        let (custody, handle) = holding();
        custody.save_to_keyring(handle, entry()).await.unwrap();
        assert!(held(&custody).saved.in_keyring, "and held still");
        let schema = ["xdg:schema", "org.palpabl.nms.Token"];
        for by in [["token_id", ID], ["name", "poller „03“"], ["server", "built-in /data"]] {
            assert_eq!(lookup(&[schema, by].concat()).as_deref(), Some(VALUE), "{by:?}");
        }
        // Attributes and labels are not encrypted.
        let (described, _) = output(Command::new("secret-tool").args(["search", "--all", "token_id", ID]));
        let described = String::from_utf8(described).unwrap().replace(&format!("secret = {VALUE}"), "");
        assert!(described.contains("label = NMS API token: poller „03“"), "{described}");
        assert!(!described.contains(&VALUE[17..25]), "{described}");
        let home = std::env::var("HOME").unwrap();
        assert!(!any_file_holds(home.as_ref(), VALUE.as_bytes()), "in no file in clear");

        // Once more replaces it; another token's stands beside it.
        custody.save_to_keyring(handle, entry()).await.unwrap();
        custody.save_to_keyring(handle, TokenEntry { token_id: "another".to_owned(), ..entry() }).await.unwrap();
        for _ in 0..2 {
            custody.remove_from_keyring(entry()).await.unwrap();
        }
        assert_eq!(lookup(&["token_id", ID]), None);
        assert_eq!(lookup(&["token_id", "another"]).as_deref(), Some(VALUE));
    });
}

#[test]
fn without_a_service_or_a_collection_the_secret_stays_and_the_next_try_works() {
    inside(with_bus, async || {
        let (custody, handle) = holding();
        let result = custody.save_to_keyring(handle, entry()).await;
        assert_kept(&custody, &result, &[Reason::NoService]);
        let service = Keyring::start_locked();
        let result = custody.save_to_keyring(handle, entry()).await;
        assert_kept(&custody, &result, &[Reason::NoDefaultCollection]);
        service.stop();
        let _service = Keyring::start_unlocked();
        custody.save_to_keyring(handle, entry()).await.unwrap();
        assert_eq!(lookup(&["token_id", ID]).as_deref(), Some(VALUE));
    });
}

#[test]
fn a_locked_keyring_that_nobody_unlocks_keeps_the_secret_here() {
    inside(with_bus, async || {
        Keyring::start_unlocked().stop();
        let service = Keyring::start_locked();
        let (custody, handle) = holding();
        // Nobody can answer its prompt: it says that it was dismissed.
        let result = custody.save_to_keyring(handle, entry()).await;
        assert_kept(&custody, &result, &[Reason::Locked, Reason::NoDefaultCollection]);
        service.stop();
        let _service = Keyring::start_unlocked();
        assert_eq!(lookup(&["token_id", ID]), None, "nothing of it came there");
    });
}

#[test]
fn a_keyring_that_hangs_is_waited_for_to_its_limit_and_what_comes_late_is_seen_or_undone() {
    inside(with_bus, async || {
        let service = Keyring::start_unlocked();
        for is_closed in [false, true] {
            let (custody, handle) = impatient();
            service.running().signal(Signal::STOP);
            let result = custody.save_to_keyring(handle, entry()).await;
            assert_kept(&custody, &result, &[Reason::TimedOut]);
            if is_closed {
                custody.close(handle);
                service.running().signal(Signal::CONT);
                until("the call has ended", || custody.keyring_calls() == 0);
                assert_eq!(lookup(&["token_id", ID]), None, "nobody wants it any more");
            } else {
                service.running().signal(Signal::CONT);
                until("it is seen", || held(&custody).saved.in_keyring);
                assert_eq!(lookup(&["token_id", ID]).as_deref(), Some(VALUE));
                custody.remove_from_keyring(entry()).await.unwrap();
            }
        }
    });
}

#[test]
fn a_prompt_that_nobody_answers_is_in_nobodys_way() {
    inside(with_bus, async || {
        Keyring::start_unlocked().stop();
        let _prompter = silent_prompter();
        let _locked = Keyring::start_locked();
        let (custody, handle) = impatient();
        let begun = std::time::Instant::now();
        let saving = custody.clone();
        let saving = tokio::spawn(async move { saving.save_to_keyring(handle, entry()).await });
        // Meanwhile the secret can go another way.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        custody.save_to_file(handle, &path, nms_custody::Overwrite::Refuse).await.unwrap();
        assert!(!saving.is_finished(), "it waits for a person");
        let result = saving.await.unwrap();
        assert!(matches!(result, Err(Error::KeyringFailed(Reason::TimedOut))), "{result:?}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert_eq!(held(&custody).saved.file.as_deref(), Some(path.as_path()));
    });
}
