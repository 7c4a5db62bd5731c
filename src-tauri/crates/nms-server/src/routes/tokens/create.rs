//! Makes a token. The same request again, after an answer that was lost, makes no second one.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{CreatedToken, Event, EventKind, NewToken, TokenId};
use uuid::Uuid;

use super::checks;
use super::keyed::{Keyed, still_at_work};
use super::new::{DRAWS, Planned};
use crate::answers;
use crate::asked::Asked;
use crate::auth::{NewCredential, Person};
use crate::changes;
use crate::problems::Answer;
use crate::state::App;
use crate::store::{Created, TokenRow};
use crate::use_ledger::bare_event;

/// Makes a token. Its secret is in this answer and in no other.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "create_token",
    security(("session" = [])),
    params(("Idempotency-Key" = Uuid, Header, description = "Makes it safe to send the same again.")),
    request_body = NewToken,
    responses(
        (status = 201, body = CreatedToken, headers(("ETag" = String), ("Location" = String))),
        (status = 200, body = CreatedToken, description = "The same again: `secret` is null.",
         headers(("ETag" = String), ("Location" = String), ("Idempotency-Replayed" = String))),
    )
)]
pub(crate) async fn create(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let body = asked.json()?;
    let keyed = Keyed::begin(&app, &asked, &person)?;
    if let Some(row) = keyed.made_before(&app).await? {
        return answers::replayed(&row.into_token(&person.held, app.clock.now()), None);
    }
    asked.no_query()?;
    let planned = checked(body.members()?, &person, app.clock.now())?;
    make(&app, &person, &planned, &keyed).await
}

fn checked(new: NewToken, person: &Person, now: DateTime<Utc>) -> Answer<Planned> {
    Ok(Planned {
        at: now,
        name: checks::name(new.name)?,
        description: checks::description(new.description)?,
        permissions: checks::granted(new.permissions, person)?,
        expires_at: checks::first_expiry(new.expires_at, now)?,
        allowed_addresses: checks::allowed_addresses(&new.allowed_addresses.unwrap_or_default())?,
        replaces: None,
    })
}

async fn make(app: &App, person: &Person, planned: &Planned, keyed: &Keyed) -> Answer<Response> {
    let now = planned.at;
    for _ in 0..DRAWS {
        let credential = NewCredential::token(&app.random)?;
        let new = planned.row(TokenId(app.random.id(now)?), person.owner(), &credential);
        let created = created(app.random.id(now)?, &new.row, person);
        match app.store.create_token(&new, &keyed.scope, &keyed.body_sha256, &created).await? {
            Created::Stored => {
                let token = new.row.into_token(&person.held, now);
                return answers::created_with_secret(&token, &credential.secret, None);
            }
            Created::LookupIdTaken => {}
            // Another process made it between our look and our write.
            Created::KeyTaken => break,
        }
    }
    Err(still_at_work())
}

fn created(id: Uuid, row: &TokenRow, person: &Person) -> Event {
    Event { to: Some(changes::made(row)), ..bare_event(id, row.id, row.created_at, EventKind::Created, person.actor()) }
}
