//! The clipboard of the window that has the focus, through GTK: the one way on a Wayland desktop that lets no other
//! program see or write it. GTK speaks on its main thread only, so that everything here is sent there, with a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use gtk::gdk::{Display, SELECTION_CLIPBOARD};
use gtk::prelude::{Cast, GtkWindowExt, ObjectExt};
use gtk::{Clipboard, SelectionData, TargetEntry, TargetFlags};
use nms_api::Secret;
use zeroize::Zeroizing;

use super::form::{ALL, HINT, HINT_SAYS};
use super::stay::Stay;
use super::{End, Lost, Pasted};
use crate::Error;
use crate::memory::LockedSecret;

/// A value of ours that GTK serves.
pub(super) struct Held {
    stay: Stay,
}

/// Whether there is a window in this process, on Wayland.
pub(super) fn is_there(limit: Duration) -> bool {
    on_main(limit, || Display::default().is_some_and(|display| display.type_().name() == "GdkWaylandDisplay"))
        .unwrap_or(false)
}

/// Has the window put the value there, marked as a password.
pub(super) fn put(secret: &Secret, limit: Duration) -> Result<Held, Error> {
    let value = LockedSecret::new(Secret::new(secret.expose().to_owned()));
    on_main(limit, move || {
        let held = Held { stay: Stay::default() };
        let over = EndsWhenDropped(held.stay.clone());
        offer(&ALL, move |data| {
            // Named, so that it is kept as long as the value is.
            let EndsWhenDropped(_) = &over;
            let bytes = if data.target().name() == HINT { HINT_SAYS } else { value.bytes() };
            data.set(&data.target(), 8, bytes);
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
        Ok(Some(text)) => Ok(Pasted::Text(text)),
        Ok(None) => Ok(Pasted::Nothing),
        Err(_) => Err(Error::ClipboardTimedOut),
    }
}

impl Held {
    /// Takes it off if it is still ours. Nobody can look whether it went.
    pub(super) fn take_off(self, limit: Duration) -> End {
        if self.stay.is_over() {
            return End::TakenOver;
        }
        let stay = self.stay.clone();
        match on_main(limit, move || clear(&stay)) {
            Ok(true) | Err(_) => End::Unknown,
            Ok(false) => End::TakenOver,
        }
    }

    /// Tells `lost`, once, when somebody else takes the clipboard.
    pub(super) fn watch(&self, lost: Lost) {
        self.stay.watch(lost);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.stay.is_over() {
            let stay = self.stay.clone();
            gtk::glib::idle_add_once(move || {
                clear(&stay);
            });
        }
    }
}

/// Gives the clipboard up if it is still ours, and says whether it was. The compositor orders by the person's last
/// input: whoever copied since, it prefers to us.
fn clear(stay: &Stay) -> bool {
    let is_ours = !stay.is_over();
    if is_ours {
        clipboard().clear();
        until_compositor_has_it();
    }
    is_ours
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

/// What GTK was told waits in its buffers otherwise.
fn until_compositor_has_it() {
    if let Some(display) = Display::default() {
        display.sync();
    }
}

fn has_focus() -> bool {
    let all = gtk::Window::list_toplevels();
    all.into_iter().any(|widget| widget.downcast::<gtk::Window>().is_ok_and(|window| window.is_active()))
}

/// Runs on GTK's thread. What has not begun in time does not begin.
fn on_main<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    if !gtk::is_initialized() {
        return Err(Error::NoClipboard);
    }
    let is_wanted = Arc::new(AtomicBool::new(true));
    let (answer, answered) = mpsc::channel();
    let still_wanted = Arc::clone(&is_wanted);
    gtk::glib::idle_add_once(move || {
        if still_wanted.load(Ordering::SeqCst) {
            // What comes too late is dropped, and undone by that.
            drop(answer.send(work()));
        }
    });
    answered.recv_timeout(limit).map_err(|_| {
        is_wanted.store(false, Ordering::SeqCst);
        Error::ClipboardTimedOut
    })
}
