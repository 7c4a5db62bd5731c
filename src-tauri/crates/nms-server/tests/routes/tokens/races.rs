//! Editors of one token at the same time: nobody's change is lost.

use serde_json::{Value, json};

use crate::nms::Nms;
use crate::rounds::{rounds, tell};

/// So many at a time.
const EDITORS: usize = 8;

/// A description in which each editor has a number of their own.
fn numbers(token: &Value) -> Vec<usize> {
    token["description"].as_str().unwrap().split(' ').map(|number| number.parse().unwrap()).collect()
}

fn description(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Raises the number of `editor` so many times, each time from what they saw last; how often somebody else was faster.
async fn edit(nms: &Nms, mut seen: Value, editor: usize, times: usize) -> usize {
    let id = seen["id"].as_str().unwrap().to_owned();
    let (mut done, mut stale) = (0, 0);
    while done < times {
        let mut numbers = numbers(&seen);
        numbers[editor] += 1;
        let body = json!({"description": description(&numbers)});
        let answer = nms.patch(&id, seen["etag"].as_str().unwrap(), &body).await;
        if answer.status == 200 {
            seen = answer.json();
            assert_eq!(seen["description"], body["description"]);
            done += 1;
        } else {
            seen = answer.refused(412, "stale").json()["token"].clone();
            stale += 1;
        }
    }
    stale
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_editors_at_once_none_loses_an_update() {
    let nms = Nms::start().await;
    let made = nms.make(json!({"description": description(&[0; EDITORS])})).await;
    let times = rounds(100, 1_000).div_ceil(EDITORS);
    let editors = (0..EDITORS).map(|editor| edit(&nms, made.token.clone(), editor, times));
    let stale: usize = futures_util::future::join_all(editors).await.into_iter().sum();
    assert_eq!(numbers(&nms.token(&made.id).await), [times; EDITORS]);
    assert!(stale > 0, "they did not meet");
    tell(&format!("{} updates of one token, {stale} refused as stale, 0 lost", times * EDITORS));
}
