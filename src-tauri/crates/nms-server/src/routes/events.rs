//! What happened to all tokens of a person, deleted ones' events too for as long as they are kept.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{Event, EventKind, EventOfTokenList, EventQuery};

use super::{ROOT, tokens};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::endings;
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::store::{Owner, WantedEvents};

/// What a cursor of this list is bound to, with the filters.
const LIST: &str = "events";

/// A page of the events of all the caller's tokens, newest first. The filters are an extension of the contract: they
/// find what was refused lately, and what was deleted.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "list_events",
    security(("session" = [])),
    params(EventQuery),
    responses((status = 200, body = EventOfTokenList, headers(("Link" = String, description = "The next page."))))
)]
pub(crate) async fn events(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let query: EventQuery = asked.query()?;
    let limit = tokens::page_size(query.limit)?;
    let wanted = WantedEvents {
        kinds: query.kinds.as_deref().map(kinds).transpose()?.unwrap_or_default(),
        words: tokens::searched(query.q.as_deref())?,
        after: tokens::position(query.cursor.as_deref(), &described(&query))?,
        limit: limit + 1,
    };
    let now = app.clock.now();
    bring_up_to_date(&app, person.owner(), now).await?;
    let mut events = app.store.events_of_owner(person.owner(), &wanted, now).await?;
    let is_last = events.len() <= limit as usize;
    events.truncate(limit as usize);
    let next = match events.last() {
        Some(last) if !is_last => Some(address_after(&last.event, query)?),
        Some(_) | None => None,
    };
    answers::page(&EventOfTokenList { events }, next.as_deref())
}

/// Kinds by their names on the wire.
fn kinds(typed: &str) -> Answer<Vec<EventKind>> {
    let kinds: Result<_, _> = typed.split(',').map(|word| serde_json::from_value(word.into())).collect();
    kinds.map_err(|_| Refusal::invalid("kinds", "It must be kinds of events with a comma between."))
}

/// What the cursor is bound to.
fn described(query: &EventQuery) -> (&'static str, EventQuery) {
    (LIST, EventQuery { limit: None, cursor: None, ..query.clone() })
}

/// The path of the next page: all that was asked for, and where this one ended.
fn address_after(event: &Event, query: EventQuery) -> Answer<String> {
    let cursor = tokens::cursor_after(event, &described(&query))?;
    let next = serde_urlencoded::to_string(EventQuery { cursor: Some(cursor), ..query }).map_err(|error| {
        tracing::error!(%error, "the address of a page could not be written");
        Refusal::internal()
    })?;
    Ok(format!("{ROOT}/events?{next}"))
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
