//! How long the window's event loop is held: a window manager's question whether the window still answers
//! (`_NET_WM_PING`, Extended Window Manager Hints) is put to it again and again, and GTK answers it from that loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt, EventMask, Window};
use x11rb::rust_connection::RustConnection;

use crate::desktop::Desktop;
use crate::patience::{LIMIT, within};

/// Between an answer and the next question.
const PAUSE: Duration = Duration::from_millis(2);

/// Feels a window's pulse until it is asked for what it felt.
pub struct Pulse {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Felt>,
}

/// What was felt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Felt {
    /// How many questions were answered.
    pub answers: usize,
    /// The longest that one waited for its answer.
    pub longest: Duration,
    /// How long the last question waited that was not answered before the window was gone.
    pub unanswered: Option<Duration>,
    /// Whether the window was hidden before it was gone, and not left to the system that takes an ended process apart.
    pub was_hidden: bool,
}

impl Pulse {
    /// Feels that of this window.
    #[track_caller]
    pub fn of(desktop: &Desktop, window: Window) -> Self {
        let asker = Asker::connect(desktop, window);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        Self { stop, thread: std::thread::spawn(move || asker.ask_until(&stopped)) }
    }

    /// Ends, with what was felt.
    #[track_caller]
    pub fn felt(self) -> Felt {
        self.stop.store(true, Ordering::Release);
        self.felt_to_its_end()
    }

    /// Ends with the window, with what was felt.
    #[track_caller]
    pub fn felt_to_its_end(self) -> Felt {
        self.thread.join().unwrap()
    }
}

struct Asker {
    connection: RustConnection,
    root: Window,
    window: Window,
    protocols: u32,
    ping: u32,
}

impl Asker {
    #[track_caller]
    fn connect(desktop: &Desktop, window: Window) -> Self {
        let (connection, screen) = RustConnection::connect(Some(&desktop.display())).unwrap();
        let root = connection.setup().roots[screen].root;
        let atom = |name: &[u8]| connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let (protocols, ping) = (atom(b"WM_PROTOCOLS"), atom(b"_NET_WM_PING"));
        // Answers go to the root window.
        let answers = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        connection.change_window_attributes(root, &answers).unwrap().check().unwrap();
        Self { connection, root, window, protocols, ping }
    }

    fn ask_until(&self, stopped: &AtomicBool) -> Felt {
        let mut felt = Felt::default();
        for number in 1.. {
            if stopped.load(Ordering::Acquire) {
                break;
            }
            let asked = Instant::now();
            let data = [self.ping, number, self.window, 0, 0];
            let question = ClientMessageEvent::new(32, self.window, self.protocols, data);
            let sent = self.connection.send_event(false, self.window, EventMask::NO_EVENT, question);
            if sent.is_err() || self.connection.flush().is_err() || !self.is_answered(number, asked) {
                felt.unanswered = Some(asked.elapsed());
                felt.was_hidden = self.was_hidden();
                break;
            }
            felt.answers += 1;
            felt.longest = felt.longest.max(asked.elapsed());
            std::thread::sleep(PAUSE);
        }
        felt
    }

    /// Of a window that is hidden its program tells the window manager, too (ICCCM, section 4.1.4): the server says
    /// nothing in its name.
    fn was_hidden(&self) -> bool {
        let told = || match self.connection.poll_for_event() {
            Ok(Some(event @ Event::UnmapNotify(gone))) if gone.window == self.window && event.sent_event() => {
                Some(true)
            }
            Ok(Some(Event::DestroyNotify(gone))) if gone.window == self.window => Some(false),
            Ok(_) => None,
            Err(_) => Some(false),
        };
        within(LIMIT, told).unwrap_or(false)
    }

    /// False when the window, or the display, has gone meanwhile.
    fn is_answered(&self, number: u32, asked: Instant) -> bool {
        while asked.elapsed() < LIMIT {
            match self.connection.poll_for_event() {
                Ok(Some(Event::ClientMessage(answer))) if answer.window == self.root => {
                    if answer.data.as_data32()[..2] == [self.ping, number] {
                        return true;
                    }
                }
                Ok(Some(Event::DestroyNotify(gone))) if gone.window == self.window => return false,
                Ok(Some(Event::UnmapNotify(gone))) if gone.window == self.window => return false,
                Ok(Some(_)) => {}
                Ok(None) => std::thread::sleep(Duration::from_micros(200)),
                Err(_) => return false,
            }
        }
        false
    }
}
