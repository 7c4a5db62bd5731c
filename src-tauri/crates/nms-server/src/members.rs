//! Reads members into a type and says which one is wrong: of a JSON object, or of a query string.
//!
//! serde's own errors carry the member's name in a sentence only, and no program should read sentences. The error type
//! here keeps it, which takes a small deserializer of our own.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde_json::Value;

/// What is wrong with which member.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The member; empty: the whole.
    pub(crate) field: String,
    /// For a person.
    pub(crate) detail: String,
}

/// A member's value, as it was sent.
pub(crate) enum Member {
    /// In a body.
    Json(Value),
    /// In a query, where everything is text.
    Query(String),
}

/// Reads members, in the order in which they were sent, duplicates included.
///
/// # Errors
/// The first [`Wrong`] one.
pub(crate) fn read<T: DeserializeOwned>(members: Vec<(String, Member)>) -> Result<T, Wrong> {
    let members = members.into_iter().map(|(name, value)| (name.clone(), Named { name, value }));
    T::deserialize(MapDeserializer::new(members))
}

/// A value that knows its name, so that an error within it can say so.
struct Named {
    name: String,
    value: Member,
}

impl Named {
    fn about(name: String, error: Wrong) -> Wrong {
        if error.field.is_empty() { Wrong { field: name, ..error } } else { error }
    }
}

