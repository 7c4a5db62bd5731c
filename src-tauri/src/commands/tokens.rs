//! Tokens: list, create, replace, edit, delete. Secrets stay in the vault; the page gets a handle that says which.

use nms_api::{Catalogue, Etag, NewToken, Token, TokenChanges, TokenId, TokenQuery};
use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::{Failure, FailureKind};
use crate::replacement;
use crate::view::{Created, LanguageTag, RememberedList, TokenPage};

/// Every permission that this NMS knows, and its presets, described in this language where the NMS speaks it.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_permissions(app: State<'_, App>, language: Option<LanguageTag>) -> Result<Catalogue, Failure> {
    let language = language.map(Bounded::checked).transpose()?;
    let language = language.as_ref().map(|tag| tag.0.as_str());
    app.servers().ask(|client| async move { client.permissions(language).await }).await
}

/// One page of the person's tokens.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_tokens(app: State<'_, App>, query: TokenQuery) -> Result<TokenPage, Failure> {
    let query = query.checked()?;
    let page = app.servers().list(&query).await?;
    app.remember(&query, &page);
    Ok(TokenPage { tokens: page.list.tokens, counts: page.list.counts, next: page.next })
}

/// The last list that was read here, for when the NMS cannot be reached.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn remembered_tokens(app: State<'_, App>) -> Result<Option<RememberedList>, Failure> {
    Ok(app.remembered().await)
}

/// Creates a token. Its secret stays in the vault.
#[tauri::command]
#[instrument(skip_all, fields(permissions = request.permissions.len()))]
pub(super) async fn create_token(app: State<'_, App>, request: NewToken) -> Result<Created, Failure> {
    app.create(request.checked()?, None).await
}

/// Stops waiting for a token that is being created; what comes of it is deleted.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn cancel_create_token(app: State<'_, App>) {
    app.stop_waiting();
}

/// Creates the same token anew. The old one is deleted when the new value was handed over.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn replace_token(app: State<'_, App>, id: TokenId) -> Result<Created, Failure> {
    let (me, old) =
        app.servers().ask(|client| async move { Ok((client.me().await?, client.token(id).await?)) }).await?;
    app.create(replacement::of(&old, &me), Some(id)).await
}

/// Changes a token; its value stays the same.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn update_token(
    app: State<'_, App>,
    id: TokenId,
    etag: Etag,
    changes: TokenChanges,
) -> Result<Token, Failure> {
    let (etag, changes) = (&etag, &changes.checked()?);
    app.servers().ask(|client| async move { client.update_token(id, etag, changes).await }).await
}

/// Deletes a token, at once and for good. One that is gone already is gone.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn delete_token(app: State<'_, App>, id: TokenId) -> Result<(), Failure> {
    match app.servers().ask(|client| async move { client.delete_token(id).await }).await {
        Err(failure) if failure.what == FailureKind::NotFound => Ok(()),
        answer => answer,
    }
}
