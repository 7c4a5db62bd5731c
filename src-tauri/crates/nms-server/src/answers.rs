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

/// The only answer that carries a secret: a token that was made just now, in the place of `replaced` where it was
/// rotated. Nobody may keep it on the way.
pub(crate) fn created_with_secret(token: &Token, secret: &Secret, replaced: Option<&Token>) -> Answer<Response> {
    let body = made(token, Some(secret), replaced)?;
    Ok((StatusCode::CREATED, created_headers(token)?, Body::from(body)).into_response())
}

/// The same request again: the token is there, its secret was said once and is kept nowhere.
pub(crate) fn replayed(token: &Token, replaced: Option<&Token>) -> Answer<Response> {
    let body = made(token, None, replaced)?;
    let mut headers = created_headers(token)?;
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    Ok((StatusCode::OK, headers, Body::from(body)).into_response())
}

fn made(token: &Token, secret: Option<&Secret>, replaced: Option<&Token>) -> Answer<Vec<u8>> {
    #[derive(Serialize)]
    struct Rest<'a> {
        token: &'a Token,
        #[serde(skip_serializing_if = "Option::is_none")]
        replaced: Option<&'a Token>,
    }
    let rest = serde_json::to_vec(&Rest { token, replaced }).map_err(not_json)?;
    let quote = if secret.is_some() { "\"" } else { "" };
    let value = secret.map_or("null", Secret::expose);
    // The secret comes first; of the rest its opening brace is in front already. Base 62 needs no escapes.
    let parts = ["{\"secret\":", quote, value, quote, ","].map(str::as_bytes);
    let parts = parts.into_iter().chain(rest.get(1..));
    // Room for all of it at once: growing would leave a copy behind.
    let mut body = Vec::with_capacity(parts.clone().map(<[u8]>::len).sum());
    parts.for_each(|part| body.extend_from_slice(part));
    Ok(body)
}

fn created_headers(token: &Token) -> Answer<HeaderMap> {
    let mut headers = etag(token)?;
    let location = HeaderValue::from_str(&format!("/api/v1/tokens/{}", token.id)).map_err(not_a_header)?;
    headers.insert(LOCATION, location);
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
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
