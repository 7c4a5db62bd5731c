//! Deletes a token, at once and for good.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{Actor, Event, EventKind, PermissionName, TokenId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::rotate::replacement;
use super::{expiry_of, find};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::changes;
use crate::endings::REPLACED;
use crate::etag::{self, Condition};
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::store::TokenRow;
use crate::use_ledger::bare_event;

/// Deletes one of the caller's tokens: a request that starts after this answer is refused.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    operation_id = "delete_token",
    security(("session" = [])),
    params(
        ("id" = Uuid, Path, description = "Which token."),
        ("If-Match" = Option<String>, Header, description = "Delete it only as the caller saw it."),
    ),
    responses((status = 204, description = "Deleted."))
)]
pub(crate) async fn delete(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let row = find(&app, person.owner(), TokenId(id)).await?;
    asked.no_query()?;
    end(&app, row, &person.held, &person.actor(), &Condition::read(&asked.headers), None).await?;
    Ok(answers::done())
}

/// Ends a token for good, for this `reason` where there is one. Its last record stays in the event: when somebody else was
/// faster, it is looked at again.
pub(crate) async fn end(
    app: &App,
    mut row: TokenRow,
    held: &[PermissionName],
    actor: &Actor,
    condition: &Condition,
    reason: Option<&str>,
) -> Answer<()> {
    loop {
        let now = app.clock.now();
        if !condition.holds(&etag::of(row.id, row.version)) {
            return Err(Refusal::stale(row.into_token(held, now)));
        }
        let mut events: Vec<Event> = expiry_of(app, &row, now)?.into_iter().collect();
        // Whoever looks for what became of it is led to its successor.
        let reason = reason.or(row.replaced_by.map(|_| REPLACED));
        events.push(changes::deleted(app.random.id(now)?, &row, held, now, actor.clone(), reason));
        let kept = kept(app, &row, now).await?;
        if let Some((old, kept)) = &kept {
            let (kind, [from, to]) = left_behind(old, kept);
            events.push(Event { from, to, ..bare_event(app.random.id(now)?, old.id, now, kind, actor.clone()) });
        }
        if app.store.delete_token(&row, now, &events, kept.as_ref().map(|(_, kept)| kept)).await? {
            return Ok(());
        }
        row = find(app, row.owner, row.id).await?;
    }
}

/// The token that this one was made in the place of, as it is and as it becomes when its successor goes. Where nobody used
/// that, a service may never have got the new value: the old one goes on as before. Otherwise it ends when it would have,
/// but by its expiry, as a token without a successor does: that is warned of, and can be put off.
async fn kept(app: &App, row: &TokenRow, now: DateTime<Utc>) -> Answer<Option<(TokenRow, TokenRow)>> {
    let Some(id) = row.replaces else { return Ok(None) };
    let old = app.store.token_or_its_trace(row.owner, id, now).await?;
    let still_works = |old: &TokenRow| old.deleted_at.is_none() && old.ends_at.is_some_and(|ends_at| ends_at > now);
    let Some(old) = old.filter(|old| old.replaced_by == Some(row.id) && still_works(old)) else { return Ok(None) };
    let expires_at = match old.ends_at {
        Some(ends_at) if row.use_count > 0 => old.expires_at.min(ends_at),
        _ => old.expires_at,
    };
    let kept = TokenRow { replaced_by: None, ends_at: None, expires_at, updated_at: now, ..old.clone() };
    Ok(Some((old, kept)))
}

/// What such an end of its successor changed of the old token, before and after, and what kind of change that is.
fn left_behind(old: &TokenRow, kept: &TokenRow) -> (EventKind, [Option<Map<String, Value>>; 2]) {
    let mut members = [old, kept].map(replacement);
    if old.expires_at == kept.expires_at {
        return (EventKind::Widened, members.map(Some));
    }
    for (members, row) in members.iter_mut().zip([old, kept]) {
        members.insert("expires_at".to_owned(), json!(row.expires_at));
    }
    (EventKind::Narrowed, members.map(Some))
}
