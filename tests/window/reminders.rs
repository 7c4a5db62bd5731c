//! Reminders of expiries on a desktop with a daemon for notifications, without one, and with one that hangs.

use palpabl_nms_settings_tests::display::Place;
use palpabl_nms_settings_tests::notifier::{Manners, Notifier, Shown};
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::{Value, json};

/// A token that expires in this many days and an hour less.
#[track_caller]
fn token_for_days(app: &App<'_>, name: &str, days: u32) {
    let expires_at = app.look(&format!("return new Date(Date.now() + ({days} * 24 - 1) * 3600e3).toISOString()"));
    let request = json!({"name": name, "permissions": ["metrics:read"], "expires_at": expires_at});
    let created = app.ask("create_token", &json!({ "request": request }));
    app.ask("close_vault", &json!({"handle": created["vault"]["handle"]}));
}

/// The sentence that a page could make of a reminder.
fn words(reminder: &Value) -> Value {
    let tokens = list(&reminder["tokens"]);
    let told =
        |token: &Value| json!({"token_id": token["id"], "expires_at": token["expires_at"], "step": reminder["step"]});
    let names: Vec<_> = tokens.iter().filter_map(|token| token["name"].as_str()).collect();
    json!({ "words": {
        "title": format!("{} tokens expire soon", tokens.len()),
        "body": names.join(" & "),
        "click": "Show",
        "token_id": if tokens.len() == 1 { tokens[0]["id"].clone() } else { Value::Null },
        "told": tokens.iter().map(told).collect::<Vec<_>>(),
    }})
}

#[track_caller]
fn due(app: &App<'_>) -> Vec<Value> {
    list(&app.ask("due_reminders", &json!({})))
}

#[track_caller]
fn list(value: &Value) -> Vec<Value> {
    assert!(value.is_array(), "{value}");
    value.as_array().cloned().unwrap_or_default()
}

#[test]
fn each_expiry_is_told_once_together_and_a_click_opens_the_token() {
    let desktop = Desktop::new();
    let notifier = Notifier::start(&desktop, Manners::Able);
    let app = App::start(&desktop);
    app.until_ready();
    [("later", 90), ("a<b>", 6), ("c", 5), ("today", 1)]
        .iter()
        .for_each(|(name, days)| token_for_days(&app, name, *days));

    let reminders = due(&app);
    let steps: Vec<_> = reminders.iter().map(|reminder| (&reminder["step"], list(&reminder["tokens"]).len())).collect();
    assert_eq!(steps, [(&json!("day_1"), 1), (&json!("days_7"), 2)]);
    for reminder in &reminders {
        assert_eq!(app.ask("show_reminder", &words(reminder)), json!("shown"));
    }
    let actions = vec!["default".to_owned(), "Show".to_owned()];
    let shown =
        |id, title: &str, body: &str| Shown { id, title: title.into(), body: body.into(), actions: actions.clone() };
    let expected = [shown(1, "1 tokens expire soon", "today"), shown(2, "2 tokens expire soon", "c &amp; a&lt;b&gt;")];
    assert_eq!(notifier.shown(), expected);
    assert_eq!(due(&app), Vec::<Value>::new());

    app.hear("open_token");
    app.display().open_another_window(Place { x: 40, y: 40, width: 400, height: 300 });
    notifier.click(99);
    notifier.click(1);
    until_true("the window has the keyboard", || app.display().focused() == app.window());
    until_true("the page was told", || !app.told("open_token").is_empty());
    notifier.close(2);
    notifier.click(2);
    notifier.click(1);
    assert_eq!(app.told("open_token"), [json!({"id": reminders[0]["tokens"][0]["id"]})], "each once, and only ours");
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.until_ready();
    assert_eq!(due(&app), Vec::<Value>::new(), "it was told before the restart");
}

#[test]
fn the_page_reminds_at_its_start_and_a_click_shows_the_details() {
    let desktop = Desktop::new();
    let notifier = Notifier::start(&desktop, Manners::Able);
    let app = App::start(&desktop);
    app.until_ready();
    token_for_days(&app, "poller-03", 6);
    token_for_days(&app, "later", 90);
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.until_ready();
    until_true("the page's own reminder", || notifier.shown().len() == 1);
    let shown = notifier.shown().remove(0);
    assert!(shown.body.contains("poller-03"), "{shown:?}");
    // The badge on the tab, and the one on the avatar.
    app.find("tab", "API tokens 1 token expires within 14 days");
    app.find_like("button", "account menu · 1 token expires within 14 days");
    app.find("tab", "Profile").click();
    app.display().open_another_window(Place { x: 40, y: 40, width: 400, height: 300 });
    notifier.click(shown.id);
    until_true("the window has the keyboard", || app.display().focused() == app.window());
    app.find("complementary", "poller-03").until_it_says("Expires");
    app.until_focus_on("button", "poller-03, details");
}

