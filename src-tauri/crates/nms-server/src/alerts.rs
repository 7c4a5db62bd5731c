//! Alerts as they are told: what one says follows from its token, the clock and the caller's language. No store here,
//! and nothing about when one is raised or closed.

use chrono::{DateTime, TimeDelta, Utc};
use nms_api::{Alert, AlertKind, AlertSeverity, AlertState};

use crate::language::Language;
use crate::store::AlertRow;

const WARNING_BEFORE: TimeDelta = TimeDelta::days(7);
const CRITICAL_BEFORE: TimeDelta = TimeDelta::days(1);

/// As it is answered at `now`. A closed one stays as it was when it was closed.
pub(crate) fn told(row: &AlertRow, language: Language, now: DateTime<Utc>) -> Alert {
    let (kind, severity) = if row.is_report {
        (AlertKind::TokenReported, AlertSeverity::Critical)
    } else {
        judged(row.expires_at, row.closed_at.unwrap_or(now))
    };
    Alert {
        id: row.id,
        kind,
        title: title(row, kind, language),
        severity,
        state: if row.closed_at.is_some() { AlertState::Closed } else { AlertState::Open },
        token_id: row.token_id,
        expires_at: row.expires_at,
        refused_count: row.refused_count,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
    }
}

fn judged(expires_at: DateTime<Utc>, at: DateTime<Utc>) -> (AlertKind, AlertSeverity) {
    let left = expires_at - at;
    if left <= TimeDelta::zero() {
        (AlertKind::TokenExpired, AlertSeverity::Critical)
    } else if left <= CRITICAL_BEFORE {
        (AlertKind::TokenExpiring, AlertSeverity::Critical)
    } else if left <= WARNING_BEFORE {
        (AlertKind::TokenExpiring, AlertSeverity::Warning)
    } else {
        (AlertKind::TokenExpiring, AlertSeverity::Info)
    }
}

/// An instant and not "in 3 days": a console that compares titles must not see a new alert every day.
fn title(row: &AlertRow, kind: AlertKind, language: Language) -> String {
    let name = row.name.as_deref().unwrap_or(&row.masked);
    let at = row.expires_at.format("%Y-%m-%d %H:%M UTC");
    let refused = row.refused_count;
    match (kind, language) {
        (AlertKind::TokenExpiring, Language::English) => format!("The token \"{name}\" expires on {at}"),
        (AlertKind::TokenExpiring, Language::German) => format!("Das Token „{name}“ läuft ab: {at}"),
        // Isolated, so that neither the name nor the instant turns the sentence around.
        (AlertKind::TokenExpiring, Language::Arabic) => {
            format!("تنتهي صلاحية الرمز «\u{2068}{name}\u{2069}» في \u{2066}{at}\u{2069}")
        }
        (AlertKind::TokenExpired, Language::English) => {
            format!("The token \"{name}\" has expired: source silent, refused calls {refused}")
        }
        (AlertKind::TokenExpired, Language::German) => {
            format!("Das Token „{name}“ ist abgelaufen: Quelle verstummt, abgelehnte Aufrufe {refused}")
        }
        (AlertKind::TokenExpired, Language::Arabic) => {
            format!("انتهت صلاحية الرمز «\u{2068}{name}\u{2069}»: المصدر صامت، عدد الطلبات المرفوضة {refused}")
        }
        (AlertKind::TokenReported, Language::English) => {
            format!("The value of the token \"{name}\" was found in public: delete and replace it")
        }
        (AlertKind::TokenReported, Language::German) => {
            format!("Der Wert des Tokens „{name}“ wurde öffentlich gefunden: löschen und ersetzen")
        }
        (AlertKind::TokenReported, Language::Arabic) => {
            format!("عُثر على قيمة الرمز «\u{2068}{name}\u{2069}» في مكان عام: احذفه واستبدله")
        }
    }
}

