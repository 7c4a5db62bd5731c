//! The permissions and presets that this server knows. Names, risks and rules are the contract's; a test holds them.
//! What they are called in which language stands in a file for each.
//!
//! Nothing here implies another permission: what one *suggests* is for a picker to add, and to say so.

mod arabic;
mod english;
mod german;

use nms_api::Risk::{self, Admin, Read, SensitiveRead, Write};
use nms_api::{Catalogue, Permission, PermissionName, Preset, permissions};

use crate::language::Language;

/// Permissions under one heading: name, risk.
struct Group {
    id: &'static str,
    permissions: &'static [(&'static str, Risk)],
}

/// What everything is called in one language, by id or name, in the catalogue's order.
struct Words {
    groups: [(&'static str, &'static str); GROUPS.len()],
    permissions: [(&'static str, &'static str); SIZE],
    presets: [(&'static str, &'static str); PRESETS.len() + 1],
}

/// In the order in which a picker shows them.
const GROUPS: [Group; 11] = [
    Group {
        id: "inventory",
        permissions: &[
            ("devices:read", Read),
            ("devices:write", Write),
            ("devices:delete", Admin),
            ("interfaces:read", Read),
            ("topology:read", Read),
            ("sites:read", Read),
            ("sites:write", Write),
        ],
    },
    Group { id: "addressing", permissions: &[("ipam:read", Read), ("ipam:write", Write)] },
    Group {
        id: "telemetry",
        permissions: &[
            ("metrics:read", Read),
            ("metrics:ingest", Write),
            ("events:ingest", Write),
            ("flows:read", SensitiveRead),
            ("logs:read", SensitiveRead),
        ],
    },
    Group {
        id: "alerts",
        permissions: &[
            ("alerts:read", Read),
            ("alerts:acknowledge", Write),
            ("alert-rules:write", Write),
            ("maintenance:write", Write),
            ("notifications:write", Admin),
        ],
    },
    Group {
        id: "collectors",
        permissions: &[("collectors:read", Read), ("collectors:enroll", Write), ("collectors:manage", Admin)],
    },
    Group { id: "discovery", permissions: &[("discovery:run", Write)] },
    Group {
        id: "configuration",
        permissions: &[
            ("configs:read", SensitiveRead),
            ("configs:backup", Write),
            ("configs:deploy", Admin),
            ("diagnostics:run", Write),
            ("credentials:write", Admin),
        ],
    },
    Group {
        id: "views",
        permissions: &[("dashboards:read", Read), ("dashboards:write", Write), ("reports:read", Read)],
    },
    Group { id: "links-out", permissions: &[("webhooks:write", Admin)] },
    Group {
        id: "organisation",
        permissions: &[
            ("users:read", SensitiveRead),
            ("users:write", Admin),
            ("settings:write", Admin),
            ("audit:read", SensitiveRead),
        ],
    },
    Group { id: "tokens", permissions: &[("tokens:review", SensitiveRead), ("tokens:revoke", Admin)] },
];

/// Actions that make little sense without seeing what they act on.
const ACTIONS_THAT_SUGGEST_READ: [&str; 6] = ["write", "delete", "acknowledge", "manage", "deploy", "backup"];

/// The resource whose permissions are for sessions only.
const SESSIONS_ONLY: &str = "tokens";

/// Id, and what it chooses, besides the one that chooses by risk.
const PRESETS: [(&str, &[&str]); 5] = [
    ("collector", &["collectors:enroll", "metrics:ingest", "events:ingest", "devices:read"]),
    ("prometheus-or-grafana", &["metrics:read", "devices:read"]),
    ("on-call-bot", &["alerts:read", "alerts:acknowledge"]),
    ("cmdb-sync", &["devices:read", "sites:read", "ipam:read"]),
    ("backup-job", &["configs:backup", "configs:read"]),
];

/// The preset that chooses all that is read and not confidential.
const READ_ONLY: &str = "read-only";

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
    GROUPS.iter().flat_map(|group| group.permissions).copied()
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

