//! The question where to save a token. GTK's own dialog, never a portal's: a portal needs to look into this process,
//! which is closed to others while a secret is held.

use std::path::PathBuf;

use gtk::prelude::{DialogExt, FileChooserExt, GtkWindowExt, WidgetExt};
use tauri::WebviewWindow;
use tokio::sync::oneshot;

use crate::failure::{Failure, FailureKind, FileReason};
use crate::view::SaveWords;

/// Asks where; `None` when the person dismissed it. It asks itself before it names a file that exists.
pub(crate) async fn ask(window: &WebviewWindow, words: SaveWords) -> Result<Option<PathBuf>, Failure> {
    let (answer, answered) = oneshot::channel();
    let parent = window.clone();
    window.run_on_main_thread(move || open(&parent, &words, answer)).map_err(|_| no_dialog())?;
    answered.await.map_err(|_| no_dialog())
}

fn no_dialog() -> Failure {
    FailureKind::FileNotSaved { reason: FileReason::Other }.into()
}

fn open(window: &WebviewWindow, words: &SaveWords, answer: oneshot::Sender<Option<PathBuf>>) {
    let parent = window.gtk_window().ok();
    let dialog = gtk::FileChooserDialog::with_buttons(
        Some(&words.title),
        parent.as_ref(),
        gtk::FileChooserAction::Save,
        &[(&words.cancel, gtk::ResponseType::Cancel), (&words.save, gtk::ResponseType::Accept)],
    );
    dialog.set_modal(true);
    dialog.set_default_response(gtk::ResponseType::Accept);
    dialog.set_do_overwrite_confirmation(true);
    dialog.set_current_name(&words.file_name);
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
