//! Which operation needs which credential and permission: read from the OpenAPI document, so that what is published
//! and what is enforced are one.
//!
//! An operation says it in its `security(…)` line; one that says nothing, or something else, stops the server from
//! starting.

use std::collections::{BTreeMap, HashMap};

use axum::http::Method;
use nms_api::{Slug, permissions};
use serde_json::Value;

use super::caller::Caller;
use crate::problems::{Answer, Refusal};

/// What an operation needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// `security(())`: nothing.
    Public,
    /// `security(("session" = []))`: a person.
    Session,
    /// `security(("token" = []))`: an API token, whatever it may.
    Token,
    /// `security(("session" = [P]), ("token" = [P]))`: whoever holds the permission.
    Holding(String),
}

/// An operation whose `security(…)` says none of these.
#[derive(Debug, thiserror::Error)]
#[error("the operation {method} {path} does not declare who may call it")]
pub(crate) struct Undeclared {
    method: String,
    path: String,
}

/// What stands at a method and path.
pub(crate) enum Operation<'a> {
    /// An operation.
    Known(&'a Access),
    /// Other methods only.
    OtherMethods {
        /// As in `Allow`.
        allowed: String,
        /// Whether all of them are public.
        public: bool,
    },
    /// No such path.
    Unknown,
}

impl Operation<'_> {
    /// The permission that a call needs, if any.
    pub(crate) fn permission(&self) -> Option<&str> {
        match self {
            Self::Known(access) => access.permission(),
            Self::OtherMethods { .. } | Self::Unknown => None,
        }
    }
}

/// Every operation of the document.
#[derive(Debug)]
pub(crate) struct AccessTable(HashMap<String, BTreeMap<String, Access>>);

impl AccessTable {
    /// Reads an OpenAPI document.
    pub(crate) fn read(document: &Value) -> Result<Self, Undeclared> {
        let mut table = HashMap::new();
        for (path, item) in members(&document["paths"]) {
            let mut methods = BTreeMap::new();
            for (method, operation) in members(item).filter(|(_, operation)| operation.is_object()) {
                let undeclared = || Undeclared { method: method.to_uppercase(), path: path.clone() };
                methods.insert(method.to_uppercase(), access(&operation["security"]).ok_or_else(undeclared)?);
            }
            table.insert(path.clone(), methods);
        }
        Ok(Self(table))
    }

