//! A relay between the app's client and its built-in server that can hold answers, or lose one: the server gets the request, does
//! what it asks and answers, and the connection ends before the client hears of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use crate::patience::until_true;

/// A relay. Ends with the process.
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// The server's port; nobody knows it before the app has started.
    target: Mutex<Option<u16>>,
    target_is_known: Condvar,
    /// How many answers to a creation are still to be lost.
    to_lose: AtomicUsize,
    lost: AtomicUsize,
    /// How many answers to a creation are still to be kept from the client, whose connection stays open.
    to_keep: AtomicUsize,
    is_cut_off: AtomicBool,
    kept: AtomicUsize,
    /// How requests begin whose answers are kept from the client.
    held: Mutex<Option<String>>,
    held_changes: Condvar,
    holding: AtomicUsize,
}

impl Relay {
    /// Listens on a free port of this computer.
    #[track_caller]
    pub fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let relayed = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&relayed);
                // A connection that breaks off is what the client has to bear with.
                std::thread::spawn(move || drop(relay(&client, &shared)));
            }
        });
        Self { address, shared }
    }

    /// Host and port, for the app's environment.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Where the server is. Connections that came before wait for this.
    #[track_caller]
    pub fn forward_to(&self, port: u16) {
        *self.shared.target.lock().unwrap() = Some(port);
        self.shared.target_is_known.notify_all();
    }

    /// Loses the answers to the next so many creations.
    pub fn lose_answers(&self, count: usize) {
        self.shared.to_lose.store(count, Ordering::SeqCst);
    }

    /// Waits until so many answers were lost in all.
    #[track_caller]
    pub fn until_lost(&self, count: usize) {
        until_true(&format!("{count} lost answers"), || self.shared.lost.load(Ordering::SeqCst) == count);
    }

    /// From now on every request is lost on its way, and its connection ends; or it goes through again.
    pub fn cut_off(&self, is_cut_off: bool) {
        self.shared.is_cut_off.store(is_cut_off, Ordering::SeqCst);
    }

    /// Keeps the answers to the next so many creations from the client: the server has done what was asked.
    pub fn keep_answers(&self, count: usize) {
        self.shared.to_keep.store(count, Ordering::SeqCst);
    }

    /// Waits until an answer is kept so.
    #[track_caller]
    pub fn until_kept(&self) {
        until_true("an answer is kept", || self.shared.kept.load(Ordering::SeqCst) > 0);
    }

    /// Keeps the answers to requests that begin so from the client, as a network does that is slow without end.
    #[track_caller]
    pub fn hold_answers_to(&self, beginning: &str) {
        *self.shared.held.lock().unwrap() = Some(beginning.to_owned());
    }

    /// Waits until such a request has come.
    #[track_caller]
    pub fn until_held(&self) {
        until_true("an answer is held", || self.shared.holding.load(Ordering::SeqCst) > 0);
    }

    /// Lets the answers go on.
    #[track_caller]
    pub fn let_answers_go(&self) {
        *self.shared.held.lock().unwrap() = None;
        self.shared.held_changes.notify_all();
    }
}

impl Default for Relay {
    fn default() -> Self {
        Self::new()
    }
}

/// What becomes of the next answer on a connection.
#[derive(Default)]
struct Fate {
    is_lost: AtomicBool,
    is_kept: AtomicBool,
}

fn relay(client: &TcpStream, shared: &Arc<Shared>) -> std::io::Result<()> {
    let port = shared.target_is_known.wait_while(shared.target.lock().unwrap(), |port| port.is_none()).unwrap();
    let server = TcpStream::connect(("127.0.0.1", port.unwrap_or_default()))?;
    drop(port);
    let fate = Arc::new(Fate::default());
    let answers = (server.try_clone()?, client.try_clone()?, Arc::clone(&fate), Arc::clone(shared));
    std::thread::spawn(move || pass_answers(answers.0, answers.1, &answers.2, &answers.3));
    let passed = pass_requests(client, &server, &fate, shared);
    // Whoever still reads learns that this is the end.
    drop(server.shutdown(Shutdown::Write));
    passed
}

impl Shared {
    fn hold(&self, request: &[u8]) {
        let held = self.held.lock().unwrap();
        let is_held =
            |held: &mut Option<String>| held.as_ref().is_some_and(|held| request.starts_with(held.as_bytes()));
        self.holding.fetch_add(usize::from(is_held(&mut held.clone())), Ordering::SeqCst);
        drop(self.held_changes.wait_while(held, is_held).unwrap());
    }
}

/// Answers go through byte by byte, until one is to be lost: it has begun, so what was asked is done.
fn pass_answers(mut server: TcpStream, mut client: TcpStream, fate: &Fate, shared: &Shared) {
    let mut block = [0; 16 * 1024];
    while let Ok(read @ 1..) = server.read(&mut block) {
        if fate.is_kept.load(Ordering::SeqCst) {
            shared.kept.fetch_add(1, Ordering::SeqCst);
            continue;
        }
        if fate.is_lost.load(Ordering::SeqCst) {
            shared.lost.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if client.write_all(&block[..read]).is_err() {
            break;
        }
    }
    for end in [&client, &server] {
        // It may be closed already.
        drop(end.shutdown(Shutdown::Both));
    }
}

fn pass_requests(client: &TcpStream, mut server: &TcpStream, fate: &Fate, shared: &Shared) -> std::io::Result<()> {
    let mut requests = BufReader::new(client);
    while let Some(request) = next_request(&mut requests, server.peer_addr()?)? {
        if shared.is_cut_off.load(Ordering::SeqCst) {
            // Both threads of the connection end by it.
            return client.shutdown(Shutdown::Both);
        }
        let is_creation = request.starts_with(b"POST /api/v1/tokens HTTP");
        let fewer = |left: usize| left.checked_sub(1);
        for (left, happens) in [(&shared.to_lose, &fate.is_lost), (&shared.to_keep, &fate.is_kept)] {
            if is_creation && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok() {
                happens.store(true, Ordering::SeqCst);
            }
        }
        // The server is not even asked until then: nobody can tell the difference.
        shared.hold(&request);
        server.write_all(&request)?;
    }
    Ok(())
}

/// Head and body, with the server's own address as `Host`: it refuses every other.
fn next_request(requests: &mut impl BufRead, server: SocketAddr) -> std::io::Result<Option<Vec<u8>>> {
    let (mut request, mut length) = (vec![], 0);
    loop {
        let mut line = String::new();
        if requests.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
        if name.eq_ignore_ascii_case("host") {
            line = format!("Host: {server}\r\n");
        }
        request.extend(line.as_bytes());
        if line == "\r\n" {
            break;
        }
    }
    let head = request.len();
    request.resize(head + length, 0);
    requests.read_exact(&mut request[head..])?;
    Ok(Some(request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_gets_the_servers_own_host_and_keeps_its_body() {
        let sent =
            "POST /api/v1/tokens HTTP/1.1\r\nhost: 127.0.0.1:1\r\ncontent-length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\n";
        let mut sent = sent.as_bytes();
        let server = SocketAddr::from(([127, 0, 0, 1], 9));
        let request = next_request(&mut sent, server).unwrap().unwrap();
        let wanted = "POST /api/v1/tokens HTTP/1.1\r\nHost: 127.0.0.1:9\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(String::from_utf8(request).unwrap(), wanted);
        assert_eq!(next_request(&mut sent, server).unwrap().unwrap(), b"GET / HTTP/1.1\r\n\r\n");
        assert_eq!(next_request(&mut sent, server).unwrap(), None);
    }
}
