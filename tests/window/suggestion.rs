//! What a token could do without, out of a week of real use: offered, never done by itself.

use palpabl_nms_settings_tests::{App, Desktop};

const DAY_S: u32 = 86_400;

#[test]
fn a_week_of_use_offers_just_what_was_needed_and_from_where() {
    let desktop = Desktop::new();
    let behind = desktop.folder().join("behind");
    let days_ago = |days: u32| std::fs::write(&behind, (days * DAY_S).to_string()).unwrap();
    let path = behind.display().to_string();
    let environment = [("PALPABL_E2E_SERVER_BEHIND", path.as_str())];
    days_ago(8);
    let app = App::start_with(&desktop, &environment);
    app.until_ready();
    let token = app.seed("poller-03", &["alerts:read", "devices:read", "devices:write"]);
    for days in (0..8).rev() {
        days_ago(days);
        assert_eq!(app.use_token(&token, "devices:read"), 200);
    }
    app.terminate();
    drop(app);

    let app = App::start_with(&desktop, &environment);
    app.find("button", "poller-03, details").click();
    let details = app.find("complementary", "poller-03");
    details.until_it_says("Needed 1 of 3 permissions, on 8 of the last 30 days.");
    details.until_it_says("Used from 127.0.0.1 only.");
    details.find("button", "Edit with just these").click();
    let dialog = app.find("dialog", "Edit “poller-03”");
    dialog.until_it_says("1 of 36 chosen");
    assert_eq!(app.use_token(&token, "alerts:read"), 200, "nothing changed by itself");
    dialog.find("button", "Save").until_enabled().click();
    app.until_no_dialog();
    assert_eq!(["devices:read", "alerts:read"].map(|one| app.use_token(&token, one)), [200, 403]);

    app.find("complementary", "poller-03").find("button", "Allow only these").click();
    let dialog = app.find("dialog", "Edit “poller-03”");
    assert_eq!(dialog.find("textbox", "Accept only from (optional)").value(), "127.0.0.1");
    dialog.find("button", "Save").until_enabled().click();
    app.until_no_dialog();
    app.find("complementary", "poller-03").until_it_says("Accepted only from");
    assert_eq!(app.use_token(&token, "devices:read"), 200);
}

#[test]
fn an_address_that_comes_after_the_first_days_is_an_event_and_is_not_proposed() {
    let desktop = Desktop::new();
    let behind = desktop.folder().join("behind");
    let days_ago = |days: u32| std::fs::write(&behind, (days * DAY_S).to_string()).unwrap();
    let path = behind.display().to_string();
    days_ago(8);
    let app = App::start_with(&desktop, &[("PALPABL_E2E_SERVER_BEHIND", path.as_str())]);
    app.until_ready();
    let token = app.seed("poller-03", &["devices:read"]);
    let devices = format!("{}/api/v1/devices", app.server());
    for days in (0..8).rev() {
        days_ago(days);
        assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    }
    assert_eq!(desktop.curl_from("127.0.0.2", &devices, &token).status, 200);

    app.look_away_and_back();
    app.find("button", "poller-03, details").click();
    let details = app.find("complementary", "poller-03");
    details.until_it_says("At first used from 127.0.0.1 only. Not proposed, because it came later: 127.0.0.2.");
    details.until_it_says("Used from a new address");
    details.find("button", "Allow only these").click();
    let dialog = app.find("dialog", "Edit “poller-03”");
    assert_eq!(dialog.find("textbox", "Accept only from (optional)").value(), "127.0.0.1");
    dialog.find("button", "Save").until_enabled().click();
    // The stranger's call is one that would be refused: that is said first.
    let question = app.find_like("alertdialog", "poller-03");
    question.until_it_says("127.0.0.2").find("button", "Save all the same").click();
    app.until_no_dialog();
    let refused = desktop.curl_from("127.0.0.2", &devices, &token);
    assert_eq!((refused.status, refused.problem().as_str()), (403, "address-not-allowed"));
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
}
