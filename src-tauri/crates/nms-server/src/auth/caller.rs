//! Who is asking, once the gate has let them in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use nms_api::{Actor, Organization, PermissionName, User};

use crate::problems::Refusal;
use crate::store::{Owner, TokenRow};

/// Whoever the credential stands for.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// A person at the app.
    Session(Person),
    /// A program with an API token.
    Token(ActingToken),
}

/// A person with a session.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) user: User,
    pub(crate) organization: Organization,
    /// What they hold now, folded.
    pub(crate) held: Vec<PermissionName>,
}

/// An API token that is accepted.
#[derive(Clone, Debug)]
pub(crate) struct ActingToken {
    pub(crate) row: Box<TokenRow>,
    /// What its owner holds now, folded.
    pub(crate) held: Vec<PermissionName>,
}

impl Person {
    /// Whose tokens they manage.
    pub(crate) fn owner(&self) -> Owner {
        Owner { person_id: self.user.id, organization_id: self.organization.id }
    }

    /// As they stand in an event.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Person { id: self.user.id, name: self.user.name.clone() }
    }
}

impl Caller {
    /// For whom they act.
    pub(crate) fn owner(&self) -> Owner {
        match self {
            Self::Session(person) => person.owner(),
            Self::Token(token) => token.row.owner,
        }
    }
}

/// A handler that takes a caller which the gate does not let in is a fault of this program.
fn wrong_caller() -> Refusal {
    tracing::error!("a handler takes another caller than its operation declares");
    Refusal::internal()
}

fn caller(parts: &mut Parts) -> Result<Caller, Refusal> {
    parts.extensions.remove().ok_or_else(wrong_caller)
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        caller(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        match caller(parts)? {
            Caller::Session(person) => Ok(person),
            Caller::Token(_) => Err(wrong_caller()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ActingToken {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        match caller(parts)? {
            Caller::Token(token) => Ok(token),
            Caller::Session(_) => Err(wrong_caller()),
        }
    }
}
