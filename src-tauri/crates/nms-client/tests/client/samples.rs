//! Answers as the contract gives them.

use nms_api::{NewToken, TokenId};
use serde_json::{Value, json};
use uuid::Uuid;

/// One of the contract's own vectors.
pub(crate) const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";
pub(crate) const KEY: Uuid = Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_beef);
pub(crate) const ID: TokenId = TokenId(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0001));
pub(crate) const NAME: &str = "poller-n4m3";

pub(crate) fn http(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\nX-Request-Id: req-1\r\n");
    for header in headers {
        answer.push_str(header);
        answer.push_str("\r\n");
    }
    answer.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    answer.into_bytes()
}

pub(crate) fn json_answer(status: &str, body: &Value) -> Vec<u8> {
    http(status, &["Content-Type: application/json"], &body.to_string())
}

pub(crate) fn ok(body: &Value) -> Vec<u8> {
    json_answer("200 OK", body)
}

pub(crate) fn problem(status: u16, slug: &str, more: &Value) -> Vec<u8> {
    let mut body = json!({"type": format!("urn:palpabl:nms:problem:{slug}"), "title": "T", "status": status});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    http(&format!("{status} X"), &["Content-Type: application/problem+json"], &body.to_string())
}

pub(crate) fn token() -> Value {
    json!({
        "id": ID, "organization_id": Uuid::nil(), "name": NAME, "description": null,
        "prefix": "pnms_pat_EXAMPLE1", "suffix": "HpXV",
        "permissions": ["devices:read", "devices:write"], "effective_permissions": ["devices:read"],
        "allowed_addresses": [], "created_at": "2026-11-23T10:00:00Z", "updated_at": "2026-11-23T10:00:00Z",
        "expires_at": "2027-02-21T10:00:00Z", "state": "active", "last_used_at": null, "last_used_from": null,
        "use_count": 0, "used_permissions": [], "replaces": null, "replaced_by": null, "ends_at": null,
        "etag": "\"v1\"",
    })
}

/// The token with some members changed.
pub(crate) fn token_with(changes: &Value) -> Value {
    let mut token = token();
    token.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    token
}

pub(crate) fn list(tokens: &[Value]) -> Value {
    json!({"tokens": tokens, "counts": {"all": tokens.len(), "active": tokens.len(), "paused": 0, "expired": 0}})
}

pub(crate) fn me() -> Value {
    let organization = json!({"id": Uuid::nil(), "name": "Here"});
    json!({
        "user": {"id": Uuid::nil(), "name": "Ada"}, "organization": organization, "organizations": [organization],
        "permissions": ["devices:read"], "server_time": "2026-11-23T10:00:00Z", "policy": {},
        "limits": {"default_days": 90, "max_months": 12, "max_tokens": null, "propagation_max_s": 0},
    })
}

pub(crate) fn created() -> Vec<u8> {
    json_answer("201 Created", &json!({"token": token(), "secret": VALUE}))
}

pub(crate) fn replayed() -> Vec<u8> {
    ok(&json!({"token": token(), "secret": null}))
}

pub(crate) fn new_token() -> NewToken {
    NewToken { name: Some(NAME.into()), permissions: vec!["devices:read".into()], ..NewToken::default() }
}
