//! Who is asking, and may they. The one place that decides it: handlers only say, in their line of the OpenAPI
//! document, what they need.

mod access;
mod bearer;
mod caller;
mod credential;
mod guesses;
mod verify;

pub(crate) use access::{Access, AccessTable, Operation, Undeclared};
pub(crate) use bearer::{Bearer, bearer};
pub(crate) use caller::{ActingToken, Caller, Person};
pub(crate) use credential::NewCredential;
pub(crate) use guesses::Guesses;
pub(crate) use verify::{Refused, Verdict, oldest_session, verify};
