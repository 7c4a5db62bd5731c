//! A request as a handler sees it: checked in the contract's order by the order in which the handler asks.
//!
//! The gate has read the body already and knows that it is small enough.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use nms_api::Slug;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::members::{self, Member, Wrong};
use crate::problems::{Answer, Refusal};

/// The body, as the gate read it.
#[derive(Clone)]
pub(crate) struct ReadBody(pub(crate) Bytes);

/// What was asked.
pub(crate) struct Asked {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl<S: Sync> FromRequest<S> for Asked {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let (mut parts, _) = request.into_parts();
        let body = parts.extensions.remove::<ReadBody>().map(|body| body.0).unwrap_or_default();
        Ok(Self { uri: parts.uri, headers: parts.headers, body })
    }
}

impl Asked {
    /// A header's value, when it was sent once and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }

    /// The query as a type; 422 with the member that is wrong, unknown ones included.
    pub(crate) fn query<T: DeserializeOwned>(&self) -> Answer<T> {
        let pairs = form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        members::read(pairs.map(|(name, value)| (name.into_owned(), Member::Query(value.into_owned()))).collect())
            .map_err(refused)
    }

    /// Refuses every query member: this path knows none.
    pub(crate) fn no_query(&self) -> Answer<()> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        self.query::<Nothing>().map(|Nothing {}| ())
    }

    /// The body as JSON: 415 for another media type, 400 for what is no JSON.
    pub(crate) fn json(&self) -> Answer<Json> {
        if !self.header(CONTENT_TYPE.as_str()).is_some_and(is_json) {
            return Err(Refusal::new(Slug::MediaType, "Send the body as application/json."));
        }
        let not_json = |error: serde_json::Error| {
            let detail = format!("The body is not JSON at line {}, column {}.", error.line(), error.column());
            Refusal::new(Slug::Syntax, detail)
        };
        let value: Value = serde_json::from_slice(&self.body).map_err(not_json)?;
        if !value.is_object() {
            return Ok(Json(None));
        }
        // Once more, for duplicates, which a `Value` has lost.
        let Pairs(pairs) = serde_json::from_slice(&self.body).map_err(not_json)?;
        Ok(Json(Some(pairs)))
    }
}

/// `application/json`, with whatever parameters: UTF-8 is the only form that JSON has (RFC 8259, section 8.1).
fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// A body that is JSON; `None`: but no object.
pub(crate) struct Json(Option<Vec<(String, Value)>>);

impl Json {
    /// The members as a type; 422 with the member that is wrong, unknown ones included.
    pub(crate) fn members<T: DeserializeOwned>(self) -> Answer<T> {
        let Some(pairs) = self.0 else {
            return Err(Refusal::new(Slug::Invalid, "The body must be a JSON object."));
        };
        members::read(pairs.into_iter().map(|(name, value)| (name, Member::Json(value))).collect()).map_err(refused)
    }
}

fn refused(wrong: Wrong) -> Refusal {
    Refusal::invalid(wrong.field, wrong.detail)
}

/// An object's members in order, duplicates included.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
