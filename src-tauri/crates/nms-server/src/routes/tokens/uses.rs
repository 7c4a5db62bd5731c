//! What tokens were used for in the last 30 days: one in detail, many by the day.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use nms_api::limits::{MAX_IDS, USE_DAYS};
use nms_api::{DailyUse, DailyUseList, DailyUseQuery, TokenId, UseList};
use uuid::Uuid;

use super::find;
use crate::answers;
use crate::asked::Asked;
use crate::auth::Person;
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::use_days::first_day;

/// Who used one of the caller's tokens in the last 30 days, and what for.
#[utoipa::path(
    get,
    path = "/tokens/{id}/use",
    operation_id = "list_token_use",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "Which token.")),
    responses((status = 200, body = UseList))
)]
pub(crate) async fn uses(
    State(app): State<App>,
    person: Person,
    Path(id): Path<Uuid>,
    asked: Asked,
) -> Answer<Response> {
    let row = find(&app, person.owner(), TokenId(id)).await?;
    asked.no_query()?;
    let first = first_day(app.clock.now());
    let days = {
        let _reading = app.ledger.reading().await;
        let mut days = app.store.use_days(row.id, first).await?;
        app.ledger.merge_days(row.id, &mut days);
        days
    };
    answers::json(StatusCode::OK, &UseList { records: days.into_records(first) })
}

/// How often some of the caller's tokens were used on each of the last 30 days. An extension of the contract: for the
/// bars of a list.
#[utoipa::path(
    get,
    path = "/tokens/use",
    operation_id = "list_daily_use",
    security(("session" = [])),
    params(DailyUseQuery),
    responses((status = 200, body = DailyUseList))
)]
pub(crate) async fn daily(State(app): State<App>, person: Person, asked: Asked) -> Answer<Response> {
    let query: DailyUseQuery = asked.query()?;
    let ids = listed(&query.ids)?;
    let now = app.clock.now();
    let mut counted = {
        let _reading = app.ledger.reading().await;
        let mut counted = app.store.daily_use(person.owner(), &ids, first_day(now)).await?;
        counted.iter_mut().for_each(|(id, days)| days.extend(app.ledger.calls_by_day(*id)));
        counted
    };
    answers::json(StatusCode::OK, &told(&ids, &mut counted, now))
}

/// Ids in their one canonical form, each once.
fn listed(typed: &str) -> Answer<Vec<TokenId>> {
    let id = |text: &str| text.parse::<Uuid>().ok().filter(|id| id.to_string() == text).map(TokenId);
    let mut ids: Vec<TokenId> = typed
        .split(',')
        .map(id)
        .collect::<Option<_>>()
        .ok_or_else(|| Refusal::invalid("ids", "It must be ids of tokens with a comma between."))?;
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    if ids.len() > MAX_IDS {
        return Err(Refusal::invalid("ids", format!("It may hold {MAX_IDS} ids.")));
    }
    Ok(ids)
}

fn told(ids: &[TokenId], counted: &mut HashMap<TokenId, Vec<(NaiveDate, u64)>>, now: DateTime<Utc>) -> DailyUseList {
    let first = first_day(now);
    let tokens = ids
        .iter()
        .filter_map(|id| Some(DailyUse { token_id: *id, days: by_day(first, &counted.remove(id)?) }))
        .collect();
    DailyUseList { tokens, today: now.date_naive() }
}

fn by_day(first: NaiveDate, counted: &[(NaiveDate, u64)]) -> Vec<u64> {
    let mut days = vec![0; USE_DAYS as usize];
    for (day, count) in counted {
        let place = usize::try_from((*day - first).num_days()).ok();
        if let Some(counted) = place.and_then(|place| days.get_mut(place)) {
            *counted += count;
        }
    }
    days
}
