//! One right answer of each type, and how it is read.

use nms_api::{
    AlertList, CallerList, Catalogue, CreatedToken, DailyUseList, Device, DeviceList, EventList, EventOfTokenList, Me,
    Problem, Propagation, RotatedToken, Token, TokenItself, TokenList, UseList,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A type of answers.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) right: Value,
    /// What was read, written again; `None`: it was refused.
    pub(crate) read: fn(&[u8]) -> Option<String>,
}

fn written<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Option<String> {
    serde_json::from_slice::<T>(bytes).ok().map(|read| serde_json::to_string(&read).unwrap())
}

/// One with a secret cannot be written; its record can.
fn created(bytes: &[u8]) -> Option<String> {
    let CreatedToken { token, secret } = serde_json::from_slice(bytes).ok()?;
    Some(format!("{} {}", serde_json::to_string(&token).unwrap(), secret.is_some()))
}

fn rotated(bytes: &[u8]) -> Option<String> {
    let RotatedToken { token, secret, replaced } = serde_json::from_slice(bytes).ok()?;
    Some(format!("{} {} {}", serde_json::to_string(&token).unwrap(), secret.is_some(), replaced.is_some()))
}

const ID: &str = "018f0000-0000-7000-8000-000000000001";
const AT: &str = "2026-11-23T10:00:00Z";
const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

fn token() -> Value {
    json!({
        "id": ID, "organization_id": ID, "name": "poller-03", "description": null, "prefix": "pnms_pat_EXAMPLE1",
        "suffix": "HpXV", "permissions": ["devices:read"], "effective_permissions": [], "allowed_addresses": ["10.0.0.0/8"],
        "created_at": AT, "updated_at": AT, "expires_at": AT, "state": "active", "last_used_at": AT,
        "last_used_from": "10.0.0.7", "use_count": 7, "used_permissions": [{"permission": "devices:read", "last_used_at": AT}],
        "replaces": null, "replaced_by": ID, "ends_at": null, "reported_at": AT, "etag": "\"v1\"",
    })
}

fn event() -> Value {
    json!({
        "id": ID, "token_id": ID, "at": AT, "kind": "refused", "actor": {"kind": "person", "id": ID, "name": "Ada"},
        "from": {"name": null}, "to": {"name": "a", "permissions": [["x"], {"y": true}]}, "reason": "expired",
        "address": "::1", "agent": "curl", "permission": "devices:read", "count": 3, "first_at": AT,
    })
}

/// All of them.
pub(crate) fn samples() -> Vec<Sample> {
    let with = |mut value: Value, name: &str, more: Value| {
        value[name] = more;
        value
    };
    let event_of_token = with(with(event(), "token_name", json!("a")), "token_masked", json!("pnms_pat_EXAMPLE1…HpXV"));
    let here = json!({"id": ID, "name": "Here"});
    let use_record =
        json!({"day": "2026-11-23", "address": null, "agent": "curl", "permission": "a:b", "count": 1, "last_at": AT});
    let alert = json!({
        "id": ID, "kind": "token_reported", "title": "T", "severity": "critical", "state": "open", "token_id": ID,
        "expires_at": AT, "refused_count": 2, "opened_at": AT, "closed_at": null,
    });
    let device = json!({"id": ID, "name": "core", "address": "10.0.0.1", "site": "Graz", "status": "up"});
    let caller = json!({"token_id": ID, "token_name": "a", "token_masked": "m", "address": "::1", "agent": "x", "count": 1, "last_at": AT});
    let me = json!({
        "user": {"id": ID, "name": "Ada"}, "organization": here, "organizations": [here], "permissions": ["a:b"],
        "server_time": AT, "policy": {},
        "limits": {"default_days": 90, "max_months": 12, "max_tokens": null, "propagation_max_s": 0},
    });
    let catalogue = json!({
        "permissions": [{"name": "a:b", "group": "A", "description": "D", "risk": "read", "suggests": ["a:c"], "grantable": true}],
        "presets": [{"id": "p", "name": "P", "permissions": ["a:b"]}],
    });
    let counts = json!({"all": 1, "active": 1, "paused": 0, "expired": 0, "lost": 3});
    let problem = json!({
        "type": "urn:palpabl:nms:problem:stale", "title": "T", "status": 412, "detail": "D", "field": "name",
        "permissions": ["a:b"], "retry_after_s": 3, "token": token(),
    });
    let sample = |name, right, read| Sample { name, right, read };
    vec![
        sample("Token", token(), written::<Token>),
        sample("TokenList", json!({"tokens": [token()], "counts": counts, "matching": 1}), written::<TokenList>),
        sample("TokenItself", json!({"token": token(), "seconds_left": 7}), written::<TokenItself>),
        sample("CreatedToken", json!({"secret": VALUE, "token": token()}), created),
        sample("RotatedToken", json!({"secret": null, "token": token(), "replaced": token()}), rotated),
        sample("EventList", json!({"events": [event()]}), written::<EventList>),
        sample("EventOfTokenList", json!({"events": [event_of_token]}), written::<EventOfTokenList>),
        sample("UseList", json!({"use": [use_record]}), written::<UseList>),
        sample(
            "DailyUseList",
            json!({"use": [{"token_id": ID, "days": [1, 2]}], "today": "2026-11-23"}),
            written::<DailyUseList>,
        ),
        sample("CallerList", json!({"callers": [caller]}), written::<CallerList>),
        sample("AlertList", json!({"alerts": [alert]}), written::<AlertList>),
        sample("Device", device.clone(), written::<Device>),
        sample("DeviceList", json!({"devices": [device]}), written::<DeviceList>),
        sample("Propagation", json!({"processes": 1, "have_it": 1, "since": AT}), written::<Propagation>),
        sample("Me", me, written::<Me>),
        sample("Catalogue", catalogue, written::<Catalogue>),
        sample("Problem", problem, written::<Problem>),
    ]
}
