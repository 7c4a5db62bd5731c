//! The caller's own tokens: filtered, ordered, in pages.

use axum::extract::State;
use axum::response::Response;
use nms_api::{Sort, TokenCounts, TokenList, TokenQuery};
use uuid::Uuid;

use super::kinds::{self, Standpoint};
use super::{page_size, searched};
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::cursor;
use crate::problems::{Answer, Refusal};
use crate::routes::ROOT;
use crate::state::App;
use crate::store::{self, Filters, Owner, Position, Scene, TokenRow, Value};

/// A page of the caller's tokens, how many they have in all, and how many of these fit.
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "list_tokens",
    security(("session" = [])),
    params(TokenQuery),
    responses((status = 200, body = TokenList, headers(("Link" = String, description = "The next page."))))
)]
pub(crate) async fn list(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let query: TokenQuery = asked.query()?;
    let limit = page_size(query.limit)?;
    let standpoint = Standpoint { now: app.clock.now(), held: &person.held };
    let listed = checked(standpoint, &query, limit)?;
    let (mut rows, counts, matching) = page(&app, person.owner(), standpoint, &listed).await?;
    let is_last = rows.len() <= limit as usize;
    rows.truncate(limit as usize);
    let next = match rows.last() {
        Some((_, position)) if !is_last => Some(address_after(position, query)?),
        Some(_) | None => None,
    };
    let tokens = rows.into_iter().map(|(row, _)| row.into_token(&person.held, standpoint.now)).collect();
    answers::page(&TokenList { tokens, counts, matching: Some(matching) }, next.as_deref())
}

/// One row more than the page has tells whether there is another page.
fn checked(standpoint: Standpoint<'_>, query: &TokenQuery, limit: u32) -> Answer<store::Asked> {
    let words = searched(query.q.as_deref())?;
    let after = query.cursor.as_deref().map(|text| cursor::read(text, &described(query))).transpose()?;
    Ok(store::Asked {
        filters: Filters { words, kinds: standpoint.asked_for(query)?, idempotency_key: query.idempotency_key },
        sort: query.sort.unwrap_or_default(),
        after: after.map(|(key, id): (Option<Value>, Uuid)| Position { key, id }),
        limit: limit + 1,
    })
}

/// What the cursor is bound to: all that was asked for besides the page.
fn described(query: &TokenQuery) -> TokenQuery {
    TokenQuery { limit: None, cursor: None, sort: Some(query.sort.unwrap_or_default()), ..query.clone() }
}

async fn page(
    app: &App,
    owner: Owner,
    standpoint: Standpoint<'_>,
    listed: &store::Asked,
) -> Answer<(Vec<(TokenRow, Position)>, TokenCounts, u32)> {
    if orders_by_use(listed.sort) && app.ledger.has_unwritten_uses() {
        // The database orders, so it must know. If it cannot be written the figures are right all the same.
        app.settle().await;
    }
    let _reading = app.ledger.reading().await;
    // Filtered, counted and shown out of the same moment.
    let unwritten = app.ledger.unwritten();
    let scene = Scene { owner, now: standpoint.now, unwritten: &unwritten };
    let mut rows = app.store.list_tokens(scene, listed).await?;
    rows.iter_mut().for_each(|(row, _)| unwritten.merge(row));
    let figures = app.store.count_tokens(scene, &standpoint.counted()).await?;
    let matching = app.store.count_matching(scene, &listed.filters).await?;
    Ok((rows, kinds::counts(figures), matching))
}

fn orders_by_use(sort: Sort) -> bool {
    match sort {
        Sort::LastUsed | Sort::LastUsedDescending | Sort::UseCount | Sort::UseCountDescending => true,
        Sort::Name
        | Sort::NameDescending
        | Sort::Created
        | Sort::CreatedDescending
        | Sort::Expires
        | Sort::ExpiresDescending
        | Sort::PermissionCount
        | Sort::PermissionCountDescending => false,
    }
}

/// The path of the next page: all that was asked for, and where this one ended.
fn address_after(position: &Position, query: TokenQuery) -> Answer<String> {
    let cursor = cursor::write(&described(&query), &(&position.key, position.id))?;
    let next = serde_urlencoded::to_string(TokenQuery { cursor: Some(cursor), ..query }).map_err(|error| {
        tracing::error!(%error, "the address of a page could not be written");
        Refusal::internal()
    })?;
    Ok(format!("{ROOT}/tokens?{next}"))
}
