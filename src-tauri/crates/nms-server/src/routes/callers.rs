//! Who used the caller's tokens lately: finds the token of a service of which only the address or the program is known.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use nms_api::{CallerList, CallerQuery};

use super::tokens;
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::problems::Answer;
use crate::state::App;
use crate::use_days::first_day;

/// Who used any of the caller's tokens in the last 30 days, deleted ones too; whoever called last first.
#[utoipa::path(
    get,
    path = "/callers",
    operation_id = "list_callers",
    security(("session" = [])),
    params(CallerQuery),
    responses((status = 200, body = CallerList))
)]
pub(crate) async fn list(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let query: CallerQuery = asked.query()?;
    let words = tokens::searched(query.q.as_deref())?;
    let now = app.clock.now();
    // The database searches and orders, so it must know. If it cannot be written, what it knows is told all the same.
    app.settle().await;
    let callers = app.store.callers(person.owner(), &words, first_day(now), now).await?;
    answers::json(StatusCode::OK, &CallerList { callers })
}