#[test]
fn a_click_on_a_reminder_of_several_shows_just_what_expires_soon() {
    let desktop = Desktop::new();
    let notifier = Notifier::start(&desktop, Manners::Able);
    let app = App::start(&desktop);
    app.until_ready();
    [("poller-03", 6), ("grafana", 5), ("later", 90)].iter().for_each(|(name, days)| token_for_days(&app, name, *days));
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    app.until_ready();
    until_true("one reminder of both", || notifier.shown().len() == 1);
    let shown = notifier.shown().remove(0);
    assert!(["poller-03", "grafana"].iter().all(|name| shown.body.contains(name)), "{shown:?}");
    app.find("tab", "Preferences").click();
    notifier.click(shown.id);
    until_true("just these two", || app.listed() == ["grafana", "poller-03"]);
    app.until_it_says("2 of 3 match");
    assert!(!app.shows("complementary", "grafana"), "which of them is for the person to say");
}

#[test]
fn a_lapse_ahead_is_an_alert_for_operators_until_it_is_mended() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let expires_at = desktop.in_days(5);
    let poller = json!({"name": "poller-03", "permissions": ["alerts:read"], "expires_at": expires_at});
    let poller = app.seed_as(&poller);
    let open = || {
        let alerts = desktop.curl(&format!("{}/api/v1/alerts", app.server()), &poller, None).json()["alerts"].clone();
        let about = |alert: &&Value| alert["title"].as_str().is_some_and(|title| title.contains("poller-03"));
        list(&alerts).iter().filter(about).map(|alert| json!([alert["severity"], alert["state"]])).collect::<Vec<_>>()
    };
    // Its own question makes it a token that is in use.
    until_true("the alert", || open() == [json!(["warning", "open"])]);
    app.look_away_and_back();
    app.find("button", "Edit poller-03").click();
    let edit = app.find("dialog", "Edit “poller-03”");
    edit.find("button", "90 days").click();
    edit.find("button", "Save").click();
    app.find_like("alertdialog", "more power").find("button", "Save with more power").click();
    app.until_no_dialog();
    until_true("the alert is closed", || open().iter().all(|alert| alert[1] == "closed"));
}

#[test]
fn without_a_daemon_nothing_is_shown_nothing_hangs_and_it_stays_due() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    token_for_days(&app, "poller-03", 5);
    let reminder = due(&app).remove(0);
    assert_eq!(app.ask("show_reminder", &words(&reminder)), json!("unavailable"));
    assert_eq!(due(&app), std::slice::from_ref(&reminder));

    let silent = Notifier::start(&desktop, Manners::Silent);
    let asked = app.begin("show_reminder", &words(&reminder));
    token_for_days(&app, "meanwhile", 90);
    assert_eq!(asked.answer(), json!("unavailable"));
    drop(silent);

    let notifier = Notifier::start(&desktop, Manners::WithoutActions);
    assert_eq!(app.ask("show_reminder", &words(&reminder)), json!("shown"));
    let expected = Shown { id: 1, title: "1 tokens expire soon".into(), body: "poller-03".into(), actions: vec![] };
    assert_eq!(notifier.shown(), [expected]);
    assert_eq!(due(&app), Vec::<Value>::new());
    drop(notifier);

    // One that comes later is clicked like any other, and all of this took one thread.
    let notifier = Notifier::start(&desktop, Manners::Able);
    token_for_days(&app, "another", 5);
    let reminder = due(&app).remove(0);
    assert_eq!(app.ask("show_reminder", &words(&reminder)), json!("shown"));
    app.hear("open_token");
    notifier.click(1);
    until_true("the page was told", || app.told("open_token") == [json!({"id": reminder["tokens"][0]["id"]})]);
    assert_eq!(threads_of(app.pid(), "notification cl"), 1);
}

/// Threads of a process whose name begins so; the system keeps 15 characters of it.
#[track_caller]
fn threads_of(pid: u32, name: &str) -> usize {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
    let names = tasks.into_iter().flatten().flatten().map(|task| std::fs::read_to_string(task.path().join("comm")));
    names.filter(|found| found.as_ref().is_ok_and(|found| found.starts_with(name))).count()
}

#[test]
fn who_wants_no_reminders_gets_none() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    token_for_days(&app, "poller-03", 5);
    assert_eq!(due(&app).len(), 1);
    let mut settings = app.ask("describe_settings", &json!({}))["settings"].clone();
    settings["reminders"] = json!(false);
    app.ask("change_settings", &json!({ "settings": settings }));
    assert_eq!(due(&app), Vec::<Value>::new());
}
