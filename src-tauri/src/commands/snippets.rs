//! Texts with which a token is put to use. Those that carry the value itself are filled in by custody, past the page.

use std::path::PathBuf;

use nms_client::ServerAddress;
use nms_client::snippets::{self, Form, compose};
use nms_custody::Frame;
use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::{Failure, FailureKind};
use crate::view::{Snippet, SnippetForm, SnippetWanted, VaultView};

/// Every text for this token: with the address that is in use, and with the file in which it was saved.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn describe_snippets(app: State<'_, App>, wanted: SnippetWanted) -> Result<Vec<Snippet>, Failure> {
    let subject = Subject::of(&app, wanted).await?;
    Ok(Form::ALL.into_iter().map(|form| Snippet::of(form, subject.compose(form))).collect())
}

/// Copies a text as it is shown. Refused while the token is on the clipboard, which it would push out.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn copy_snippet(app: State<'_, App>, form: SnippetForm, wanted: SnippetWanted) -> Result<(), Failure> {
    let text = Subject::of(&app, wanted).await?.compose(form.into()).text();
    Ok(app.custody().copy_text(text).await?)
}

/// Copies a text with the token in it: the one copy, in the place of that of the token alone, and checked like it.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn copy_filled_snippet(
    app: State<'_, App>,
    handle: u64,
    form: SnippetForm,
    wanted: SnippetWanted,
) -> Result<VaultView, Failure> {
    let composed = Subject::of(&app, wanted).await?.compose(form.into());
    let snippets::Snippet::Carries { before, after } = composed else { return Err(carries_none()) };
    app.custody().copy_within(App::handle(handle)?, &Frame { before, after }).await?;
    Ok(app.vault())
}

fn carries_none() -> Failure {
    FailureKind::OutOfBounds { field: "form".to_owned() }.into()
}

/// What texts are made of.
struct Subject {
    address: ServerAddress,
    name: Option<String>,
    saved: Option<PathBuf>,
}

impl Subject {
    async fn of(app: &App, wanted: SnippetWanted) -> Result<Self, Failure> {
        let SnippetWanted { handle, name } = wanted.checked()?;
        let connection = app.servers().connected().await?;
        Ok(Self { address: connection.address().clone(), name, saved: app.saved_path(handle) })
    }

    fn compose(&self, form: Form) -> snippets::Snippet {
        compose(form, &self.address, self.name.as_deref(), self.saved.as_deref())
    }
}
