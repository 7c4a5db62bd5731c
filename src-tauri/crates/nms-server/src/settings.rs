//! What whoever starts the server decides. Everything else is the same for all.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::person;

/// The port on which the built-in server is found when nothing else sits on it. Not assigned by IANA as far as we
/// know, and below Linux's range for outgoing connections (32768 on), which could take it by chance.
pub const USUAL_PORT: u16 = 26780;

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder for the store, made 0700 when it is not there. One process at a time may use it.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether any free port of the same address will do when this one is taken.
    pub fallback: bool,
    /// What the person of the built-in server is called.
    pub person_name: String,
    /// Whether a token whose value is reported as found in public is deleted at once; otherwise it is marked, and its
    /// owner told.
    pub revoke_reported: bool,
}

impl Settings {
    /// The built-in server's: 127.0.0.1, [`USUAL_PORT`] or any free one, the name of the system's account.
    /// Performs I/O: reads the list of accounts.
    pub fn built_in(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), USUAL_PORT),
            fallback: true,
            person_name: person::name_of_the_account(),
            revoke_reported: false,
        }
    }
}
