//! The questions where to save and what to read. GTK's own dialog, never a portal's: a portal needs to look into this
//! process, which is closed to others while a secret is held.

use std::path::PathBuf;

use gtk::prelude::{DialogExt, FileChooserExt, GtkWindowExt, WidgetExt};
use tauri::WebviewWindow;
use tokio::sync::oneshot;

use crate::view::{OpenWords, SaveWords};

/// The dialog could not be shown: the window is closing.
#[derive(Debug)]
pub(crate) struct NoDialog;

/// Asks where; `None` when the person dismissed it. It asks itself before it names a file that exists.
pub(crate) async fn ask_where(window: &WebviewWindow, words: SaveWords) -> Result<Option<PathBuf>, NoDialog> {
    let SaveWords { title, save, cancel, file_name } = words;
    ask(window, Question { title, accept: save, cancel, proposal: Some(file_name) }).await
}

/// Asks which file; `None` when the person dismissed it.
pub(crate) async fn ask_which(window: &WebviewWindow, words: OpenWords) -> Result<Option<PathBuf>, NoDialog> {
    let OpenWords { title, open, cancel } = words;
    ask(window, Question { title, accept: open, cancel, proposal: None }).await
}

struct Question {
    title: String,
    accept: String,
    cancel: String,
    /// The name of a file to be saved; `None` to choose one that is there.
    proposal: Option<String>,
}

async fn ask(window: &WebviewWindow, question: Question) -> Result<Option<PathBuf>, NoDialog> {
    let (answer, answered) = oneshot::channel();
    let parent = window.clone();
    window.run_on_main_thread(move || open(&parent, &question, answer)).map_err(|_| NoDialog)?;
    answered.await.map_err(|_| NoDialog)
}

fn open(window: &WebviewWindow, question: &Question, answer: oneshot::Sender<Option<PathBuf>>) {
    let parent = window.gtk_window().ok();
    let action = match question.proposal {
        Some(_) => gtk::FileChooserAction::Save,
        None => gtk::FileChooserAction::Open,
    };
    let dialog = gtk::FileChooserDialog::with_buttons(
        Some(&question.title),
        parent.as_ref(),
        action,
        &[(&question.cancel, gtk::ResponseType::Cancel), (&question.accept, gtk::ResponseType::Accept)],
    );
    dialog.set_modal(true);
    dialog.set_default_response(gtk::ResponseType::Accept);
    if let Some(proposal) = &question.proposal {
        dialog.set_do_overwrite_confirmation(true);
        dialog.set_current_name(proposal);
    }
    let answer = std::cell::Cell::new(Some(answer));
    dialog.connect_response(move |dialog, response| {
        let path = (response == gtk::ResponseType::Accept).then(|| dialog.filename()).flatten();
        if let Some(answer) = answer.take() {
            // Nobody waits any more: the window is closing.
            drop(answer.send(path));
        }
        dialog.close();
    });
    dialog.show_all();
}
