//! A person's session over restarts, and one-time secrets that a person saves ([`TokenEntry`]), in the system's keyring
//! (on Linux: the Secret Service).
//!
//! A keyring may be absent, locked, or waiting for a person at a prompt. All of these are answers, not failures of the
//! app: it goes on with the session in memory. No call holds anybody up beyond its limit, and one that hangs is in
//! nobody's way: each has a thread and, if need be, a connection of its own.
//!
//! Not here: who signs in, and what the session is for.

mod calls;
mod reason;
mod service;
mod token;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nms_api::Secret;

pub use reason::Reason;
pub use token::TokenEntry;
pub(crate) use token::TokenKeyring;

/// How long a call may take at the start of the app before the app goes on without it.
pub const LIMIT: Duration = Duration::from_secs(2);

/// Which server a session belongs to: its origin, or another text that names it for good. Not a secret, since
/// keyrings do not encrypt what they find items by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServerKey(String);

impl ServerKey {
    /// Takes the name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What the keyring says about a session.
pub enum Kept {
    /// There is one.
    Found(Secret),
    /// There is none.
    Empty,
    /// Cannot tell. Neither signed in nor signed out follows from this.
    Unavailable(Reason),
}

/// An answer that came after its limit, for instance because a person took their time at a prompt.
pub enum Late {
    /// Of a [`SessionKeyring::load`].
    Loaded(Kept),
    /// Of a [`SessionKeyring::store`].
    Stored(Result<(), Reason>),
    /// Of a [`SessionKeyring::forget`].
    Forgotten(Result<(), Reason>),
}

/// Sessions in the keyring, those of many servers side by side. Cheap to clone. Every call makes a fresh start, so
/// that trying again works without a restart of the app.
#[derive(Clone)]
pub struct SessionKeyring {
    inner: Arc<Inner>,
}

type OnLate = Box<dyn Fn(&ServerKey, Late) + Send + Sync>;

struct Inner {
    limit: Duration,
    on_late: OnLate,
    /// Counts what was asked for each server, so that a store that comes late does not undo a later wish.
    wishes: Mutex<HashMap<ServerKey, u64>>,
    under_way: Arc<AtomicUsize>,
}

impl SessionKeyring {
    /// Reaches for nothing yet. `limit` bounds each call (the app's own is [`LIMIT`]); `on_late` gets the answers that
    /// come after it, on the thread of their call.
    pub fn new(limit: Duration, on_late: impl Fn(&ServerKey, Late) + Send + Sync + 'static) -> Self {
        let on_late = Box::new(on_late);
        let under_way = Arc::new(AtomicUsize::new(0));
        Self { inner: Arc::new(Inner { limit, on_late, wishes: Mutex::default(), under_way }) }
    }

    /// The session kept for this server. May make the keyring ask the person to unlock it. Performs I/O.
    pub async fn load(&self, server: &ServerKey) -> Kept {
        let key = server.clone();
        let loaded = self.call(server, move || service::load(&key), Late::Loaded).await;
        loaded.unwrap_or_else(Kept::Unavailable)
    }

    /// Keeps a session for this server, in the place of an older one. It counts as kept once it was read back.
    /// Performs I/O.
    ///
    /// # Errors
    /// The [`Reason`]; the session is then not kept, or, after [`Reason::TimedOut`], not yet.
    pub async fn store(&self, server: &ServerKey, secret: &Secret) -> Result<(), Reason> {
        let wish = self.wish(server);
        let (keyring, key, secret) = (self.clone(), server.clone(), Secret::new(secret.expose().to_owned()));
        let store = move || service::store(&key, &secret, || keyring.last_wish(&key) == wish);
        self.call(server, store, Late::Stored).await?
    }

    /// Removes the session kept for this server. None there is success too. Performs I/O.
    ///
    /// # Errors
    /// The [`Reason`]; the session may then still be kept.
    pub async fn forget(&self, server: &ServerKey) -> Result<(), Reason> {
        self.wish(server);
        let key = server.clone();
        self.call(server, move || service::forget(&key), Late::Forgotten).await?
    }

    fn wish(&self, server: &ServerKey) -> u64 {
        let mut wishes = self.inner.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        let wish = wishes.entry(server.clone()).or_default();
        *wish += 1;
        *wish
    }

    fn last_wish(&self, server: &ServerKey) -> u64 {
        self.inner.wishes.lock().unwrap_or_else(PoisonError::into_inner).get(server).copied().unwrap_or(0)
    }

    /// Has `work` done on a thread of its own, and waits for it within the limit.
    async fn call<T: Send + 'static>(
        &self,
        server: &ServerKey,
        work: impl FnOnce() -> T + Send + 'static,
        late: fn(T) -> Late,
    ) -> Result<T, Reason> {
        let (inner, server) = (Arc::clone(&self.inner), server.clone());
        let too_late = move |answer| (inner.on_late)(&server, late(answer));
        calls::within(self.inner.limit, &self.inner.under_way, work, too_late).await
    }

    /// How many calls hang at the moment.
    pub fn under_way(&self) -> usize {
        self.inner.under_way.load(Ordering::Relaxed)
    }
}
