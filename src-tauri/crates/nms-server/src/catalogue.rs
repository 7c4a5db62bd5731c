//! The permissions and presets that this server knows. Names, risks and rules are the contract's; a test holds them.
//!
//! Nothing here implies another permission: what one *suggests* is for a picker to add, and to say so.

use nms_api::Risk::{self, Admin, Read, SensitiveRead, Write};
use nms_api::{Catalogue, Permission, PermissionName, Preset, permissions};

use crate::language::Language;

/// A heading with its permissions: name, risk, description.
struct Group {
    name: &'static str,
    permissions: &'static [(&'static str, Risk, &'static str)],
}

/// In the order in which a picker shows them.
const GROUPS: [Group; 11] = [
    Group {
        name: "Inventory",
        permissions: &[
            ("devices:read", Read, "See devices, their hardware, software version and status"),
            ("devices:write", Write, "Add and change devices, tags and polling"),
            ("devices:delete", Admin, "Remove devices and their history"),
            ("interfaces:read", Read, "See ports, counters and neighbours"),
            ("topology:read", Read, "See maps, links and paths"),
            ("sites:read", Read, "See places, racks and groups"),
            ("sites:write", Write, "Add and change places, racks and groups"),
        ],
    },
    Group {
        name: "Addressing",
        permissions: &[
            ("ipam:read", Read, "See prefixes, addresses, VLANs and reservations"),
            ("ipam:write", Write, "Add and change prefixes, addresses, VLANs and reservations"),
        ],
    },
    Group {
        name: "Telemetry",
        permissions: &[
            ("metrics:read", Read, "Query time series and read /metrics"),
            ("metrics:ingest", Write, "Send measurements, and read nothing"),
            ("events:ingest", Write, "Send traps, syslog and heartbeats, and read nothing"),
            ("flows:read", SensitiveRead, "See who talked to whom"),
            ("logs:read", SensitiveRead, "Read the text of syslog and traps"),
        ],
    },
    Group {
        name: "Alerts",
        permissions: &[
            ("alerts:read", Read, "See open and past alerts, and the rules behind them"),
            ("alerts:acknowledge", Write, "Acknowledge, comment and close alerts"),
            ("alert-rules:write", Write, "Change rules and thresholds"),
            ("maintenance:write", Write, "Set windows and silences, which can hide an outage"),
            ("notifications:write", Admin, "Change channels and recipients"),
        ],
    },
    Group {
        name: "Collectors",
        permissions: &[
            ("collectors:read", Read, "See the state, version and load of collectors"),
            ("collectors:enroll", Write, "Register itself as a collector and fetch its own work"),
            ("collectors:manage", Admin, "Move, update and remove collectors"),
        ],
    },
    Group { name: "Discovery", permissions: &[("discovery:run", Write, "Scan networks")] },
    Group {
        name: "Configuration",
        permissions: &[
            ("configs:read", SensitiveRead, "Read stored device configurations, which hold secrets"),
            ("configs:backup", Write, "Trigger a backup of device configurations"),
            ("configs:deploy", Admin, "Change the configuration of devices"),
            ("diagnostics:run", Write, "Run ping, trace and show commands on devices"),
            ("credentials:write", Admin, "Set SNMP and SSH credentials, never read them"),
        ],
    },
    Group {
        name: "Views",
        permissions: &[
            ("dashboards:read", Read, "See dashboards and maps"),
            ("dashboards:write", Write, "Add and change dashboards and maps"),
            ("reports:read", Read, "Run and fetch reports"),
        ],
    },
    Group { name: "Links out", permissions: &[("webhooks:write", Admin, "Have data sent to other addresses")] },
    Group {
        name: "Organisation",
        permissions: &[
            ("users:read", SensitiveRead, "See people, their roles and last sign-in"),
            ("users:write", Admin, "Invite and disable people, and give roles"),
            ("settings:write", Admin, "Change system settings"),
            ("audit:read", SensitiveRead, "Read the audit log"),
        ],
    },
    Group {
        name: "Tokens",
        permissions: &[
            ("tokens:review", SensitiveRead, "See everybody's token lists, without values; for sessions only"),
            ("tokens:revoke", Admin, "End other people's tokens; for sessions only"),
        ],
    },
];

/// Actions that make little sense without seeing what they act on.
const ACTIONS_THAT_SUGGEST_READ: [&str; 6] = ["write", "delete", "acknowledge", "manage", "deploy", "backup"];

/// The resource whose permissions are for sessions only.
const SESSIONS_ONLY: &str = "tokens";

/// Id, name, and what it chooses, besides the one that chooses by risk.
const PRESETS: [(&str, &str, &[&str]); 5] = [
    ("collector", "Collector", &["collectors:enroll", "metrics:ingest", "events:ingest", "devices:read"]),
    ("prometheus-or-grafana", "Prometheus or Grafana", &["metrics:read", "devices:read"]),
    ("on-call-bot", "On-call bot", &["alerts:read", "alerts:acknowledge"]),
    ("cmdb-sync", "CMDB sync", &["devices:read", "sites:read", "ipam:read"]),
    ("backup-job", "Backup job", &["configs:backup", "configs:read"]),
];

/// How many permissions there are.
pub(crate) const SIZE: usize = {
    let (mut size, mut group) = (0, 0);
    while group < GROUPS.len() {
        size += GROUPS[group].permissions.len();
        group += 1;
    }
    size
};

/// Name and risk of every permission, in the catalogue's order.
pub(crate) fn entries() -> impl Iterator<Item = (&'static str, Risk)> {
    GROUPS.iter().flat_map(|group| group.permissions).map(|(name, risk, _)| (*name, *risk))
}

