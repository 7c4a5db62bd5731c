//! A server that does exactly what a test tells it, byte for byte, and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use nms_api::Secret;
use nms_client::{Client, ServerAddress, TimeLimits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore},
    task::JoinHandle,
};

/// The session with which tests ask. It must turn up nowhere.
pub(crate) const SESSION: &str = "session-c4n4ry-7Hq2";

/// What the server does with a request after it has read it whole.
#[derive(Clone)]
pub(crate) enum Step {
    /// Answers, and keeps the connection.
    Answer(Vec<u8>),
    /// Answers out of memory that is there already, where ours is measured.
    Shared(Arc<[u8]>),
    /// Closes without a word, as when it dies between commit and answer.
    Cut,
    /// Sends this much and closes.
    CutAfter(Vec<u8>),
    /// Says nothing, and keeps the connection.
    Silent,
    /// Sends one byte at a time.
    Drip(Vec<u8>, Duration),
    /// Sends this, and then the piece again and again.
    Endless(Vec<u8>, Vec<u8>),
    /// Answers when the semaphore lets it.
    Held(Arc<Semaphore>, Vec<u8>),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `GET /api/v1/me HTTP/1.1`
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    requests: Mutex<Vec<Request>>,
    came: Notify,
    ended: Notify,
}

/// The server. Stops when dropped.
pub(crate) struct Nms {
    pub(crate) port: u16,
    script: Arc<Script>,
    accepting: JoinHandle<()>,
}

impl Drop for Nms {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Nms {
    /// The first request gets the first step, and so on; those after the last get the last again.
    pub(crate) async fn playing(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::new(Script { steps: Mutex::new(steps.into_iter().collect()), ..Script::default() });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&script)));
        Self { port, script, accepting }
    }

    pub(crate) async fn answering(answer: Vec<u8>) -> Self {
        Self::playing([Step::Answer(answer)]).await
    }

    pub(crate) fn address(&self) -> ServerAddress {
        ServerAddress::parse(&format!("http://127.0.0.1:{}", self.port)).unwrap()
    }

    /// A client that waits as long as the app does: for what is expected to be answered.
    pub(crate) fn client(&self) -> Client {
        self.client_within(TimeLimits { first_wait: Duration::from_millis(5), ..TimeLimits::default() })
    }

    pub(crate) fn client_within(&self, limits: TimeLimits) -> Client {
        Client::new(self.address(), Secret::new(SESSION.into()), limits).unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.script.requests.lock().unwrap().clone()
    }

    /// The methods of all requests.
    pub(crate) fn methods(&self) -> Vec<String> {
        let method = |request: &Request| request.line.split(' ').next().unwrap_or_default().to_owned();
        self.requests().iter().map(method).collect()
    }

    /// Waits until this many requests have come.
    pub(crate) async fn came(&self, count: usize) {
        loop {
            let next = self.script.came.notified();
            if self.requests().len() >= count {
                return;
            }
            next.await;
        }
    }

    /// Waits until a caller has closed its connection.
    pub(crate) async fn ended(&self) {
        self.script.ended.notified().await;
    }
}

/// Short limits, for what is expected never to be answered.
pub(crate) fn impatient() -> TimeLimits {
    TimeLimits {
        connect: Duration::from_millis(200),
        read: Duration::from_millis(150),
        total: Duration::from_millis(900),
        first_wait: Duration::from_millis(5),
    }
}

async fn accept(listener: TcpListener, script: Arc<Script>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            // A caller that goes away is part of many tests.
            let _ = serve(stream, &script).await;
            script.ended.notify_one();
        });
    }
}

async fn serve(mut stream: TcpStream, script: &Script) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(request) = receive(&mut stream, &mut buffer).await? {
        let step = {
            script.requests.lock().unwrap().push(request);
            let mut steps = script.steps.lock().unwrap();
            if steps.len() > 1 { steps.pop_front() } else { steps.front().cloned() }
        };
        script.came.notify_waiters();
        if !act(&mut stream, step.unwrap()).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether the connection stays.
async fn act(stream: &mut TcpStream, step: Step) -> std::io::Result<bool> {
    match step {
        Step::Answer(answer) => stream.write_all(&answer).await?,
        Step::Shared(answer) => stream.write_all(&answer).await?,
        Step::Cut => return Ok(false),
        Step::CutAfter(beginning) => {
            stream.write_all(&beginning).await?;
            stream.shutdown().await?;
            return Ok(false);
        }
        Step::Silent => {
            // Until the caller gives up.
            stream.read_u8().await?;
        }
        Step::Drip(answer, pause) => {
            for byte in answer {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(pause).await;
            }
        }
        Step::Endless(beginning, piece) => {
            stream.write_all(&beginning).await?;
            loop {
                stream.write_all(&piece).await?;
            }
        }
        Step::Held(semaphore, answer) => {
            semaphore.acquire().await.unwrap().forget();
            stream.write_all(&answer).await?;
        }
    }
    Ok(true)
}

async fn receive(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<Option<Request>> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8(buffer.drain(..head_end).collect()).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let mut request = Request { line, headers: lines.filter_map(header).collect(), body: Vec::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    request.body = buffer.drain(..length).collect();
    Ok(Some(request))
}
