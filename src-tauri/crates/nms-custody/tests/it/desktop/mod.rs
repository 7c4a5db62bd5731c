//! A desktop of each test's own: an X server, a session bus, a keyring. Started for it, ended with it, by process id.
//!
//! What a program sees of a desktop stands in its environment, which is one for a whole process. So a test is two: the
//! outer one starts the desktop and runs the inner one, the same test again, in a process with that environment.

pub(crate) mod bus;
pub(crate) mod display;
pub(crate) mod other;
pub(crate) mod rounds;
pub(crate) mod wayland;

use std::any::type_name_of_val;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take that should take no time, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How long one test may take.
const WHOLE_TEST: Duration = Duration::from_secs(90);

pub(crate) const INSIDE: &str = "NMS_CUSTODY_TEST_INSIDE";
/// What must not leak in from the desktop of whoever runs the tests.
pub(crate) const HOSTS_OWN: [&str; 5] =
    ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"];

/// Runs `body` inside the environment that `outside` prepares. What `outside` returned lives as long as the test.
pub(crate) fn inside<D, B>(outside: impl FnOnce() -> (D, Vec<(&'static str, String)>), body: B)
where
    B: AsyncFnOnce(),
{
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(body());
    }
    let (desktop, environment) = outside();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test_name(&body).as_str(), "--exact", "--nocapture"]).env(INSIDE, "1");
    for name in HOSTS_OWN {
        command.env_remove(name);
    }
    let mut inner = Running::start(command.envs(environment));
    let ended = inner.wait(WHOLE_TEST);
    drop(desktop);
    assert!(ended.expect("the test took too long").success(), "see the inner test's output above");
}

/// The name of the test that a closure stands in, as `--exact` takes it.
pub(crate) fn test_name<B>(body: &B) -> String {
    let path = type_name_of_val(body).replace("::{{closure}}", "");
    path.split_once("::").unwrap().1.to_owned()
}

/// A child process that does not outlive its owner.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.0)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// None when it did not end in time.
    pub(crate) fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            match self.0.try_wait().unwrap() {
                Some(status) => return Some(status),
                None if Instant::now() > until => return None,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.try_wait().ok().flatten().is_none() {
            // Asked first, so that servers remove their sockets and locks.
            let _ = kill_process(self.pid(), Signal::CONT);
            let _ = kill_process(self.pid(), Signal::TERM);
            if self.wait(Duration::from_secs(3)).is_none() {
                let _ = self.0.kill();
            }
            let _ = self.0.wait();
        }
    }
}

/// What a command prints, and whether it succeeded; it must end in time.
pub(crate) fn output(command: &mut Command) -> (Vec<u8>, bool) {
    let mut running = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut stdout = running.0.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut printed = Vec::new();
        stdout.read_to_end(&mut printed).unwrap();
        printed
    });
    let status = running.wait(PATIENCE).unwrap_or_else(|| panic!("{command:?} hangs"));
    (reader.join().unwrap(), status.success())
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let limit = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < limit, "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
