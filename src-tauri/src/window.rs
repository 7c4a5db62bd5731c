//! The one window: how it opens, what it remembers, how it closes when something would be lost, and the signals that end the
//! app. What an end comes to is in [`crate::leaving`].

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Theme, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::app::{App, tell};
use crate::fit;
use crate::view::CloseRequest;

/// The window's name; capabilities are granted to it alone.
pub(crate) const LABEL: &str = "main";
const TITLE: &str = "Palpabl NMS settings";
const SIZE: (f64, f64) = (1040.0, 760.0);
const MIN_SIZE: (f64, f64) = (800.0, 600.0);
/// The page's ground in light and dark, shown before the page is painted; `ui/src/theme` has the same.
const GROUND_LIGHT: tauri::window::Color = tauri::window::Color(0xf7, 0xf7, 0xf8, 0xff);
const GROUND_DARK: tauri::window::Color = tauri::window::Color(0x1c, 0x1d, 0x20, 0xff);

/// A second start shows the window of the first and ends. Without a session bus the data folder's lock still guards.
pub(crate) fn single_instance() -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::init(|app, _arguments, _folder| show(app))
}

/// Remembers the size, and on X11 the position.
pub(crate) fn remembered_size() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new().with_state_flags(remembered(is_on_wayland())).build()
}

/// Wayland's compositors place windows themselves. The size is kept there too; [`fit`] bounds what a title bar that is
/// counted in would add to it at each start.
fn remembered(on_wayland: bool) -> StateFlags {
    let size = StateFlags::SIZE | StateFlags::MAXIMIZED;
    if on_wayland { size } else { size | StateFlags::POSITION }
}

/// As the toolkit decides: by its own variable, else by whether there is a compositor.
fn is_on_wayland() -> bool {
    let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    match variable("GDK_BACKEND") {
        Some(backends) => backends.split(',').next().is_some_and(|first| first.trim() == "wayland"),
        None => variable("WAYLAND_DISPLAY").is_some(),
    }
}

/// Opens the window in the desktop's colours, so that nothing flashes before the page is painted.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let appearance = app.state::<App>().appearances().now();
    let dark = appearance.dark.unwrap_or(false);
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(TITLE)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(MIN_SIZE.0, MIN_SIZE.1)
        .background_color(if dark { GROUND_DARK } else { GROUND_LIGHT })
        .theme(appearance.dark.map(|dark| if dark { Theme::Dark } else { Theme::Light }))
        .initialization_script(crate::appearance::script(appearance))
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .devtools(false)
        // Not among the server's data, and what is noted beside it.
        .data_directory(app.path().app_cache_dir()?)
        .build()?;
    #[cfg(feature = "e2e")]
    crate::e2e::hear_the_console(&window)?;
    // What was remembered was restored while it was built.
    fit::within_monitor(&window, !is_on_wayland())
}

/// Only the app's own pages may be shown.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" && url.host_str() == Some("localhost")
}

/// Brings the window to the front.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// Hides a revealed secret when the window loses the focus, and asks before closing loses anything.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.state::<App>();
    match event {
        WindowEvent::Focused(false) => app.hide_picture(),
        WindowEvent::CloseRequested { api, .. } => {
            let request = app.close_request();
            if request != CloseRequest::default() {
                api.prevent_close();
                tell(window.app_handle(), "close_requested", request);
            }
        }
        _ => {}
    }
}

/// SIGTERM, SIGINT and SIGHUP end the app as *Quit* does, without a question.
pub(crate) fn end_on_signals(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = first_signal().await {
            tracing::warn!(%error, "signals cannot be heard");
            return;
        }
        app.exit(0);
    });
}

async fn first_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int, mut hup) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
        _ = hup.recv() => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_remembered_everywhere_and_the_position_never_on_wayland() {
        let size = StateFlags::SIZE | StateFlags::MAXIMIZED;
        assert_eq!(remembered(true).bits(), size.bits());
        assert_eq!(remembered(false).bits(), (size | StateFlags::POSITION).bits());
    }
}
