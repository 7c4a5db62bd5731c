//! A value of ours on the clipboard of a desktop with the data-control protocol, over a connection of its own, served
//! on a thread of its own. It is taken off by destroying it, which touches nothing that others put there.

use std::io::{PipeReader, PipeWriter, Write, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nms_api::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use wayland_client::backend::WaylandError;
use wayland_client::globals::registry_queue_init;
use wayland_client::{Connection, EventQueue};

use super::protocol::{Offered, offer};
use crate::Error;
use crate::clipboard::form::{HINT, HINT_SAYS};
use crate::clipboard::stay::Stay;
use crate::memory::LockedSecret;

/// How long one program may take to take the value. Nobody else is served meanwhile.
const WRITE_LIMIT: Duration = Duration::from_secs(1);

/// Serves the value as long as it lives, and holds the one copy of it.
pub(in crate::clipboard) struct Source {
    stay: Stay,
    /// The thread ends when this is closed.
    stop: PipeWriter,
    /// Nothing is ever sent: the other end is closed when the thread has ended.
    ended: mpsc::Receiver<()>,
}

impl Source {
    /// Puts the value there. That it arrived is for a stranger to say.
    pub(super) fn put(secret: &Secret) -> Result<Self, Error> {
        let connection = Connection::connect_to_env().map_err(|_| Error::NoClipboard)?;
        let (globals, mut queue) = registry_queue_init::<Server>(&connection).map_err(|_| Error::NoClipboard)?;
        let offered = offer(&globals, &queue.handle()).ok_or(Error::NoClipboard)?;
        if offered.is_empty() {
            // No seat: nobody sits there who could paste.
            return Err(Error::NoClipboard);
        }
        let stay = Stay::default();
        let value = LockedSecret::new(Secret::new(secret.expose().to_owned()));
        let mut server = Server { left: offered.len(), value: Some(value) };
        queue.roundtrip(&mut server).map_err(|_| Error::ClipboardRefused)?;
        let (stopped, stop) = pipe().map_err(|_| Error::ClipboardRefused)?;
        let (ends, ended) = mpsc::channel();
        let served = stay.clone();
        let work = move || {
            serve(&mut queue, &mut server, &stopped);
            server.value = None;
            offered.iter().for_each(Offered::destroy);
            // Once the compositor has answered, it is off; one that is gone has nothing left either.
            drop(queue.roundtrip(&mut server));
            served.end();
            drop::<mpsc::Sender<()>>(ends);
        };
        std::thread::Builder::new().name("clipboard source".into()).spawn(work).map_err(|_| Error::ClipboardRefused)?;
        Ok(Self { stay, stop, ended })
    }

    /// Tells `lost`, once, when somebody else takes the clipboard, or the compositor goes.
    pub(in crate::clipboard) fn watch(&self, lost: super::Lost) {
        self.stay.watch(lost);
    }

    /// Takes it off, if it is still there. Answers whether the compositor did so in time.
    pub(super) fn let_go(self, limit: Duration) -> bool {
        drop(self.stop);
        matches!(self.ended.recv_timeout(limit), Err(mpsc::RecvTimeoutError::Disconnected))
    }
}

/// Until somebody else has the clipboard of every seat, or it is to stop, or the compositor is gone.
fn serve(queue: &mut EventQueue<Server>, server: &mut Server, stopped: &PipeReader) {
    while server.left > 0 {
        match turn(queue, server, stopped) {
            Ok(true) => {}
            Ok(false) | Err(_) => return,
        }
    }
}

/// One wait and what came of it. Answers whether to go on.
fn turn(queue: &mut EventQueue<Server>, server: &mut Server, stopped: &PipeReader) -> Result<bool, Gone> {
    queue.flush()?;
    if let Some(guard) = queue.prepare_read() {
        let fd = guard.connection_fd();
        let mut ready = [PollFd::new(&fd, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        poll(&mut ready, None)?;
        if !ready[1].revents().is_empty() {
            return Ok(false);
        }
        guard.read()?;
    }
    queue.dispatch_pending(server)?;
    Ok(true)
}

/// The connection broke.
struct Gone;

impl From<WaylandError> for Gone {
    fn from(_: WaylandError) -> Self {
        Self
    }
}

impl From<wayland_client::DispatchError> for Gone {
    fn from(_: wayland_client::DispatchError) -> Self {
        Self
    }
}

impl From<rustix::io::Errno> for Gone {
    fn from(_: rustix::io::Errno) -> Self {
        Self
    }
}

/// What answers the compositor.
pub(super) struct Server {
    /// On how many seats' clipboards it still is.
    left: usize,
    value: Option<LockedSecret>,
}

impl Server {
    /// Somebody else took the clipboard of one seat.
    pub(super) fn lost_one(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Hands the value, or the hint, to whoever asked for it. What goes wrong is theirs: they read less, and say so.
    pub(super) fn serve(&self, kind: &str, to: OwnedFd) {
        let Some(value) = &self.value else { return };
        let bytes = if kind == HINT { HINT_SAYS } else { value.bytes() };
        if let Err(error) = write(bytes, to) {
            tracing::debug!(kind = ?error.kind(), "a program asked for the value and did not take it");
        }
    }
}

/// Writes all of it, and waits for a reader no longer than the limit.
fn write(bytes: &[u8], to: OwnedFd) -> std::io::Result<()> {
    fcntl_setfl(&to, fcntl_getfl(&to)? | OFlags::NONBLOCK)?;
    let until = Instant::now() + WRITE_LIMIT;
    let mut pipe = std::fs::File::from(to);
    let mut left = bytes;
    while !left.is_empty() {
        match pipe.write(left) {
            Ok(count) => left = &left[count..],
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                let rest = until.saturating_duration_since(Instant::now());
                let limit = Timespec::try_from(rest).map_err(|_| std::io::ErrorKind::TimedOut)?;
                if poll(&mut [PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::OUT)], Some(&limit))? == 0 {
                    return Err(std::io::ErrorKind::TimedOut.into());
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
