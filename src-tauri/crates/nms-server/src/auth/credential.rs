//! Makes new credentials. What leaves here in clear is handed over once and stored nowhere.

use nms_api::Secret;
use nms_api::token_format::{LOOKUP_ID_LEN, ParsedToken, SECRET_LEN, compose};

use crate::problems::{Answer, Refusal};
use crate::random::{NoRandomness, Random};

/// What every session's credential starts with. The rest is opaque: a lookup id and 190 bits of secret in base 62.
pub(super) const SESSION_PREFIX: &str = "pnms_ses_";
const SESSION_LEN: usize = SESSION_PREFIX.len() + LOOKUP_ID_LEN + SECRET_LEN;

/// A credential that was made just now.
pub(crate) struct NewCredential {
    pub(crate) secret: Secret,
    pub(crate) lookup_id: String,
    /// The last characters, which a masked value shows.
    pub(crate) suffix: String,
}

impl NewCredential {
    /// An API token's.
    pub(crate) fn token(random: &Random) -> Answer<Self> {
        let lookup_id = random.base62(LOOKUP_ID_LEN)?.to_string();
        let malformed = |error| {
            tracing::error!(%error, "a token was composed that is none");
            Refusal::internal()
        };
        let secret = compose(&lookup_id, &random.base62(SECRET_LEN)?).map_err(malformed)?;
        let suffix = ParsedToken::parse(secret.expose()).map_err(malformed)?.suffix().to_owned();
        Ok(Self { secret, lookup_id, suffix })
    }

    /// A session's.
    pub(crate) fn session(random: &Random) -> Result<Self, NoRandomness> {
        let lookup_id = random.base62(LOOKUP_ID_LEN)?.to_string();
        let mut value = String::with_capacity(SESSION_LEN);
        value.push_str(SESSION_PREFIX);
        value.push_str(&lookup_id);
        value.push_str(&random.base62(SECRET_LEN)?);
        Ok(Self { secret: Secret::new(value), lookup_id, suffix: String::new() })
    }
}

/// The lookup id of a session's credential; `None` for what has another form.
pub(super) fn session_lookup_id(value: &str) -> Option<&str> {
    let rest = value.strip_prefix(SESSION_PREFIX)?;
    let well_formed = value.len() == SESSION_LEN && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    well_formed.then(|| &rest[..LOOKUP_ID_LEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_has_the_form_that_is_read() {
        let random = Random::system();
        let token = NewCredential::token(&random).unwrap();
        let parsed = ParsedToken::parse(token.secret.expose()).unwrap();
        assert_eq!((parsed.lookup_id(), parsed.suffix()), (token.lookup_id.as_str(), token.suffix.as_str()));
        let session = NewCredential::session(&random).unwrap();
        assert_eq!(session_lookup_id(session.secret.expose()), Some(session.lookup_id.as_str()));
    }

    #[test]
    fn a_session_of_another_form_has_no_lookup_id() {
        let good = format!("{SESSION_PREFIX}{}", "a".repeat(40));
        assert!(session_lookup_id(&good).is_some());
        for bad in [&good[1..], &good[..48], &format!("{good}a"), &good.replace("aaaa", "aa-a"), ""] {
            assert_eq!(session_lookup_id(bad), None, "{bad}");
        }
    }
}
