//! Changing a token: only the version that was seen, and never told done when it is not.

use nms_api::{Etag, Slug, TokenChanges};
use nms_client::{Action, Error, Unreachable};
use serde_json::{Value, json};

use crate::{
    nms::{Nms, Step},
    samples::{ID, http, ok, problem, token, token_with},
};

fn changes() -> TokenChanges {
    TokenChanges {
        name: Some(Some("  Mu\u{308}nchen ".into())),
        permissions: Some(vec!["b:read".into(), "a:read".into(), "b:read".into()]),
        expires_at: Some("2027-01-01T00:00:00.123456789Z".parse().unwrap()),
        ..TokenChanges::default()
    }
}

/// The token after these changes, as a server keeps it.
fn changed(etag: &str) -> Value {
    token_with(&json!({
        "name": "M\u{fc}nchen", "permissions": ["a:read", "b:read"], "expires_at": "2027-01-01T00:00:00.123456Z",
        "etag": etag,
    }))
}

async fn update(steps: impl IntoIterator<Item = Step>) -> (Result<nms_api::Token, Error>, Vec<String>) {
    let nms = Nms::playing(steps).await;
    let result = nms.client().update_token(ID, &Etag("\"v1\"".into()), &changes()).await;
    (result, nms.methods())
}

#[tokio::test]
async fn a_change_names_the_version_that_was_seen() {
    let nms = Nms::answering(ok(&changed("\"v2\""))).await;
    let clear = TokenChanges { name: Some(None), ..TokenChanges::default() };
    let token = nms.client().update_token(ID, &Etag("\"v1\"".into()), &clear).await.unwrap();
    assert_eq!(token.etag.0, "\"v2\"");
    let request = &nms.requests()[0];
    assert_eq!(request.line, format!("PATCH /api/v1/tokens/{ID} HTTP/1.1"));
    assert_eq!(request.header("if-match"), Some("\"v1\""));
    assert_eq!(request.body, br#"{"name":null}"#);
}

#[tokio::test]
async fn a_stale_change_brings_the_token_as_it_is_now() {
    let stale = problem(412, "stale", &json!({"token": changed("\"v7\"")}));
    let (result, methods) = update([Step::Answer(stale)]).await;
    let Err(Error::Refused(refusal)) = result else { panic!("{result:?}") };
    assert_eq!(refusal.slug, Slug::Stale);
    assert_eq!(refusal.token.unwrap().etag.0, "\"v7\"");
    assert_eq!(methods, ["PATCH"]);
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_read_again() {
    for lost in [Step::Cut, Step::Answer(http("504 X", &[], "")), Step::CutAfter(ok(&token())[..50].to_vec())] {
        let (result, methods) = update([lost, Step::Answer(ok(&changed("\"v2\"")))]).await;
        assert_eq!(result.unwrap().etag.0, "\"v2\"");
        assert_eq!(methods, ["PATCH", "GET"], "it is never sent twice");
    }
}

#[tokio::test]
async fn a_pause_or_addresses_whose_answer_is_lost_are_not_taken_for_done() {
    let asked = TokenChanges {
        allowed_addresses: Some(vec!["::ffff:10.2.0.7".into(), "10.0.0.0/8".into()]),
        paused: Some(true),
        ..TokenChanges::default()
    };
    let done = json!({"etag": "\"v2\"", "allowed_addresses": ["10.0.0.0/8", "10.2.0.7/32"], "state": "paused"});
    for (other, is_done) in [
        (json!({}), true),
        (json!({"state": "active"}), false),
        (json!({"state": "expired"}), false),
        (json!({"allowed_addresses": []}), false),
    ] {
        let mut now = token_with(&done);
        now.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        let nms = Nms::playing([Step::Cut, Step::Answer(ok(&now))]).await;
        let result = nms.client().update_token(ID, &Etag("\"v1\"".into()), &asked).await;
        assert_eq!(result.is_ok(), is_done, "{other} {result:?}");
    }
}

#[tokio::test]
async fn a_change_that_did_not_happen_is_told_as_it_failed() {
    let (result, _) = update([Step::Cut, Step::Answer(ok(&token()))]).await;
    assert!(matches!(result, Err(Error::Cut)), "{result:?}");
    let fault = Step::Answer(problem(500, "internal", &json!({})));
    let (result, _) = update([fault, Step::Answer(ok(&token()))]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::Internal));
}

#[tokio::test]
async fn a_change_that_cannot_be_found_out_is_unknown() {
    let other = Step::Answer(ok(&token_with(&json!({"etag": "\"v2\"", "name": "somebody else's"}))));
    for second in [other, Step::Cut, Step::Answer(problem(404, "not-found", &json!({})))] {
        let (result, _) = update([Step::Cut, second]).await;
        let Err(Error::OutcomeUnknown { action, cause }) = result else { panic!("{result:?}") };
        assert!(matches!((action, *cause), (Action::Update, Error::Cut)));
    }
}

#[tokio::test]
async fn a_server_that_answers_that_it_failed_is_believed_also_when_it_cannot_be_asked_again() {
    let fault = || Step::Answer(problem(503, "storage-unavailable", &json!({})));
    let (result, _) = update([fault(), Step::Cut]).await;
    assert_eq!(result.unwrap_err().slug(), Some(Slug::StorageUnavailable));
    let page = || Step::Answer(http("502 Bad Gateway", &["Content-Type: text/html"], "<html>"));
    let (result, _) = update([page(), page()]).await;
    assert!(matches!(result, Err(Error::NotTheContract { status: 502, .. })), "{result:?}");
}

#[tokio::test]
async fn a_version_that_no_header_can_hold_is_not_sent() {
    let nms = Nms::answering(ok(&token())).await;
    for etag in ["", "\"a\r\nX-Evil: 1\"", "\"\u{1b}\""] {
        let result = nms.client().update_token(ID, &Etag(etag.into()), &changes()).await;
        assert!(matches!(result, Err(Error::NotSendable { what: "etag" })), "{result:?}");
    }
    assert_eq!(nms.requests().len(), 0);
}

#[tokio::test]
async fn a_change_that_was_never_sent_is_not_unknown() {
    let nms = Nms::answering(ok(&token())).await;
    let client = nms.client();
    drop(nms);
    tokio::task::yield_now().await;
    let result = client.update_token(ID, &Etag("\"v1\"".into()), &changes()).await;
    assert!(matches!(result, Err(Error::Unreachable { reason: Unreachable::Refused })), "{result:?}");
}
