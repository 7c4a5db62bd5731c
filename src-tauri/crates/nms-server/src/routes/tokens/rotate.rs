//! Makes a token in the place of another, which goes on working for a while, or not.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use nms_api::limits::MAX_OVERLAP_S;
use nms_api::{Event, EventKind, RotatedToken, Rotation, Slug, TokenId, TokenState, permissions};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::keyed::{Keyed, still_at_work};
use super::new::{DRAWS, Planned};
use super::{checks, find};
use crate::answers;
use crate::asked::Asked;
use crate::auth::{NewCredential, Person};
use crate::changes;
use crate::endings::REPLACED;
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::store::{Rotated, TokenRow};
use crate::use_ledger::bare_event;

/// Makes a token with the same name, description, addresses and permissions, as far as they are still held. Its secret
/// is in this answer and in no other. The old token works until `ends_at`, and is deleted then.
#[utoipa::path(
    post,
    path = "/tokens/{id}/rotate",
    operation_id = "rotate_token",
    security(("session" = [])),
    params(
        ("id" = Uuid, Path, description = "Which token is replaced: one that is active or paused."),
        ("Idempotency-Key" = Uuid, Header, description = "Makes it safe to send the same again."),
    ),
    request_body = Rotation,
    responses(
        (status = 201, body = RotatedToken, headers(("ETag" = String), ("Location" = String))),
        (status = 200, body = RotatedToken, description = "The same again: `secret` is null.",
         headers(("ETag" = String), ("Location" = String), ("Idempotency-Replayed" = String))),
    )
)]
pub(crate) async fn rotate(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let id = TokenId(id);
    // Whoever lost the answer asks again, and the old token may be gone by then: its trace will do.
    trace(&app, &person, id).await?.ok_or_else(Refusal::not_found)?;
    let body = asked.json()?;
    let keyed = Keyed::begin(&app, &asked, &person)?;
    if let Some(row) = keyed.made_before(&app).await? {
        let now = app.clock.now();
        let replaced = trace(&app, &person, id).await?.map(|row| row.into_token(&person.held, now));
        return answers::replayed(&row.into_token(&person.held, now), replaced.as_ref());
    }
    let old = find(&app, person.owner(), id).await?;
    asked.no_query()?;
    let answer = make(&app, &person, old, &body.members()?, &keyed).await?;
    app.something_ends.notify_one();
    Ok(answer)
}

/// The token, or what is left of it, as it is now.
async fn trace(app: &App, person: &Person, id: TokenId) -> Answer<Option<TokenRow>> {
    let _reading = app.ledger.reading().await;
    let mut row = app.store.token_or_its_trace(person.owner(), id, app.clock.now()).await?;
    row.iter_mut().for_each(|row| app.ledger.merge(row));
    Ok(row)
}

/// What is wanted, checked.
struct Wanted {
    at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    overlap: TimeDelta,
}

fn checked(rotation: &Rotation, now: DateTime<Utc>) -> Answer<Wanted> {
    let overlap_s = rotation.overlap_s.unwrap_or_default();
    if overlap_s > MAX_OVERLAP_S {
        return Err(Refusal::invalid("overlap_s", format!("It must be from 0 to {MAX_OVERLAP_S}.")));
    }
    Ok(Wanted {
        at: now,
        expires_at: checks::first_expiry(rotation.expires_at, now)?,
        overlap: TimeDelta::seconds(i64::from(overlap_s)),
    })
}

