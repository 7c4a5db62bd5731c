//! A person's own tokens.

mod checks;
mod create;
mod delete;
mod events;
mod identify;
mod keyed;
mod kinds;
mod list;
mod new;
mod propagation;
mod read;
mod report;
mod rotate;
mod update;
mod uses;

pub(super) use create::{__path_create, create};
pub(crate) use delete::end;
pub(super) use delete::{__path_delete, delete};
pub(super) use events::{__path_events, cursor_after, events, position};
pub(super) use identify::{__path_identify, identify};
pub(super) use list::{__path_list, list};
pub(super) use propagation::{__path_propagation, propagation};
pub(super) use read::{__path_read, read};
pub(super) use report::{__path_report, report};
pub(super) use rotate::{__path_rotate, rotate};
pub(super) use update::{__path_update, update};
pub(super) use uses::{__path_daily, __path_uses, daily, uses};

use chrono::{DateTime, Utc};
use nms_api::limits::{DEFAULT_PAGE, MAX_PAGE, MAX_QUERY_CHARS};
use nms_api::{Actor, Event, EventKind, TokenId};

use crate::problems::{Answer, Refusal};
use crate::random::NoRandomness;
use crate::state::App;
use crate::store::{Owner, TokenRow};
use crate::text_keys;
use crate::use_ledger::bare_event;

/// The owner's token as it is now, uses that are not written yet included; 404 where there is none.
pub(super) async fn find(app: &App, owner: Owner, id: TokenId) -> Answer<TokenRow> {
    let _reading = app.ledger.reading().await;
    let now = app.clock.now();
    let row = app.store.token(owner, id).await?.filter(|row| row.gone_at(now).is_none());
    let mut row = row.ok_or_else(Refusal::not_found)?;
    app.ledger.merge(&mut row);
    Ok(row)
}

/// The event of an expiry that is over; it stands in the store once, however often it is written.
fn expiry_of(app: &App, row: &TokenRow, now: DateTime<Utc>) -> Result<Option<Event>, NoRandomness> {
    let is_over = match row.gone_at(now) {
        Some(gone_at) => row.expires_at < gone_at,
        None => row.expires_at <= now,
    };
    if !is_over {
        return Ok(None);
    }
    expired_event(app, row.id, row.expires_at).map(Some)
}

/// The event of a lapse, at its own instant.
pub(super) fn expired_event(app: &App, id: TokenId, expires_at: DateTime<Utc>) -> Result<Event, NoRandomness> {
    Ok(bare_event(app.random.id(expires_at)?, id, expires_at, EventKind::Expired, Actor::Server))
}

/// The words of a search.
pub(super) fn searched(typed: Option<&str>) -> Answer<Vec<String>> {
    let typed = typed.unwrap_or_default();
    if typed.chars().count() > MAX_QUERY_CHARS {
        return Err(Refusal::invalid("q", format!("It may have {MAX_QUERY_CHARS} characters.")));
    }
    Ok(text_keys::words(typed))
}

/// Entries on a page.
pub(super) fn page_size(limit: Option<u32>) -> Answer<u32> {
    match limit.unwrap_or(DEFAULT_PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(Refusal::invalid("limit", format!("It must be from 1 to {MAX_PAGE}."))),
    }
}
