//! Who used a token, and whose a value is that somebody holds.

use nms_api::{DailyUse, DailyUseList, DailyUseQuery, Slug, Token, TokenHash, TokenId, UseList, UseRecord};
use reqwest::{Method, StatusCode};

use crate::{Client, Error, call::Route, page};

/// What 30 days of one token may take up, in bytes: a server tells so many callers apart that a small answer would not do.
const MAX_USE_BYTES: usize = 8 * 1024 * 1024;

impl Client {
    /// `GET /tokens/{id}/use`: the calls of the last 30 days by day, address, program and permission.
    ///
    /// # Errors
    /// As every read: [`Error`]; `not-found`.
    pub async fn token_uses(&self, id: TokenId) -> Result<Vec<UseRecord>, Error> {
        let call = self.call(Method::GET, Route::Use(id)).with_max_bytes(MAX_USE_BYTES);
        let answer = self.read(&call, self.deadline()).await?;
        let list: UseList = answer.read(&[StatusCode::OK], &self.cleaner())?;
        Ok(list.records)
    }

    /// `GET /tokens/use`: calls on each of the last 30 days of many tokens. An addition to the contract: a server that
    /// lacks it answers `not-found`.
    ///
    /// # Errors
    /// As every read: [`Error`].
    pub async fn use_days(&self, ids: &[TokenId]) -> Result<Vec<DailyUse>, Error> {
        let ids = ids.iter().map(TokenId::to_string).collect::<Vec<_>>().join(",");
        let pairs = page::pairs(&DailyUseQuery { ids }).ok_or(Error::NotSendable { what: "query" })?;
        let call = self.call(Method::GET, Route::UseDays).with_query(&pairs);
        let answer = self.read(&call, self.deadline()).await?;
        let list: DailyUseList = answer.read(&[StatusCode::OK], &self.cleaner())?;
        Ok(list.tokens)
    }

    /// `POST /tokens/identify`: which of the caller's tokens has the value with this hash; a deleted one too for 90 days.
    /// The value itself is not sent.
    ///
    /// # Errors
    /// As every read: [`Error`]. A value of nobody, or of somebody else's token, is `None`.
    pub async fn identify(&self, sha256: [u8; 32]) -> Result<Option<Token>, Error> {
        let call = self.call(Method::POST, Route::Identify).with_body(&TokenHash::of(&sha256))?;
        // It changes nothing, so that it may be asked again as a read.
        let answer = self.read(&call, self.deadline()).await?;
        match answer.read(&[StatusCode::OK], &self.cleaner()) {
            Ok(token) => Ok(Some(token)),
            Err(error) if error.slug() == Some(Slug::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
