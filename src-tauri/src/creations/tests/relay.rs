//! Stands between a client and a real server, and does to requests what networks do: loses, delays, delivers late.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is done to a request.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// It goes through, and so does its answer.
    #[default]
    Through,
    /// The client's connection is cut, and the request waits for [`Relay::deliver`].
    Delayed,
    /// It waits, and the client with it, until its way is another.
    Held,
    /// It never arrives, and the client's connection is cut.
    Lost,
    /// It never arrives, and something answers 502 with a page.
    Bad,
}

pub(super) struct Relay {
    pub(super) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    ways: Mutex<HashMap<String, Way>>,
    delayed: Mutex<Vec<Vec<u8>>>,
    came: Mutex<Vec<(String, Vec<u8>)>>,
}

impl Relay {
    pub(super) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Shared { server, ways: Mutex::default(), delayed: Mutex::default(), came: Mutex::default() };
        let shared = Arc::new(shared);
        let relayed = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&relayed);
                // A connection that breaks off is what the client has to bear with.
                std::thread::spawn(move || drop(shared.relay(&client)));
            }
        });
        Self { port, shared }
    }

    /// What is done to requests with this method from now on.
    pub(super) fn set(&self, method: &str, way: Way) {
        self.shared.ways.lock().unwrap().insert(method.to_owned(), way);
    }

    /// Hands the delayed requests to the server; answers when they were done.
    pub(super) async fn deliver(&self) -> usize {
        let delayed = std::mem::take(&mut *self.shared.delayed.lock().unwrap());
        let (count, shared) = (delayed.len(), Arc::clone(&self.shared));
        let deliver = move || delayed.iter().for_each(|request| drop(shared.forward(request).unwrap()));
        // The server may work on this very thread.
        tokio::task::spawn_blocking(deliver).await.unwrap();
        count
    }

    /// A header of the last request with this method.
    pub(super) fn header(&self, method: &str, name: &str) -> Option<String> {
        let came = self.shared.came.lock().unwrap();
        let (_, request) = came.iter().rev().find(|(came, _)| came == method)?;
        let text = String::from_utf8_lossy(request);
        let mut headers = text.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// Waits until a request with this method has come.
    pub(super) async fn until_came(&self, method: &str) {
        while !self.shared.came.lock().unwrap().iter().any(|(came, _)| came == method) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

impl Shared {
    fn way(&self, method: &str) -> Way {
        self.ways.lock().unwrap().get(method).copied().unwrap_or_default()
    }

    fn relay(&self, mut client: &TcpStream) -> std::io::Result<()> {
        let (method, request) = self.read(client)?;
        self.came.lock().unwrap().push((method.clone(), request.clone()));
        while self.way(&method) == Way::Held {
            std::thread::sleep(Duration::from_millis(2));
        }
        match self.way(&method) {
            Way::Through | Way::Held => client.write_all(&self.forward(&request)?),
            Way::Delayed => {
                self.delayed.lock().unwrap().push(request);
                Ok(())
            }
            Way::Lost => Ok(()),
            Way::Bad => client.write_all(
                b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>",
            ),
        }
    }

    /// One request for each connection, with the server's own address as `Host`: it refuses every other.
    fn read(&self, client: &TcpStream) -> std::io::Result<(String, Vec<u8>)> {
        let mut from = BufReader::new(client);
        let (mut request, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            from.read_line(&mut line)?;
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            match name.to_ascii_lowercase().as_str() {
                "host" => line = format!("Host: {}\r\nConnection: close\r\n", self.server),
                "content-length" => length = value.trim().parse().unwrap(),
                _ => {}
            }
            request.extend(line.as_bytes());
            if line.trim().is_empty() {
                break;
            }
        }
        let head = request.len();
        request.resize(head + length, 0);
        from.read_exact(&mut request[head..])?;
        let method = request.split(|byte| *byte == b' ').next().unwrap_or_default();
        Ok((String::from_utf8_lossy(method).into_owned(), request))
    }

    fn forward(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut server = TcpStream::connect(self.server)?;
        server.write_all(request)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        Ok(answer)
    }
}
