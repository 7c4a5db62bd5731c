use nms_api::{Catalogue, EventList, Me, Secret, TokenList};
use proptest::prelude::*;
use reqwest::header::HeaderValue;

use super::*;

const CREDENTIAL: &str = "session-c4n4ry-7Hq2";
const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

/// As many cases as the environment wants, or two thousand.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig { cases: 2_000, ..ProptestConfig::default() },
    }
}

/// What a server may write into a member.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        (".{0,5}", ".{0,5}").prop_map(|(before, after)| format!("{before}{CREDENTIAL}{after}")),
        (".{0,5}", ".{0,5}").prop_map(|(before, after)| format!("{before}{VALUE}{after}")),
        prop::sample::select(Slug::ALL).prop_map(|slug| format!("urn:palpabl:nms:problem:{slug}")),
    ]
}

fn member() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::from),
        prop::collection::vec(text(), 0..4).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        Just(Value::Null),
        prop::collection::btree_map(".{0,6}", text(), 0..3).prop_map(|map| serde_json::json!(map)),
    ]
}

/// The members of a problem, and others.
fn problem() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec!["type", "detail", "field", "permissions", "retry_after_s", "token", "x"]);
    let members = prop::collection::btree_map(name, member(), 0..7).boxed();
    let known = (members.clone(), prop::sample::select(Slug::ALL)).prop_map(|(mut members, slug)| {
        members.insert("type", Value::from(format!("urn:palpabl:nms:problem:{slug}")));
        members
    });
    let told = prop_oneof![3 => known, 1 => members];
    prop_oneof![
        4 => told.prop_map(|members| serde_json::json!(members).to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
    ]
}

fn answer(status: u16, headers: Vec<(&'static str, Vec<u8>)>, body: Vec<u8>) -> Answer {
    let status = StatusCode::from_u16(status).unwrap();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            map.insert(name, value);
        }
    }
    let request_id = None;
    Answer { status, headers: map, request_id, body: Zeroizing::new(body), is_too_heavy: false }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_said_instead_becomes_an_error_that_says_nothing_secret(
        status in prop_oneof![1 => 200u16..400, 3 => 400u16..600],
        json_type in prop::sample::select(vec!["application/problem+json", "application/json", "text/html", ""]),
        retry_after in prop_oneof![any::<u64>().prop_map(|seconds| seconds.to_string().into_bytes()), prop::collection::vec(32u8..=255, 0..30)],
        body in problem(),
    ) {
        let credential = Secret::new(CREDENTIAL.to_owned());
        let cleaner = Cleaner { credential: &credential };
        let answer = answer(status, vec![("content-type", json_type.as_bytes().to_vec()), ("retry-after", retry_after)], body);
        let error = answer.refusal(&cleaner);
        let mut told = format!("{error:?} {error}");
        match error {
            Error::Refused(refusal) => {
                prop_assert!(status >= 400 && json_type.ends_with("json"));
                prop_assert!(refusal.retry_after_s.is_none_or(|seconds| seconds <= 86_400));
                prop_assert!(refusal.detail.iter().chain(&refusal.field).all(|text| !text.contains(char::is_control)));
                told += &format!("{:?} {:?} {:?}", refusal.detail, refusal.field, refusal.permissions);
            }
            Error::NotTheContract { .. } | Error::Unexpected { .. } => {}
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        }
        prop_assert!(!told.contains(CREDENTIAL) && !told.contains("QuickBrown"), "{told}");
    }

    #[test]
    fn a_body_that_is_not_what_was_asked_for_is_an_error_that_repeats_none_of_it(body in problem()) {
        let credential = Secret::new(CREDENTIAL.to_owned());
        let cleaner = Cleaner { credential: &credential };
        let answer = answer(200, vec![("content-type", b"application/json".to_vec())], body);
        let ok = [StatusCode::OK];
        for error in [
            answer.read::<Token>(&ok, &cleaner).err(),
            answer.read::<TokenList>(&ok, &cleaner).err(),
            answer.read::<Me>(&ok, &cleaner).err(),
            answer.read::<Catalogue>(&ok, &cleaner).err(),
            answer.read::<EventList>(&ok, &cleaner).err(),
        ] {
            prop_assert!(matches!(error, Some(Error::NotTheContract { status: 200, request_id: None })), "{error:?}");
        }
    }
}
