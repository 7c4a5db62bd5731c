//! One file for each path of the contract. A handler checks in the contract's order, makes one call, and answers.
//!
//! Which credential an operation needs stands in its `security(…)` line: the gate enforces what the document says.

mod alerts;
mod callers;
mod devices;
mod events;
mod health;
mod me;
mod metrics;
mod openapi;
mod permissions;
mod token;
pub(crate) mod tokens;

use axum::middleware;
use axum::routing::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gate::gate;
use crate::problems::Refusal;
use crate::state::App;

/// Where the contract's paths begin, all but `/metrics`.
const ROOT: &str = "/api/v1";

/// The routes, and the document that describes them.
pub(crate) fn documented() -> (Router<App>, utoipa::openapi::OpenApi) {
    let paths = OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(permissions::permissions))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::read, tokens::update, tokens::delete))
        .routes(routes!(tokens::identify))
        .routes(routes!(tokens::report))
        .routes(routes!(tokens::rotate))
        .routes(routes!(tokens::events))
        .routes(routes!(tokens::propagation))
        .routes(routes!(tokens::uses))
        .routes(routes!(tokens::daily))
        .routes(routes!(events::events))
        .routes(routes!(callers::list))
        .routes(routes!(token::itself, token::revoke_itself))
        .routes(routes!(devices::list, devices::add))
        .routes(routes!(alerts::list))
        .routes(routes!(health::health))
        .routes(routes!(openapi::document));
    let (router, document) = OpenApiRouter::with_openapi(openapi::preamble())
        .nest(ROOT, paths)
        .routes(routes!(metrics::metrics))
        .split_for_parts();
    (router, openapi::completed(document))
}

/// The routes behind the gate.
pub(crate) fn guarded(routes: Router<App>, app: App) -> Router {
    // The gate answers unknown paths before this is reached.
    routes
        .fallback(async || Refusal::not_found())
        .layer(middleware::from_fn_with_state(app.clone(), gate))
        .with_state(app)
}
