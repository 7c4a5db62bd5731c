//! The protocol of the app's own by which the page fetches the picture of a secret: each address is good for one fetch,
//! and nothing keeps the answer.

use std::sync::atomic::{AtomicBool, Ordering};

use nms_custody::{PictureAddress, VaultState, VaultView};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, Runtime, UriSchemeContext};
use webkit2gtk::{WebContextExt, WebViewExt};

use crate::app::App;
use crate::view::Revealed;

/// The protocol's name; the content security policy names it as a source of pictures.
pub(crate) const SCHEME: &str = "reveal";

/// What the page needs to show a picture that was drawn.
pub(crate) fn revealed(picture: PictureAddress, custody: VaultView) -> Revealed {
    let hides_in_ms = left_ms(&custody).unwrap_or(0);
    let url = format!("{SCHEME}://localhost/{}", picture.address);
    Revealed { url, width_px: picture.width_px, height_px: picture.height_px, hides_in_ms }
}

/// How long a picture is still shown; `None`: none is.
fn left_ms(custody: &VaultView) -> Option<u64> {
    match &custody.vault {
        VaultState::Holding(held) | VaultState::CopiedNotChecked(held) => held.reveal_ms,
        VaultState::Empty | VaultState::Copied { .. } | VaultState::Arrived { .. } | VaultState::Expired { .. } => None,
    }
}

/// Whether a picture was shown when it was last looked.
#[derive(Default)]
pub(crate) struct Shown(AtomicBool);

impl Shown {
    /// Has the web view forget the picture that was hidden since. Its cache would keep it, decoded, as long as the web view
    /// lives; what the page has let go of is then freed.
    pub(crate) fn look(&self, app: &AppHandle, custody: &VaultView) {
        let is_shown = left_ms(custody).is_some();
        if !self.0.swap(is_shown, Ordering::Relaxed) || is_shown {
            return;
        }
        // Without a window there is no web view either.
        let Some(window) = app.get_webview_window(crate::window::LABEL) else { return };
        let forgotten = window.with_webview(|webview| {
            if let Some(context) = webview.inner().context() {
                context.clear_cache();
            }
        });
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the web view could not be told to forget a picture");
        }
    }
}

/// Answers a fetch of the page.
pub(crate) fn answer<R: Runtime>(context: UriSchemeContext<'_, R>, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let address = request.uri().path().trim_start_matches('/');
    let picture = (context.webview_label() == crate::window::LABEL)
        .then(|| context.app_handle().state::<App>().custody().fetch_picture(address))
        .flatten();
    let mut answer = Response::new(Vec::new());
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    match picture {
        None => *answer.status_mut() = StatusCode::NOT_FOUND,
        Some(mut picture) => {
            answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/png"));
            *answer.body_mut() = std::mem::take(&mut *picture.png);
        }
    }
    answer
}
