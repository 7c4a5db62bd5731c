//! What a store holds after its first start: the person, their organisation, and an inventory to try tokens on.

use chrono::{DateTime, Utc};
use nms_api::DeviceStatus::{self, Down, Unknown, Up};
use nms_api::{Device, Organization, User};

use crate::random::{NoRandomness, Random};
use crate::store::{BuiltIn, FirstStart};

/// What the organisation of the built-in server is called.
const ORGANIZATION: &str = "This computer";

/// Name, address, site, status: a small company's network. The addresses are of the ranges for documentation
/// (RFC 5737, RFC 3849) and of private ones: nothing in here can be asked by mistake.
const DEVICES: [(&str, &str, &str, DeviceStatus); 12] = [
    ("core-sw1.berlin", "10.10.0.1", "Berlin", Up),
    ("core-sw2.berlin", "10.10.0.2", "Berlin", Up),
    ("access-sw11.berlin", "10.10.1.11", "Berlin", Up),
    ("access-sw12.berlin", "10.10.1.12", "Berlin", Down),
    ("fw1.berlin", "192.0.2.1", "Berlin", Up),
    ("ups1.berlin", "10.10.9.1", "Berlin", Up),
    ("edge-rtr1.hamburg", "198.51.100.1", "Hamburg", Up),
    ("access-sw1.hamburg", "10.20.1.1", "Hamburg", Up),
    ("wlc1.hamburg", "10.20.2.1", "Hamburg", Up),
    ("edge-rtr1.lisbon", "203.0.113.1", "Lisbon", Up),
    ("ap-lobby.lisbon", "10.30.3.21", "Lisbon", Unknown),
    ("storage1.lisbon", "2001:db8:30::21", "Lisbon", Up),
];

/// Made anew, with ids of `now`.
pub(crate) fn first_start(person_name: &str, random: &Random, now: DateTime<Utc>) -> Result<FirstStart, NoRandomness> {
    let device = |(name, address, site, status): &(&str, &str, &str, DeviceStatus)| {
        Ok(Device {
            id: random.id(now)?,
            name: (*name).to_owned(),
            address: (*address).to_owned(),
            site: Some((*site).to_owned()),
            status: *status,
        })
    };
    Ok(FirstStart {
        built_in: BuiltIn {
            user: User { id: random.id(now)?, name: person_name.to_owned() },
            organization: Organization { id: random.id(now)?, name: ORGANIZATION.to_owned() },
        },
        devices: DEVICES.iter().map(device).collect::<Result<_, _>>()?,
    })
}
