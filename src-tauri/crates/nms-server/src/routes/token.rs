//! A token about itself: for a service to test what it holds, and to give it up.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use nms_api::{Actor, TokenItself};

use super::tokens;
use crate::answers;
use crate::asked::Asked;
use crate::auth::ActingToken;
use crate::etag::Condition;
use crate::problems::Answer;
use crate::state::App;

/// The token that asks.
#[utoipa::path(get, path = "/token", operation_id = "read_this_token", security(("token" = [])), responses((status = 200, body = TokenItself)))]
pub(crate) async fn itself(State(app): State<App>, caller: ActingToken, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    let row = tokens::find(&app, caller.row.owner, caller.row.id).await?;
    let now = app.clock.now();
    let ends_at = row.ends_at.map_or(row.expires_at, |ends_at| ends_at.min(row.expires_at));
    let seconds_left = (ends_at - now).num_seconds().max(0);
    answers::json(StatusCode::OK, &TokenItself { token: row.into_token(&caller.held, now), seconds_left })
}

/// Deletes the token that asks, at once and for good.
#[utoipa::path(delete, path = "/token", operation_id = "delete_this_token", security(("token" = [])), responses((status = 204, description = "Deleted.")))]
pub(crate) async fn revoke_itself(State(app): State<App>, caller: ActingToken, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    let row = tokens::find(&app, caller.row.owner, caller.row.id).await?;
    tokens::end(&app, row, &caller.held, &Actor::Token, &Condition::None, None).await?;
    Ok(answers::done())
}
