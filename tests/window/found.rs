//! A value is found in public: whoever finds it says so by its hash, and the window leads its owner to another value.

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop, axe};
use serde_json::json;

/// Reports a value, as somebody does who has no credential here.
#[track_caller]
fn report(app: &App<'_>, value: &str) {
    let said = |program: &str, arguments: &[&str], input| {
        app.desktop().run(program, arguments, input).map(|said| said.succeeded().text()).unwrap_or_default()
    };
    let hash = said("sha256sum", &[], Some(value.as_bytes()));
    let body = json!({"sha256": [hash.split_whitespace().next()]}).to_string();
    let url = format!("{}/api/v1/tokens/report", app.server());
    let json = ["--header", "Content-Type: application/json", "--data", &body];
    let all = [&["--silent", "--write-out", "%{http_code}"], &json[..], &[&url]].concat();
    assert_eq!(said("curl", &all, None), "202");
}

#[test]
fn a_value_that_was_found_in_public_is_said_above_the_list_and_deleted_and_replaced() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let [found, other] = ["poller-03", "backup-nightly"].map(|name| app.seed(name, &["devices:read"]));
    report(&app, &found);
    let listed = || app.ask("list_tokens", &json!({"query": {"q": "poller-03"}}))["tokens"][0].clone();
    until_true("the report was written down", || !listed()["reported_at"].is_null());
    app.look_away_and_back();
    app.until_it_says("The value of “poller-03” was found in public");
    app.until_it_says("Whoever finds it can use it.");
    assert!(!app.text().contains("The value of “backup-nightly”"), "the other was not");
    assert_eq!(axe::violations(&app), Vec::<String>::new());
    assert_eq!([&found, &other].map(|token| app.use_token(token, "devices:read")), [200, 200], "it goes on until then");

    app.tab_to("button", "Delete and replace…");
    app.press("Return");
    let question = app.find("alertdialog", "Replace “poller-03”?");
    app.until_focus_on("button", "Keep it");
    question.find("button", "Replace token").until_enabled().click();
    let new = app.copy();
    app.until_it_says("The old token was deleted: the new value was handed over.");
    app.done();
    until_true("the notice has gone with the token", || !app.text().contains("was found in public"));
    assert_eq!([&found, &new, &other].map(|token| app.use_token(token, "devices:read")), [401, 200, 200]);
}
