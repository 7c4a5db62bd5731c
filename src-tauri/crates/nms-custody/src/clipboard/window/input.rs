//! Whether the person did anything in the window since. Compositors number the events that they send, and let a clipboard be
//! changed only by whoever names a later one than the last change did; GTK names the latest that it got.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use gtk::gdk::EventType;
use gtk::glib::Propagation;
use gtk::prelude::{Cast, ContainerExt, WidgetExt};

use crate::clipboard::Lost;

static HEARD: AtomicU64 = AtomicU64::new(0);
static NEXT: Mutex<Option<Lost>> = Mutex::new(None);

/// How many numbered events there were since the first time that this was asked. On GTK's thread.
pub(super) fn heard() -> u64 {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| gtk::Window::list_toplevels().iter().for_each(listen));
    HEARD.load(Ordering::SeqCst)
}

/// Has this called at each such event from now on, or nothing any more.
pub(super) fn tell(next: Option<Lost>) {
    *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = next;
}

/// Before the widget itself, which may keep an event to itself.
fn listen(widget: &gtk::Widget) {
    widget.connect_event(|_, event| {
        if is_numbered(event.event_type()) {
            HEARD.fetch_add(1, Ordering::SeqCst);
            let next = NEXT.lock().unwrap_or_else(PoisonError::into_inner).clone();
            next.iter().for_each(|tell| tell());
        }
        Propagation::Proceed
    });
    if let Some(container) = widget.downcast_ref::<gtk::Container>() {
        container.forall(listen);
    }
}

fn is_numbered(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::FocusChange
            | EventType::KeyPress
            | EventType::KeyRelease
            | EventType::ButtonPress
            | EventType::ButtonRelease
            | EventType::TouchBegin
            | EventType::TouchEnd
    )
}
