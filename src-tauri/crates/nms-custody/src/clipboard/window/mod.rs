//! The clipboard of the window that has the focus, through GTK: the one way on a Wayland desktop that lets no other
//! program see or write it. GTK speaks on its main thread only, so that everything here is sent there, with a limit.

mod input;
mod main_thread;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use gtk::gdk::{self, Display, SELECTION_CLIPBOARD};
use gtk::prelude::ObjectExt;
use gtk::{Clipboard, SelectionData, TargetEntry, TargetFlags};
use nms_api::Secret;
use zeroize::Zeroizing;

use self::main_thread::{has_focus, on_main, until_compositor_has_it};
use super::form::{ALL, HINT, HINT_SAYS};
use super::stay::Stay;
use super::{End, Lost, Pasted};
use crate::Error;
use crate::memory::LockedSecret;

/// How long a compositor is waited for that keeps a copy of what is offered. It asks for it while it takes the offer.
const COPY_OF_ITS_OWN: Duration = Duration::from_millis(100);

/// A value of ours that GTK serves.
pub(super) struct Held {
    stay: Stay,
    value: Value,
    sha256: [u8; 32],
    /// What had been heard of the person when it was put there.
    heard: u64,
}

/// The value, as long as anybody may have it.
#[derive(Clone)]
struct Value(Arc<Mutex<Served>>);

/// What whoever asks is given.
enum Served {
    /// Nothing yet. Who asks is told on.
    NotYet(LockedSecret, mpsc::Sender<()>),
    Value(LockedSecret),
    NotAnyMore,
}

impl Value {
    fn new(secret: &Secret, asked: mpsc::Sender<()>) -> Self {
        let value = LockedSecret::new(Secret::new(secret.expose().to_owned()));
        Self(Arc::new(Mutex::new(Served::NotYet(value, asked))))
    }

    fn served(&self) -> MutexGuard<'_, Served> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever asks from now on gets it, if it is still there.
    fn open(&self) {
        let mut served = self.served();
        *served = match std::mem::replace(&mut *served, Served::NotAnyMore) {
            Served::NotYet(value, _) | Served::Value(value) => Served::Value(value),
            Served::NotAnyMore => Served::NotAnyMore,
        };
    }

    /// Whoever asks from now on gets nothing. Its length in bytes.
    fn wipe(&self) -> usize {
        match std::mem::replace(&mut *self.served(), Served::NotAnyMore) {
            Served::NotYet(value, _) | Served::Value(value) => value.bytes().len(),
            Served::NotAnyMore => 0,
        }
    }

    fn give(&self, data: &SelectionData) {
        let served = self.served();
        let bytes = match &*served {
            Served::Value(value) => value.bytes(),
            Served::NotYet(_, asked) => {
                // The wait for the first is over: what it does not get, nobody else would have either.
                let _ = asked.send(());
                &[]
            }
            Served::NotAnyMore => &[],
        };
        data.set(&data.target(), 8, bytes);
    }
}

/// Whether there is a window in this process, on Wayland.
pub(super) fn is_there(limit: Duration) -> bool {
    on_main(limit, || Display::default().is_some_and(|display| display.type_().name() == "GdkWaylandDisplay"))
        .unwrap_or(false)
}

/// Has the window put the value there, marked as a password. Nobody gets it before this returns: a compositor that keeps a
/// copy of what is offered, and would offer that once we are gone, asks first and has a copy of nothing.
pub(super) fn put(secret: &Secret, limit: Duration) -> Result<Held, Error> {
    let (asked, was_asked) = mpsc::channel();
    let held = offer_value(Value::new(secret, asked), secret.sha256(), limit)?;
    // Nobody asks where none is kept.
    let _ = was_asked.recv_timeout(COPY_OF_ITS_OWN);
    let value = held.value.clone();
    on_main(limit, move || {
        gtk_forgets(0);
        value.open();
    })?;
    Ok(held)
}

fn offer_value(value: Value, sha256: [u8; 32], limit: Duration) -> Result<Held, Error> {
    on_main(limit, move || {
        let held = Held { stay: Stay::default(), value: value.clone(), sha256, heard: input::heard() };
        let over = EndsWhenDropped(held.stay.clone());
        offer(&ALL, move |data| {
            // Named, so that it is kept as long as the value is.
            let EndsWhenDropped(_) = &over;
            if data.target().name() == HINT {
                data.set(&data.target(), 8, HINT_SAYS);
            } else {
                value.give(data);
            }
        })?;
        Ok(held)
    })?
}

/// A text that is no secret: unmarked.
pub(super) fn put_text(text: String, limit: Duration) -> Result<(), Error> {
    let texts = ALL.into_iter().filter(|kind| *kind != HINT).collect::<Vec<_>>();
    on_main(limit, move || offer(&texts, move |data| data.set(&data.target(), 8, text.as_bytes())))?
}

/// What a paste into the window would give now.
pub(super) fn paste(max_bytes: usize, limit: Duration) -> Result<Pasted, Error> {
    let until = Instant::now() + limit;
    let (answer, answered) = mpsc::channel();
    on_main(limit, move || {
        if !has_focus() {
            return Err(Error::ClipboardNeedsFocus);
        }
        clipboard().request_text(move |_, text| {
            // Nobody waits any more: so be it.
            let _ = answer.send(text.map(|text| Zeroizing::new(text.as_bytes().to_vec())));
        });
        Ok(())
    })??;
    match answered.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(Some(text)) if text.len() > max_bytes => Ok(Pasted::TooMuch),
        // A compositor that keeps a copy has one of nothing.
        Ok(Some(text)) if text.is_empty() => Ok(Pasted::Nothing),
        Ok(Some(text)) => Ok(Pasted::Text(text)),
        Ok(None) => Ok(Pasted::Nothing),
        Err(_) => Err(Error::ClipboardTimedOut),
    }
}