impl<'de> IntoDeserializer<'de, Wrong> for Named {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A query has no types: these are read from their text. What each is called is for a person, who knows no Rust.
macro_rules! plain {
    ($($method:ident $visit:ident $type:ty, $called:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let value = match &self.value {
                Member::Json(value) => <$type>::deserialize(value).ok(),
                Member::Query(text) => text.parse::<$type>().ok(),
            };
            match value {
                Some(value) => visitor.$visit(value).map_err(|error| Self::about(self.name, error)),
                None => Err(Wrong { field: self.name, detail: concat!("It must be ", $called, ".").to_owned() }),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Named {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let read = match self.value {
            Member::Query(text) => visitor.visit_string(text),
            Member::Json(value) => value_into(value, visitor),
        };
        read.map_err(|error| Self::about(self.name, error))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Member::Json(Value::Null) => visitor.visit_none(),
            Member::Json(_) | Member::Query(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let text = match self.value {
            Member::Query(text) | Member::Json(Value::String(text)) => text,
            Member::Json(_) => return Err(Wrong { field: self.name, detail: one_of(variants) }),
        };
        let text: StringDeserializer<Wrong> = text.into_deserializer();
        text.deserialize_enum(name, variants, visitor).map_err(|error| Self::about(self.name, error))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Member::Json(Value::Array(_)) => self.deserialize_any(visitor),
            Member::Json(_) | Member::Query(_) => {
                Err(Wrong { field: self.name, detail: "It must be a list.".to_owned() })
            }
        }
    }

    plain! {
        deserialize_u8 visit_u8 u8, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64, "a whole number, 0 or more";
        deserialize_bool visit_bool bool, "true or false";
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map
        struct identifier ignored_any
    }
}

/// A value within a member: the member's name is put to the error on the way out.
fn value_into<'de, V: Visitor<'de>>(value: Value, visitor: V) -> Result<V::Value, Wrong> {
    let nested = |value| Named { name: String::new(), value: Member::Json(value) };
    match value {
        Value::Null => visitor.visit_unit(),
        Value::Bool(value) => visitor.visit_bool(value),
        Value::String(value) => visitor.visit_string(value),
        Value::Array(values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter().map(nested))),
        Value::Object(members) => {
            visitor.visit_map(MapDeserializer::new(members.into_iter().map(|(name, value)| (name, nested(value)))))
        }
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), _, _) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i64(number),
            (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
        },
    }
}

fn one_of(names: &[&str]) -> String {
    format!("It must be one of: {}.", names.join(", "))
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for Wrong {}

/// None of these repeats the value that was sent.
impl de::Error for Wrong {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { field: String::new(), detail: "It does not have the form that it must have.".to_owned() }
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self { field: String::new(), detail: format!("It must be {expected}.") }
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self { field: String::new(), detail: format!("It must be {expected}.") }
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self { field: String::new(), detail: one_of(expected) }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = if expected.is_empty() { "none".to_owned() } else { expected.join(", ") };
        Self { field: field.to_owned(), detail: format!("There is no such member here. Known: {known}.") }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: field.to_owned(), detail: "It is missing.".to_owned() }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self { field: field.to_owned(), detail: "It is there more than once.".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use nms_api::{NewDevice, NewToken, TokenChanges, TokenQuery};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn body<T: DeserializeOwned>(json: Value) -> Result<T, Wrong> {
        let Value::Object(members) = json else { panic!("no object") };
        read(members.into_iter().map(|(name, value)| (name, Member::Json(value))).collect())
    }

    #[track_caller]
    fn wrong<T: DeserializeOwned>(json: Value, field: &str) {
        assert_eq!(body::<T>(json.clone()).err().map(|wrong| wrong.field).as_deref(), Some(field), "{json}");
    }

    #[track_caller]
    fn query(pairs: &[(&str, &str)]) -> Result<TokenQuery, Wrong> {
        read(pairs.iter().map(|(name, value)| ((*name).to_owned(), Member::Query((*value).to_owned()))).collect())
    }

    #[test]
    fn the_member_that_is_wrong_is_named() {
        wrong::<NewToken>(json!({}), "permissions");
        wrong::<NewToken>(json!({"permissions": "devices:read"}), "permissions");
        wrong::<NewToken>(json!({"permissions": [1]}), "permissions");
        wrong::<NewToken>(json!({"permissions": [], "name": 1}), "name");
        wrong::<NewToken>(json!({"permissions": [], "expires_at": "tomorrow"}), "expires_at");
        wrong::<NewToken>(json!({"permissions": [], "paused": true}), "paused");
        wrong::<NewDevice>(json!({"name": "a", "address": "b", "status": "sideways"}), "status");
        wrong::<NewDevice>(json!({"name": "a", "address": "b", "status": 1}), "status");
    }

    #[test]
    fn what_is_expected_is_called_as_a_person_would() {
        let detail = |wrong: Result<(), Wrong>| wrong.unwrap_err().detail;
        let rotation = |json| detail(body::<nms_api::Rotation>(json).map(drop));
        for wrong in [json!(-1), json!(1.5), json!("60"), json!(true), json!(4_294_967_296_u64)] {
            assert_eq!(
                rotation(json!({"overlap_s": wrong})),
                "It must be a whole number from 0 to 4294967295.",
                "{wrong}"
            );
        }
        assert_eq!(detail(query(&[("limit", "ten")]).map(drop)), "It must be a whole number from 0 to 4294967295.");
        assert_eq!(detail(query(&[("never_used", "maybe")]).map(drop)), "It must be true or false.");
        let new = |json| detail(body::<NewToken>(json).map(drop));
        assert_eq!(new(json!({"permissions": "devices:read"})), "It must be a list.");
        assert_eq!(new(json!({"permissions": [], "allowed_addresses": {}})), "It must be a list.");
        let changes = |json| detail(body::<TokenChanges>(json).map(drop));
        assert_eq!(changes(json!({"paused": 1})), "It must be true or false.");
    }

    #[test]
    fn what_is_right_is_read() {
        let new: NewToken =
            body(json!({"permissions": ["a:b"], "name": null, "expires_at": "2027-01-01T01:00:00+01:00"})).unwrap();
        assert_eq!(new.expires_at, Some("2027-01-01T00:00:00Z".parse().unwrap()));
        let changes: TokenChanges = body(json!({"name": null, "description": "d"})).unwrap();
        assert_eq!((changes.name, changes.description), (Some(None), Some(Some("d".to_owned()))));
        let asked = query(&[("limit", "7"), ("sort", "-name"), ("state", "active"), ("q", "a b")]).unwrap();
        assert_eq!((asked.limit, asked.sort.unwrap().as_str()), (Some(7), "-name"));
    }

    #[test]
    fn what_null_cannot_clear_may_not_be_null() {
        wrong::<TokenChanges>(json!({"permissions": null}), "permissions");
        wrong::<TokenChanges>(json!({"expires_at": null}), "expires_at");
    }

    #[test]
    fn query_members_are_named_too() {
        for (pairs, field) in [
            (&[("limit", "ten")][..], "limit"),
            (&[("limit", "-1")], "limit"),
            (&[("limit", "1"), ("limit", "2")], "limit"),
            (&[("sort", "size")], "sort"),
            (&[("idempotency_key", "x")], "idempotency_key"),
            (&[("colour", "red")], "colour"),
        ] {
            assert_eq!(query(pairs).unwrap_err().field, field);
        }
    }

    #[test]
    fn an_error_never_repeats_the_value() {
        let Err(wrong) = body::<NewToken>(json!({"permissions": [], "expires_at": "s3cr3t"})) else { panic!("read") };
        assert!(!wrong.detail.contains("s3cr3t"));
        assert!(!query(&[("state", "s3cr3t")]).unwrap_err().detail.contains("s3cr3t"));
    }
}
