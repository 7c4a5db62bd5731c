//! Deletes a token, at once and for good.

use axum::extract::{Path, State};
use axum::response::Response;
use nms_api::{Actor, Event, PermissionName, TokenId};
use uuid::Uuid;

use super::{expiry_of, find};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::changes;
use crate::etag::{self, Condition};
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::store::TokenRow;

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
    let condition = Condition::read(&asked.headers);
    if !condition.holds(&etag::of(row.id, row.version)) {
        return Err(Refusal::stale(row.into_token(&person.held, app.clock.now())));
    }
    let version = matches!(condition, Condition::OneOf(_)).then_some(row.version);
    end(&app, row, &person.held, person.actor(), version).await?;
    Ok(answers::done())
}

/// Ends a token for good; with a `version` only when it is still at that one. Its last record stays in the event.
pub(crate) async fn end(
    app: &App,
    row: TokenRow,
    held: &[PermissionName],
    actor: Actor,
    version: Option<i64>,
) -> Answer<()> {
    let now = app.clock.now();
    let mut events: Vec<Event> = expiry_of(app, &row, now)?.into_iter().collect();
    events.push(changes::deleted(app.random.id(now)?, &row, held, now, actor, None));
    if app.store.delete_token(&row, version, now, &events).await? {
        return Ok(());
    }
    // Somebody was faster: they deleted it, or changed it when that matters.
    let row = find(app, row.owner, row.id).await?;
    Err(Refusal::stale(row.into_token(held, now)))
}
