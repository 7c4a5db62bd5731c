//! The program: serve a data folder, give its person a session or another set of permissions, restore its backup, or look
//! for tokens in files.

mod arguments;
mod scan;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::{Arguments, Asked, USAGE};
use nms_server::{Clock, PersonCommand, PersonReply, Restored, Server, Settings, command, restore};
use scan::Verdict;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    match Arguments::read(std::env::args_os().skip(1)) {
        Ok(Asked::Help) => finish(say(USAGE)),
        Ok(Asked::Version) => finish(say(concat!("nms-server ", env!("CARGO_PKG_VERSION"), "\n"))),
        Ok(Asked::Run(arguments)) => run(arguments),
        Err(error) => match finish(Err(format!("{error}\nTry: nms-server --help").into())) {
            // For a search, 1 says that something was found.
            _ if std::env::args_os().nth(1).is_some_and(|command| command == "scan") => TROUBLE.into(),
            code => code,
        },
    }
}

/// The status of a search that did not see everything.
const TROUBLE: u8 = 2;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main(flavor = "multi_thread")]
async fn run(arguments: Arguments) -> ExitCode {
    log_to_stderr();
    let outcome = match arguments {
        Arguments::Serve(settings) => serve(settings).await,
        Arguments::Session { data_dir } => person(Settings::built_in(data_dir), PersonCommand::OpenSession).await,
        Arguments::Restore { data_dir } => put_back(&data_dir).await,
        Arguments::Held { data_dir, set } => person(Settings::built_in(data_dir), PersonCommand::Held { set }).await,
        Arguments::Scan { data_dir, paths } => return scanned(Settings::built_in(data_dir), paths).await,
    };
    finish(outcome)
}

async fn scanned(settings: Settings, paths: Vec<PathBuf>) -> ExitCode {
    match scan::scan(&settings, paths).await {
        Ok(Verdict::Clean) => ExitCode::SUCCESS,
        Ok(Verdict::Found) => ExitCode::FAILURE,
        Ok(Verdict::Trouble) => TROUBLE.into(),
        Err(error) => {
            finish(Err(error.into()));
            TROUBLE.into()
        }
    }
}

async fn serve(settings: Settings) -> Outcome {
    let (mut ended, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let server = Server::start(settings, Clock::system()).await?;
    say(&format!("nms-server answers on http://{}\n", server.address()))?;
    tokio::select! {
        _ = ended.recv() => {}
        _ = interrupted.recv() => {}
    }
    server.stop().await;
    Ok(())
}

async fn person(settings: Settings, asked: PersonCommand) -> Outcome {
    match command(&settings, asked).await? {
        PersonReply::Session(secret) => {
            let mut out = io::stdout().lock();
            out.write_all(secret.expose().as_bytes())?;
            out.write_all(b"\n")?;
            Ok(out.flush()?)
        }
        PersonReply::Held(held) => say(&held.iter().map(|name| format!("{name}\n")).collect::<String>()),
        // Nobody asks for states in this way.
        PersonReply::States(_) => Ok(()),
    }
}

async fn put_back(data_dir: &Path) -> Outcome {
    let Restored { backup, set_aside } = restore(data_dir, None, &Clock::system()).await?;
    let kept =
        set_aside.map(|folder| format!(" The damaged store is kept in {}.", folder.display())).unwrap_or_default();
    say(&format!(
        "The backup of {} is in place.{kept}\n\
         Tokens are as they were that day: look through them. One that was deleted, paused or narrowed since then \
         works again as it did, and the value of one that was made since is unknown now.\n",
        backup.day
    ))
}

/// Warnings on, unless `RUST_LOG` says otherwise.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
}

fn say(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn finish(outcome: Outcome) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    // With nobody to read it there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "nms-server: {error}");
    ExitCode::FAILURE
}
