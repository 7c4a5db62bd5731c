//! The app in its window, driven through WebKit's own web driver, which starts it: the app is the driver's child.
//!
//! Not here: how something on the page is found ([`crate::page`]) and what a person does there ([`crate::person`]).

use std::cell::{Cell, OnceCell};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::canaries;
use crate::desktop::Desktop;
use crate::display::{Display, Place};
use crate::patience::{until, until_true, within};
use crate::process::{Daemon, children, family, is_running, listening_ports, signal, variable};

/// The window's title.
pub const TITLE: &str = "Palpabl NMS settings";
/// In the environment of every process of one app.
const MARK: &str = "PALPABL_E2E_MARK";
const START_LIMIT: Duration = Duration::from_secs(30);
/// No single step of the driver takes as long.
const STEP_LIMIT: Duration = Duration::from_secs(30);

/// The app's program, built for these tests.
#[track_caller]
pub fn binary() -> PathBuf {
    let path = std::env::var_os("PALPABL_E2E_APP")
        .map_or_else(|| target_dir().join("e2e/palpabl-nms-settings"), PathBuf::from);
    let path = path.canonicalize().unwrap_or(path);
    assert!(
        path.is_file(),
        "there is no app at {}: `cargo build --profile e2e --features e2e -p palpabl-nms-settings` builds it (after \
         `npm --prefix ui run build`), PALPABL_E2E_APP names another",
        path.display()
    );
    path
}

/// Where pictures and logs are left.
pub fn target_dir() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(beside, PathBuf::from)
}

/// A running app.
pub struct App<'desktop> {
    desktop: &'desktop Desktop,
    display: Display,
    runtime: Runtime,
    client: Option<Client>,
    driver: Daemon,
    pid: u32,
    number: usize,
    server_port: OnceCell<u16>,
    refusals_asked: Cell<usize>,
}

impl<'desktop> App<'desktop> {
    /// Starts the app and waits for its window.
    #[track_caller]
    pub fn start(desktop: &'desktop Desktop) -> Self {
        Self::start_with(desktop, &[])
    }

    /// The same, with more in its environment.
    #[track_caller]
    pub fn start_with(desktop: &'desktop Desktop, more: &[(&str, &str)]) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let number = next_number();
        let (driver, port) = start_driver(desktop, number, more);
        let client =
            runtime.block_on(connect(port)).unwrap_or_else(|reason| panic!("{reason}\n{}", log_of(desktop, number)));
        let pid = until("the app, the driver's only child", || children(driver.pid()).first().copied());
        let display = Display::of(desktop);
        let app = Self {
            desktop,
            display,
            runtime,
            client: Some(client),
            driver,
            pid,
            number,
            server_port: OnceCell::new(),
            refusals_asked: Cell::new(0),
        };
        // A compositor gives the focus to whatever is new.
        if !desktop.is_on_wayland() {
            app.display.focus(app.window());
        }
        app
    }

