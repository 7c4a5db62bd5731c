//! GTK's thread, on which alone it may be spoken to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use gtk::gdk::Display;
use gtk::prelude::{Cast, GtkWindowExt};

use crate::Error;

/// Runs on GTK's thread. What has not begun in time does not begin.
pub(super) fn on_main<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
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

/// What GTK was told waits in its buffers otherwise.
pub(super) fn until_compositor_has_it() {
    if let Some(display) = Display::default() {
        display.sync();
    }
}

pub(super) fn has_focus() -> bool {
    let all = gtk::Window::list_toplevels();
    all.into_iter().any(|widget| widget.downcast::<gtk::Window>().is_ok_and(|window| window.is_active()))
}