/// The catalogue as it is answered.
pub(crate) fn catalogue(language: Language) -> Catalogue {
    let words = words(language);
    Catalogue { permissions: permissions_in(words), presets: presets_in(words) }
}

fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &english::ENGLISH,
        Language::German => &german::GERMAN,
        Language::Arabic => &arabic::ARABIC,
    }
}

/// What the words call it; a test sees to it that they call everything something.
fn called(words: &[(&'static str, &'static str)], key: &'static str) -> String {
    words.iter().find(|(known, _)| *known == key).map_or(key, |(_, called)| called).to_owned()
}

fn permissions_in(words: &Words) -> Vec<Permission> {
    let of_group = |group: &'static Group| {
        group.permissions.iter().map(|(name, risk)| Permission {
            name: (*name).into(),
            group: called(&words.groups, group.id),
            description: called(&words.permissions, name),
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

fn presets_in(words: &Words) -> Vec<Preset> {
    let preset = |id: &'static str, names: Vec<PermissionName>| Preset {
        id: id.to_owned(),
        name: called(&words.presets, id),
        permissions: permissions::folded(names),
    };
    let reading = entries().filter(|(_, risk)| *risk == Read).map(|(name, _)| name.into()).collect();
    PRESETS
        .iter()
        .map(|(id, chosen)| preset(id, chosen.iter().map(|name| (*name).into()).collect()))
        .chain([preset(READ_ONLY, reading)])
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
                    group.permissions.iter().map(|(name, risk)| format!("{name} {}", letter(*risk))).collect();
                format!("{}: {}", called(&english::ENGLISH.groups, group.id), names.join(", "))
            })
            .collect();
        assert_eq!(groups.join(". "), CONTRACT);
        assert_eq!((all().len(), SIZE, GROUPS.len()), (38, 38, 11));
    }

    #[test]
    fn what_is_written_suggests_reading_it_and_the_server_implies_nothing() {
        let suggestions: Vec<String> = permissions_in(&english::ENGLISH)
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
        let presets = presets_in(&english::ENGLISH);
        assert_eq!(presets.len(), 6);
        for preset in &presets {
            assert!(preset.permissions.iter().all(|name| knows(name) && is_grantable(name)), "{}", preset.id);
        }
        assert_eq!(presets[5].permissions.len(), 10);
        assert!(!presets[5].permissions.contains(&"configs:read".into()));
    }

    #[test]
    fn every_language_calls_everything_something_of_its_own() {
        let groups: Vec<&str> = GROUPS.iter().map(|group| group.id).collect();
        let names: Vec<&str> = entries().map(|(name, _)| name).collect();
        let presets: Vec<&str> = PRESETS.iter().map(|(id, _)| *id).chain([READ_ONLY]).collect();
        for language in Language::ALL {
            let words = words(language);
            for (known, called) in
                [(&groups, &words.groups[..]), (&names, &words.permissions), (&presets, &words.presets)]
            {
                assert_eq!(called.iter().map(|(key, _)| *key).collect::<Vec<_>>(), *known, "{language:?}");
                let texts: std::collections::BTreeSet<&str> = called.iter().map(|(_, text)| text.trim()).collect();
                assert_eq!(texts.len(), known.len(), "two are called alike in {language:?}");
                assert!(!texts.contains(""), "{language:?}");
            }
        }
    }

    #[test]
    fn no_description_is_left_in_another_language() {
        let is_arabic = |text: &str| text.chars().any(|character| ('\u{600}'..='\u{6ff}').contains(&character));
        for (name, english) in english::ENGLISH.permissions {
            assert_ne!(called(&german::GERMAN.permissions, name), english, "{name}");
            assert!(is_arabic(&called(&arabic::ARABIC.permissions, name)), "{name}");
            assert!(!is_arabic(&called(&german::GERMAN.permissions, name)) && !is_arabic(english), "{name}");
        }
    }
}
