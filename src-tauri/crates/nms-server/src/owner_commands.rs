//! What the person whose computer this is may do without a credential: open a session, say what they hold, ask whether
//! values that they found are live. Reached inside the process and through `control.sock`, never over the network.

use nms_api::{PermissionName, Secret, TokenState, permissions};

use crate::auth::NewCredential;
use crate::catalogue;
use crate::clock::Clock;
use crate::error::{HeldError, SessionError};
use crate::random::{NoRandomness, Random};
use crate::store::{self, Owner, Store};

/// The person's commands on an open store.
#[derive(Clone)]
pub(crate) struct OwnerCommands {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) owner: Owner,
}

impl OwnerCommands {
    /// Opens a session that holds all that the person does.
    pub(crate) async fn open_session(&self) -> Result<Secret, SessionError> {
        let now = self.clock.now();
        let session = NewCredential::session(&self.random)?;
        let id = self.random.id(now)?;
        self.store.open_session(id, self.owner, &session.lookup_id, &session.secret.sha256(), now).await?;
        Ok(session.secret)
    }

    /// In which state the token with each of these hashes of its value is, whoever's it is; `None`: it is not known.
    pub(crate) async fn states(&self, hashes: &[[u8; 32]]) -> Result<Vec<Option<TokenState>>, HeldError> {
        let now = self.clock.now();
        let mut states = Vec::with_capacity(hashes.len());
        for hash in hashes {
            let known = self.store.anybodys_token_by_hash(hash).await?;
            states.push(known.map(|known| known.row.state(now)));
        }
        Ok(states)
    }

    /// What the person holds now, folded.
    pub(crate) async fn held(&self) -> Result<Vec<PermissionName>, HeldError> {
        Ok(self.store.held(self.owner).await?.unwrap_or_else(catalogue::all))
    }

    /// Sets what the person holds, from the next request on; `None`: everything, later permissions too.
    pub(crate) async fn set_held(&self, held: Option<Vec<PermissionName>>) -> Result<(), HeldError> {
        let held = held.map(permissions::folded);
        let unknown: Vec<String> =
            held.iter().flatten().filter(|name| !catalogue::knows(name)).map(ToString::to_string).collect();
        if !unknown.is_empty() {
            return Err(HeldError::Unknown(unknown));
        }
        self.store.set_held(self.owner, held.as_deref()).await?;
        Ok(())
    }
}

impl From<store::Error> for SessionError {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "a session could not be opened");
        match error {
            store::Error::Unavailable(_) => Self::StorageUnavailable,
            store::Error::Damaged(_) | store::Error::Unexpected(_) => Self::Internal,
        }
    }
}

impl From<NoRandomness> for SessionError {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a session could not be opened");
        Self::Internal
    }
}

impl From<store::Error> for HeldError {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "what the person holds could not be read or set");
        Self::StorageUnavailable
    }
}
