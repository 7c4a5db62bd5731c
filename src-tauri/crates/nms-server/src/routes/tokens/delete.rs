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
    end(&app, row, &person.held, &person.actor(), &Condition::read(&asked.headers)).await?;
    Ok(answers::done())
}

/// Ends a token for good. Its last record stays in the event: when somebody else was faster, it is looked at again.
pub(crate) async fn end(
    app: &App,
    mut row: TokenRow,
    held: &[PermissionName],
    actor: &Actor,
    condition: &Condition,
) -> Answer<()> {
    loop {
        let now = app.clock.now();
        if !condition.holds(&etag::of(row.id, row.version)) {
            return Err(Refusal::stale(row.into_token(held, now)));
        }
        let mut events: Vec<Event> = expiry_of(app, &row, now)?.into_iter().collect();
        events.push(changes::deleted(app.random.id(now)?, &row, held, now, actor.clone(), None));
        if app.store.delete_token(&row, now, &events).await? {
            return Ok(());
        }
        row = find(app, row.owner, row.id).await?;
    }
}
