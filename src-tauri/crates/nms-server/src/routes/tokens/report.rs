//! Values that were found where anybody can read them, reported by whoever found them, by their hashes.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nms_api::limits::MAX_REPORTED;
use nms_api::{TokenHash, TokenReport};

use crate::asked::Asked;
use crate::gate::Peer;
use crate::peer_limit::TooOften;
use crate::problems::{Answer, Refusal};
use crate::state::App;

/// Reports values that were found in public, by their hashes. The answer is the same whether any of them is known here,
/// and so is the time that it takes: they are looked up afterwards. A token that one of them belongs to is marked, or
/// deleted, as whoever runs this server has chosen; its owner is told.
#[utoipa::path(
    post,
    path = "/tokens/report",
    operation_id = "report_tokens",
    security(()),
    request_body = TokenReport,
    responses((status = 202, description = "Taken in."))
)]
pub(crate) async fn report(State(app): State<App>, peer: Extension<Peer>, asked: Asked) -> Answer<Response> {
    let limited = app.reports.limit.count(peer.address(), (), app.clock.now());
    limited.map_err(|TooOften(seconds)| Refusal::rate_limited(seconds))?;
    let body = asked.json()?;
    asked.no_query()?;
    let TokenReport { sha256 } = body.members()?;
    if !app.reports.take_in(&hashes(sha256)?) {
        return Err(Refusal::rate_limited(1));
    }
    Ok(StatusCode::ACCEPTED.into_response())
}

fn hashes(sha256: Vec<String>) -> Answer<Vec<[u8; 32]>> {
    if !(1..=MAX_REPORTED).contains(&sha256.len()) {
        return Err(Refusal::invalid("sha256", format!("It must hold 1 to {MAX_REPORTED} hashes.")));
    }
    let hashes: Option<Vec<_>> = sha256.into_iter().map(|sha256| TokenHash { sha256 }.bytes()).collect();
    hashes.ok_or_else(|| Refusal::invalid("sha256", "Each must be 64 digits of lower-case hex."))
}
