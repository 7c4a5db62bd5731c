//! A one-time secret in the system's keyring: an item of its own for each token, which other programs find by the token
//! that it is of (`secret-tool lookup xdg:schema org.palpabl.nms.Token token_id ID`).
//!
//! Not here: the vault, which goes on holding the secret.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nms_api::Secret;
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error, SearchItemsResult};
use zeroize::Zeroizing;

use super::{Reason, calls, reason};

/// Names our items among everybody's.
const SCHEMA: &str = "org.palpabl.nms.Token";

/// By what a token's item is found, and what a person reads of it. None of it is encrypted: never a value in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenEntry {
    /// A name for the server that is good over restarts.
    pub server: String,
    /// The token's id.
    pub token_id: String,
    /// What the person called it.
    pub name: Option<String>,
}

impl TokenEntry {
    /// What tells it from every other.
    fn key(&self) -> HashMap<&str, &str> {
        HashMap::from([("xdg:schema", SCHEMA), ("server", &*self.server), ("token_id", &*self.token_id)])
    }

    fn attributes(&self) -> HashMap<&str, &str> {
        let mut attributes = self.key();
        attributes.extend(self.name.as_deref().map(|name| ("name", name)));
        attributes
    }

    fn label(&self) -> String {
        format!("NMS API token: {}", self.name.as_deref().unwrap_or(&self.token_id))
    }
}

/// The items of tokens in the keyring. Cheap to clone. Each call has a thread and a connection of its own.
#[derive(Clone, Default)]
pub(crate) struct TokenKeyring {
    under_way: Arc<AtomicUsize>,
}

impl TokenKeyring {
    /// Stores a secret in the place of an older one of the same token, and reads it back. `still_wanted` is asked when
    /// that took long: what nobody wants any more is taken out again. `too_late` gets an answer that comes after the
    /// limit. Performs I/O.
    pub(crate) async fn store(
        &self,
        limit: Duration,
        secret: Secret,
        entry: TokenEntry,
        still_wanted: impl Fn() -> bool + Send + 'static,
        too_late: impl FnOnce(Result<(), Reason>) + Send + 'static,
    ) -> Result<(), Reason> {
        let work = move || store(&secret, &entry, still_wanted);
        calls::within(limit, &self.under_way, work, too_late).await?
    }

    /// How many calls hang at the moment.
    pub(crate) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Removes a token's item. None there is success too. Performs I/O.
    ///
    /// # Errors
    /// The [`Reason`]; the item may then still be there.
    pub(crate) async fn forget(&self, limit: Duration, entry: TokenEntry) -> Result<(), Reason> {
        calls::within(limit, &self.under_way, move || forget(&entry), |_| ()).await?
    }
}

fn store(secret: &Secret, entry: &TokenEntry, still_wanted: impl Fn() -> bool) -> Result<(), Reason> {
    let stored = with_service(|service| {
        let collection = service.get_default_collection()?;
        if collection.is_locked()? {
            // Asks the person, and waits for them.
            collection.unlock()?;
        }
        if !still_wanted() {
            return Ok(false);
        }
        let value = secret.expose().as_bytes();
        let item = collection.create_item(&entry.label(), entry.attributes(), value, true, "text/plain")?;
        if !still_wanted() {
            item.delete()?;
            return Ok(false);
        }
        // As another program finds it.
        let found = service.search_items(entry.key())?;
        let [item] = found.unlocked.as_slice() else { return Ok(false) };
        Ok(secret.matches(&Zeroizing::new(item.get_secret()?)))
    });
    match stored {
        Ok(true) => Ok(()),
        Ok(false) => Err(Reason::Other),
        Err(reason) => Err(reason),
    }
}

fn forget(entry: &TokenEntry) -> Result<(), Reason> {
    with_service(|service| {
        let SearchItemsResult { unlocked, locked } = service.search_items(entry.key())?;
        if !locked.is_empty() {
            service.unlock_all(&locked.iter().collect::<Vec<_>>())?;
        }
        unlocked.iter().chain(&locked).try_for_each(Item::delete)
    })
}

/// Does something with the keyring on a connection of its own: one that went bad serves nobody else.
fn with_service<T>(act: impl FnOnce(&SecretService<'_>) -> Result<T, Error>) -> Result<T, Reason> {
    let service = SecretService::connect(EncryptionType::Dh).map_err(|error| reason::of_service(&error))?;
    act(&service).map_err(|error| reason::of_service(&error))
}
