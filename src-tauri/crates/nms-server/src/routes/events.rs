//! What happened to all tokens of a person, deleted ones' events too for as long as they are kept.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{Event, EventOfTokenList, PageQuery};

use super::{ROOT, tokens};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::endings;
use crate::problems::Answer;
use crate::state::App;
use crate::store::Owner;

/// What a cursor of this list is bound to.
const LIST: &str = "events";

/// A page of the events of all the caller's tokens, newest first.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "list_events",
    security(("session" = [])),
    params(PageQuery),
    responses((status = 200, body = EventOfTokenList, headers(("Link" = String, description = "The next page."))))
)]
pub(crate) async fn events(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let query: PageQuery = asked.query()?;
    let limit = tokens::page_size(query.limit)?;
    let after = tokens::position(&query, &LIST)?;
    let now = app.clock.now();
    bring_up_to_date(&app, person.owner(), now).await?;
    let mut events = app.store.events_of_owner(person.owner(), after, limit + 1, now).await?;
    let is_last = events.len() <= limit as usize;
    events.truncate(limit as usize);
    let next = match events.last() {
        Some(last) if !is_last => Some(format!("{ROOT}/events?{}", tokens::query_after(&last.event, &query, &LIST)?)),
        Some(_) | None => None,
    };
    answers::page(&EventOfTokenList { events }, next.as_deref())
}

/// Writes what happened without a request, and what was only counted so far.
async fn bring_up_to_date(app: &App, owner: Owner, now: DateTime<Utc>) -> Answer<()> {
    app.settle().await;
    if let Err(error) = endings::write_ended(app).await {
        tracing::warn!(%error, "the end of a replaced token could not be written down");
    }
    let untold = app.store.untold_expiries(owner, now).await?;
    let expired: Vec<Event> = untold
        .into_iter()
        .map(|(id, expires_at)| tokens::expired_event(app, id, expires_at))
        .collect::<Result<_, _>>()?;
    if !expired.is_empty()
        && let Err(error) = app.store.note(owner, &expired).await
    {
        // What is there can be read all the same; the next look writes it.
        tracing::warn!(%error, "expiries could not be written down");
    }
    Ok(())
}
