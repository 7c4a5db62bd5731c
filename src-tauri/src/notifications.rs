//! Notifications of the desktop (Desktop Notifications Specification, over the session bus), on a thread of their own: a
//! desktop without a daemon for them, or with one that hangs, holds nobody up.
//!
//! Spoken with zbus, which the tree has already: a library for this would bring a second one, and listens for clicks
//! only after the notification is on the screen.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use nms_api::TokenId;
use tokio::sync::oneshot;
use zbus::zvariant::Value;

const APP_NAME: &str = "Palpabl NMS settings";
const ICON: &str = "palpabl-nms-settings";
/// What a daemon calls a click on the notification itself.
const CLICK: &str = "default";
/// As long as the daemon likes.
const USUAL_STAY: i32 = -1;
/// How long each question to the daemon may take.
const CALL_LIMIT: Duration = Duration::from_secs(2);
/// How long whoever wants one shown waits.
const SHOW_LIMIT: Duration = Duration::from_secs(5);
/// How many are remembered, for when they are clicked.
const MAX_SHOWN: usize = 64;

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[expect(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// What is shown.
pub(crate) struct Notice {
    pub(crate) title: String,
    pub(crate) body: String,
    /// What a click does, for daemons that show it.
    pub(crate) click: String,
    /// What is handed on when it is clicked.
    pub(crate) opens: Option<TokenId>,
}

/// Nothing was shown: no session bus, no daemon on it, or one that does not answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unavailable;

type OnClick = Arc<dyn Fn(Option<TokenId>) + Send + Sync>;
type Shown = Arc<Mutex<BTreeMap<u32, Option<TokenId>>>>;

/// Sends to the notifications' thread, which ends when this is dropped.
pub(crate) struct Notifier {
    notices: mpsc::Sender<(Notice, oneshot::Sender<zbus::Result<()>>)>,
}

impl Notifier {
    /// Starts the thread; it reaches for no bus before it has to. `on_click` is called on another one.
    pub(crate) fn start(on_click: impl Fn(Option<TokenId>) + Send + Sync + 'static) -> Self {
        let (notices, received) = mpsc::channel::<(Notice, oneshot::Sender<zbus::Result<()>>)>();
        let on_click: OnClick = Arc::new(on_click);
        let work = move || {
            let mut desk = None;
            for (notice, answer) in received {
                // What nobody waits for any more is not shown late: it would be shown twice.
                if !answer.is_closed() {
                    drop(answer.send(show(&mut desk, &notice, &on_click)));
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().name("notifications".into()).spawn(work) {
            // Nobody receives then, and everything is unavailable.
            tracing::warn!(%error, "no thread for notifications");
        }
        Self { notices }
    }

    /// Shows one; says whether the daemon has taken it.
    pub(crate) async fn show(&self, notice: Notice) -> Result<(), Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.notices.send((notice, answer)).map_err(|_| Unavailable)?;
        match tokio::time::timeout(SHOW_LIMIT, answered).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(error))) => {
                tracing::info!(%error, "a notification could not be shown");
                Err(Unavailable)
            }
            Ok(Err(_)) | Err(_) => Err(Unavailable),
        }
    }
}

/// Shows one on the desk that there is, or on a new one. A daemon may come and go; only a bus that is gone needs
/// another desk, and takes the old one's thread with it.
fn show(desk: &mut Option<Desk>, notice: &Notice, on_click: &OnClick) -> zbus::Result<()> {
    let open = match desk.take() {
        Some(open) => open,
        None => Desk::open(Arc::clone(on_click))?,
    };
    let shown = open.show(notice);
    if !shown.as_ref().is_err_and(is_of_the_bus) {
        *desk = Some(open);
    }
    shown
}

fn is_of_the_bus(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::InputOutput(error) if error.kind() != ErrorKind::TimedOut)
}

/// A connection to the daemon, and what was shown over it.
struct Desk {
    daemon: NotificationsProxyBlocking<'static>,
    shown: Shown,
}

impl Desk {
    /// Listens for clicks before anything is shown.
    fn open(on_click: OnClick) -> zbus::Result<Self> {
        let bus = zbus::blocking::connection::Builder::session()?.method_timeout(CALL_LIMIT).build()?;
        let daemon = NotificationsProxyBlocking::new(&bus)?;
        let signals = daemon.inner().receive_all_signals()?;
        let shown = Shown::default();
        let heard = Arc::clone(&shown);
        let listen = move || signals.for_each(|signal| hear(&signal, &heard, &on_click));
        std::thread::Builder::new().name("notification clicks".into()).spawn(listen)?;
        Ok(Self { daemon, shown })
    }

    fn show(&self, notice: &Notice) -> zbus::Result<()> {
        let capabilities = self.daemon.get_capabilities()?;
        let has = |wanted: &str| capabilities.iter().any(|capability| capability == wanted);
        let click = [CLICK, notice.click.as_str()];
        let actions: &[&str] = if has("actions") { &click } else { &[] };
        let body = if has("body-markup") { Cow::Owned(plain(&notice.body)) } else { Cow::Borrowed(&*notice.body) };
        // Held until its id is known: a click that comes at once waits for it.
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let id = self.daemon.notify(APP_NAME, 0, ICON, &notice.title, &body, actions, HashMap::new(), USUAL_STAY)?;
        shown.insert(id, notice.opens);
        while shown.len() > MAX_SHOWN {
            shown.pop_first();
        }
        Ok(())
    }
}

/// Daemons tell everybody of every notification: only ours count, each once.
fn hear(signal: &zbus::Message, shown: &Shown, on_click: &OnClick) {
    let forget = |id| shown.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    if let Some(closed) = NotificationClosed::from_message(signal.clone()) {
        if let Ok(closed) = closed.args() {
            forget(closed.id);
        }
    } else if let Some(invoked) = ActionInvoked::from_message(signal.clone())
        && let Ok(invoked) = invoked.args()
        && invoked.action_key == CLICK
        && let Some(opens) = forget(invoked.id)
    {
        on_click(opens);
    }
}

/// As text for a daemon that would read markup in it: what somebody typed as a name is no link and no picture.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_no_markup() {
        assert_eq!(plain("<a href=\"x\">a & b</a>"), "&lt;a href=\"x\"&gt;a &amp; b&lt;/a&gt;");
    }
}
