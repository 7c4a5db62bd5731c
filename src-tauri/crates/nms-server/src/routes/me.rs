//! Who is asking, and what this server allows.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use nms_api::{Limits, Me, Policy, limits};

use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::problems::Answer;
use crate::state::App;

/// The built-in server's. It is one process on one store: a change counts everywhere at once.
pub(super) const LIMITS: Limits = Limits {
    default_days: limits::DEFAULT_DAYS,
    max_months: limits::MAX_MONTHS,
    max_tokens: None,
    propagation_max_s: 0,
};

/// The person whose session it is, where they act, what they hold there, and this server's limits.
#[utoipa::path(get, path = "/me", operation_id = "read_me", security(("session" = [])), responses((status = 200, body = Me)))]
pub(crate) async fn me(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    let organizations = app.store.organizations(person.user.id).await?;
    let me = Me {
        user: person.user,
        organization: person.organization,
        organizations,
        permissions: person.held,
        server_time: app.clock.now(),
        limits: LIMITS,
        policy: Policy {},
    };
    answers::json(StatusCode::OK, &me)
}
