//! Answers that are no refusals. The one with a secret in it is built in one place.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use nms_api::{Secret, Token};
use serde::Serialize;

use crate::problems::{Answer, Refusal};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A body of JSON.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Answer<Response> {
    let body = serde_json::to_vec(body).map_err(not_json)?;
    Ok((status, [(CONTENT_TYPE, JSON)], body).into_response())
}

/// A token with its version as `ETag`.
pub(crate) fn token(token: &Token) -> Answer<Response> {
    Ok((etag(token)?, json(StatusCode::OK, token)?).into_response())
}

/// Done, and there is nothing to say.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A page of a list, with the address of the next.
pub(crate) fn page(list: &impl Serialize, next: Option<&str>) -> Answer<Response> {
    let mut answer = json(StatusCode::OK, list)?;
    if let Some(next) = next {
        let link = HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).map_err(not_a_header)?;
        answer.headers_mut().insert(LINK, link);
    }
    Ok(answer)
}

/// The only answer that carries a secret: a token that was made just now. Nobody may keep it on the way.
pub(crate) fn created_with_secret(token: &Token, secret: &Secret) -> Answer<Response> {
    let token_json = serde_json::to_vec(token).map_err(not_json)?;
    let (opening, middle, closing) = (br#"{"token":"#, br#","secret":""#, br#""}"#);
    // Room for all of it at once: growing would leave a copy behind. Base 62 needs no escapes.
    let room = opening.len() + token_json.len() + middle.len() + secret.expose().len() + closing.len();
    let mut body = Vec::with_capacity(room);
    for part in [opening.as_slice(), &token_json, middle, secret.expose().as_bytes(), closing] {
        body.extend_from_slice(part);
    }
    let mut headers = created_headers(token)?;
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((StatusCode::CREATED, headers, Body::from(body)).into_response())
}

/// The same request again: the token is there, its secret was said once and is kept nowhere.
pub(crate) fn replayed(token: &Token) -> Answer<Response> {
    #[derive(Serialize)]
    struct Replayed<'a> {
        token: &'a Token,
        secret: Option<()>,
    }
    let body = serde_json::to_vec(&Replayed { token, secret: None }).map_err(not_json)?;
    let mut headers = created_headers(token)?;
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    Ok((StatusCode::OK, headers, Body::from(body)).into_response())
}

fn created_headers(token: &Token) -> Answer<HeaderMap> {
    let mut headers = etag(token)?;
    let location = HeaderValue::from_str(&format!("/api/v1/tokens/{}", token.id)).map_err(not_a_header)?;
    headers.insert(LOCATION, location);
    headers.insert(CONTENT_TYPE, JSON);
    Ok(headers)
}

fn etag(token: &Token) -> Answer<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, HeaderValue::from_str(&token.etag.0).map_err(not_a_header)?);
    Ok(headers)
}

fn not_json(error: serde_json::Error) -> Refusal {
    tracing::error!(%error, "an answer could not be written as JSON");
    Refusal::internal()
}

fn not_a_header(error: axum::http::header::InvalidHeaderValue) -> Refusal {
    tracing::error!(%error, "an answer's header could not be written");
    Refusal::internal()
}