impl Held {
    /// Takes it off if it is still ours, and looks as the window sees it. What is given back waits for the focus.
    pub(super) fn take_off(self, limit: Duration) -> (End, Option<Self>) {
        let until = Instant::now() + limit;
        let left = || until.saturating_duration_since(Instant::now());
        let (stay, heard, value) = (self.stay.clone(), self.heard, self.value.clone());
        let replaced = on_main(left(), move || {
            gtk_forgets(value.wipe());
            replace(&stay, heard)
        });
        let end = match replaced {
            Ok(Replaced::Not) => {
                input::tell(self.stay.watcher());
                return (End::AwaitsFocus, Some(self));
            }
            Ok(Replaced::ByOthers) => End::TakenOver,
            Ok(Replaced::ByNothing) => on_main(left(), clear).map_or(End::Unknown, |()| self.seen(left())),
            Err(_) => End::Unknown,
        };
        (end, None)
    }

    /// What a paste into the window would give.
    fn seen(&self, limit: Duration) -> End {
        match paste(Secret::MAX_BYTES, limit) {
            Ok(Pasted::Nothing) => End::Emptied,
            Ok(Pasted::Text(text)) if is(&text, &self.sha256) => End::KeptByOthers,
            Ok(Pasted::Text(_) | Pasted::TooMuch | Pasted::NoText) => End::TakenOver,
            Err(_) => End::Unknown,
        }
    }

    /// Tells `lost` when somebody else takes the clipboard, and when it may be worth another try to take it off.
    pub(super) fn watch(&self, lost: Lost) {
        self.stay.watch(lost);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        input::tell(None);
        let (stay, heard, value) = (self.stay.clone(), self.heard, self.value.clone());
        gtk::glib::idle_add_once(move || {
            gtk_forgets(value.wipe());
            if matches!(replace(&stay, heard), Replaced::ByNothing) {
                clear();
            }
        });
    }
}

enum Replaced {
    /// A paste gives nothing now.
    ByNothing,
    /// Somebody else's copy is there.
    ByOthers,
    /// The compositor would not have it now.
    Not,
}

/// Puts nothing in the place of our value, if it is still ours. A compositor keeps a copy of what is offered and offers it
/// itself once its owner gives it up (Weston: the first form, mutter: the text), so that it has to be offered something
/// else first. It heeds only whoever has the focus (mutter) and names a later event than before (both). An offer that it
/// does not heed would bring its copy back.
fn replace(stay: &Stay, heard: u64) -> Replaced {
    if stay.is_over() {
        return Replaced::ByOthers;
    }
    if !has_focus() || input::heard() == heard {
        return Replaced::Not;
    }
    match offer(&[], |_| ()) {
        Ok(()) => Replaced::ByNothing,
        Err(_) => Replaced::Not,
    }
}

/// GTK keeps what it was given once, and gives it to whoever asks next without asking for it again, until the clipboard
/// has a new owner: the same will do, of which nobody else is told.
fn gtk_forgets(bytes: usize) {
    if let Some(owner) = gdk::selection_owner_get(&SELECTION_CLIPBOARD) {
        gdk::selection_owner_set(Some(&owner), &SELECTION_CLIPBOARD, 0, false);
    }
    sweep(bytes);
}

/// Overwrites freed memory of the sizes in which GTK held a value of so many bytes: it does not wipe what it frees. It frees
/// on this thread, so that the next blocks of those sizes are the ones.
fn sweep(bytes: usize) {
    for size in [bytes, bytes + 1, (bytes + 1).next_power_of_two()] {
        let mut blocks: Vec<Vec<u8>> = (0..512).map(|_| Vec::with_capacity(size)).collect();
        blocks.iter_mut().for_each(|block| block.resize(size, 0));
        std::hint::black_box(&blocks);
    }
}

/// Gives the clipboard up, in a turn of its own: whoever asked before was answered by then.
fn clear() {
    clipboard().clear();
    until_compositor_has_it();
}

fn is(value: &[u8], sha256: &[u8; 32]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| Secret::new(text.to_owned()).sha256() == *sha256)
}

struct EndsWhenDropped(Stay);

impl Drop for EndsWhenDropped {
    fn drop(&mut self) {
        self.0.end();
    }
}

fn offer(kinds: &[&str], give: impl Fn(&SelectionData) + 'static) -> Result<(), Error> {
    // A compositor ignores whoever has not the focus, and does not say so.
    if !has_focus() {
        return Err(Error::ClipboardNeedsFocus);
    }
    let targets: Vec<_> = kinds.iter().map(|kind| TargetEntry::new(kind, TargetFlags::empty(), 0)).collect();
    if clipboard().set_with_data(&targets, move |_, data, _| give(data)) {
        // Nobody is told before the compositor has it.
        until_compositor_has_it();
        Ok(())
    } else {
        Err(Error::ClipboardRefused)
    }
}

fn clipboard() -> Clipboard {
    Clipboard::get(&SELECTION_CLIPBOARD)
}
