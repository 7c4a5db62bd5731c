//! The figures that a collector fetches, at the root, where Prometheus looks for them.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use nms_api::TokenState;

use crate::asked::Asked;
use crate::auth::Caller;
use crate::exposition::{Exposition, Family, Kind, MEDIA_TYPE};
use crate::problems::Answer;
use crate::state::App;
use crate::store::{self, Scene};

const BUILD: Family = Family {
    name: "nms_build_info",
    kind: Kind::Gauge,
    help: "Always 1; the label says which version runs.",
    label: "version",
};
const DEVICES: Family = Family {
    name: "nms_devices",
    kind: Kind::Gauge,
    help: "Devices of the organisation, by whether they answer.",
    label: "status",
};
const TOKENS: Family = Family {
    name: "nms_tokens",
    kind: Kind::Gauge,
    help: "API tokens of the person who asks or whose token asks, by state. Deleted ones do not count.",
    label: "state",
};
const REQUESTS: Family = Family {
    name: "nms_requests_total",
    kind: Kind::Counter,
    help: "Requests of everybody that were answered since this server started, by status code.",
    label: "code",
};

/// As they are counted below.
const STATES: [TokenState; 3] = [TokenState::Active, TokenState::Paused, TokenState::Expired];

/// The figures of the caller's organisation and tokens, and of this server, in Prometheus's text format 0.0.4.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "read_metrics",
    security(("session" = ["metrics:read"]), ("token" = ["metrics:read"])),
    responses((status = 200, description = "Prometheus's text format 0.0.4.", body = String, content_type = "text/plain"))
)]
pub(crate) async fn metrics(State(app): State<App>, caller: Caller, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    let owner = caller.owner();
    let devices = app.store.count_devices(owner.organization_id).await?;
    let unwritten = app.ledger.unwritten();
    let scene = Scene { owner, now: app.clock.now(), unwritten: &unwritten };
    let tokens =
        app.store.count_tokens(scene, &[store::Kind::Active, store::Kind::Paused, store::Kind::Expired]).await?;
    let text = Exposition::default()
        .family(BUILD, [(env!("CARGO_PKG_VERSION"), 1)])
        .family(DEVICES, devices.map(|(status, count)| (status.as_str(), count)))
        .family(TOKENS, STATES.map(TokenState::as_str).into_iter().zip(tokens))
        .family(REQUESTS, app.answers.counted())
        .into_text();
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], text).into_response())
}
