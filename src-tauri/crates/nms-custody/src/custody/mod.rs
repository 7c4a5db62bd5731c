//! [`Custody`]: the one owner of the secret, the clipboard's thread and the delays.

mod copy;
mod inspect;
mod state;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nms_api::Secret;
use tokio::sync::oneshot;

use crate::clipboard::Clipboard;
use crate::clock::Bell;
use crate::keyring::{Reason, TokenEntry, TokenKeyring};
use crate::picture::Drawn;
use crate::view::VaultView;
use crate::{Clock, Error, Handle, Look, Overwrite, Picture, PictureAddress, SavedFile, Settings, file, keeper};
pub use copy::Copied;
use state::State;

/// How long the file system may take before the person is told that it does not answer.
const FILE_LIMIT: Duration = Duration::from_secs(15);

/// All custody of one process. Cheap to clone: every clone is the same custody.
///
/// None of its calls blocks the thread it is called on; those that wait for the clipboard or a file are `async` (inside
/// a tokio runtime with time) and have a limit. Dropping a future gives up the answer, not the work: the result is seen
/// in the view.
#[derive(Clone)]
pub struct Custody {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    state: Mutex<State>,
    clock: Clock,
    bell: Arc<Bell>,
    clipboard: Clipboard,
    keyring: TokenKeyring,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.bell.ring();
    }
}

impl Inner {
    /// Looks at the state, after what is due by now was done.
    fn look<T>(&self, look: impl FnOnce(&mut State, Duration) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let settings = state.settings;
        if state.vault.tick(now, &settings) {
            state.changed();
            self.bell.ring();
        }
        look(&mut state, now)
    }

    /// Changes the state, and has the view told on.
    fn change<T>(&self, change: impl FnOnce(&mut State, Duration) -> T) -> T {
        let answer = self.look(|state, now| {
            let answer = change(state, now);
            state.changed();
            answer
        });
        self.bell.ring();
        answer
    }

    /// Does what is due, and tells when something is due next, and the view if it is newer than `seen`. The keeper's.
    pub(crate) fn turn(self: &Arc<Self>, seen: u64) -> (Option<Duration>, Option<VaultView>) {
        // Sent without the lock held: the answer needs it.
        if let Some(put) = self.look(State::begin_emptying_if_due) {
            self.send_empty(put, copy::EMPTY_LIMIT, None);
        }
        self.look(|state, now| (state.due_at(), (state.revision() > seen).then(|| state.view(now))))
    }

    pub(crate) fn bell_and_clock(&self) -> (Arc<Bell>, Clock) {
        (Arc::clone(&self.bell), self.clock.clone())
    }
}

impl Custody {
    /// Starts custody with nothing in it. `on_change` gets the view after each change, in order, on a thread of its
    /// own, without a lock held; several changes at once may be told as one.
    pub fn open(settings: Settings, clock: Clock, on_change: impl Fn(VaultView) + Send + Sync + 'static) -> Self {
        let bell = clock.bell();
        let state = Mutex::new(State::new(settings));
        let inner =
            Arc::new(Inner { state, clock, bell, clipboard: Clipboard::start(), keyring: TokenKeyring::default() });
        keeper::start(&inner, on_change);
        Self { inner }
    }

    /// Other delays, from the next copy, keep or reveal on.
    pub fn set_settings(&self, settings: Settings) {
        self.inner.change(|state, _| state.settings = settings);
    }

    /// Whether [`keep`](Self::keep) would take a secret now. To be asked before one is made.
    pub fn has_room(&self) -> bool {
        self.inner.look(|state, _| state.vault.has_room())
    }

    /// Takes the only copy of a secret. From here on it leaves only by the ways below. Performs system calls (locked
    /// pages, no core dumps), no waiting.
    ///
    /// # Errors
    /// [`Error::Occupied`] while another one is held; the held one is untouched, the new one is wiped.
    pub fn keep(&self, secret: Secret) -> Result<Handle, Error> {
        self.inner.change(|state, now| state.keep(secret, now))
    }

    /// Everything that may be told, as of now.
    pub fn view(&self) -> VaultView {
        self.inner.look(|state, now| state.view(now))
    }

    /// Writes the value, and nothing else, into a file with mode 0600, and reads it back. The secret stays held.
    ///
    /// # Errors
    /// The variants of [`Error`] about files; then nothing of ours is left there, and an older file is untouched.
    pub async fn save_to_file(&self, handle: Handle, path: &Path, overwrite: Overwrite) -> Result<SavedFile, Error> {
        let secret = self.inner.look(|state, _| state.vault.hand_out(handle))?;
        let (answer, answered) = oneshot::channel();
        let (inner, path) = (Arc::downgrade(&self.inner), path.to_owned());
        let work = move || {
            let saved = file::write(&secret, &path, overwrite);
            drop(secret);
            if let (Ok(file), Some(inner)) = (&saved, inner.upgrade()) {
                inner.change(|state, _| state.vault.saved_to(handle, &file.path));
            }
            // Nobody waits any more: the view says it.
            drop(answer.send(saved));
        };
        std::thread::Builder::new().name("save secret".into()).spawn(work).map_err(Error::FileFailed)?;
        match tokio::time::timeout(FILE_LIMIT, answered).await {
            Ok(Ok(saved)) => saved,
            Ok(Err(_)) | Err(_) => Err(Error::FileTimedOut),
        }
    }

