//! Whether the server works.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use crate::answers;
use crate::asked::Asked;
use crate::problems::Answer;
use crate::state::App;

/// The server works.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// 200 when the database answers.
#[utoipa::path(get, path = "/health", operation_id = "read_health", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn health(State(app): State<App>, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    app.store.answers().await?;
    answers::json(StatusCode::OK, &Health { status: "ok" })
}
