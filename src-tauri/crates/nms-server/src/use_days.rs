//! The accepted calls of a token by day, told apart by who called and what for. However many callers there are, and
//! whatever they call themselves, a day has few records. No store, no clock: the ledger keeps what is not written yet
//! in this form, and what is written is read into it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use nms_api::limits::USE_DAYS;
use nms_api::{PermissionName, UseRecord};

/// From so many records on, programs are not told apart.
const MAX_WITH_AGENT: usize = 100;
/// From so many records on, addresses are not told apart either: what follows has one record for each permission.
const MAX_WITH_ADDRESS: usize = 200;

/// What the calls of one record have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CallKind {
    pub(crate) address: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) permission: Option<PermissionName>,
}

/// How many calls, and when the last came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) count: u64,
    pub(crate) last_at: DateTime<Utc>,
}

/// One day of a token.
#[derive(Clone, Debug, Default)]
pub(crate) struct UseDay(HashMap<CallKind, Calls>);

impl UseDay {
    /// Takes up a record that was written in this form.
    pub(crate) fn put(&mut self, kind: CallKind, calls: Calls) {
        self.0.insert(kind, calls);
    }

    /// Counts calls, and says as which kind: as they are, or as one that takes up what is not told apart any more.
    pub(crate) fn add(&mut self, kind: &CallKind, calls: Calls) -> CallKind {
        let kind = self.place(kind);
        let counted = self.0.entry(kind.clone()).or_insert(Calls { count: 0, ..calls });
        counted.count += calls.count;
        counted.last_at = counted.last_at.max(calls.last_at);
        kind
    }

    fn place(&self, kind: &CallKind) -> CallKind {
        let has_place = |kind: &CallKind, room: usize| self.0.contains_key(kind) || self.0.len() < room;
        if has_place(kind, MAX_WITH_AGENT) {
            return kind.clone();
        }
        let of_the_address = CallKind { agent: None, ..kind.clone() };
        if has_place(&of_the_address, MAX_WITH_ADDRESS) {
            return of_the_address;
        }
        CallKind { address: None, ..of_the_address }
    }

    /// The calls of a kind.
    pub(crate) fn of(&self, kind: &CallKind) -> Option<Calls> {
        self.0.get(kind).copied()
    }

    /// All kinds, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&CallKind, Calls)> {
        self.0.iter().map(|(kind, calls)| (kind, *calls))
    }
}

/// The days of a token.
#[derive(Clone, Debug, Default)]
pub(crate) struct UseDays(BTreeMap<NaiveDate, UseDay>);

impl UseDays {
    /// A day to count into.
    pub(crate) fn day(&mut self, day: NaiveDate) -> &mut UseDay {
        self.0.entry(day).or_default()
    }

    /// Counts what another has counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (day, calls) in other.iter() {
            let merged = self.day(day);
            for (kind, calls) in calls.iter() {
                merged.add(kind, calls);
            }
        }
    }

    /// The oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (NaiveDate, &UseDay)> {
        self.0.iter().map(|(day, calls)| (*day, calls))
    }

    /// As they are answered: from `first` on, the newest day first, within it the last call first.
    pub(crate) fn into_records(self, first: NaiveDate) -> Vec<UseRecord> {
        let days = self.0.into_iter().filter(|(day, _)| *day >= first);
        let mut records: Vec<UseRecord> = days
            .flat_map(|(day, calls)| calls.0.into_iter().map(move |(kind, calls)| record(day, kind, calls)))
            .collect();
        records.sort_by(|one, other| {
            let key = |record: &UseRecord| (record.day, record.last_at, record.count);
            key(other).cmp(&key(one))
        });
        records
    }
}

fn record(day: NaiveDate, kind: CallKind, calls: Calls) -> UseRecord {
    let CallKind { address, agent, permission } = kind;
    UseRecord { day, address, agent, permission, count: calls.count, last_at: calls.last_at }
}

