//! Looking for the token of a service that stopped: by what happened to all tokens, by who used them. Only reads.

use nms_api::{CallerOfToken, EventQuery, Token, TokenId};
use tauri::State;
use tracing::instrument;

use crate::app::App;
use crate::bounds::Bounded;
use crate::failure::Failure;
use crate::view::{EventOfTokenPage, SearchText};

/// A page of what happened to all the person's tokens, newest first; to deleted ones too.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_events(app: State<'_, App>, query: EventQuery) -> Result<EventOfTokenPage, Failure> {
    let query = &query.checked()?;
    let page = app.servers().ask(|client| async move { client.events(query).await }).await?;
    Ok(EventOfTokenPage { events: page.list.events, next: page.next })
}

/// Who used any of the person's tokens in the last 30 days, the last first; deleted ones too.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn list_callers(app: State<'_, App>, q: Option<SearchText>) -> Result<Vec<CallerOfToken>, Failure> {
    let q = q.map(Bounded::checked).transpose()?;
    let q = q.as_ref().map(|text| text.0.as_str());
    app.servers().ask(|client| async move { client.callers(q).await }).await
}

/// One token as it is now; `not_found` when it was deleted.
#[tauri::command]
#[instrument(skip_all)]
pub(super) async fn read_token(app: State<'_, App>, id: TokenId) -> Result<Token, Failure> {
    app.servers().ask(|client| async move { client.token(id).await }).await
}
