//! Makes a token. The same request again, after an answer that was lost, makes no second one.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use nms_api::{CreatedToken, Event, EventKind, NewToken, Secret, Slug, TokenId, expiry};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{checks, find};
use crate::answers;
use crate::asked::Asked;
use crate::auth::{NewCredential, Person};
use crate::changes;
use crate::problems::{Answer, Refusal};
use crate::routes::me::LIMITS;
use crate::state::App;
use crate::store::{Created, Known, NewRow, Scope, TokenRow};
use crate::use_ledger::bare_event;

/// How often a lookup id is drawn. Two of 62⁸ that are alike are rare; that many in a row mean a broken generator.
const DRAWS: usize = 5;

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
    let scope = scope(&asked, &person)?;
    let _at_work = app.keys_at_work.begin(scope.clone()).ok_or_else(|| {
        Refusal::new(Slug::InProgress, "The first request with this key is still at work.").retry_after(1)
    })?;
    let body_sha256: [u8; 32] = Sha256::digest(&asked.body).into();
    if let Some(known) = app.store.known_key(&scope).await? {
        return replay(&app, &person, &known, &body_sha256).await;
    }
    asked.no_query()?;
    let wanted = checked(body.members()?, &person, app.clock.now())?;
    make(&app, &person, &wanted, &scope, &body_sha256).await
}

/// A UUID in its usual form; 400 for anything else.
fn scope(asked: &Asked, person: &Person) -> Answer<Scope> {
    const HEADER: &str = "Idempotency-Key";
    const HYPHENATED: usize = 36;
    let key = asked.header(HEADER).filter(|key| key.len() == HYPHENATED).and_then(|key| key.parse().ok());
    let refused = || Refusal::new(Slug::IdempotencyKey, "Send a UUID as Idempotency-Key.").naming(HEADER);
    Ok(Scope {
        owner: person.owner(),
        method: "POST",
        path: asked.uri.path().to_owned(),
        key: key.ok_or_else(refused)?,
    })
}

async fn replay(app: &App, person: &Person, known: &Known, body_sha256: &[u8; 32]) -> Answer<Response> {
    if known.body_sha256 != body_sha256 {
        return Err(Refusal::new(Slug::KeyReused, "This key made another token: use a new key for a new request."));
    }
    if known.is_deleted {
        return Err(Refusal::new(Slug::KeySpent, "The token that this key made was deleted since."));
    }
    let row = find(app, person.owner(), known.token_id).await?;
    answers::replayed(&row.into_token(&person.held, app.clock.now()))
}

/// What the token shall be.
struct Checked {
    at: DateTime<Utc>,
    name: Option<String>,
    description: Option<String>,
    permissions: Vec<nms_api::PermissionName>,
    expires_at: DateTime<Utc>,
}

fn checked(new: NewToken, person: &Person, now: DateTime<Utc>) -> Answer<Checked> {
    Ok(Checked {
        at: now,
        name: checks::name(new.name)?,
        description: checks::description(new.description)?,
        permissions: checks::granted(new.permissions, person)?,
        expires_at: match new.expires_at {
            Some(expires_at) => checks::expires_at(expires_at, now)?,
            None => expiry::default(now, LIMITS.default_days, LIMITS.max_months),
        },
    })
}

async fn make(app: &App, person: &Person, wanted: &Checked, scope: &Scope, body: &[u8; 32]) -> Answer<Response> {
    let now = wanted.at;
    for _ in 0..DRAWS {
        let credential = NewCredential::token(&app.random)?;
        let new = new_row(TokenId(app.random.id(now)?), person, wanted, &credential);
        let created = created(app.random.id(now)?, &new.row, person);
        match app.store.create_token(&new, scope, body, &created).await? {
            Created::Stored => return answer(new, person, &credential.secret, now),
            Created::LookupIdTaken => {}
            // Another process made it between our look and our write.
            Created::KeyTaken => break,
        }
    }
    Err(Refusal::new(Slug::InProgress, "The first request with this key is still at work.").retry_after(1))
}

fn answer(new: NewRow, person: &Person, secret: &Secret, now: DateTime<Utc>) -> Answer<Response> {
    answers::created_with_secret(&new.row.into_token(&person.held, now), secret)
}

fn created(id: Uuid, row: &TokenRow, person: &Person) -> Event {
    Event {
        to: Some(changes::members(row)),
        ..bare_event(id, row.id, row.created_at, EventKind::Created, person.actor())
    }
}

fn new_row(id: TokenId, person: &Person, wanted: &Checked, credential: &NewCredential) -> NewRow {
    let row = TokenRow {
        id,
        owner: person.owner(),
        lookup_id: credential.lookup_id.clone(),
        suffix: credential.suffix.clone(),
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        permissions: wanted.permissions.clone(),
        allowed_addresses: Vec::new(),
        created_at: wanted.at,
        updated_at: wanted.at,
        expires_at: wanted.expires_at,
        paused: false,
        version: 1,
        use_count: 0,
        last_used_at: None,
        last_used_from: None,
        used_permissions: std::collections::BTreeMap::new(),
        replaces: None,
        replaced_by: None,
        ends_at: None,
        deleted_at: None,
    };
    NewRow { row, sha256: credential.secret.sha256() }
}
