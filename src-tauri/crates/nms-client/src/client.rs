//! The client, and what it can be asked without changing anything.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use nms_api::{Catalogue, Me, Secret, Token, TokenId, TokenList, TokenQuery, limits};
use reqwest::{
    Method, StatusCode, Url,
    header::{ACCEPT_LANGUAGE, HeaderValue, IF_NONE_MATCH},
};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    Error, EventPage, NotBuilt, ServerAddress, TimeLimits, TokenPage,
    call::{self, Call, Route},
    clock::Clock,
    page, transport,
};

/// What a token takes up in a list at most, in bytes: all of 40 permissions held and used, 50 addresses, long names.
const MAX_ROW_BYTES: usize = 8 * 1024;
/// What a list may take up besides its tokens, in bytes.
const MAX_LIST_FRAME_BYTES: usize = 64 * 1024;
/// In how many languages the catalogue is remembered. A person who tries one after another costs no memory for ever.
const MAX_REMEMBERED: usize = 4;

/// An NMS, asked in a person's name. Cheap to clone; clones share connections and what they remember.
///
/// Every call performs I/O, takes at most [`TimeLimits::total`], and is cancelled by dropping its future.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) credential: Secret,
    pub(crate) authorization: HeaderValue,
    pub(crate) limits: TimeLimits,
    pub(crate) clock: Clock,
    address: ServerAddress,
    catalogues: Mutex<Vec<Remembered>>,
}

/// A catalogue, the language in which it was asked for, and the entity tag under which the server knows it.
#[derive(Clone)]
struct Remembered {
    language: Option<String>,
    etag: HeaderValue,
    catalogue: Catalogue,
}

impl Client {
    /// A client for the server at `address`, with a person's session as its credential. Connects when first asked.
    ///
    /// # Errors
    /// [`NotBuilt`] when the credential cannot stand in a header or TLS cannot be set up.
    pub fn new(address: ServerAddress, credential: Secret, limits: TimeLimits) -> Result<Self, NotBuilt> {
        let http = transport::build(&address, &limits)?;
        let authorization = call::bearer(&credential)?;
        let base = Url::parse(address.as_str()).map_err(|_| NotBuilt::Tls)?;
        let (clock, catalogues) = (Clock::new(), Mutex::default());
        Ok(Self(Arc::new(Inner { http, base, credential, authorization, limits, clock, address, catalogues })))
    }

    /// The server that is asked.
    pub fn address(&self) -> &ServerAddress {
        &self.0.address
    }

    /// By how much the server's clock differed from this computer's at the last answer, in milliseconds; positive when
    /// the server's is ahead. The least that explains the answer's `Date`; `None` before the first.
    pub fn clock_skew(&self) -> Option<TimeDelta> {
        self.0.clock.skew()
    }

    /// `GET /me`: who is asking, what they hold, what this server allows.
    ///
    /// # Errors
    /// As every read: [`Error`].
    pub async fn me(&self) -> Result<Me, Error> {
        self.get(&self.call(Method::GET, Route::Me)).await
    }

    /// `GET /permissions`: the catalogue and the presets, described in `language` (an `Accept-Language`; `None`: as the
    /// server likes). What the server says is unchanged is answered from memory.
    ///
    /// # Errors
    /// As every read: [`Error`]; [`Error::NotSendable`] when no header can hold the language.
    pub async fn permissions(&self, language: Option<&str>) -> Result<Catalogue, Error> {
        let remembered = self.remembered().iter().find(|one| one.language.as_deref() == language).cloned();
        let mut call = self.call(Method::GET, Route::Permissions);
        if let Some(language) = language {
            let wanted = page::sendable(language).ok_or(Error::NotSendable { what: "language" })?;
            call = call.with_header(ACCEPT_LANGUAGE, wanted);
        }
        if let Some(remembered) = &remembered {
            call = call.with_header(IF_NONE_MATCH, remembered.etag.clone());
        }
        let answer = self.read(&call, self.deadline()).await?;
        if let (StatusCode::NOT_MODIFIED, Some(remembered)) = (answer.status, remembered) {
            return Ok(remembered.catalogue);
        }
        let catalogue: Catalogue = answer.read(&[StatusCode::OK], &self.cleaner())?;
        self.remember(language, answer.etag(), &catalogue);
        Ok(catalogue)
    }

