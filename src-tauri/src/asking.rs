//! Asking an NMS in a person's name, and once more with a new session when the one of the moment is over.

use std::future::Future;

use nms_client::Client;

use crate::failure::Failure;
use crate::remembered::Whose;
use crate::request_failure;

/// An NMS at which we have a session, and can open another without a question.
pub(crate) trait Nms: Send + Sync + 'static {
    /// A client with the session of the moment.
    fn client(&self) -> impl Future<Output = Result<Client, Failure>> + Send;

    /// A client with a new session, which is the one of the moment from now on.
    fn renewed(&self) -> impl Future<Output = Result<Client, Failure>> + Send;

    /// Who we are there; asks where that is not known yet.
    fn whose(&self) -> impl Future<Output = Result<Whose, Failure>> + Send;
}

/// Asks. When the session is over, asks once more with a new one: a request that was refused for its credential has
/// done nothing, and one whose earlier attempts may have done something (see [`nms_client::Error::OutcomeUnknown`]) may
/// be sent again, since it carries its idempotency key or its version.
pub(crate) async fn ask<T, F>(nms: &impl Nms, request: impl Fn(Client) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, nms_client::Error>>,
{
    let error = match request(nms.client().await?).await {
        Ok(answer) => return Ok(answer),
        Err(error) => error,
    };
    if !request_failure::is_session_over(&error) {
        return Err(request_failure::of(error));
    }
    match nms.renewed().await {
        Ok(client) => request(client).await.map_err(request_failure::of),
        // What is unknown stays so, whatever kept the new session from us.
        Err(_) if matches!(error, nms_client::Error::OutcomeUnknown { .. }) => Err(request_failure::of(error)),
        Err(failure) => Err(failure),
    }
}
