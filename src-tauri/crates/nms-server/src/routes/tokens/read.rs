//! One token.

use axum::extract::{Path, State};
use axum::response::Response;
use nms_api::{Token, TokenId};
use uuid::Uuid;

use super::find;
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::problems::Answer;
use crate::state::App;

/// One of the caller's tokens.
#[utoipa::path(
    get,
    path = "/tokens/{id}",
    operation_id = "read_token",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "Which token.")),
    responses((status = 200, body = Token, headers(("ETag" = String))))
)]
pub(crate) async fn read(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let row = find(&app, person.owner(), TokenId(id)).await?;
    asked.no_query()?;
    answers::token(&row.into_token(&person.held, app.clock.now()))
}
