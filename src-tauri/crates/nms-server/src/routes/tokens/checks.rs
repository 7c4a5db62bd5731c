//! What a request says about a token, checked: what may be kept comes out, what may not is named.

use chrono::{DateTime, SubsecRound, Utc};
use nms_api::limits::MAX_ADDRESSES;
use nms_api::text::{self, TextRefused};
use nms_api::{AddressRange, PermissionName, Slug, addresses, expiry, permissions};

use crate::auth::Person;
use crate::catalogue;
use crate::problems::{Answer, Refusal};
use crate::routes::me::LIMITS;

pub(super) fn name(typed: Option<String>) -> Answer<Option<String>> {
    kept("name", typed, text::name)
}

pub(super) fn description(typed: Option<String>) -> Answer<Option<String>> {
    kept("description", typed, text::description)
}

fn kept(
    field: &str,
    typed: Option<String>,
    check: fn(&str) -> Result<Option<String>, TextRefused>,
) -> Answer<Option<String>> {
    let Some(typed) = typed else { return Ok(None) };
    check(&typed).map_err(|error| Refusal::invalid(field, format!("This cannot be kept: {error}.")))
}

/// Known, grantable and held now, each of them, at least one; folded.
pub(super) fn granted(wanted: Vec<PermissionName>, person: &Person) -> Answer<Vec<PermissionName>> {
    const FIELD: &str = "permissions";
    let wanted = permissions::folded(wanted);
    if wanted.is_empty() {
        return Err(Refusal::invalid(FIELD, "A token needs at least one permission."));
    }
    let refuse = |slug, detail: &str, names: Vec<PermissionName>| {
        if names.is_empty() { Ok(()) } else { Err(Refusal::new(slug, detail).naming(FIELD).about(names)) }
    };
    let those = |unfit: &dyn Fn(&PermissionName) -> bool| wanted.iter().filter(|name| unfit(name)).cloned().collect();
    refuse(
        Slug::PermissionUnknown,
        "This server does not know these permissions.",
        those(&|name| !catalogue::knows(name)),
    )?;
    refuse(
        Slug::PermissionNotGrantable,
        "These permissions are for sessions only.",
        those(&|name| !catalogue::is_grantable(name)),
    )?;
    refuse(
        Slug::PermissionNotHeld,
        "You can only grant what you hold yourself.",
        those(&|name| !person.held.contains(name)),
    )?;
    Ok(wanted)
}

/// Ranges in their one form, folded; none: anywhere. Which of them is wrong is said by its place, not by its text.
pub(super) fn allowed_addresses(wanted: &[String]) -> Answer<Vec<AddressRange>> {
    const FIELD: &str = "allowed_addresses";
    let range = |(place, text): (usize, &String)| {
        text.parse().map_err(|error| Refusal::invalid(FIELD, format!("Number {} cannot be kept: {error}.", place + 1)))
    };
    let ranges = addresses::folded(wanted.iter().enumerate().map(range).collect::<Answer<_>>()?);
    if ranges.len() > MAX_ADDRESSES {
        return Err(Refusal::invalid(FIELD, format!("There may be {MAX_ADDRESSES}.")));
    }
    Ok(ranges)
}

/// Of a new token: within the limits, or the server's default where nobody says.
pub(super) fn first_expiry(wanted: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Answer<DateTime<Utc>> {
    match wanted {
        Some(wanted) => expires_at(wanted, now),
        None => Ok(expiry::default(now, LIMITS.default_days, LIMITS.max_months)),
    }
}

/// Within the limits, in whole microseconds.
pub(super) fn expires_at(wanted: DateTime<Utc>, now: DateTime<Utc>) -> Answer<DateTime<Utc>> {
    let wanted = wanted.trunc_subsecs(6);
    expiry::check(wanted, now, LIMITS.max_months)
        .map_err(|error| Refusal::invalid("expires_at", format!("A token cannot end then: {error}.")))?;
    Ok(wanted)
}