    /// The desktop that it runs on.
    pub fn desktop(&self) -> &'desktop Desktop {
        self.desktop
    }

    /// The display that it shows its window on.
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The address of the NMS that runs inside it.
    #[track_caller]
    pub fn server(&self) -> String {
        format!("http://127.0.0.1:{}", self.server_port())
    }

    /// Its port, as the system knows it. Asked once: the process is closed to others while it holds a secret.
    #[track_caller]
    pub fn server_port(&self) -> u16 {
        if let Some(port) = self.server_port.get() {
            return *port;
        }
        // The web view listens too: for the driver.
        let drivers =
            variable(self.pid, "WEBKIT_INSPECTOR_SERVER").and_then(|address| address.rsplit(':').next()?.parse().ok());
        let ports = || listening_ports(self.pid).into_iter().find(|port| Some(*port) != drivers);
        let port = until("the port of the built-in NMS", ports);
        *self.server_port.get_or_init(|| port)
    }

    /// Its window.
    #[track_caller]
    pub fn window(&self) -> u32 {
        self.display.window(TITLE)
    }

    /// Its processes: its own, the web view's, and no others.
    pub fn processes(&self) -> Vec<(u32, String)> {
        family(self.pid, (MARK, &mark(self.desktop, self.number)))
            .into_iter()
            .filter(|(pid, _)| *pid != self.driver.pid())
            .collect()
    }

    /// Everything that it and its driver have said so far.
    pub fn log(&self) -> String {
        log_of(self.desktop, self.number)
    }

    /// What the web view refused the page, what failed on it, and each way that it took in the place of a better one,
    /// since this was last asked: its console has a line for each. A test that provokes some asks; all others end badly.
    pub fn refusals(&self) -> Vec<String> {
        let log = self.log();
        // That sizes will be told of a moment later is neither (Resize Observer, section 3.4.4).
        let is_one = |line: &&str| line.contains("CONSOLE ") && !line.contains("ResizeObserver loop completed");
        let lines: Vec<&str> = log.lines().filter(is_one).collect();
        let asked = self.refusals_asked.replace(lines.len());
        lines.into_iter().skip(asked).map(str::to_owned).collect()
    }

    /// Lets the app's own clock (clipboard, vault, reveal) go forward.
    #[track_caller]
    pub fn advance(&self, by: Duration) {
        use std::io::{BufRead, BufReader, Write};
        let mut socket = UnixStream::connect(clock_path(self.desktop, self.number)).unwrap();
        socket.set_read_timeout(Some(STEP_LIMIT)).unwrap();
        writeln!(socket, "{}", by.as_millis()).unwrap();
        let mut answer = String::new();
        BufReader::new(socket).read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), "done", "the app's clock did not advance");
    }

    /// Closes the window as the cross in its frame and Alt+F4 do: a window manager makes the same request of either.
    #[track_caller]
    pub fn ask_to_close(&self) {
        self.display.ask_to_close(self.window());
    }

    /// Ends the app as a system that shuts down does.
    #[track_caller]
    pub fn terminate(&self) {
        signal(self.pid, Signal::TERM);
        self.until_ended();
    }

    /// Ends the app, and the NMS inside it, as a power cut does: nothing is asked, written or wiped.
    #[track_caller]
    pub fn kill(&self) {
        signal(self.pid, Signal::KILL);
        self.until_ended();
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        !is_running(self.pid)
    }

    /// Waits until it has ended.
    #[track_caller]
    pub fn until_ended(&self) {
        until_true("the app has ended", || self.has_ended());
    }

    /// Makes the window this large, as a person who drags its corner.
    #[track_caller]
    pub fn resize(&self, width: u16, height: u16) {
        self.display.resize(self.window(), width, height);
        until_true("the window's new size", || {
            let place = self.display.place(self.window());
            (place.width, place.height) == (width, height)
        });
    }

    /// Where its window is.
    #[track_caller]
    pub fn place(&self) -> Place {
        self.display.place(self.window())
    }

    /// Where on the screen a part of the page is, found by its selector.
    #[track_caller]
    pub fn place_of(&self, selector: &str) -> Place {
        let script = format!(
            "const {{ x, y, width, height }} = document.querySelector('{selector}').getBoundingClientRect();
            return [x, y, width, height].map(Math.round)"
        );
        let found: [i16; 4] = serde_json::from_value(self.look(&script)).unwrap();
        let [x, y, width, height] = found;
        let window = self.place();
        Place { x: window.x + x, y: window.y + y, width: width.unsigned_abs(), height: height.unsigned_abs() }
    }

    /// Writes a picture of the window, as it is on the screen, once it has come to rest.
    #[track_caller]
    pub fn picture(&self, path: &Path) {
        self.display.settled_picture(self.place()).write(path);
    }

    /// Runs a script in the page. For looking only: what a person does goes through real input.
    #[track_caller]
    pub fn look(&self, script: &str) -> Value {
        self.drive(|client| async move { client.execute(script, vec![]).await })
    }

    /// Runs a script that answers later, through its last argument.
    #[track_caller]
    pub fn look_later(&self, script: &str) -> Value {
        self.drive(|client| async move { client.execute_async(script, vec![]).await })
    }

    /// One step of the driver, which must succeed in time.
    #[track_caller]
    pub(crate) fn drive<T, E: std::fmt::Debug, F: Future<Output = Result<T, E>>>(
        &self,
        step: impl FnOnce(Client) -> F,
    ) -> T {
        self.try_drive(step).unwrap_or_else(|reason| panic!("{reason}"))
    }

    /// One step of the driver, which may fail: the page changes while it is looked at.
    #[track_caller]
    pub(crate) fn try_drive<T, E: std::fmt::Debug, F: Future<Output = Result<T, E>>>(
        &self,
        step: impl FnOnce(Client) -> F,
    ) -> Result<T, String> {
        let Some(client) = self.client.clone() else { panic!("the app was closed") };
        let step = step(client);
        let limited = self.runtime.block_on(async { tokio::time::timeout(STEP_LIMIT, step).await });
        match limited {
            Ok(answer) => answer.map_err(|error| format!("{error:?}")),
            Err(_) => panic!("the window does not answer the driver for {} s", STEP_LIMIT.as_secs()),
        }
    }

    /// What is known when a test fails.
    fn leave_evidence(&self) {
        let folder = target_dir().join("window");
        let name = std::thread::current().name().unwrap_or("test").replace("::", ".");
        let screen = self.display.screen();
        self.display.picture(screen).write(&folder.join(format!("{name}.png")));
        let said = self.log();
        // A last help for whoever reads the failure; without it there is still the panic's own message.
        drop(std::fs::write(folder.join(format!("{name}.log")), &said));
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() && !self.has_ended() {
            self.leave_evidence();
        }
        // The session ends with the app: asking the driver to end it kills the app, which a test may not want to wait for.
        if !self.has_ended() {
            signal(self.pid, Signal::TERM);
            if within(Duration::from_secs(8), || self.has_ended().then_some(())).is_none() {
                signal(self.pid, Signal::KILL);
            }
        }
        if let Some(client) = self.client.take() {
            // The driver has lost its window and may say so.
            drop(self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(2), client.close()).await }));
        }
        if !std::thread::panicking() {
            assert_eq!(self.refusals(), Vec::<String>::new(), "the web view refused something");
            let left = canaries::left(self.desktop, &self.log());
            assert_eq!(left, Vec::<String>::new(), "a secret was left behind");
        }
    }
}

