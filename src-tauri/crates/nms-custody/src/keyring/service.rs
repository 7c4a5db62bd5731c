//! The talk with the keyring itself. Blocks, possibly for ever: only for the threads of [`super::calls`].

use std::collections::HashMap;
use std::sync::Arc;

use keyring::Error;
use keyring_core::{CredentialStore, set_default_store, unset_default_store};
use nms_api::Secret;
use zbus_secret_service_keyring_store::Store;
use zeroize::{Zeroize, Zeroizing};

use super::{Kept, Reason, ServerKey, reason};

/// Names our items among everybody's. Found with `secret-tool lookup service org.palpabl.nms.session username SERVER`.
const SERVICE: &str = "org.palpabl.nms.session";

/// What a call of keyring may end in.
type Answer<T> = Result<T, Error>;

pub(super) fn load(server: &ServerKey) -> Kept {
    match with_entry(server, read) {
        Ok(value) => text(value).map_or(Kept::Empty, Kept::Found),
        Err(Error::NoEntry) => Kept::Empty,
        Err(error) => Kept::Unavailable(reason::of(&error)),
    }
}

/// Stores and reads back. A store that was held up until something else was wished is undone.
pub(super) fn store(server: &ServerKey, secret: &Secret, still_wished: impl Fn() -> bool) -> Result<(), Reason> {
    let kept = with_entry(server, |entry| {
        match entry.set_secret(secret.expose().as_bytes()) {
            Err(Error::Ambiguous(_)) => {
                delete(entry)?;
                entry.set_secret(secret.expose().as_bytes())?;
            }
            other => other?,
        }
        if !still_wished() {
            delete(entry)?;
            return Ok(false);
        }
        Ok(secret.matches(&read(entry)?))
    });
    match kept {
        Ok(true) => Ok(()),
        Ok(false) => Err(Reason::Other),
        Err(error) => Err(reason::of(&error)),
    }
}

pub(super) fn forget(server: &ServerKey) -> Result<(), Reason> {
    with_entry(server, delete).map_err(|error| reason::of(&error))
}

fn read(entry: &keyring::Entry) -> Answer<Zeroizing<Vec<u8>>> {
    match entry.get_secret() {
        // The same item in several collections: the first is as good as any.
        Err(Error::Ambiguous(entries)) => entries.first().ok_or(Error::NoEntry)?.get_secret(),
        other => other,
    }
    .map(Zeroizing::new)
}

fn delete(entry: &keyring::Entry) -> Answer<()> {
    match entry.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        Err(Error::Ambiguous(entries)) => entries.iter().try_for_each(keyring_core::Entry::delete_credential),
        other => other,
    }
}

/// The value as a credential. What cannot be one was not put there by us.
fn text(mut value: Zeroizing<Vec<u8>>) -> Option<Secret> {
    if value.is_empty() || value.len() > Secret::MAX_BYTES {
        return None;
    }
    match String::from_utf8(std::mem::take(&mut *value)) {
        Ok(text) => Some(Secret::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

/// Does something with a server's entry, on the connection that served last or, if that has gone bad, on a new one.
///
/// keyring opens its store once, at the first entry, and if there is no keyring at that moment every later entry fails
/// for the life of the process; and a store whose call hangs at a prompt holds a lock that every later call would wait
/// for. So the store is made here, as keyring makes it, set as keyring-core's default only while it is known to work,
/// and taken from there by one call at a time: a call that hangs keeps it, and the next one makes another.
fn with_entry<T>(server: &ServerKey, act: impl Fn(&keyring::Entry) -> Answer<T>) -> Answer<T> {
    if let Some(store) = unset_default_store() {
        match act_on(&store, server, &act) {
            Err(error) if has_gone_bad(&error) => {}
            answer => {
                set_default_store(store);
                return answer;
            }
        }
    }
    let store: Arc<CredentialStore> = Store::new()?;
    let answer = act_on(&store, server, &act);
    if !answer.as_ref().is_err_and(has_gone_bad) {
        set_default_store(store);
    }
    answer
}

fn act_on<T>(
    store: &Arc<CredentialStore>,
    server: &ServerKey,
    act: impl Fn(&keyring::Entry) -> Answer<T>,
) -> Answer<T> {
    // What a person reads in a keyring's own window.
    let label = format!("Palpabl NMS settings: session on {}", server.as_str());
    let inner = store.build(SERVICE, server.as_str(), Some(&HashMap::from([("label", label.as_str())])))?;
    act(&keyring::Entry { inner })
}

/// Whether the fault may lie in the connection, so that another one is worth a try.
fn has_gone_bad(error: &Error) -> bool {
    match error {
        Error::NoEntry | Error::Ambiguous(_) => false,
        error => match reason::of(error) {
            Reason::NoService | Reason::TimedOut | Reason::Other => true,
            Reason::Locked | Reason::NoDefaultCollection => false,
        },
    }
}