    /// Puts a catalogue in the place of the one in the same language. Without a tag there is nothing to remember it by.
    fn remember(&self, language: Option<&str>, etag: Option<HeaderValue>, catalogue: &Catalogue) {
        let mut remembered = self.remembered();
        remembered.retain(|one| one.language.as_deref() != language);
        let Some(etag) = etag else { return };
        if remembered.len() == MAX_REMEMBERED {
            remembered.remove(0);
        }
        remembered.push(Remembered { language: language.map(str::to_owned), etag, catalogue: catalogue.clone() });
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Vec<Remembered>> {
        // Whole values are put in and taken out: a panic elsewhere leaves none half written.
        self.0.catalogues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `GET /tokens`: a page of the caller's own tokens.
    ///
    /// # Errors
    /// As every read: [`Error`]; `cursor-invalid` when the cursor belongs to another sort or filter.
    pub async fn tokens(&self, query: &TokenQuery) -> Result<TokenPage, Error> {
        self.tokens_until(query, self.deadline()).await
    }

    async fn tokens_until(&self, query: &TokenQuery, until: Instant) -> Result<TokenPage, Error> {
        let pairs = page::pairs(query).ok_or(Error::NotSendable { what: "query" })?;
        let rows = query.limit.unwrap_or(limits::DEFAULT_PAGE).min(limits::MAX_PAGE) as usize;
        let max_bytes = MAX_LIST_FRAME_BYTES + rows * MAX_ROW_BYTES;
        let call = self.call(Method::GET, Route::Tokens).with_query(&pairs).with_max_bytes(max_bytes);
        let answer = self.read(&call, until).await?;
        let list: TokenList = answer.read(&[StatusCode::OK], &self.cleaner())?;
        Ok(TokenPage { list, next: page::next_cursor(&answer.headers, &call.url) })
    }

    /// `GET /tokens/{id}`: one token, with its present version.
    ///
    /// # Errors
    /// As every read: [`Error`]; `not-found` when it is not there or not the caller's.
    pub async fn token(&self, id: TokenId) -> Result<Token, Error> {
        self.get(&self.call(Method::GET, Route::Token(id))).await
    }

    /// The token that was made with this idempotency key, if there is one. Only asks: creates nothing.
    ///
    /// # Errors
    /// As every read: [`Error`].
    pub async fn token_by_key(&self, key: Uuid) -> Result<Option<Token>, Error> {
        self.token_by_key_until(key, self.deadline()).await
    }

    pub(crate) async fn token_by_key_until(&self, key: Uuid, until: Instant) -> Result<Option<Token>, Error> {
        let query = TokenQuery { idempotency_key: Some(key), ..TokenQuery::default() };
        Ok(self.tokens_until(&query, until).await?.list.tokens.into_iter().next())
    }

    /// `GET /tokens/{id}/events`: what happened to a token, newest first, from `cursor` on.
    ///
    /// # Errors
    /// As every read: [`Error`]; `not-found`, `cursor-invalid`.
    pub async fn token_events(&self, id: TokenId, cursor: Option<&str>) -> Result<EventPage, Error> {
        let pairs: Vec<_> = cursor.map(|cursor| ("cursor".to_owned(), cursor.to_owned())).into_iter().collect();
        let call = self.call(Method::GET, Route::Events(id)).with_query(&pairs);
        let answer = self.read(&call, self.deadline()).await?;
        let list = answer.read(&[StatusCode::OK], &self.cleaner())?;
        Ok(EventPage { list, next: page::next_cursor(&answer.headers, &call.url) })
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let answer = self.read(call, self.deadline()).await?;
        answer.read(&[StatusCode::OK], &self.cleaner())
    }
}

/// Says which server, never with what credential.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("address", &self.0.address).finish_non_exhaustive()
    }
}
