//! Other programs: long-running ones that end with their owner, and short ones with a time limit. Each is ended by its
//! own process id.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::patience::within;

/// How long a short program may take. `xclip` and `secret-tool` wait for ever for an owner that does not answer.
const TOOL_LIMIT: Duration = Duration::from_secs(10);
const END_LIMIT: Duration = Duration::from_secs(5);

/// The whole environment of a program; nothing is inherited from whoever runs the tests.
pub type Environment = BTreeMap<OsString, OsString>;

/// A program that runs until it is dropped.
pub struct Daemon {
    name: String,
    child: Child,
}

impl Daemon {
    /// Starts it; what it says goes where `command` says.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let child =
            command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}; `make setup` installs it"));
        Self { name, child }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The child, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it has ended by itself.
    #[track_caller]
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap_or_else(|error| panic!("{}: {error}", self.name)).is_some()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        signal(self.pid(), Signal::TERM);
        let child = &mut self.child;
        if within(END_LIMIT, || child.try_wait().ok().flatten()).is_none() {
            // It may have ended just now; then there is nothing left to kill.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// Sends a signal to one process; one that has ended already is as good.
pub fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// What a short program said.
#[derive(Debug)]
pub struct Said {
    /// Its exit status; a signal's number plus 128 when it was ended by one.
    pub status: i32,
    /// What it wrote.
    pub out: Vec<u8>,
    /// What it complained about.
    pub complaints: String,
}

impl Said {
    /// What it wrote, as text.
    #[track_caller]
    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap_or_else(|_| panic!("not text: {:?}", self.out))
    }

    /// Itself, when it succeeded.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.status, 0, "{}", self.complaints);
        self
    }
}

/// Runs a program to its end; `None` when it did not end in time, and was then killed.
#[track_caller]
pub fn run(command: &mut Command, input: Option<&[u8]>) -> Option<Said> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}; `make setup` installs it"));
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        pipe.write_all(input).unwrap_or_else(|error| panic!("{name} takes no input: {error}"));
    }
    let pid = child.id();
    let (tell, ended) = mpsc::channel();
    // The receiver is gone when the limit has passed; nobody is left to be told.
    std::thread::spawn(move || drop(tell.send(child.wait_with_output())));
    let Ok(output) = ended.recv_timeout(TOOL_LIMIT) else {
        signal(pid, Signal::KILL);
        return None;
    };
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}"));
    let status = output.status.code().or_else(|| output.status.signal().map(|number| 128 + number)).unwrap_or(-1);
    Some(Said { status, out: output.stdout, complaints: String::from_utf8_lossy(&output.stderr).into_owned() })
}

/// All processes: id, parent, name.
fn processes() -> Vec<(u32, u32, String)> {
    let Ok(folder) = std::fs::read_dir("/proc") else { return vec![] };
    let ids = folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|pid: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (open, close) = (stat.find('(')?, stat.rfind(')')?);
        let parent = stat[close + 1..].split_whitespace().nth(1)?.parse().ok()?;
        Some((pid, parent, stat[open + 1..close].to_owned()))
    })
    .collect()
}

/// The direct children of a process.
pub fn children(of: u32) -> Vec<u32> {
    processes().into_iter().filter(|(_, parent, _)| *parent == of).map(|(pid, ..)| pid).collect()
}

/// A process, all that descend from it, and all whose environment holds `mark`: helpers of the web view may have been
/// given another parent.
pub fn family(root: u32, mark: (&str, &str)) -> Vec<(u32, String)> {
    let all = processes();
    let mut known = vec![root];
    let mut at = 0;
    while at < known.len() {
        let parent = known[at];
        known.extend(all.iter().filter(|process| process.1 == parent && process.0 != parent).map(|process| process.0));
        at += 1;
    }
    all.into_iter()
        .filter(|(pid, ..)| known.contains(pid) || variable(*pid, mark.0).as_deref() == Some(mark.1))
        .map(|(pid, _, name)| (pid, name))
        .collect()
}

/// Whether a process runs: one that has ended stays listed until its parent has taken notice.
pub fn is_running(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|state| !matches!(state, "Z" | "X"))
}

/// The TCP ports on which a process listens.
pub fn listening_ports(pid: u32) -> Vec<u16> {
    let open: Vec<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .map(|entries| entries.flatten().filter_map(|entry| socket(&entry.path())).collect())
        .unwrap_or_default();
    let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let listening = sockets.lines().skip(1).filter_map(|line| {
        // sl, local address, remote address, state, queues, timer, retransmissions, uid, timeout, inode
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, "0A", _, _, _, _, _, inode, ..] = words[..] else { return None };
        let (_, port) = local.split_once(':')?;
        open.iter().any(|open| open == inode).then(|| u16::from_str_radix(port, 16).ok())?
    });
    listening.collect()
}

/// The inode of an open socket.
fn socket(descriptor: &Path) -> Option<String> {
    let target = std::fs::read_link(descriptor).ok()?;
    Some(target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
}

/// A variable in the environment with which a process was started.
pub fn variable(pid: u32, name: &str) -> Option<String> {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mut entries = environment.split(|byte| *byte == 0).filter_map(|entry| std::str::from_utf8(entry).ok());
    entries.find_map(|entry| entry.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

/// The memory of these processes in KiB; what several of them share is counted once (PSS).
pub fn proportional_kib(processes: &[(u32, String)]) -> u64 {
    let of = |pid: u32| {
        let told = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        told.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
    };
    processes.iter().filter_map(|(pid, _)| of(*pid)).sum()
}
