//! The end of the app, whichever way it comes: the vault is wiped, the clipboard emptied if it is ours, the server's last
//! writes are waited for; and the window's event loop goes on meanwhile.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gtk::gdk::Display;
use gtk::prelude::WidgetExt;
use tauri::{AppHandle, Manager, RunEvent};

use crate::app::App;

/// The longest that the end of the app may wait for the server's last writes.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// How far the end has come.
#[derive(Default)]
pub(crate) struct Leaving(Mutex<Stage>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    NotYet,
    UnderWay,
    Done,
}

impl Leaving {
    /// Sets the stage; the one before.
    fn set(&self, stage: Stage) -> Stage {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), stage)
    }

    fn stage(&self) -> Stage {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leaves first, where the app is asked to end, and lets it end then.
pub(crate) fn on_run_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::ExitRequested { api, code, .. } if app.state::<App>().leaving().stage() != Stage::Done => {
            api.prevent_exit();
            if app.state::<App>().leaving().set(Stage::UnderWay) == Stage::NotYet {
                leave_and_exit(app.clone(), code.unwrap_or(0));
            }
        }
        // `process::exit` follows, so that nothing is left to destructors; what came in since the app left goes now.
        RunEvent::Exit => {
            tauri::async_runtime::block_on(leave(app));
            hide_window(app);
        }
        _ => {}
    }
}

fn leave_and_exit(app: AppHandle, code: i32) {
    tauri::async_runtime::spawn(async move {
        leave(&app).await;
        app.state::<App>().leaving().set(Stage::Done);
        app.exit(code);
    });
}

/// Nobody answers in the window any more, and the system takes it away last: after all the memory of the process, which
/// took a fifth of a second on a busy machine.
fn hide_window(app: &AppHandle) {
    let window = app.get_webview_window(crate::window::LABEL).and_then(|window| window.gtk_window().ok());
    if let (Some(window), Some(display)) = (window, Display::default()) {
        window.hide();
        display.flush();
    }
}

async fn leave(app: &AppHandle) {
    let app = app.state::<App>();
    app.custody().leave().await;
    if tokio::time::timeout(STOP_LIMIT, app.servers().stop()).await.is_err() {
        tracing::warn!("the server did not end in time");
    }
}
