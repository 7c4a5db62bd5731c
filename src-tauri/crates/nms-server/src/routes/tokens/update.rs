//! Edits a token: only as its editor saw it last, so that nobody's change is lost. Its value stays the same.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{Event, Slug, Token, TokenChanges, TokenId};
use uuid::Uuid;

use super::{checks, expiry_of, find};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::changes::{self, Told, Wanted};
use crate::etag::{self, Condition};
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::store::TokenRow;
use crate::use_ledger::bare_event;

/// Changes what is named; what is left out stays.
#[utoipa::path(
    patch,
    path = "/tokens/{id}",
    operation_id = "update_token",
    security(("session" = [])),
    params(
        ("id" = Uuid, Path, description = "Which token."),
        ("If-Match" = String, Header, description = "The `etag` of the token as the editor saw it, or `*`."),
    ),
    request_body = TokenChanges,
    responses((status = 200, body = Token, headers(("ETag" = String))))
)]
pub(crate) async fn update(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let row = find(&app, person.owner(), TokenId(id)).await?;
    let body = asked.json()?;
    asked.no_query()?;
    let wanted = checked(body.members()?, &person, app.clock.now())?;
    let condition = Condition::read(&asked.headers);
    if condition == Condition::None {
        let detail = "Send the etag of the token as you saw it as If-Match.";
        return Err(Refusal::new(Slug::EtagRequired, detail).naming("If-Match"));
    }
    let row = change(&app, &person, row, &wanted, &condition).await?;
    answers::token(&row.into_token(&person.held, app.clock.now()))
}

fn checked(changes: TokenChanges, person: &Person, now: DateTime<Utc>) -> Answer<Wanted> {
    Ok(Wanted {
        name: changes.name.map(checks::name).transpose()?,
        description: changes.description.map(checks::description).transpose()?,
        permissions: changes.permissions.map(|wanted| checks::granted(wanted, person)).transpose()?,
        expires_at: changes.expires_at.map(|wanted| checks::expires_at(wanted, now)).transpose()?,
        allowed_addresses: changes.allowed_addresses.as_deref().map(checks::allowed_addresses).transpose()?,
        paused: changes.paused,
    })
}

/// Compares and sets; when somebody else was faster, compares again with what they made of it.
async fn change(
    app: &App,
    person: &Person,
    mut row: TokenRow,
    wanted: &Wanted,
    condition: &Condition,
) -> Answer<TokenRow> {
    loop {
        if !condition.holds(&etag::of(row.id, row.version)) {
            return Err(Refusal::stale(row.into_token(&person.held, app.clock.now())));
        }
        let now = app.clock.now();
        let Some((mut changed, told)) = changes::apply(&row, wanted.clone(), now) else { return Ok(row) };
        let events = events(app, person, &row, told, now)?;
        if app.store.update_token(&changed, &events).await? {
            changed.version += 1;
            return Ok(changed);
        }
        row = find(app, person.owner(), row.id).await?;
    }
}

fn events(app: &App, person: &Person, row: &TokenRow, told: Vec<Told>, now: DateTime<Utc>) -> Answer<Vec<Event>> {
    let mut events: Vec<Event> = expiry_of(app, row, now)?.into_iter().collect();
    for Told { kind, from, to } in told {
        let event = bare_event(app.random.id(now)?, row.id, now, kind, person.actor());
        events.push(Event { from: Some(from), to: Some(to), ..event });
    }
    Ok(events)
}
