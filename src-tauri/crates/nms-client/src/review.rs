//! What happened to all tokens, and who used any of them: for whoever looks for the token of a service that stopped.

use nms_api::{CallerList, CallerOfToken, CallerQuery, EventQuery};
use reqwest::{Method, StatusCode};

use crate::{Client, Error, EventOfTokenPage, call::Route, page};

/// What a page of events may take up, in bytes: that of a deletion holds the whole record.
const MAX_EVENTS_BYTES: usize = 8 * 1024 * 1024;

impl Client {
    /// `GET /events`: what happened to all tokens, newest first; deleted ones too for 90 days. `kinds` and `q` are an
    /// addition to the contract.
    ///
    /// # Errors
    /// As every read: [`Error`]; `cursor-invalid` when the cursor belongs to other filters.
    pub async fn events(&self, query: &EventQuery) -> Result<EventOfTokenPage, Error> {
        let pairs = page::pairs(query).ok_or(Error::NotSendable { what: "query" })?;
        let call = self.call(Method::GET, Route::AllEvents).with_query(&pairs).with_max_bytes(MAX_EVENTS_BYTES);
        let answer = self.read(&call, self.deadline()).await?;
        let list = answer.read(&[StatusCode::OK], &self.cleaner())?;
        Ok(EventOfTokenPage { list, next: page::next_cursor(&answer.headers, &call.url) })
    }

    /// `GET /callers`: who used any token in the last 30 days, the last first. An addition to the contract: a server
    /// that lacks it answers `not-found`.
    ///
    /// # Errors
    /// As every read: [`Error`].
    pub async fn callers(&self, q: Option<&str>) -> Result<Vec<CallerOfToken>, Error> {
        let query = CallerQuery { q: q.map(str::to_owned) };
        let pairs = page::pairs(&query).ok_or(Error::NotSendable { what: "query" })?;
        let answer = self.read(&self.call(Method::GET, Route::Callers).with_query(&pairs), self.deadline()).await?;
        let list: CallerList = answer.read(&[StatusCode::OK], &self.cleaner())?;
        Ok(list.callers)
    }
}
