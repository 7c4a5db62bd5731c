//! What came back, and what it means: the thing that was asked for, or why not.

use std::time::Duration;

use chrono::Utc;
use nms_api::{PermissionName, Slug, Token};
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, RETRY_AFTER},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{
    Error, Refusal, body,
    clean::Cleaner,
    clock::{bounded_wait_s, retry_after_s},
    weight,
};

/// The largest problem that is read, in bytes.
const MAX_PROBLEM_BYTES: usize = 64 * 1024;

/// A whole answer that is no redirect.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: Option<String>,
    body: Zeroizing<Vec<u8>>,
    /// Whether reading the body would take more memory than the contract's answers do.
    is_too_heavy: bool,
}

impl Answer {
    /// Reads what follows the headers, at most `cap` bytes (less of a problem), with at most `silence` between them.
    pub(crate) async fn receive(
        response: Response,
        cap: usize,
        silence: Duration,
        cleaner: &Cleaner<'_>,
    ) -> Result<Self, Error> {
        let status = response.status();
        let headers = response.headers().clone();
        let request_id = headers.get("x-request-id").and_then(|id| cleaner.request_id(id.as_bytes()));
        let cap = if status.is_success() { cap } else { cap.min(MAX_PROBLEM_BYTES) };
        let body = match status {
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => Zeroizing::new(Vec::new()),
            _ => body::read(response, cap, silence).await?,
        };
        let is_too_heavy = !weight::fits(&body, cap);
        Ok(Self { status, headers, request_id, body, is_too_heavy })
    }

    /// The thing that was asked for, when the status is one of `accepted`. Unknown members are passed over; a known
    /// one that stands there twice makes the answer wrong.
    ///
    /// # Errors
    /// What the server refused, or [`Error::NotTheContract`].
    pub(crate) fn read<T: DeserializeOwned>(&self, accepted: &[StatusCode], cleaner: &Cleaner<'_>) -> Result<T, Error> {
        if !accepted.contains(&self.status) || !self.is_json(&["application/json"]) {
            return Err(self.refusal(cleaner));
        }
        if self.is_too_heavy {
            return Err(self.not_the_contract());
        }
        // The library's errors may repeat what they could not read.
        serde_json::from_slice(&self.body).map_err(|_| self.not_the_contract())
    }

    /// What the server said instead of what was asked for.
    pub(crate) fn refusal(&self, cleaner: &Cleaner<'_>) -> Error {
        let is_error = self.status.is_client_error() || self.status.is_server_error();
        let is_json = self.is_json(&[nms_api::problem::MEDIA_TYPE, "application/json"]);
        if !is_error || !is_json || self.is_too_heavy {
            return self.not_the_contract();
        }
        let Ok(members) = serde_json::from_slice::<Map<String, Value>>(&self.body) else {
            return self.not_the_contract();
        };
        let slug = members.get("type").and_then(Value::as_str).and_then(Slug::of_type);
        match slug {
            Some(slug) => Error::Refused(Box::new(self.known(slug, members, cleaner))),
            None => Error::Unexpected { status: self.status.as_u16(), request_id: self.request_id.clone() },
        }
    }

    /// A member of another type than it should have counts as left out (RFC 9457, section 3.1).
    fn known(&self, slug: Slug, mut members: Map<String, Value>, cleaner: &Cleaner<'_>) -> Refusal {
        let token = members.remove("token").and_then(|token| Token::deserialize(token).ok());
        let member = |name| members.get(name);
        let wait_s = self.headers.get(RETRY_AFTER).and_then(|value| retry_after_s(value, Utc::now()));
        let permissions = member("permissions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let permissions = cleaner.words(permissions.iter().filter_map(Value::as_str));
        Refusal {
            slug,
            status: self.status.as_u16(),
            request_id: self.request_id.clone(),
            field: member("field").and_then(Value::as_str).and_then(|field| cleaner.word(field)),
            permissions: permissions.into_iter().map(PermissionName::from).collect(),
            retry_after_s: member("retry_after_s").and_then(Value::as_u64).map(bounded_wait_s).or(wait_s),
            token: token.map(Box::new),
            detail: member("detail").and_then(Value::as_str).and_then(|detail| cleaner.detail(detail)),
        }
    }

    pub(crate) fn not_the_contract(&self) -> Error {
        Error::NotTheContract { status: self.status.as_u16(), request_id: self.request_id.clone() }
    }

    /// The entity tag, to be asked with again.
    pub(crate) fn etag(&self) -> Option<HeaderValue> {
        self.headers.get(ETAG).cloned()
    }

    /// Whether the body is of one of these media types, and not compressed: nobody asked for that.
    fn is_json(&self, media_types: &[&str]) -> bool {
        let text = |name| self.headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
        let essence = text(CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let plain = text(CONTENT_ENCODING).is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"));
        plain && media_types.iter().any(|media_type| essence.eq_ignore_ascii_case(media_type))
    }
}

#[cfg(test)]
mod tests;
