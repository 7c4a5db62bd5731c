//! How far the last change of a token has come.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use nms_api::{Propagation, TokenId};
use uuid::Uuid;

use super::find;
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::problems::Answer;
use crate::state::App;

/// How many of the server's processes know the token as it is. This server is one, and looks at each request.
#[utoipa::path(
    get,
    path = "/tokens/{id}/propagation",
    operation_id = "read_propagation",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "Which token.")),
    responses((status = 200, body = Propagation))
)]
pub(crate) async fn propagation(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let row = find(&app, person.owner(), TokenId(id)).await?;
    asked.no_query()?;
    answers::json(StatusCode::OK, &Propagation { processes: 1, have_it: 1, since: row.updated_at })
}
