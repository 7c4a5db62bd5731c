//! No core dump, and no reading by other processes of the same user, while a secret is held.

use std::sync::{Mutex, PoisonError};

use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

/// How many secrets are held, and what the process was before the first.
static HELD: Mutex<(usize, Option<DumpableBehavior>)> = Mutex::new((0, None));

/// Keeps the whole process undumpable for as long as one of these lives. Not longer: desktop portals (file dialogs)
/// fail silently for a process that cannot be looked into.
pub(crate) struct Undumpable(());

impl Undumpable {
    pub(crate) fn begin() -> Self {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        if held.0 == 0 {
            held.1 = dumpable_behavior().ok();
            set(DumpableBehavior::NotDumpable);
        }
        held.0 += 1;
        Self(())
    }
}

impl Drop for Undumpable {
    fn drop(&mut self) {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 -= 1;
        if held.0 == 0
            && let Some(before) = held.1.take()
        {
            set(before);
        }
    }
}

fn set(behaviour: DumpableBehavior) {
    if let Err(error) = set_dumpable_behavior(behaviour) {
        tracing::warn!(%error, "whether the process may be dumped could not be set");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_undumpable_until_the_last_secret_has_gone() {
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
        let (first, second) = (Undumpable::begin(), Undumpable::begin());
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        drop(first);
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        drop(second);
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
    }
}
