//! Another X client that takes the clipboard over whenever somebody else takes it.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xfixes::{ConnectionExt as _, SelectionEventMask};
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{CURRENT_TIME, NONE};

/// What it does with the clipboard once it has it.
#[derive(Clone)]
pub(crate) enum Manner {
    /// Never answers.
    Silent,
    /// Gives this to everybody.
    Gives(Vec<u8>),
    /// The same, and takes the clipboard again also when it was emptied.
    Insists(Vec<u8>),
    /// The same, but only a while later.
    InsistsAfter(Duration, Vec<u8>),
    /// Takes it again the first time that it was emptied, and lets go the second time.
    PutsBackOnce(Vec<u8>),
}

/// Ends when dropped.
pub(crate) struct Taker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Taker {
    /// Watches from when this returns.
    pub(crate) fn start(manner: Manner) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (ready, is_ready) = std::sync::mpsc::channel();
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let desk = Desk::open(manner);
            ready.send(()).unwrap();
            while !stopped.load(Ordering::Acquire) {
                match desk.connection.poll_for_event().unwrap() {
                    Some(event) => desk.answer(event),
                    None => std::thread::sleep(Duration::from_millis(1)),
                }
            }
        });
        is_ready.recv().unwrap();
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Taker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Desk {
    connection: RustConnection,
    window: u32,
    clipboard: Atom,
    text: Atom,
    manner: Manner,
    has_put_back: Cell<bool>,
}

impl Desk {
    fn open(manner: Manner) -> Self {
        let (connection, screen) = x11rb::connect(None).unwrap();
        let atom = |name: &[u8]| connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let (clipboard, text) = (atom(b"CLIPBOARD"), atom(b"UTF8_STRING"));
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().unwrap();
        let plain = CreateWindowAux::new();
        connection
            .create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, NONE, &plain)
            .unwrap()
            .check()
            .unwrap();
        connection.xfixes_query_version(5, 0).unwrap().reply().unwrap();
        let all = SelectionEventMask::SET_SELECTION_OWNER
            | SelectionEventMask::SELECTION_CLIENT_CLOSE
            | SelectionEventMask::SELECTION_WINDOW_DESTROY;
        connection.xfixes_select_selection_input(window, clipboard, all).unwrap().check().unwrap();
        Self { connection, window, clipboard, text, manner, has_put_back: Cell::new(false) }
    }

    fn answer(&self, event: Event) {
        match (event, &self.manner) {
            (Event::XfixesSelectionNotify(event), manner) => {
                let emptied = event.owner == NONE;
                if event.owner != self.window && (!emptied || self.takes_again(manner)) {
                    self.connection.set_selection_owner(self.window, self.clipboard, CURRENT_TIME).unwrap();
                    self.connection.flush().unwrap();
                }
            }
            (
                Event::SelectionRequest(event),
                Manner::Gives(text)
                | Manner::Insists(text)
                | Manner::InsistsAfter(_, text)
                | Manner::PutsBackOnce(text),
            ) => self.give(&event, text),
            _ => {}
        }
    }

    fn takes_again(&self, manner: &Manner) -> bool {
        match manner {
            Manner::Silent | Manner::Gives(_) => false,
            Manner::Insists(_) => true,
            Manner::InsistsAfter(delay, _) => {
                std::thread::sleep(*delay);
                true
            }
            Manner::PutsBackOnce(_) => !self.has_put_back.replace(true),
        }
    }

    fn give(&self, request: &SelectionRequestEvent, text: &[u8]) {
        let fits = request.target == self.text;
        if fits {
            let kind = request.target;
            self.connection
                .change_property8(PropMode::REPLACE, request.requestor, request.property, kind, text)
                .unwrap();
        }
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: if fits { request.property } else { AtomEnum::NONE.into() },
        };
        self.connection.send_event(false, request.requestor, EventMask::NO_EVENT, answer).unwrap();
        self.connection.flush().unwrap();
    }
}