/// Compares and sets; when somebody changed the old token meanwhile, looks again at what they made of it.
async fn make(app: &App, person: &Person, mut old: TokenRow, rotation: &Rotation, keyed: &Keyed) -> Answer<Response> {
    let mut draws = 0;
    while draws < DRAWS {
        // Behind whatever was made of the old one.
        let wanted = &checked(rotation, app.clock.now())?;
        let planned = planned(&old, person, wanted)?;
        let credential = NewCredential::token(&app.random)?;
        let new = planned.row(TokenId(app.random.id(wanted.at)?), person.owner(), &credential);
        let mut replaced = replaced(&old, new.row.id, wanted);
        let events = events(app, person, &new.row, &old, &replaced)?;
        match app.store.rotate_token(&new, &replaced, &keyed.scope, &keyed.body_sha256, &events).await? {
            Rotated::Stored => {
                replaced.version += 1;
                let (token, replaced) =
                    (new.row.into_token(&person.held, wanted.at), replaced.into_token(&person.held, wanted.at));
                return answers::created_with_secret(&token, &credential.secret, Some(&replaced));
            }
            Rotated::LookupIdTaken => draws += 1,
            Rotated::OldChanged => old = find(app, person.owner(), old.id).await?,
            // Another process made it between our look and our write.
            Rotated::KeyTaken => break,
        }
    }
    Err(still_at_work())
}

/// The same as the old one, as far as it can be had; 409 when there is nothing to be replaced.
fn planned(old: &TokenRow, person: &Person, wanted: &Wanted) -> Answer<Planned> {
    if old.replaced_by.is_some() {
        return Err(Refusal::conflict(Slug::AlreadyReplaced, "Another token was made in this one's place already."));
    }
    if old.state(wanted.at) == TokenState::Expired {
        return Err(Refusal::conflict(Slug::TokenExpired, "The token's time is over: give it a new expiry first."));
    }
    let permissions = permissions::effective(&old.permissions, &person.held);
    if permissions.is_empty() {
        let detail = "You hold none of the token's permissions any more.";
        return Err(Refusal::new(Slug::PermissionNotHeld, detail).about(old.permissions.clone()));
    }
    Ok(Planned {
        at: wanted.at,
        name: old.name.clone(),
        description: old.description.clone(),
        permissions,
        allowed_addresses: old.allowed_addresses.clone(),
        expires_at: wanted.expires_at,
        replaces: Some(old.id),
    })
}

/// The old token afterwards: it ends with the overlap or with its own expiry; without an overlap at once.
fn replaced(old: &TokenRow, by: TokenId, wanted: &Wanted) -> TokenRow {
    let ends_at = (wanted.at + wanted.overlap).min(old.expires_at);
    TokenRow {
        replaced_by: Some(by),
        ends_at: Some(ends_at),
        updated_at: wanted.at,
        deleted_at: (ends_at <= wanted.at).then_some(ends_at),
        ..old.clone()
    }
}

/// That the new one was made in the old one's place, that the old one is replaced, and that it is gone if it is.
fn events(app: &App, person: &Person, new: &TokenRow, old: &TokenRow, replaced: &TokenRow) -> Answer<Vec<Event>> {
    let at = new.created_at;
    let event = |token_id, kind| Ok::<_, Refusal>(bare_event(app.random.id(at)?, token_id, at, kind, person.actor()));
    let mut made = changes::made(new);
    made.insert("replaces".to_owned(), json!(new.replaces));
    let mut events = vec![
        Event { to: Some(made), ..event(new.id, EventKind::Rotated)? },
        Event { from: Some(replacement(old)), to: Some(replacement(replaced)), ..event(old.id, EventKind::Replaced)? },
    ];
    if let Some(deleted_at) = replaced.deleted_at {
        // Behind the others of this microsecond.
        let id = app.random.id(at + TimeDelta::microseconds(1))?;
        let last = TokenRow { deleted_at: None, ..replaced.clone() };
        events.push(changes::deleted(id, &last, &person.held, deleted_at, person.actor(), Some(REPLACED)));
    }
    Ok(events)
}

/// The members that a replacement changes.
pub(super) fn replacement(row: &TokenRow) -> Map<String, Value> {
    let members = [("replaced_by", json!(row.replaced_by)), ("ends_at", json!(row.ends_at))];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