/// Every permission that there is, folded.
pub(crate) fn all() -> Vec<PermissionName> {
    permissions::folded(entries().map(|(name, _)| name.into()).collect())
}

/// Whether this server knows the permission.
pub(crate) fn knows(name: &PermissionName) -> bool {
    entries().any(|(known, _)| known == name.as_str())
}

/// Whether a token may carry the permission.
pub(crate) fn is_grantable(name: &PermissionName) -> bool {
    name.as_str().split_once(':').is_none_or(|(resource, _)| resource != SESSIONS_ONLY)
}

/// The catalogue as it is answered. English is all there is; the others come with their texts.
pub(crate) fn catalogue(language: Language) -> Catalogue {
    match language {
        Language::English => Catalogue { permissions: permissions_in_english(), presets: presets_in_english() },
    }
}

fn permissions_in_english() -> Vec<Permission> {
    let of_group = |group: &'static Group| {
        group.permissions.iter().map(|(name, risk, description)| Permission {
            name: (*name).into(),
            group: group.name.to_owned(),
            description: (*description).to_owned(),
            risk: *risk,
            suggests: suggested_by(name).into_iter().collect(),
            grantable: is_grantable(&(*name).into()),
        })
    };
    GROUPS.iter().flat_map(of_group).collect()
}

/// The resource's own `read`, where there is one and the action suggests it.
fn suggested_by(name: &str) -> Option<PermissionName> {
    let (resource, action) = name.split_once(':')?;
    let read = PermissionName::from(format!("{resource}:read"));
    (ACTIONS_THAT_SUGGEST_READ.contains(&action) && knows(&read)).then_some(read)
}

fn presets_in_english() -> Vec<Preset> {
    let preset = |id: &str, name: &str, names: Vec<PermissionName>| Preset {
        id: id.to_owned(),
        name: name.to_owned(),
        permissions: permissions::folded(names),
    };
    let reading = entries().filter(|(_, risk)| *risk == Read).map(|(name, _)| name.into()).collect();
    PRESETS
        .iter()
        .map(|(id, name, chosen)| preset(id, name, chosen.iter().map(|name| (*name).into()).collect()))
        .chain([preset("read-only", "Read-only", reading)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract's table, in short: R read, S sensitive read, W write, A admin.
    const CONTRACT: &str = "Inventory: devices:read R, devices:write W, devices:delete A, interfaces:read R, \
         topology:read R, sites:read R, sites:write W. Addressing: ipam:read R, ipam:write W. \
         Telemetry: metrics:read R, metrics:ingest W, events:ingest W, flows:read S, logs:read S. \
         Alerts: alerts:read R, alerts:acknowledge W, alert-rules:write W, maintenance:write W, \
         notifications:write A. Collectors: collectors:read R, collectors:enroll W, collectors:manage A. \
         Discovery: discovery:run W. Configuration: configs:read S, configs:backup W, configs:deploy A, \
         diagnostics:run W, credentials:write A. Views: dashboards:read R, dashboards:write W, reports:read R. \
         Links out: webhooks:write A. Organisation: users:read S, users:write A, settings:write A, audit:read S. \
         Tokens: tokens:review S, tokens:revoke A";

    fn letter(risk: Risk) -> &'static str {
        match risk {
            Read => "R",
            SensitiveRead => "S",
            Write => "W",
            Admin => "A",
        }
    }

    #[test]
    fn the_catalogue_is_the_contracts_38_permissions_in_11_groups() {
        let groups: Vec<String> = GROUPS
            .iter()
            .map(|group| {
                let names: Vec<String> =
                    group.permissions.iter().map(|(name, risk, _)| format!("{name} {}", letter(*risk))).collect();
                format!("{}: {}", group.name, names.join(", "))
            })
            .collect();
        assert_eq!(groups.join(". "), CONTRACT);
        assert_eq!((all().len(), SIZE, GROUPS.len()), (38, 38, 11));
    }

    #[test]
    fn what_is_written_suggests_reading_it_and_the_server_implies_nothing() {
        let suggestions: Vec<String> = permissions_in_english()
            .iter()
            .filter(|permission| !permission.suggests.is_empty())
            .map(|permission| format!("{} -> {}", permission.name, permission.suggests[0]))
            .collect();
        assert_eq!(
            suggestions,
            [
                "devices:write -> devices:read",
                "devices:delete -> devices:read",
                "sites:write -> sites:read",
                "ipam:write -> ipam:read",
                "alerts:acknowledge -> alerts:read",
                "collectors:manage -> collectors:read",
                "configs:backup -> configs:read",
                "configs:deploy -> configs:read",
                "dashboards:write -> dashboards:read",
                "users:write -> users:read",
            ]
        );
    }

    #[test]
    fn only_what_concerns_tokens_is_for_sessions_only() {
        let kept: Vec<PermissionName> = all().into_iter().filter(|name| !is_grantable(name)).collect();
        assert_eq!(kept, ["tokens:review", "tokens:revoke"].map(PermissionName::from));
    }

    #[test]
    fn the_six_presets_choose_what_there_is_and_read_only_chooses_nothing_confidential() {
        let presets = presets_in_english();
        assert_eq!(presets.len(), 6);
        for preset in &presets {
            assert!(preset.permissions.iter().all(|name| knows(name) && is_grantable(name)), "{}", preset.id);
        }
        assert_eq!(presets[5].permissions.len(), 10);
        assert!(!presets[5].permissions.contains(&"configs:read".into()));
    }
}
