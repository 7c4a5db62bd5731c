//! Every type of answers, and problems: right ones, nearly right ones, and noise.

use std::sync::LazyLock;

use nms_api::{Problem, Slug};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value};

use crate::samples::{Sample, samples};

static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(samples);

/// Any JSON, small.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Of others the last digit may differ, which no answer has a use for.
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "9999-12-31T23:59:60Z",
            "-262143-01-01T00:00:00Z",
            "0000-00-00",
            "pnms_pat_x",
            "active"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..4).prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}

/// Every value within a value, itself included.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found))
        }
        Value::Object(members) => members.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

fn any_place(value: &Value, index: &Index) -> String {
    let mut found = Vec::new();
    places(value, "", &mut found);
    index.get(&found).clone()
}

/// What is read and written is read again as the same.
fn check(sample: &Sample, bytes: &[u8]) -> Result<(), TestCaseError> {
    let Some(once) = (sample.read)(bytes) else { return Ok(()) };
    if serde_json::from_str::<Value>(&once).is_ok() {
        prop_assert_eq!((sample.read)(once.as_bytes()), Some(once.clone()), "{}", sample.name);
    }
    Ok(())
}

#[test]
fn the_samples_are_right() {
    for Sample { name, right, read } in SAMPLES.iter() {
        let once = read(right.to_string().as_bytes());
        assert!(once.is_some(), "{name}");
    }
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn an_answer_with_one_value_changed_is_read_or_refused(which in any::<Index>(), place in any::<Index>(), put in json()) {
        let sample = which.get(&SAMPLES);
        let mut changed = sample.right.clone();
        let place = any_place(&changed, &place);
        *changed.pointer_mut(&place).unwrap() = put;
        check(sample, changed.to_string().as_bytes())?;
    }

    #[test]
    fn members_that_nobody_knows_are_passed_over(which in any::<Index>(), put in json()) {
        let sample = which.get(&SAMPLES);
        let mut more = sample.right.clone();
        more["a_member_of_later"] = put;
        prop_assert_eq!((sample.read)(more.to_string().as_bytes()), (sample.read)(sample.right.to_string().as_bytes()));
    }

    #[test]
    fn a_known_member_that_stands_there_twice_is_refused(which in any::<Index>(), member in any::<Index>()) {
        let sample = which.get(&SAMPLES);
        let members: Vec<(&String, &Value)> = sample.right.as_object().unwrap().iter().collect();
        let (name, value) = member.get(&members);
        let twice = format!("{{{}:{value},{}", Value::from(name.as_str()), &sample.right.to_string()[1..]);
        prop_assert_eq!((sample.read)(twice.as_bytes()), None, "{} {}", sample.name, name);
    }

    #[test]
    fn a_text_with_some_bytes_changed_is_read_or_refused(
        which in any::<Index>(), at in any::<Index>(), removed in 0usize..20, put in prop::collection::vec(any::<u8>(), 0..8),
    ) {
        let sample = which.get(&SAMPLES);
        let mut bytes = sample.right.to_string().into_bytes();
        let at = at.index(bytes.len());
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, put);
        check(sample, &bytes)?;
    }

    #[test]
    fn noise_is_read_as_nothing_or_refused(which in any::<Index>(), noise in prop::collection::vec(any::<u8>(), 0..64), value in json()) {
        let sample = which.get(&SAMPLES);
        check(sample, &noise)?;
        check(sample, value.to_string().as_bytes())?;
    }

    #[test]
    fn a_problem_has_the_slug_at_the_end_of_its_type_or_none(kind in prop_oneof![
        any::<String>(),
        (".{0,20}", prop::sample::select(Slug::ALL)).prop_map(|(before, slug)| format!("{before}{slug}")),
        (".{0,20}[:/#]", prop::sample::select(Slug::ALL)).prop_map(|(before, slug)| format!("{before}{slug}")),
    ]) {
        let problem = Problem { kind: kind.clone(), ..Problem::new(Slug::Internal, "T") };
        if let Some(slug) = problem.slug() {
            prop_assert!(kind.ends_with(slug.as_str()), "{kind}");
        }
        let again: Problem = serde_json::from_str(&serde_json::to_string(&problem).unwrap()).unwrap();
        prop_assert_eq!(again.slug(), problem.slug());
    }
}
