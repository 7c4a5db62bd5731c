//! The thread that does what is due and tells what changed.

use std::sync::{Arc, Weak};

use crate::custody::Inner;
use crate::view::VaultView;

/// Starts it. It ends when custody is dropped.
pub(crate) fn start(inner: &Arc<Inner>, on_change: impl Fn(VaultView) + Send + 'static) {
    let (bell, clock) = inner.bell_and_clock();
    let inner = Arc::downgrade(inner);
    let work = move || {
        let mut seen = 0;
        while let Some((due_at, view)) = turn(&inner, seen) {
            if let Some(view) = view {
                seen = view.revision;
                on_change(view);
            } else {
                bell.wait(&clock, due_at);
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("custody".into()).spawn(work) {
        tracing::error!(%error, "no thread for the delays of custody: nothing will be wiped by time");
    }
}

/// One turn, without keeping custody alive while it sleeps.
fn turn(inner: &Weak<Inner>, seen: u64) -> Option<(Option<std::time::Duration>, Option<VaultView>)> {
    Some(inner.upgrade()?.turn(seen))
}
