//! Which of the caller's tokens is this? Asked by the hash of a value that somebody found: the value stays where it is.

use axum::extract::State;
use axum::response::Response;
use nms_api::problem::MEDIA_TYPE;
use nms_api::{Problem, Token, TokenHash};

use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::problems::{Answer, Refusal};
use crate::state::App;

/// The caller's token with this hash, also for 90 days after its deletion: `state` is `deleted` then, and `deleted_at`
/// says since when.
#[utoipa::path(
    post,
    path = "/tokens/identify",
    operation_id = "identify_token",
    security(("session" = [])),
    request_body = TokenHash,
    responses(
        (status = 200, body = Token, headers(("ETag" = String))),
        (status = 404, body = Problem, content_type = MEDIA_TYPE, description = "None of the caller's has it."),
    )
)]
pub(crate) async fn identify(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let body = asked.json()?;
    asked.no_query()?;
    let hash: TokenHash = body.members()?;
    let sha256 = hash.bytes().ok_or_else(|| Refusal::invalid("sha256", "It must be 64 digits of lower-case hex."))?;
    let now = app.clock.now();
    let _reading = app.ledger.reading().await;
    let mut row = app.store.token_by_hash(person.owner(), &sha256, now).await?.ok_or_else(Refusal::not_found)?;
    app.ledger.merge(&mut row);
    answers::token(&row.into_token(&person.held, now))
}
