//! Looking at what somebody found: on the clipboard, in a file. Nothing of it is kept.

use std::path::Path;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Custody, FILE_LIMIT};
use crate::error::{Error, NotRead};
use crate::inspect::{self, Finding};
use crate::memory::Undumpable;

/// How long a look at the clipboard may take.
const CLIPBOARD_LIMIT: Duration = Duration::from_secs(5);

impl Custody {
    /// What the clipboard holds, whoever put it there. It is read as another program would, and wiped at once.
    ///
    /// # Errors
    /// The variants of [`Error`] about the clipboard; nothing of it was changed.
    pub async fn inspect_clipboard(&self) -> Result<Finding, Error> {
        let (answer, answered) = oneshot::channel();
        // Nobody waits any more: what was found is of no use to anybody.
        self.inner.clipboard.inspect(Box::new(move |found| drop(answer.send(found))));
        match timeout(CLIPBOARD_LIMIT, answered).await {
            Ok(answered) => answered.unwrap_or(Err(Error::ClipboardRefused)),
            Err(_) => Err(Error::ClipboardTimedOut),
        }
    }

    /// What a file holds. No more of it is read than is worth looking at ([`inspect::MAX_BYTES`]).
    ///
    /// # Errors
    /// [`Error::FileNotRead`].
    pub async fn inspect_file(&self, path: &Path) -> Result<Finding, Error> {
        let (answer, answered) = oneshot::channel();
        let path = path.to_owned();
        let work = move || {
            let _undumpable = Undumpable::begin();
            // As above.
            drop(answer.send(inspect::file::inspect(&path)));
        };
        let thread = std::thread::Builder::new().name("inspect file".into()).spawn(work);
        thread.map_err(|_| Error::FileNotRead(NotRead::Other))?;
        match timeout(FILE_LIMIT, answered).await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) | Err(_) => Err(Error::FileNotRead(NotRead::TimedOut)),
        }
    }
}
