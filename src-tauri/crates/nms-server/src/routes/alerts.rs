//! The NMS's alarms: where operators look, and where a token that is about to fail its service is seen.

use axum::extract::State;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, VARY};
use axum::response::{IntoResponse, Response};
use nms_api::{AlertList, AlertQuery, AlertState};

use super::{ROOT, tokens};
use crate::asked::Asked;
use crate::auth::Caller;
use crate::endings;
use crate::language::Language;
use crate::problems::Answer;
use crate::state::App;
use crate::store::{AlertPosition, Whose};
use crate::{alert_watch, alerts, answers, cursor};

/// Whoever holds this sees the alerts of everybody's tokens.
const SEES_ALL: &str = "tokens:review";

/// A page of alerts: open ones first, and of them what was found in public, then what expires first; then closed ones,
/// newest first, for 90 days. Of the caller's own tokens; with a session that holds `tokens:review`, of everybody's.
#[utoipa::path(
    get,
    path = "/alerts",
    operation_id = "list_alerts",
    security(("session" = ["alerts:read"]), ("token" = ["alerts:read"])),
    params(AlertQuery, ("Accept-Language" = Option<String>, Header, description = "In which languages to say it.")),
    responses((
        status = 200,
        body = AlertList,
        headers(
            ("Link" = String, description = "The next page."),
            ("Content-Language" = String),
            ("Vary" = String),
        ),
    ))
)]
pub(crate) async fn list(State(app): State<App>, caller: Caller, asked: Asked) -> Answer<Response> {
    let query: AlertQuery = asked.query()?;
    let limit = tokens::page_size(query.limit)?;
    let after = query.cursor.as_deref().map(|text| cursor::read(text, &described(query.state))).transpose()?;
    bring_up_to_date(&app).await;
    let now = app.clock.now();
    let mut rows = app.store.alerts(whose(&caller), query.state, after, limit + 1, now).await?;
    let is_last = rows.len() <= limit as usize;
    rows.truncate(limit as usize);
    let next = match rows.last() {
        Some((_, position)) if !is_last => Some(address_after(position, &query)?),
        Some(_) | None => None,
    };
    let language = Language::negotiate(asked.header(ACCEPT_LANGUAGE.as_str()));
    let alerts = rows.iter().map(|(row, _)| alerts::told(row, language, now)).collect();
    let headers = [(CONTENT_LANGUAGE, language.tag()), (VARY, ACCEPT_LANGUAGE.as_str())];
    Ok((headers, answers::page(&AlertList { alerts }, next.as_deref())?).into_response())
}

fn whose(caller: &Caller) -> Whose {
    match caller {
        Caller::Session(person) if person.held.contains(&SEES_ALL.into()) => Whose::Everybodys(person.organization.id),
        Caller::Session(_) | Caller::Token(_) => Whose::Own(caller.owner()),
    }
}

/// Writes what was only counted so far, and raises and closes what is due.
async fn bring_up_to_date(app: &App) {
    app.settle().await;
    if let Err(error) = endings::write_ended(app).await {
        tracing::warn!(%error, "the end of a replaced token could not be written down");
    }
    if let Err(error) = alert_watch::review(app).await {
        // What is there can be read all the same; the watch tries again.
        tracing::warn!(%error, "alerts could not be brought up to date");
    }
}

/// What a cursor of this list is bound to.
fn described(state: Option<AlertState>) -> (&'static str, Option<AlertState>) {
    ("alerts", state)
}

fn address_after(position: &AlertPosition, query: &AlertQuery) -> Answer<String> {
    let cursor = cursor::write(&described(query.state), position)?;
    let limit = query.limit.map(|limit| format!("limit={limit}&")).unwrap_or_default();
    let state = query.state.map(|state| format!("state={}&", state.as_str())).unwrap_or_default();
    Ok(format!("{ROOT}/alerts?{limit}{state}cursor={cursor}"))
}
