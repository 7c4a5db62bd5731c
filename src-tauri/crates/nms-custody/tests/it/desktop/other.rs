//! Another X client that takes the clipboard over whenever somebody else takes it, or when it is told to, and writes down
//! who had it when.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

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
    /// Takes it once, when it is told to, and gives this.
    WhenTold(Vec<u8>),
    /// Only looks.
    Looks,
}

/// Who has the clipboard from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) at: Instant,
    /// Nobody has it.
    pub(crate) emptied: bool,
}

/// Ends when dropped.
pub(crate) struct Taker {
    stop: Arc<AtomicBool>,
    told: Arc<AtomicBool>,
    changes: Arc<Mutex<Vec<Change>>>,
    thread: Option<JoinHandle<()>>,
}

impl Taker {
    /// Watches from when this returns.
    pub(crate) fn start(manner: Manner) -> Self {
        let (stop, told) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let changes = Arc::new(Mutex::new(vec![]));
        let (ready, is_ready) = std::sync::mpsc::channel();
        let (stopped, taking, seen) = (Arc::clone(&stop), Arc::clone(&told), Arc::clone(&changes));
        let thread = std::thread::spawn(move || {
            let desk = Desk::open(manner, seen);
            ready.send(()).unwrap();
            while !stopped.load(Ordering::Acquire) {
                if taking.swap(false, Ordering::AcqRel) {
                    desk.take();
                }
                match desk.connection.poll_for_event() {
                    Ok(Some(event)) => desk.answer(event),
                    Ok(None) => std::thread::sleep(Duration::from_millis(1)),
                    // The display has gone, and with it every clipboard.
                    Err(_) => return,
                }
            }
        });
        is_ready.recv().unwrap();
        Self { stop, told, changes, thread: Some(thread) }
    }

    /// One that takes it when told does so now.
    pub(crate) fn take(&self) {
        self.told.store(true, Ordering::Release);
    }

    /// Every change since it started.
    pub(crate) fn changes(&self) -> Vec<Change> {
        self.changes.lock().unwrap().clone()
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
    changes: Arc<Mutex<Vec<Change>>>,
}

impl Desk {
    fn open(manner: Manner, changes: Arc<Mutex<Vec<Change>>>) -> Self {
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
        Self { connection, window, clipboard, text, manner, has_put_back: Cell::new(false), changes }
    }

    fn answer(&self, event: Event) {
        match (event, &self.manner) {
            (Event::XfixesSelectionNotify(event), manner) => {
                let emptied = event.owner == NONE;
                self.changes.lock().unwrap().push(Change { at: Instant::now(), emptied });
                if event.owner != self.window && self.wants(manner, emptied) {
                    self.take();
                }
            }
            (
                Event::SelectionRequest(event),
                Manner::Gives(text)
                | Manner::Insists(text)
                | Manner::InsistsAfter(_, text)
                | Manner::PutsBackOnce(text)
                | Manner::WhenTold(text),
            ) => self.give(&event, text),
            _ => {}
        }
    }

    fn take(&self) {
        self.connection.set_selection_owner(self.window, self.clipboard, CURRENT_TIME).unwrap();
        self.connection.flush().unwrap();
    }

    /// Whether it takes what somebody else has, or nobody.
    fn wants(&self, manner: &Manner, emptied: bool) -> bool {
        match manner {
            Manner::WhenTold(_) | Manner::Looks => false,
            Manner::Silent | Manner::Gives(_) => !emptied,
            Manner::Insists(_) => true,
            Manner::InsistsAfter(delay, _) => {
                if emptied {
                    std::thread::sleep(*delay);
                }
                true
            }
            Manner::PutsBackOnce(_) => !emptied || !self.has_put_back.replace(true),
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
