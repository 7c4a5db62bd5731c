//! `control.sock`: the commands of the person whose computer this is, for the program's other calls. One line of JSON
//! each way. The folder is 0700, the socket 0600, and the system says who is at the other end.

use std::fs::{File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nms_api::{PermissionName, Secret, TokenHash, TokenState};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::error::{HeldError, SessionError, StartError};
use crate::owner_commands::OwnerCommands;
use crate::settings::Settings;
use crate::workshop::Workshop;

/// What the person whose computer this is may ask without a credential.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum PersonCommand {
    /// Open a session.
    OpenSession,
    /// Say what the person holds, after setting it.
    Held {
        /// Left out: as it is.
        set: Option<HeldChange>,
    },
    /// Say in which state the tokens with these hashes of their values are.
    States {
        /// At most [`MAX_STATES`].
        of: Vec<TokenHash>,
    },
}

/// The most hashes that are asked about at once: a line holds them.
pub const MAX_STATES: usize = 100;

/// What the person shall hold.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldChange {
    /// Everything that the server knows, later permissions too.
    All,
    /// These.
    These(Vec<PermissionName>),
}

/// The answer to a [`PersonCommand`].
pub enum PersonReply {
    /// The session's credential.
    Session(Secret),
    /// What the person holds now, folded.
    Held(Vec<PermissionName>),
    /// In the order of the hashes; `None`: not known here.
    States(Vec<Option<TokenState>>),
}

/// What comes back through the socket.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Session(Secret),
    Held(Vec<PermissionName>),
    States(Vec<Option<TokenState>>),
    Refused(String),
}

/// Why a [`PersonCommand`] was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No server answers for the folder, and it cannot be opened either.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It was refused; why, in words.
    #[error("{0}")]
    Refused(String),
}

/// The longest line.
const MAX_LINE_BYTES: u64 = 16 * 1024;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The name of the socket in its data folder.
const NAME: &str = "control.sock";
/// The longest path that every system takes for a socket, less the end of its text (unix(7), `sun_path`).
const MAX_PATH_BYTES: usize = 100;

/// A path to the socket that the system takes, for as long as this lives: a longer one goes through the open folder.
struct Address {
    path: PathBuf,
    _folder: Option<File>,
}

impl Address {
    fn of(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        if path.as_os_str().len() <= MAX_PATH_BYTES {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(folder)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(NAME);
        Ok(Self { path, _folder: Some(folder) })
    }
}

/// Binds the socket, in place of one that a killed server left. The caller holds the folder's lock. Performs I/O.
pub(crate) fn bind(folder: &Path) -> io::Result<UnixListener> {
    let Address { path, _folder } = Address::of(folder)?;
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let socket = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(socket)
}

/// Removes the socket: nobody answers any more. The caller still holds the folder's lock. Performs I/O.
pub(crate) fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_file(folder.join(NAME)) {
        tracing::debug!(%error, "the control socket stays; the next server removes it");
    }
}

/// Answers commands until `stopping` says so.
pub(crate) async fn serve(socket: UnixListener, owner: OwnerCommands, mut stopping: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, _)) = accepted else { continue };
        let answered = tokio::time::timeout(PATIENCE, answer(stream, &owner)).await;
        if !matches!(answered, Ok(Ok(()))) {
            tracing::debug!("a command on the control socket came to nothing");
        }
    }
}

async fn answer(mut stream: UnixStream, owner: &OwnerCommands) -> io::Result<()> {
    let ours = rustix::process::geteuid().as_raw();
    if ![0, ours].contains(&stream.peer_cred()?.uid()) {
        return Ok(());
    }
    let mut line = String::new();
    BufReader::new((&mut stream).take(MAX_LINE_BYTES)).read_line(&mut line).await?;
    let reply = match serde_json::from_str(&line) {
        Ok(command) => carry_out(command, owner).await,
        Err(_) => Err(Refused::NotACommand),
    };
    stream.write_all(written(&reply).as_bytes()).await?;
    stream.shutdown().await
}

/// Why a command was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Held(#[from] HeldError),
    #[error("a hash is not known by its form, or there are more than {MAX_STATES}")]
    NotHashes,
    #[error("the command is not known")]
    NotACommand,
}

async fn carry_out(command: PersonCommand, owner: &OwnerCommands) -> Result<PersonReply, Refused> {
    Ok(match command {
        PersonCommand::OpenSession => PersonReply::Session(owner.open_session().await?),
        PersonCommand::Held { set } => PersonReply::Held(held(set, owner).await?),
        PersonCommand::States { of } => PersonReply::States(states(&of, owner).await?),
    })
}

async fn held(set: Option<HeldChange>, owner: &OwnerCommands) -> Result<Vec<PermissionName>, HeldError> {
    match set {
        None => {}
        Some(HeldChange::All) => owner.set_held(None).await?,
        Some(HeldChange::These(names)) => owner.set_held(Some(names)).await?,
    }
    owner.held().await
}

async fn states(of: &[TokenHash], owner: &OwnerCommands) -> Result<Vec<Option<TokenState>>, Refused> {
    let hashes: Option<Vec<_>> = of.iter().map(TokenHash::bytes).collect();
    let hashes = hashes.filter(|hashes| hashes.len() <= MAX_STATES).ok_or(Refused::NotHashes)?;
    Ok(owner.states(&hashes).await?)
}

/// A reply as a line, wiped when dropped. A credential of ours needs no escapes.
fn written(reply: &Result<PersonReply, Refused>) -> Zeroizing<String> {
    let line = match reply {
        Ok(PersonReply::Session(secret)) => {
            let mut line = Zeroizing::new(String::with_capacity(secret.expose().len() + 32));
            line.push_str("{\"session\":\"");
            line.push_str(secret.expose());
            line.push_str("\"}\n");
            return line;
        }
        Ok(PersonReply::Held(held)) => serde_json::json!({"held": held}),
        Ok(PersonReply::States(states)) => serde_json::json!({"states": states}),
        Err(why) => serde_json::json!({"refused": why.to_string()}),
    };
    Zeroizing::new(format!("{line}\n"))
}

/// Carries out a command on a data folder: through its running server, or, where none runs, on the folder itself,
/// which is locked meanwhile. Performs I/O.
///
/// # Errors
/// [`CommandError`]: nothing was changed.
pub async fn command(settings: &Settings, command: PersonCommand) -> Result<PersonReply, CommandError> {
    match ask(&settings.data_dir, &command).await {
        Ok(Reply::Session(secret)) => Ok(PersonReply::Session(secret)),
        Ok(Reply::Held(held)) => Ok(PersonReply::Held(held)),
        Ok(Reply::States(states)) => Ok(PersonReply::States(states)),
        Ok(Reply::Refused(why)) => Err(CommandError::Refused(why)),
        Err(_) => {
            let workshop = Workshop::open(&settings.data_dir, &settings.person_name, Clock::system()).await?;
            let carried = carry_out(command, &workshop.owner).await;
            workshop.close().await;
            carried.map_err(|why| CommandError::Refused(why.to_string()))
        }
    }
}

/// Asks a running server. An error means that none answers. Performs I/O.
async fn ask(folder: &Path, command: &PersonCommand) -> io::Result<Reply> {
    let address = Address::of(folder)?;
    let mut stream = UnixStream::connect(&address.path).await?;
    stream.write_all(format!("{}\n", serde_json::to_string(command)?).as_bytes()).await?;
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE_BYTES as usize));
    stream.take(MAX_LINE_BYTES).read_to_end(&mut line).await?;
    Ok(serde_json::from_slice(&line)?)
}
