//! What the program is asked to do.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::prelude::*;
use nms_api::PermissionName;
use nms_server::{HeldChange, Settings};

/// What `--help` says.
pub(crate) const USAGE: &str = "\
nms-server: the NMS token API on one data folder

Usage:
  nms-server serve   --data DIR [--listen ADDRESS] [--revoke-reported]
      Answers HTTP on ADDRESS (127.0.0.1:26780 when left out) until it gets SIGTERM or Ctrl+C.
      One process at a time may serve a folder. A token whose value is reported as found in
      public is marked and its owner told; with --revoke-reported it is deleted at once.
  nms-server session --data DIR
      Prints a session of the person whose folder this is, alone on a line. It ends after 12 hours
      without use. Keep it as a password.
  nms-server held    --data DIR [--set LIST]
      Prints the permissions that this person holds. With --set they hold these from now on: names
      with a comma or a blank between, \"all\", or \"none\". A running server obeys at once.
  nms-server restore --data DIR
      Sets a damaged store aside and puts the newest automatic backup in its place. A backup is
      made at the start and then daily, the last 7 are kept in DIR/backups.

  nms-server scan    --data DIR PATH...
      Looks for tokens in files and everything below folders; symbolic links are named and not
      followed. Prints file, line, what a list shows of the token, and whether it works here;
      never its value. Status 0: none found; 1: some; 2: something could not be looked at.

  --help, -h     this text
  --version, -V  the version

RUST_LOG=debug tells more on standard error; never a credential.
";

/// What is asked.
pub(crate) enum Asked {
    Help,
    Version,
    Run(Arguments),
}

/// A command with what it needs.
pub(crate) enum Arguments {
    Serve(Settings),
    Session { data_dir: PathBuf },
    Held { data_dir: PathBuf, set: Option<HeldChange> },
    Restore { data_dir: PathBuf },
    Scan { data_dir: PathBuf, paths: Vec<PathBuf> },
}

#[derive(Default)]
struct Given {
    command: Option<String>,
    data_dir: Option<PathBuf>,
    listen: Option<SocketAddr>,
    set: Option<String>,
    revoke_reported: bool,
    paths: Vec<PathBuf>,
}

impl Arguments {
    /// Reads the command line, without the program's own name.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, lexopt::Error> {
        let mut parser = lexopt::Parser::from_args(arguments);
        let mut given = Given::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => return Ok(Asked::Help),
                Short('V') | Long("version") => return Ok(Asked::Version),
                Long("data") => given.data_dir = Some(parser.value()?.into()),
                Long("listen") => given.listen = Some(parser.value()?.parse()?),
                Long("set") => given.set = Some(parser.value()?.string()?),
                Long("revoke-reported") => given.revoke_reported = true,
                Value(command) if given.command.is_none() => given.command = Some(command.string()?),
                Value(path) if given.command.as_deref() == Some("scan") => given.paths.push(path.into()),
                _ => return Err(argument.unexpected()),
            }
        }
        given.checked().map(Asked::Run)
    }
}

impl Given {
    fn checked(self) -> Result<Arguments, lexopt::Error> {
        let command = self.command.ok_or("say what to do: serve, session, held, restore or scan")?;
        let data_dir = self.data_dir.ok_or("say which folder: --data DIR")?;
        let (command, set, revoke_reported) = (command.as_str(), self.set, self.revoke_reported);
        let options = [
            ("--listen", self.listen.is_some(), "serve"),
            ("--revoke-reported", revoke_reported, "serve"),
            ("--set", set.is_some(), "held"),
        ];
        if let Some((option, _, owner)) = options.into_iter().find(|(_, given, owner)| *given && command != *owner) {
            return Err(format!("{option} belongs to {owner}").into());
        }
        match command {
            "serve" => {
                let usual = Settings::built_in(data_dir);
                let listen = self.listen.unwrap_or(usual.listen);
                Ok(Arguments::Serve(Settings { listen, fallback: false, revoke_reported, ..usual }))
            }
            "session" => Ok(Arguments::Session { data_dir }),
            "held" => Ok(Arguments::Held { data_dir, set: set.as_deref().map(change) }),
            "restore" => Ok(Arguments::Restore { data_dir }),
            "scan" if self.paths.is_empty() => Err("say where to look: a file or a folder".into()),
            "scan" => Ok(Arguments::Scan { data_dir, paths: self.paths }),
            other => Err(format!("there is no command \"{other}\": serve, session, held, restore or scan").into()),
        }
    }
}

fn change(list: &str) -> HeldChange {
    let names = |list: &str| {
        list.split([',', ' ', '\n', '\t']).filter(|name| !name.is_empty()).map(PermissionName::from).collect()
    };
    match list.trim() {
        "all" => HeldChange::All,
        "none" => HeldChange::These(Vec::new()),
        list => HeldChange::These(names(list)),
    }
}
