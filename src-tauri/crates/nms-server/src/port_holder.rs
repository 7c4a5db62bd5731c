//! Who sits on a port: whoever sits on the usual one would be handed tokens that are meant for us.

use std::fmt;
use std::fs;
use std::path::Path;

/// The process that listens on a port, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortHolder {
    /// The port.
    pub port: u16,
    /// The process; `None` when it is somebody else's, or gone.
    pub pid: Option<u32>,
    /// The program's name.
    pub program: Option<String>,
}

impl fmt::Display for PortHolder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.program, self.pid) {
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
    let program = pid.and_then(|pid| fs::read_to_string(format!("/proc/{pid}/comm")).ok());
    PortHolder { port, pid, program: program.map(|name| name.trim().to_owned()) }
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
        assert_eq!(holder.pid, Some(std::process::id()));
        assert!(holder.program.is_some());
    }

    #[test]
    fn a_port_on_which_nobody_listens_has_no_holder() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert_eq!(find(port), PortHolder { port, pid: None, program: None });
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
