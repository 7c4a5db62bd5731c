//! What every request passes before a handler sees it, in the contract's order: host, origin, size of the body,
//! credential, permission, path, method. And what every answer gets on its way out.

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::http::header::{CONTENT_LENGTH, DATE, EXPECT};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use nms_api::limits::MAX_BODY_BYTES;
use nms_api::{Slug, TokenId};
use uuid::Uuid;

use crate::agent;
use crate::asked::ReadBody;
use crate::auth::{self, Bearer, Caller, Operation, Refused, Verdict};
use crate::peer_limit::TooOften;
use crate::problems::{Answer, MetDamage, Refusal};
use crate::state::App;
use crate::use_ledger::{RefusedKind, reason_of};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How much of a body that is too large is still read, so that its sender gets to see the answer.
const DRAINED_BYTES: usize = 1024 * 1024;
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// From where a connection comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Peer {
    /// The address as it is shown and compared: an IPv4 address within IPv6 is the IPv4 address.
    pub(crate) fn address(self) -> IpAddr {
        self.0.ip().to_canonical()
    }
}

/// The middleware around every route.
pub(crate) async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let request_id = app.random.id(app.clock.now()).map(|id| id.to_string()).unwrap_or_default();
    let (method, started) = (request.method().clone(), std::time::Instant::now());
    let mut response = match AssertUnwindSafe(pass(&app, request, next)).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => {
            tracing::error!(request_id, "a handler panicked");
            Refusal::internal().into_response()
        }
    };
    app.answers.count(response.status());
    if response.extensions().get::<MetDamage>().is_some() {
        app.damage.notice();
    }
    let took_ms = started.elapsed().as_millis();
    tracing::debug!(request_id, %method, status = response.status().as_u16(), took_ms, "answered");
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    if let Ok(date) = HeaderValue::from_str(&app.clock.http_date()) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

async fn pass(app: &App, request: Request, next: Next) -> Answer<Response> {
    let (mut parts, body) = request.into_parts();
    app.hosts.check(&parts.headers, &parts.uri)?;
    let body = tokio::time::timeout(BODY_TIME, read(&parts, body)).await.unwrap_or_else(|_| Err(cut_off()))?;
    admit(app, &mut parts).await?;
    parts.extensions.insert(ReadBody(body));
    Ok(next.run(Request::from_parts(parts, Body::empty())).await)
}

/// The whole body, or 413.
async fn read(parts: &Parts, mut body: Body) -> Answer<Bytes> {
    let declared = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let mut too_large = declared.is_some_and(|length| length > MAX_BODY_BYTES as u64);
    if too_large && parts.headers.contains_key(EXPECT) {
        // It is not sent before we say so (RFC 9110, section 10.1.1): we do not.
        return Err(body_too_large());
    }
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| cut_off())?.into_data() else { continue };
        seen += data.len();
        too_large |= seen > MAX_BODY_BYTES;
        if !too_large {
            kept.extend_from_slice(&data);
        } else if seen > DRAINED_BYTES {
            break;
        }
    }
    if too_large { Err(body_too_large()) } else { Ok(kept.into()) }
}

fn body_too_large() -> Refusal {
    Refusal::new(Slug::BodyTooLarge, format!("A body may have {MAX_BODY_BYTES} bytes."))
}

fn cut_off() -> Refusal {
    Refusal::new(Slug::Syntax, "The body did not arrive as a whole.")
}

/// Credential, permission, path, method; leaves the caller for the handler.
async fn admit(app: &App, parts: &mut Parts) -> Answer<()> {
    let pattern = pattern(parts).await;
    let operation = app.access.operation(&parts.method, pattern.as_deref());
    if matches!(operation, Operation::Known(auth::Access::Public) | Operation::OtherMethods { public: true, .. }) {
        return reached(operation).map(|_| ());
    }
    let now = app.clock.now();
    let from = parts.extensions.get::<Peer>().ok_or_else(from_nowhere)?.address();
    let call = Call { now, from, agent: agent::agent(&parts.headers) };
    let caller = authenticate(app, parts, operation.permission(), &call).await?;
    let access = reached_by(app, operation, &caller, &call)?;
    if let Caller::Token(token) = &caller {
        app.ledger.used(token.row.id, now, &from.to_string(), call.agent, access.permission().map(Into::into));
    }
    parts.extensions.insert(caller);
    Ok(())
}

/// What a call is recorded with, whether it is accepted or refused.
struct Call {
    now: DateTime<Utc>,
    from: IpAddr,
    /// What the program calls itself.
    agent: Option<String>,
}

/// A request that came over no connection is a fault of this program: nobody could tell whether it may come from there.
fn from_nowhere() -> Refusal {
    tracing::error!("a request has no peer");
    Refusal::internal()
}

/// The pattern of the path; none when it holds an id that is none: no such path then, whatever the method.
async fn pattern(parts: &mut Parts) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    let odd = params.is_ok_and(|params| params.iter().any(|(name, value)| name == "id" && !is_id(value)));
    let matched = parts.extensions.get::<MatchedPath>()?;
    (!odd).then(|| matched.as_str().to_owned())
}

