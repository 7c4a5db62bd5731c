//! Who sits on a port: whoever sits on the usual one would be handed tokens that are meant for us.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The process that listens on a port, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortHolder {
    /// The port.
    pub port: u16,
    /// Whether anybody listens on it at this moment.
    pub is_held: bool,
    /// The process; `None` when it is somebody else's, or gone.
    pub pid: Option<u32>,
    /// The program's name.
    pub program: Option<String>,
}

impl fmt::Display for PortHolder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.program, self.pid) {
            _ if !self.is_held => write!(formatter, "port {} was held and is free again", self.port),
            (Some(program), Some(pid)) => write!(formatter, "port {} is held by {program}, process {pid}", self.port),
            (None, Some(pid)) => write!(formatter, "port {} is held by process {pid}", self.port),
            (_, None) => write!(formatter, "port {} is held by a process that cannot be named", self.port),
        }
    }
}

/// Finds who listens on `port`. Performs I/O: reads `/proc`, which tells of one's own processes only, or of all to root.
pub(crate) fn find(port: u16) -> PortHolder {
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listening_sockets(&table, port))
        .collect();
    let pid = sockets.iter().find_map(|socket| owner(socket));
    PortHolder { port, is_held: !sockets.is_empty(), pid, program: pid.and_then(program_of) }
}

/// The name of a process. The kernel keeps 15 bytes of it (proc(5), `/proc/PID/comm`); a longer one is taken from its
/// file or its command line, where it goes on like that.
fn program_of(pid: u32) -> Option<String> {
    const KEPT: usize = 15;
    let short = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned();
    if short.len() < KEPT {
        return Some(short);
    }
    let file = fs::read_link(format!("/proc/{pid}/exe")).ok();
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let arguments = line.split(|byte| *byte == 0).take(2).map(|part| PathBuf::from(OsStr::from_bytes(part)));
    let mut names = file.into_iter().chain(arguments).filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
    Some(names.find(|name| name.starts_with(&short)).unwrap_or(short))
}

/// The sockets, as links in `/proc/PID/fd` name them, that listen on `port` (proc(5), `/proc/net/tcp`).
fn listening_sockets(table: &str, port: u16) -> Vec<String> {
    const LISTENING: &str = "0A";
    let socket = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (_, local_port) = columns.get(1)?.rsplit_once(':')?;
        let is_it = u16::from_str_radix(local_port, 16) == Ok(port) && *columns.get(3)? == LISTENING;
        is_it.then(|| columns.get(9).map(|inode| format!("socket:[{inode}]"))).flatten()
    };
    table.lines().filter_map(socket).collect()
}

fn owner(socket: &str) -> Option<u32> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    processes
        .filter_map(|process| process.file_name().to_str()?.parse::<u32>().ok())
        .find(|pid| holds(Path::new(&format!("/proc/{pid}/fd")), socket))
}

fn holds(descriptors: &Path, socket: &str) -> bool {
    let Ok(descriptors) = fs::read_dir(descriptors) else { return false };
    descriptors.flatten().any(|link| fs::read_link(link.path()).is_ok_and(|target| target.as_os_str() == socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_listener_is_found_with_its_process_and_program() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let holder = find(listener.local_addr().unwrap().port());
        assert_eq!((holder.pid, holder.is_held), (Some(std::process::id()), true));
        // The program of this test has more than the 15 bytes that the kernel keeps.
        let program = std::env::current_exe().unwrap();
        assert_eq!(holder.program.as_deref(), program.file_name().unwrap().to_str());
    }

    #[test]
    fn a_port_on_which_nobody_listens_has_no_holder() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert_eq!(find(port), PortHolder { port, is_held: false, pid: None, program: None });
    }

    #[test]
    fn a_table_is_read_by_local_port_and_state() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:1CA3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0\n\
             1: 0100007F:1CA3 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 4343 1 0\n";
        assert_eq!(listening_sockets(table, 0x1CA3), ["socket:[4242]"]);
        assert!(listening_sockets(table, 0xD2F0).is_empty());
        assert!(listening_sockets("garbage\n", 1).is_empty());
    }
}
