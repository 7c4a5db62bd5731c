//! Requests that carry an `Idempotency-Key`: the same again makes no second token.

use nms_api::{Slug, TokenId};
use sha2::{Digest, Sha256};

use super::find;
use crate::asked::Asked;
use crate::auth::Person;
use crate::keys_at_work::AtWork;
use crate::problems::{Answer, Refusal};
use crate::state::App;
use crate::store::{Scope, TokenRow};

/// A key, and the body to which it is bound. While this lives the same key again is told to wait.
pub(super) struct Keyed {
    pub(super) scope: Scope,
    pub(super) body_sha256: [u8; 32],
    _at_work: AtWork,
}

impl Keyed {
    /// 400 without a UUID in its usual form, 409 while another request has the key.
    pub(super) fn begin(app: &App, asked: &Asked, person: &Person) -> Answer<Self> {
        let scope = scope(asked, person)?;
        let at_work = app.keys_at_work.begin(scope.clone()).ok_or_else(still_at_work)?;
        Ok(Self { scope, body_sha256: Sha256::digest(&asked.body).into(), _at_work: at_work })
    }

    /// The token that this very request made before, as it is now: 422 when the key was used for another body, 410 when
    /// the token is gone.
    pub(super) async fn made_before(&self, app: &App) -> Answer<Option<TokenRow>> {
        let Some(known) = app.store.known_key(&self.scope).await? else { return Ok(None) };
        if known.body_sha256 != self.body_sha256 {
            return Err(Refusal::new(Slug::KeyReused, "This key made another token: use a new key for a new request."));
        }
        self.still_there(app, known.token_id).await.map(Some)
    }

    async fn still_there(&self, app: &App, id: TokenId) -> Answer<TokenRow> {
        find(app, self.scope.owner, id).await.map_err(|refusal| match refusal.slug() {
            Some(Slug::NotFound) => Refusal::new(Slug::KeySpent, "The token that this key made was deleted since."),
            Some(_) | None => refusal,
        })
    }
}

/// For a request whose key another has at the same time.
pub(super) fn still_at_work() -> Refusal {
    Refusal::new(Slug::InProgress, "The first request with this key is still at work.").retry_after(1)
}

fn scope(asked: &Asked, person: &Person) -> Answer<Scope> {
    const HEADER: &str = "Idempotency-Key";
    const HYPHENATED: usize = 36;
    let key = asked.header(HEADER).filter(|key| key.len() == HYPHENATED).and_then(|key| key.parse().ok());
    let refused = || Refusal::new(Slug::IdempotencyKey, "Send a UUID as Idempotency-Key.").naming(HEADER);
    Ok(Scope {
        owner: person.owner(),
        method: "POST",
        path: asked.uri.path().to_owned(),
        key: key.ok_or_else(refused)?,
    })
}
