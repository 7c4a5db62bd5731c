//! What happened to a token, a deleted one too for as long as its events are kept.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{Event, EventList, PageQuery, TokenId};
use serde::Serialize;
use uuid::Uuid;

use super::{expiry_of, page_size};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::cursor;
use crate::endings;
use crate::problems::{Answer, Refusal};
use crate::routes::ROOT;
use crate::state::App;
use crate::store::{EventPosition, TokenRow};

/// A page of a token's events, newest first. Refused calls are one event for each reason, address and permission; of
/// the 201st on without an address.
#[utoipa::path(
    get,
    path = "/tokens/{id}/events",
    operation_id = "list_token_events",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "Which token."), PageQuery),
    responses((status = 200, body = EventList, headers(("Link" = String, description = "The next page."))))
)]
pub(crate) async fn events(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let now = app.clock.now();
    let row = app.store.token_or_its_trace(person.owner(), TokenId(id), now).await?.ok_or_else(Refusal::not_found)?;
    let query: PageQuery = asked.query()?;
    let limit = page_size(query.limit)?;
    let after = position(query.cursor.as_deref(), &id)?;
    bring_up_to_date(&app, &row, now).await?;
    let mut events = app.store.events(row.id, after, limit + 1).await?;
    let is_last = events.len() <= limit as usize;
    events.truncate(limit as usize);
    let next = match events.last() {
        Some(event) if !is_last => Some(address_after(event, &query)?),
        Some(_) | None => None,
    };
    answers::page(&EventList { events }, next.as_deref())
}

/// Writes what happened without a request, and what was only counted so far.
async fn bring_up_to_date(app: &App, row: &TokenRow, now: DateTime<Utc>) -> Answer<()> {
    app.settle().await;
    if let Err(error) = endings::write_ended(app).await {
        tracing::warn!(%error, "the end of a replaced token could not be written down");
    }
    if let Some(expired) = expiry_of(app, row, now)?
        && let Err(error) = app.store.note(row.owner, &[expired]).await
    {
        // What is there can be read all the same; the next look writes it.
        tracing::warn!(%error, "an expiry could not be written down");
    }
    Ok(())
}

/// Where a page of the events that `list` describes begins.
pub(in crate::routes) fn position(cursor: Option<&str>, list: &impl Serialize) -> Answer<Option<EventPosition>> {
    let after = cursor.map(|text| cursor::read(text, list)).transpose()?;
    Ok(after.map(|(at, id): (DateTime<Utc>, Uuid)| EventPosition { at, id }))
}

/// The cursor of the page after `event`.
pub(in crate::routes) fn cursor_after(event: &Event, list: &impl Serialize) -> Answer<String> {
    cursor::write(list, &(event.at, event.id))
}

fn address_after(event: &Event, query: &PageQuery) -> Answer<String> {
    let id = event.token_id;
    let limit = query.limit.map(|limit| format!("limit={limit}&")).unwrap_or_default();
    Ok(format!("{ROOT}/tokens/{id}/events?{limit}cursor={}", cursor_after(event, &id)?))
}
