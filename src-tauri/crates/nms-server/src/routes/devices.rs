//! The small inventory: what a token is for.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use nms_api::{Device, DeviceList, NewDevice, text};

use crate::answers;
use crate::asked::Asked;
use crate::auth::Caller;
use crate::problems::{Answer, Refusal};
use crate::state::App;

/// The longest host name (RFC 1035, section 2.3.4).
const MAX_HOST_CHARS: usize = 253;

/// All devices, by name.
#[utoipa::path(
    get,
    path = "/devices",
    operation_id = "list_devices",
    security(("session" = ["devices:read"]), ("token" = ["devices:read"])),
    responses((status = 200, body = DeviceList))
)]
pub(crate) async fn list(State(app): State<App>, caller: Caller, asked: Asked) -> Answer<Response> {
    asked.no_query()?;
    let devices = app.store.devices(caller.owner().organization_id).await?;
    answers::json(StatusCode::OK, &DeviceList { devices })
}

/// Adds a device.
#[utoipa::path(
    post,
    path = "/devices",
    operation_id = "add_device",
    security(("session" = ["devices:write"]), ("token" = ["devices:write"])),
    request_body = NewDevice,
    responses((status = 201, body = Device))
)]
pub(crate) async fn add(State(app): State<App>, caller: Caller, asked: Asked) -> Answer<Response> {
    let body = asked.json()?;
    asked.no_query()?;
    let new: NewDevice = body.members()?;
    let device = Device {
        id: app.random.id(app.clock.now())?,
        name: named("name", &new.name)?.ok_or_else(|| Refusal::invalid("name", "It is empty."))?,
        address: address(&new.address)?,
        site: new.site.as_deref().map(|site| named("site", site)).transpose()?.flatten(),
        status: new.status,
    };
    app.store.add_device(caller.owner().organization_id, &device).await?;
    answers::json(StatusCode::CREATED, &device)
}

fn named(field: &str, typed: &str) -> Answer<Option<String>> {
    text::name(typed).map_err(|error| Refusal::invalid(field, format!("This cannot be kept: {error}.")))
}

/// An IP address or a host name, as it was written.
fn address(typed: &str) -> Answer<String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_host = typed.len() <= MAX_HOST_CHARS && typed.split('.').all(is_label);
    if is_host || typed.parse::<IpAddr>().is_ok() {
        return Ok(typed.to_owned());
    }
    Err(Refusal::invalid("address", "It must be an IP address or a host name."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_ip_address_or_a_host_name() {
        for good in ["10.0.0.1", "2001:db8::1", "core-sw1", "core-sw1.berlin.example", "xn--mnchen-3ya.example"] {
            assert_eq!(address(good).unwrap(), good);
        }
        for bad in ["", "core sw1", "-a", "a-", "a..b", "a.", "http://a", "10.0.0.0/8", "ü", &"a".repeat(64)] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