/// The first of the days of which use is told.
pub(crate) fn first_day(now: DateTime<Utc>) -> NaiveDate {
    let today = now.date_naive();
    today.checked_sub_days(Days::new(u64::from(USE_DAYS - 1))).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

    fn kind(address: &str, agent: &str, permission: &str) -> CallKind {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        CallKind { address: known(address), agent: known(agent), permission: known(permission).map(Into::into) }
    }

    fn one_at(second: i64) -> Calls {
        Calls { count: 1, last_at: DateTime::from_timestamp(second, 0).unwrap() }
    }

    fn total(day: &UseDay) -> u64 {
        day.iter().map(|(_, calls)| calls.count).sum()
    }

    #[test]
    fn calls_that_have_all_in_common_are_one_record_with_the_last() {
        let mut day = UseDay::default();
        for second in [5, 9, 7] {
            day.add(&kind("10.0.0.1", "curl/8", "a:b"), one_at(second));
        }
        day.add(&kind("10.0.0.1", "curl/8", ""), one_at(1));
        assert_eq!(day.of(&kind("10.0.0.1", "curl/8", "a:b")), Some(Calls { count: 3, ..one_at(9) }));
        assert_eq!(day.iter().count(), 2);
    }

    #[test]
    fn a_flood_of_programs_hides_no_address() {
        let mut day = UseDay::default();
        for number in 0..10_000 {
            day.add(&kind("10.0.0.1", &format!("id {number}"), "a:b"), one_at(number));
        }
        day.add(&kind("10.0.0.2", "curl/8", "a:b"), one_at(1));
        assert_eq!((day.iter().count(), total(&day)), (102, 10_001));
        assert_eq!(day.of(&kind("10.0.0.1", "", "a:b")), Some(Calls { count: 9_900, ..one_at(9_999) }));
        assert_eq!(day.of(&kind("10.0.0.2", "", "a:b")), Some(one_at(1)));
        assert_eq!(day.add(&kind("10.0.0.1", "id 7", "a:b"), one_at(1)), kind("10.0.0.1", "id 7", "a:b"), "known");
    }

    #[test]
    fn a_flood_of_addresses_hides_no_permission() {
        let mut day = UseDay::default();
        for number in 0..10_000 {
            day.add(&kind(&format!("2001:db8::{number:x}"), "curl/8", "a:b"), one_at(number));
        }
        day.add(&kind("10.0.0.1", "curl/8", "c:d"), one_at(1));
        assert_eq!((day.iter().count(), total(&day)), (202, 10_001));
        assert_eq!(day.of(&kind("", "", "a:b")), Some(Calls { count: 9_800, ..one_at(9_999) }));
        assert_eq!(day.of(&kind("", "", "c:d")), Some(one_at(1)));
    }

    #[test]
    fn days_are_merged_by_the_same_rules_and_told_newest_first() {
        let (mut days, mut later) = (UseDays::default(), UseDays::default());
        for number in 0..150 {
            days.day(DAY).add(&kind("10.0.0.1", &format!("a {number}"), ""), one_at(number));
            later.day(DAY).add(&kind("10.0.0.1", &format!("b {number}"), ""), one_at(1000 + number));
        }
        later.day(DAY.succ_opt().unwrap()).add(&kind("10.0.0.3", "", ""), one_at(9_000));
        later.day(DAY.pred_opt().unwrap()).add(&kind("10.0.0.3", "", ""), one_at(9_000));
        days.merge(&later);
        let records = days.into_records(DAY);
        assert_eq!((records.len(), records.iter().map(|record| record.count).sum::<u64>()), (102, 301));
        assert_eq!(records[0].day, DAY.succ_opt().unwrap(), "and none before the first");
        assert!(records[1..].windows(2).all(|pair| pair[0].last_at >= pair[1].last_at));
    }

    #[test]
    fn use_is_told_of_thirty_days() {
        let first = first_day("2026-11-23T23:59:59Z".parse().unwrap());
        assert_eq!((first.to_string().as_str(), (DAY - first).num_days() + 1), ("2026-10-25", 30));
    }
}