    /// What stands at this method of the path with this pattern. HEAD is GET.
    pub(crate) fn operation(&self, method: &Method, pattern: Option<&str>) -> Operation<'_> {
        let Some(methods) = pattern.and_then(|pattern| self.0.get(pattern)) else { return Operation::Unknown };
        let method = if method == Method::HEAD { &Method::GET } else { method };
        match methods.get(method.as_str()) {
            Some(access) => Operation::Known(access),
            None => Operation::OtherMethods {
                allowed: allowed(methods),
                public: methods.values().all(|access| *access == Access::Public),
            },
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn allowed(methods: &BTreeMap<String, Access>) -> String {
    let names = methods.keys().map(|name| if name == "GET" { "GET, HEAD" } else { name });
    names.collect::<Vec<_>>().join(", ")
}

fn access(security: &Value) -> Option<Access> {
    let ways: Vec<(String, Vec<String>)> = security.as_array()?.iter().map(way).collect::<Option<_>>()?;
    let ways: Vec<(&str, &[String])> =
        ways.iter().map(|(scheme, scopes)| (scheme.as_str(), scopes.as_slice())).collect();
    match ways.as_slice() {
        [("", [])] => Some(Access::Public),
        [("session", [])] => Some(Access::Session),
        [("token", [])] => Some(Access::Token),
        [("session", [session]), ("token", [token])] if session == token => Some(Access::Holding(token.clone())),
        _ => None,
    }
}

/// A scheme with its scopes; an empty requirement has none.
fn way(requirement: &Value) -> Option<(String, Vec<String>)> {
    let mut schemes = requirement.as_object()?.iter();
    let Some((scheme, scopes)) = schemes.next() else { return Some((String::new(), Vec::new())) };
    let scopes = scopes.as_array()?.iter().map(|scope| scope.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    schemes.next().is_none().then(|| (scheme.clone(), scopes))
}

impl Access {
    /// The permission that a call needs, if any.
    pub(crate) fn permission(&self) -> Option<&str> {
        match self {
            Self::Public | Self::Session | Self::Token => None,
            Self::Holding(permission) => Some(permission),
        }
    }

    /// Lets a caller through, or says with which slug and sentence not.
    pub(crate) fn check(&self, caller: &Caller) -> Answer<()> {
        match (self, caller) {
            (Self::Public, _) | (Self::Session, Caller::Session(_)) | (Self::Token, Caller::Token(_)) => Ok(()),
            (Self::Session, Caller::Token(_)) => {
                Err(Refusal::new(Slug::SessionRequired, "An API token cannot do this: a person at the app can."))
            }
            (Self::Token, Caller::Session(_)) => {
                Err(Refusal::new(Slug::TokenRequired, "Only an API token can be asked about itself."))
            }
            (Self::Holding(permission), caller) => check_permission(permission, caller),
        }
    }
}

fn check_permission(permission: &str, caller: &Caller) -> Answer<()> {
    let name = permission.into();
    let (granted, held, whose) = match caller {
        Caller::Session(person) => (&person.held, &person.held, "You do not hold"),
        Caller::Token(token) => (&token.row.permissions, &token.held, "The token was never granted"),
    };
    if !granted.contains(&name) {
        let detail = format!("{whose} {permission}.");
        return Err(Refusal::insufficient(Slug::PermissionMissing, permission, detail));
    }
    if permissions::effective(granted, held).contains(&name) {
        return Ok(());
    }
    let detail = format!("The token was granted {permission}, but its owner does not hold it now.");
    Err(Refusal::insufficient(Slug::PermissionLost, permission, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(security: Value, expected: Option<Access>) {
        assert_eq!(access(&security), expected, "{security}");
    }

    #[test]
    fn the_four_declarations_are_understood_and_no_other() {
        check(json!([{}]), Some(Access::Public));
        check(json!([{"session": []}]), Some(Access::Session));
        check(json!([{"token": []}]), Some(Access::Token));
        check(json!([{"session": ["a:b"]}, {"token": ["a:b"]}]), Some(Access::Holding("a:b".into())));
        for other in [
            json!(null),
            json!([]),
            json!([{"session": ["a:b"]}]),
            json!([{"session": ["a:b"]}, {"token": ["a:c"]}]),
            json!([{"session": [], "token": []}]),
            json!([{"session": []}, {}]),
            json!([{"basic": []}]),
        ] {
            check(other, None);
        }
    }

    #[test]
    fn an_operation_that_declares_nothing_is_named() {
        let document = json!({"paths": {"/a": {"get": {"security": [{}]}, "post": {}}}});
        let error = AccessTable::read(&document).unwrap_err();
        assert_eq!(error.to_string(), "the operation POST /a does not declare who may call it");
    }

    #[test]
    fn head_is_get_and_what_is_allowed_says_so() {
        let document = json!({"paths": {"/a": {"get": {"security": [{}]}, "post": {"security": [{}]}}}});
        let table = AccessTable::read(&document).unwrap();
        assert!(matches!(table.operation(&Method::HEAD, Some("/a")), Operation::Known(Access::Public)));
        assert!(matches!(table.operation(&Method::GET, Some("/b")), Operation::Unknown));
        let Operation::OtherMethods { allowed, public } = table.operation(&Method::PUT, Some("/a")) else { panic!() };
        assert_eq!((allowed.as_str(), public), ("GET, HEAD, POST", true));
    }
}
