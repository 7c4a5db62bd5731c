//! The catalogue of permissions, with the presets.

use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use nms_api::Catalogue;
use sha2::{Digest, Sha256};

use crate::answers;
use crate::asked::Asked;
use crate::catalogue;
use crate::language::Language;
use crate::problems::{Answer, Refusal};

/// Every permission that this server knows, described in the language that the caller accepts.
#[utoipa::path(
    get,
    path = "/permissions",
    operation_id = "list_permissions",
    security(("session" = [])),
    params(
        ("If-None-Match" = Option<String>, Header, description = "Tags of the catalogue that the caller has."),
        ("Accept-Language" = Option<String>, Header, description = "In which languages to describe."),
    ),
    responses(
        (status = 200, body = Catalogue, headers(("ETag" = String), ("Content-Language" = String), ("Vary" = String))),
        (status = 304, description = "The caller has it."),
    )
)]
pub(crate) async fn permissions(asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    let language = Language::negotiate(asked.header(ACCEPT_LANGUAGE.as_str()));
    let catalogue = catalogue::catalogue(language);
    let etag = etag(language, &catalogue)?;
    let headers = [
        (ETAG, etag.clone()),
        (CONTENT_LANGUAGE, language.tag().to_owned()),
        (VARY, ACCEPT_LANGUAGE.as_str().to_owned()),
    ];
    if has(&asked.headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, answers::json(StatusCode::OK, &catalogue)?).into_response())
}

/// Of its own for each language: it follows from the words themselves.
fn etag(language: Language, catalogue: &Catalogue) -> Answer<String> {
    let words = serde_json::to_vec(catalogue).map_err(|_| Refusal::internal())?;
    let hash = HEXLOWER.encode(&Sha256::digest(words)[..8]);
    Ok(format!("\"{}-{hash}\"", language.tag()))
}

/// `If-None-Match` compares weakly (RFC 9110, section 13.1.2).
fn has(headers: &HeaderMap, etag: &str) -> bool {
    let mut tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    // None of our tags holds a comma.
    tags.any(|line| line.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag))
}
