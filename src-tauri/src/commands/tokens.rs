//! Tokens: list, create, replace, edit, delete. Secrets stay in the vault; the page gets a handle that says which.

use nms_api::{
    Catalogue, DailyUse, Etag, NewToken, Rotation, Token, TokenChanges, TokenId, TokenList, TokenQuery, UseRecord,
};
use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::creations::Wanted;
use crate::failure::Failure;
use crate::replacement;
use crate::view::{
    Created, Cursor, EventPage, LanguageTag, Overlap, RememberedList, TokenPage, TokenPlaces, UnfinishedView,
};

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
    let TokenList { tokens, counts, matching } = page.list;
    Ok(TokenPage { tokens, counts, matching, next: page.next })
}

/// The last list that was read here, for when the NMS cannot be reached.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn remembered_tokens(app: State<'_, App>) -> Result<Option<RememberedList>, Failure> {
    Ok(app.remembered().await)
}

/// Creates a token. Its secret stays in the vault. The same request again, after an unknown outcome, makes no second.
#[tauri::command]
#[instrument(skip_all, fields(permissions = request.permissions.len()))]
pub(super) async fn create_token(app: State<'_, App>, request: NewToken) -> Result<Created, Failure> {
    app.create(Wanted::New(request.checked()?), None).await
}

/// Stops a creation. What comes of it is deleted; the creation itself answers what became of it, after seconds at most.
#[tauri::command]
#[instrument(skip_all)]
pub(super) fn cancel_create_token(app: State<'_, App>) {
    app.stop_waiting();
}

/// Whether the last creation of unknown outcome made a token after all, whose value then nobody holds. `None`: not, or
/// not yet; what the same request makes later is the same token.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn find_out(app: State<'_, App>) -> Result<Option<Created>, Failure> {
    app.find_out().await
}

/// What an earlier run of the app, or a failure of this one, left unfinished; what can be finished without a question is.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_unfinished(app: State<'_, App>) -> Result<UnfinishedView, Failure> {
    app.unfinished().look().await
}

/// The person keeps a token of them as it is.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn keep_unfinished(app: State<'_, App>, id: TokenId) -> Result<(), Failure> {
    app.unfinished().settle(id).await;
    Ok(())
}

/// Creates the same token anew. The old one is deleted when the new value was handed over.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn replace_token(app: State<'_, App>, id: TokenId) -> Result<Created, Failure> {
    let (me, old) =
        app.servers().ask(|client| async move { Ok((client.me().await?, client.token(id).await?)) }).await?;
    app.create(Wanted::Replacing(id, replacement::of(&old, &me)), Some(id)).await
}

/// Makes a new token in the place of this one, for as many days, while the old one still works for the overlap. *At the
/// hand-over* it works until the new value is proven to be somewhere else, and an hour at the most, so that a fault never
/// leaves a service without one.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn rotate_token(app: State<'_, App>, id: TokenId, overlap: Overlap) -> Result<Created, Failure> {
    let (me, old) =
        app.servers().ask(|client| async move { Ok((client.me().await?, client.token(id).await?)) }).await?;
    let expires_at = replacement::of(&old, &me).expires_at;
    let rotation = Rotation { expires_at, overlap_s: Some(overlap.seconds()) };
    let ends_at_hand_over = (overlap == Overlap::AtHandOver).then_some(id);
    app.create(Wanted::Rotated(id, rotation), ends_at_hand_over).await
}

/// Who used a token in the last 30 days.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_uses(app: State<'_, App>, id: TokenId) -> Result<Vec<UseRecord>, Failure> {
    app.servers().ask(|client| async move { client.token_uses(id).await }).await
}

/// Calls on each of the last 30 days of the tokens of a page.
#[tauri::command]
#[instrument(skip_all, fields(tokens = ids.len()))]
pub(super) async fn list_use_days(app: State<'_, App>, ids: Vec<TokenId>) -> Result<Vec<DailyUse>, Failure> {
    let ids = &ids.checked()?;
    app.servers().ask(|client| async move { client.use_days(ids).await }).await
}

/// A page of what happened to a token, newest first.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_token_events(
    app: State<'_, App>,
    id: TokenId,
    cursor: Option<Cursor>,
) -> Result<EventPage, Failure> {
    let cursor = cursor.map(Bounded::checked).transpose()?;
    let cursor = cursor.as_ref().map(|cursor| cursor.0.as_str());
    let page = app.servers().ask(|client| async move { client.token_events(id, cursor).await }).await?;
    Ok(EventPage { events: page.list.events, next: page.next })
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
    let (etag, changes) = (&etag.checked()?, &changes.checked()?);
    app.servers().ask(|client| async move { client.update_token(id, etag, changes).await }).await
}

/// Where a token's value was put, so that it can be removed with the token.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn describe_places(app: State<'_, App>, id: TokenId) -> Result<TokenPlaces, Failure> {
    Ok(app.places(id).await.map(TokenPlaces::from).unwrap_or_default())
}

/// Removes the value of a deleted token from there.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn remove_places(app: State<'_, App>, id: TokenId, file: bool, keychain: bool) -> Result<(), Failure> {
    app.remove_places(id, file, keychain).await
}

/// Deletes a token, at once and for good. One that is gone already is gone.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn delete_token(app: State<'_, App>, id: TokenId) -> Result<(), Failure> {
    app.delete(id).await
}
