//! One connection that is kept: whatever is asked over it stands in one line, as a service has it.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Open until it is dropped, or the server closes it: then it fails.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Connection {
    /// Connects, to ask `GET /devices` with this credential.
    pub(crate) async fn open(address: SocketAddr, credential: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let request =
            format!("GET /api/v1/devices HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {credential}\r\n\r\n");
        Self { stream: BufReader::new(stream), request }
    }

    /// Asks once; the status, and the slug of a refusal.
    pub(crate) async fn ask(&mut self) -> (u16, String) {
        self.stream.write_all(self.request.as_bytes()).await.unwrap();
        let (status, length) = self.head().await;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        let problem: Value = serde_json::from_slice(&body).unwrap();
        let slug = problem["type"].as_str().and_then(|kind| kind.rsplit(':').next()).unwrap_or_default();
        (status, slug.to_owned())
    }

    async fn head(&mut self) -> (u16, usize) {
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            assert_ne!(self.stream.read_line(&mut line).await.unwrap(), 0, "the server closed the connection");
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("http/1.1 ") {
                status = value[..3].parse().unwrap();
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            } else if line.is_empty() {
                return (status, length);
            }
        }
    }
}