fn next_number() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static STARTED: AtomicUsize = AtomicUsize::new(0);
    STARTED.fetch_add(1, Ordering::Relaxed)
}

fn mark(desktop: &Desktop, number: usize) -> String {
    format!("{} {number}", desktop.folder().display())
}

fn clock_path(desktop: &Desktop, number: usize) -> PathBuf {
    desktop.folder().join(format!("clock-{number}"))
}

fn log_of(desktop: &Desktop, number: usize) -> String {
    std::fs::read_to_string(desktop.folder().join(format!("app-{number}.log"))).unwrap_or_default()
}

/// The driver, listening; another program may take the free port in between, so it is tried with more than one.
#[track_caller]
fn start_driver(desktop: &Desktop, number: usize, more: &[(&str, &str)]) -> (Daemon, u16) {
    for _ in 0..5 {
        let port = free_port();
        let log = desktop.log(&format!("app-{number}.log"));
        let mut command = desktop.command("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("PALPABL_E2E_CLOCK", clock_path(desktop, number))
            .env(MARK, mark(desktop, number))
            .env("RUST_BACKTRACE", "1")
            // As talkative as it can be: it may say no secret even so.
            .env("PALPABL_LOG", "trace")
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let mut driver = Daemon::start(&mut command);
        let listening = || driver.has_ended().then_some(false).or_else(|| is_listening(port).then_some(true));
        if within(START_LIMIT, listening) == Some(true) {
            return (driver, port);
        }
    }
    panic!("WebKitWebDriver does not start: {}", log_of(desktop, number))
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn is_listening(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// A session, with which the driver starts the app.
async fn connect(port: u16) -> Result<Client, String> {
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": binary(), "args": [] } });
    let Value::Object(capabilities) = capabilities else { return Err("no capabilities".to_owned()) };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let url = format!("http://127.0.0.1:{port}");
    match tokio::time::timeout(START_LIMIT, builder.connect(&url)).await {
        Err(_) => Err(format!("the app does not open a window that can be driven within {} s", START_LIMIT.as_secs())),
        Ok(session) => session.map_err(|error| format!("the app could not be started: {error}")),
    }
}
