//! The desktop shell: joins client, custody and the built-in server, and shows them in a window.
//!
//! Not here: what a token is, how an NMS is asked, how one answers, where a secret is kept, what a person reads.

mod app;
mod appearance;
mod asking;
mod bounds;
mod commands;
mod connection;
mod creations;
mod custody_view;
mod display;
#[cfg(feature = "e2e")]
mod e2e;
mod export;
pub mod failure;
mod file_dialog;
mod fit;
mod handover;
pub mod harden;
mod journal;
mod leaving;
mod logging;
mod notifications;
mod places;
mod remembered;
mod reminders;
mod replacement;
mod request_failure;
mod restoring;
mod reveal;
#[cfg(test)]
mod samples;
mod servers;
mod session;
mod set_aside;
mod settings;
mod token_test;
mod unfinished;
pub mod view;
mod whole_file;
mod window;

use std::process::ExitCode;

use tauri::{Context, Manager};

use crate::app::App;

/// Opens the window on this page and returns when the app has ended: nothing of a secret is left in the process or on
/// the clipboard.
pub fn run(page: Context) -> ExitCode {
    logging::start();
    if !display::is_there() {
        return ExitCode::FAILURE;
    }
    let built = tauri::Builder::default()
        .plugin(window::single_instance())
        .plugin(window::remembered_size())
        .register_uri_scheme_protocol(reveal::SCHEME, reveal::answer)
        .invoke_handler(commands::handler())
        .on_window_event(window::on_event)
        .setup(|app| {
            let state = App::start(app.handle())?;
            app.manage(state);
            window::open(app.handle())?;
            window::end_on_signals(app.handle());
            Ok(())
        })
        .build(page);
    match built {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(leaving::on_run_event)).unwrap_or(1)),
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}