/// In its one canonical form: any other would be a second path to the same thing.
fn is_id(text: &str) -> bool {
    text.parse::<Uuid>().is_ok_and(|id| id.to_string() == text)
}

fn reached(operation: Operation<'_>) -> Answer<&auth::Access> {
    match operation {
        Operation::Known(access) => Ok(access),
        Operation::OtherMethods { allowed, .. } => Err(Refusal::method_not_allowed(&allowed)),
        Operation::Unknown => Err(Refusal::not_found()),
    }
}

/// Who asks. A refused call is counted with the permission that it `needed`, whatever it is refused for.
async fn authenticate(app: &App, parts: &Parts, needed: Option<&str>, call: &Call) -> Answer<Caller> {
    let Bearer::Value(credential) = auth::bearer(&parts.headers) else { return Err(Refusal::no_credential()) };
    match auth::verify(&app.store, &app.ledger, credential, call.from, call.now).await? {
        Verdict::Accepted(caller) => Ok(caller),
        Verdict::Refused(Refused::Unknown) => Err(unknown(app, credential, call)),
        Verdict::Refused(Refused::Masked) => Err(Refusal::new(
            Slug::TokenMasked,
            "This is what a list shows of a token. The token itself is shown once only, when it is made.",
        )),
        Verdict::Refused(Refused::Token(id, slug)) => {
            count_refused(app, id, slug, needed, call);
            Err(Refusal::new(slug, why(slug, call.from)))
        }
    }
}

/// One answer for whatever is not known, until a peer sends too much of it.
fn unknown(app: &App, credential: &str, call: &Call) -> Refusal {
    match app.guesses.count(call.from, credential, call.now) {
        Ok(()) => Refusal::new(Slug::TokenUnknown, "The credential is not known here, or it is mistyped."),
        Err(TooOften(seconds)) => {
            let detail = "Too many credentials from your address are not known here. A good one is accepted at once.";
            Refusal::new(Slug::RateLimited, detail).retry_after(seconds)
        }
    }
}

fn why(slug: Slug, from: IpAddr) -> String {
    match slug {
        Slug::TokenExpired => "The token's time is over. Its owner can give it a new expiry.".to_owned(),
        Slug::TokenPaused => "The token's owner has paused it.".to_owned(),
        Slug::AddressNotAllowed => format!("The token's owner does not accept it from {from}."),
        _ => "The token was deleted, for good. Its owner can make another.".to_owned(),
    }
}

/// The operation, when this caller may call it.
fn reached_by<'a>(app: &App, operation: Operation<'a>, caller: &Caller, call: &Call) -> Answer<&'a auth::Access> {
    if let Operation::Known(access) = &operation
        && let Err(refusal) = access.check(caller)
    {
        if let (Caller::Token(token), Some(slug)) = (caller, refusal.slug()) {
            count_refused(app, token.row.id, slug, access.permission(), call);
        }
        return Err(refusal);
    }
    reached(operation)
}

fn count_refused(app: &App, token_id: TokenId, slug: Slug, permission: Option<&str>, call: &Call) {
    let (reason, permission) = (reason_of(slug), permission.map(Into::into));
    let kind = RefusedKind { token_id, reason, address: Some(call.from.to_string()), permission };
    app.ledger.refused(kind, call.agent.clone(), call.now);
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::header::{AUTHORIZATION, HOST};
    use axum::middleware;
    use axum::routing::get;
    use serde_json::json;
    use tower_service::Service;

    use super::*;
    use crate::auth::AccessTable;
    use crate::clock::Clock;
    use crate::hosts::Hosts;
    use crate::state::Parts;
    use crate::workshop::Workshop;

    async fn boom() -> &'static str {
        panic!("a secret in the message")
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_without_a_word_of_why() {
        let folder = tempfile::tempdir().unwrap();
        let workshop = Workshop::open(folder.path(), "Ada", Clock::system()).await.unwrap();
        let document = json!({"paths": {"/boom": {"get": {"security": [{}]}}}});
        let app = App::new(Parts {
            store: workshop.owner.store.clone(),
            ledger: Default::default(),
            clock: Clock::system(),
            random: workshop.owner.random.clone(),
            hosts: Hosts::of("127.0.0.1:7".parse().unwrap()),
            access: AccessTable::read(&document).unwrap(),
            keys_at_work: Default::default(),
            guesses: Default::default(),
            something_ends: Default::default(),
            answers: Default::default(),
            reports: crate::reports::Reports::new(false),
            damage: Default::default(),
            document: Bytes::new(),
        });
        let mut routes: Router =
            Router::new().route("/boom", get(boom)).layer(middleware::from_fn_with_state(app.clone(), gate));
        let request = Request::get("/boom").header(HOST, "127.0.0.1:7").header(AUTHORIZATION, "Bearer x");
        let answer = routes.call(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 500);
        assert_eq!(app.answers.counted().collect::<Vec<_>>(), [(500, 1)]);
        assert!(answer.headers().contains_key(X_REQUEST_ID));
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let problem: nms_api::Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.slug(), Some(Slug::Internal));
        assert!(!String::from_utf8_lossy(&body).contains("message"));
    }
}
