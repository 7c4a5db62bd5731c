//! Which request made which token, so that the same request again makes no second one.

use nms_api::TokenId;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::{Owner, Result, Store};

/// What a key is bound to, besides the bytes of the body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    pub(crate) owner: Owner,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) key: Uuid,
}

/// What a key that was used before stands for.
pub(crate) struct Known {
    pub(crate) token_id: TokenId,
    pub(crate) body_sha256: Vec<u8>,
}

impl Store {
    /// The success that this key stands for, if any.
    pub(crate) async fn known_key(&self, scope: &Scope) -> Result<Option<Known>> {
        let row = sqlx::query(
            "SELECT body_sha256, token_id FROM idempotency_keys \
             WHERE owner_id = $1 AND organization_id = $2 AND key = $3 AND method = $4 AND path = $5",
        )
        .bind(scope.owner.person_id.to_string())
        .bind(scope.owner.organization_id.to_string())
        .bind(scope.key.to_string())
        .bind(scope.method)
        .bind(&scope.path)
        .fetch_optional(&self.reads)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Known {
            token_id: TokenId(super::token_row::uuid(&row, "token_id")?),
            body_sha256: row.try_get("body_sha256")?,
        }))
    }
}

/// Binds a key to the token that it made. False: the key was used meanwhile.
pub(super) async fn remember(
    connection: &mut AnyConnection,
    scope: &Scope,
    body_sha256: &[u8; 32],
    token_id: TokenId,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO idempotency_keys (owner_id, organization_id, method, path, key, body_sha256, token_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(scope.owner.person_id.to_string())
    .bind(scope.owner.organization_id.to_string())
    .bind(scope.method)
    .bind(&scope.path)
    .bind(scope.key.to_string())
    .bind(body_sha256.as_slice())
    .bind(token_id.to_string())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
