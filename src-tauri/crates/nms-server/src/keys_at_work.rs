//! Idempotency keys whose first request is still at work. Those that succeeded are in the store.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::Scope;

/// The keys at work in this process.
#[derive(Default)]
pub(crate) struct KeysAtWork(Arc<Mutex<HashSet<Scope>>>);

/// A key at work, until this is dropped.
pub(crate) struct AtWork {
    scope: Scope,
    keys: Arc<Mutex<HashSet<Scope>>>,
}

impl KeysAtWork {
    /// `None`: another request with this key is at work.
    pub(crate) fn begin(&self, scope: Scope) -> Option<AtWork> {
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.clone());
        is_first.then(|| AtWork { scope, keys: Arc::clone(&self.0) })
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.scope);
    }
}