    /// Stores the value in the system's keyring, where other programs find it, and reads it back. The secret stays held.
    /// What comes after the limit, because a person took their time at a prompt, is seen in the view; when the secret was
    /// closed meanwhile, it is taken out of the keyring again.
    ///
    /// # Errors
    /// [`Error::NotHeld`], [`Error::KeyringFailed`].
    pub async fn save_to_keyring(&self, handle: Handle, entry: TokenEntry) -> Result<(), Error> {
        let limit = self.inner.look(|state, _| state.settings.keyring_limit);
        let secret = self.inner.look(|state, _| state.vault.hand_out(handle))?;
        let (known, late) = (Arc::downgrade(&self.inner), Arc::downgrade(&self.inner));
        let still_wanted =
            move || known.upgrade().is_some_and(|inner| inner.look(|state, _| state.vault.handle() == Some(handle)));
        let too_late = move |stored: Result<(), Reason>| {
            if let (Ok(()), Some(inner)) = (stored, late.upgrade()) {
                inner.change(|state, _| state.vault.saved_to_keyring(handle));
            }
        };
        self.inner.keyring.store(limit, secret, entry, still_wanted, too_late).await.map_err(Error::KeyringFailed)?;
        self.inner.change(|state, _| state.vault.saved_to_keyring(handle));
        Ok(())
    }

    /// Removes a token's value from the system's keyring. None there is success too.
    ///
    /// # Errors
    /// [`Error::KeyringFailed`]: it may still be there.
    pub async fn remove_from_keyring(&self, entry: TokenEntry) -> Result<(), Error> {
        let limit = self.inner.look(|state, _| state.settings.keyring_limit);
        self.inner.keyring.forget(limit, entry).await.map_err(Error::KeyringFailed)
    }

    /// How many calls of the keyring have not ended.
    pub fn keyring_calls(&self) -> usize {
        self.inner.keyring.under_way()
    }

    /// Removes a file that holds a value which begins and ends so, and nothing else. None there is success too.
    ///
    /// # Errors
    /// [`Error::FileDiffers`]: it holds something else by now, and is untouched. Else the variants about files.
    pub async fn remove_file(&self, path: &Path, prefix: String, suffix: String) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let path = path.to_owned();
        // Nobody waits any more: it is gone, or is not.
        let work = move || drop(answer.send(file::remove_value(&path, &prefix, &suffix)));
        std::thread::Builder::new().name("remove secret".into()).spawn(work).map_err(Error::FileFailed)?;
        match tokio::time::timeout(FILE_LIMIT, answered).await {
            Ok(Ok(removed)) => removed,
            Ok(Err(_)) | Err(_) => Err(Error::FileTimedOut),
        }
    }

    /// Draws the value and shows it for [`Settings::reveal_life`]. A few milliseconds of work. Drawing again while a
    /// picture is shown (another scale) replaces it and does not prolong the show.
    ///
    /// # Errors
    /// [`Error::NotHeld`], [`Error::NotDrawable`].
    pub fn draw(&self, handle: Handle, look: Look) -> Result<PictureAddress, Error> {
        let secret = self.inner.look(|state, _| state.vault.hand_out(handle))?;
        // Without the lock: everybody else need not wait for the brush.
        let drawn = Drawn::of(&secret, look)?;
        drop(secret);
        let address = drawn.address();
        self.inner.change(|state, now| {
            let until = now + state.settings.reveal_life;
            state.vault.reveal(handle, drawn, until)
        })?;
        Ok(address)
    }

    /// The picture at this address, once; afterwards, and when it is hidden, nothing.
    pub fn fetch_picture(&self, address: &str) -> Option<Picture> {
        self.inner.look(|state, _| state.vault.fetch(address))
    }

    /// Ends the show. A picture that was not fetched yet is wiped.
    pub fn hide(&self, handle: Handle) {
        self.inner.change(|state, _| state.vault.hide(handle));
    }

    /// The answer *keep it* to the question whether the secret should stay: its life begins anew.
    pub fn keep_on(&self, handle: Handle) {
        self.inner.change(|state, now| {
            let until = now + state.settings.vault_life;
            state.vault.keep_on(handle, until);
        });
    }

    /// Wipes the secret and its picture. What is on the clipboard stays there until its delay is over.
    pub fn close(&self, handle: Handle) {
        self.inner.change(|state, _| state.vault.close(handle));
    }
}
