//! Finding tokens in the list and acting on many: search, filters, order and selection, all of them the server's work.

use palpabl_nms_settings_tests::page::Part;
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::relay::Relay;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

#[track_caller]
fn until_listed(app: &App<'_>, names: &[&str]) {
    until_true(&format!("the list is {names:?}"), || app.listed() == names);
}

fn mark(app: &App<'_>, names: &[&str]) {
    for name in names {
        app.find("checkbox", &format!("Select {name}")).click();
    }
}

#[test]
fn search_and_filters_narrow_together_while_their_counts_stay() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.seed("grafana", &["metrics:read"]);
    let used = app.seed("poller-01", &["devices:read", "devices:write"]);
    app.seed("poller-02", &["devices:read", "devices:write"]);
    app.seed("poller-03", &["devices:read"]);
    assert_eq!(app.use_token(&used, "devices:read"), 200);
    app.look_away_and_back();
    until_listed(&app, &["poller-03", "poller-02", "poller-01", "grafana"]);

    let search = app.find("searchbox", "Search tokens");
    search.enter("poll");
    until_listed(&app, &["poller-03", "poller-02", "poller-01"]);
    app.find("button", "Never used 3").click();
    until_listed(&app, &["poller-03", "poller-02"]);
    app.find("button", "Filter, 1 on").click();
    app.find("checkbox", "Can write, 2 tokens").click();
    app.press("Escape");
    until_listed(&app, &["poller-02"]);

    app.find("button", "All 4").click();
    search.replace_with("metrics:read");
    until_listed(&app, &["grafana"]);
    search.replace_with("nobody");
    app.until_it_says("No token matches");
    app.find("button", "Show all tokens").click();
    until_listed(&app, &["poller-03", "poller-02", "poller-01", "grafana"]);
}

fn sorted_column(app: &App<'_>) -> String {
    let script = "const head = document.querySelector('[aria-sort]:not([aria-sort=none])');
        return `${head.innerText.trim()} ${head.ariaSort}`";
    app.look(script).as_str().unwrap_or_default().to_owned()
}

#[test]
fn order_and_filter_hold_after_a_restart() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    for (name, days) in [("b-next-week", 7), ("c-next-year", 300), ("a-next-month", 30)] {
        app.seed_as(&json!({"name": name, "permissions": ["metrics:read"], "expires_at": desktop.in_days(days)}));
    }
    let used = app.seed("used", &["metrics:read"]);
    assert_eq!(app.use_token(&used, "metrics:read"), 200);
    app.look_away_and_back();
    until_listed(&app, &["used", "a-next-month", "c-next-year", "b-next-week"]);

    app.find("button", "Expires").click();
    until_listed(&app, &["b-next-week", "a-next-month", "used", "c-next-year"]);
    app.find("button", "Sort: Expires soonest");
    assert_eq!(sorted_column(&app), "Expires ascending");
    app.find("button", "Expires").click();
    until_listed(&app, &["c-next-year", "used", "a-next-month", "b-next-week"]);
    app.find("button", "Never used 3").click();
    until_listed(&app, &["c-next-year", "a-next-month", "b-next-week"]);
    until_true("both are kept", || {
        let kept = app.ask("describe_settings", &json!({})).to_string();
        kept.contains("-expires_at") && kept.contains("never_used")
    });
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    until_listed(&app, &["c-next-year", "a-next-month", "b-next-week"]);
    assert_eq!(sorted_column(&app), "Expires descending");
    assert_eq!(app.find("button", "Never used 3").attribute("aria-pressed").as_deref(), Some("true"));
}

/// The question about the marked ones, which lists them.
#[track_caller]
fn ask<'app>(app: &'app App<'_>, button: &str, title: &str) -> Part<'app> {
    app.find("button", button).click();
    app.find("alertdialog", title)
}

#[test]
fn two_are_deleted_with_one_question_that_tells_each_ones_end() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let [first, second, third] = ["first", "second", "third"].map(|name| app.seed(name, &["devices:read"]));
    assert_eq!(app.use_token(&second, "devices:read"), 200);
    app.look_away_and_back();
    mark(&app, &["first", "second"]);

    let question = ask(&app, "Delete…", "Delete 2 tokens?");
    app.until_focus_on("button", "Cancel");
    question.until_it_says("1 of them was used in the last 30 days");
    // Each by its value too: a name may be another's.
    let [one, two] = [&first, &second].map(|token| format!("{}…{}", &token[..17], &token[token.len() - 4..]));
    question.until_it_says(&format!("second {two} used just now")).until_it_says(&format!("first {one} never"));
    question.find("button", "Delete 2 tokens").click();
    question.until_it_says("2 tokens done.");
    question.until_it_says(&format!("first {one} deleted")).until_it_says(&format!("second {two} deleted"));
    question.find("button", "Done").click();
    app.until_no_dialog();
    until_listed(&app, &["third"]);
    assert_eq!([first, second, third].map(|token| app.use_token(&token, "devices:read")), [401, 401, 200]);
}

#[test]
fn many_are_paused_until_somebody_stops_it() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = App::start_with(&desktop, &[("PALPABL_E2E_RELAY", &relay.address())]);
    relay.forward_to(app.server_port());
    app.until_ready();
    let tokens: Vec<_> = (1..=12).map(|number| app.seed(&format!("t{number}"), &["devices:read"])).collect();
    let refused = || tokens.iter().filter(|token| app.use_token(token, "devices:read") == 401).count();
    app.look_away_and_back();
    app.find("checkbox", "Select t12");
    app.find("checkbox", "Select all that are shown").click();

    let question = ask(&app, "Pause", "Pause 12 tokens?");
    relay.hold_answers_to("PATCH ");
    question.find("button", "Pause 12 tokens").click();
    relay.until_held();
    question.find("progressbar", "Pause 12 tokens");
    question.find("button", "Stop").click();
    app.until_it_says("Stopping after this one");
    relay.let_answers_go();
    question.until_it_says("1 token done. 11 were not begun and are unchanged.");
    assert_eq!(refused(), 1);

    question.find("button", "Try 11 again").click();
    question.until_it_says("12 tokens done.");
    question.find("button", "Done").click();
    app.until_no_dialog();
    assert_eq!(refused(), 12);
}