#[cfg(test)]
mod tests {
    use nms_api::TokenId;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn row(name: Option<&str>, closed_at: Option<&str>) -> AlertRow {
        AlertRow {
            id: Uuid::nil(),
            token_id: TokenId(Uuid::nil()),
            name: name.map(str::to_owned),
            masked: "pnms_pat_a1b2c3d4…f9g0".to_owned(),
            expires_at: at("2026-12-07T09:30:00Z"),
            refused_count: 12,
            opened_at: at("2026-11-23T09:30:00Z"),
            closed_at: closed_at.map(at),
            is_report: false,
        }
    }

    #[track_caller]
    fn check(now: &str, kind: AlertKind, severity: AlertSeverity) {
        let told = told(&row(None, None), Language::English, at(now));
        assert_eq!((told.kind, told.severity, told.state), (kind, severity, AlertState::Open), "{now}");
    }

    #[test]
    fn the_nearer_the_expiry_the_worse_it_is() {
        check("2026-11-23T09:30:00Z", AlertKind::TokenExpiring, AlertSeverity::Info);
        check("2026-11-30T09:29:59Z", AlertKind::TokenExpiring, AlertSeverity::Info);
        check("2026-11-30T09:30:00Z", AlertKind::TokenExpiring, AlertSeverity::Warning);
        check("2026-12-06T09:29:59Z", AlertKind::TokenExpiring, AlertSeverity::Warning);
        check("2026-12-06T09:30:00Z", AlertKind::TokenExpiring, AlertSeverity::Critical);
        check("2026-12-07T09:29:59Z", AlertKind::TokenExpiring, AlertSeverity::Critical);
        check("2026-12-07T09:30:00Z", AlertKind::TokenExpired, AlertSeverity::Critical);
    }

    #[test]
    fn what_was_found_in_public_is_critical_whenever_it_expires() {
        let reported = AlertRow { is_report: true, ..row(Some("poller-03"), None) };
        for now in ["2026-11-23T09:30:00Z", "2027-11-23T09:30:00Z"] {
            let told = told(&reported, Language::English, at(now));
            assert_eq!((told.kind, told.severity), (AlertKind::TokenReported, AlertSeverity::Critical));
        }
        assert_eq!(
            Language::ALL.map(|language| told(&reported, language, at("2026-12-01T00:00:00Z")).title),
            [
                "The value of the token \"poller-03\" was found in public: delete and replace it",
                "Der Wert des Tokens „poller-03“ wurde öffentlich gefunden: löschen und ersetzen",
                "عُثر على قيمة الرمز «\u{2068}poller-03\u{2069}» في مكان عام: احذفه واستبدله",
            ]
        );
    }

    #[test]
    fn what_is_closed_stays_as_it_was_then() {
        let closed = row(None, Some("2026-12-01T00:00:00Z"));
        let told = told(&closed, Language::English, at("2027-01-01T00:00:00Z"));
        assert_eq!(
            (told.kind, told.severity, told.state),
            (AlertKind::TokenExpiring, AlertSeverity::Warning, AlertState::Closed)
        );
    }

    #[test]
    fn a_title_says_which_token_in_the_language_of_the_caller() {
        let title = |name, language, now| told(&row(name, None), language, at(now)).title;
        let (before, after) = ("2026-12-01T00:00:00Z", "2026-12-08T00:00:00Z");
        let titles: Vec<String> = Language::ALL
            .into_iter()
            .flat_map(|language| [before, after].map(|now| title(Some("poller-03"), language, now)))
            .collect();
        assert_eq!(
            titles,
            [
                "The token \"poller-03\" expires on 2026-12-07 09:30 UTC",
                "The token \"poller-03\" has expired: source silent, refused calls 12",
                "Das Token „poller-03“ läuft ab: 2026-12-07 09:30 UTC",
                "Das Token „poller-03“ ist abgelaufen: Quelle verstummt, abgelehnte Aufrufe 12",
                "تنتهي صلاحية الرمز «\u{2068}poller-03\u{2069}» في \u{2066}2026-12-07 09:30 UTC\u{2069}",
                "انتهت صلاحية الرمز «\u{2068}poller-03\u{2069}»: المصدر صامت، عدد الطلبات المرفوضة 12",
            ]
        );
        assert_eq!(
            title(None, Language::English, before),
            "The token \"pnms_pat_a1b2c3d4…f9g0\" expires on 2026-12-07 09:30 UTC"
        );
    }
}
