//! A service stopped working: the guide names the cause, shows what proves it, and opens what mends it.

use palpabl_nms_settings_tests::page::Part;
use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop, axe};
use serde_json::json;

const GUIDE: &str = "A service stopped working";
const DEVICE: &str = r#"{"name":"sw-e2e-1","address":"192.0.2.10","site":"Berlin","status":"up"}"#;

/// Opens the guide and asks about a token that it offers by itself.
#[track_caller]
fn look_into<'app>(app: &'app App<'_>, name: &str) -> Part<'app> {
    app.find("button", GUIDE).click();
    app.find("dialog", GUIDE).find_like("button", name).click();
    app.find("dialog", &format!("What is known of {name}"))
}

#[track_caller]
fn until_it_says_all(app: &App<'_>, sentences: &[&str]) {
    sentences.iter().for_each(|sentence| app.until_it_says(sentence));
}

/// Lets a token of the list expire in a moment, as an edit does.
#[track_caller]
fn let_expire(app: &App<'_>, name: &str) {
    let token = app.ask("list_tokens", &json!({"query": {"q": name}}))["tokens"][0].clone();
    let soon = app.look("return new Date(Date.now() + 2000).toISOString()");
    app.ask("update_token", &json!({"id": token["id"], "etag": token["etag"], "changes": {"expires_at": soon}}));
}

#[test]
fn a_deleted_token_is_found_with_what_proves_it_and_one_like_it_is_made() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("syslog-relay", &["devices:write"]);
    let devices = format!("{}/api/v1/devices", app.server());
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    app.delete("syslog-relay");
    let refused = desktop.curl(&devices, &token, None);
    assert_eq!((refused.status, refused.problem().as_str()), (401, "token-deleted"));

    let known = look_into(&app, "syslog-relay");
    let proof = ["The token was deleted.", "1 call refused", "from 127.0.0.1", "after it was deleted", "Deleted"];
    until_it_says_all(&app, &proof);
    assert_eq!(axe::violations(&app), Vec::<String>::new());
    known.find("button", "Create one like it…").click();
    let form = app.find("dialog", "Create token");
    assert_eq!(form.find("textbox", "Name").value(), "syslog-relay");
    form.find("button", "Create token").click();
    let young = app.copy();
    app.done();
    assert_eq!(desktop.curl(&devices, &young, Some(DEVICE)).status, 201, "with all that the deleted one had");
}

#[test]
fn an_expired_token_is_found_by_keyboard_and_works_again_with_the_same_value() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("cron-job", &["devices:read"]);
    let devices = format!("{}/api/v1/devices", app.server());
    let_expire(&app, "cron-job");
    until_true("the expiry", || desktop.curl(&devices, &token, None).status == 401);

    app.press("ctrl+k");
    app.find("dialog", "Command palette");
    app.type_letters("service stopped");
    app.press("Return");
    app.find("dialog", GUIDE).find_like("button", "cron-job");
    app.tab_to("button", "cron-job");
    app.press("Return");
    app.until_focus_on("heading", "Likely cause");
    until_it_says_all(&app, &["The token expired.", "after it expired", "Given less power"]);
    app.tab_to("button", "Extend its expiry…");
    app.press("Return");
    app.find_like("dialog", "Edit").find("button", "90 days");
    app.tab_to("button", "Save");
    app.press("Return");
    app.tab_to("button", "Save with more power");
    app.press("Return");
    app.until_no_dialog();
    assert_eq!(desktop.curl(&devices, &token, None).status, 200, "the same value");
}

#[test]
fn what_an_edit_took_is_named_and_put_back() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["devices:write"]);
    let devices = format!("{}/api/v1/devices", app.server());
    app.take_permission("poller-03", "devices:write");
    assert_eq!(desktop.curl(&devices, &token, Some(DEVICE)).problem(), "permission-missing");

    let known = look_into(&app, "poller-03");
    let proof =
        ["it no longer has devices:write", "1 call refused", "devices:write was missing", "removed devices:write"];
    until_it_says_all(&app, &proof);
    known.find("button", "Edit its permissions…").click();
    let form = app.find_like("dialog", "Edit");
    form.find("button", "Save").until_enabled().click();
    app.find("button", "Save with more power").click();
    app.until_no_dialog();
    assert_eq!(desktop.curl(&devices, &token, Some(DEVICE)).status, 201, "the same value");

    // What was mended since is no cause any more; and a program finds the token that it uses.
    app.find("button", GUIDE).click();
    let guide = app.find("dialog", GUIDE);
    assert_eq!(axe::violations(&app), Vec::<String>::new());
    app.tab_to("radio", "Its token");
    app.press("Down");
    guide.find("searchbox", "Search address or program").enter("curl");
    app.until_it_says("Found");
    guide.find_like("button", "poller-03").click();
    app.until_it_says("The token works");
    app.find("dialog", "What is known of poller-03").find("button", "Test a token").click();
    app.find("dialog", "Test a token").find("button", "Close").click();
    app.find("dialog", GUIDE).find("button", "Close").click();
    app.until_no_dialog();
}

#[test]
fn the_servers_words_follow_the_language_of_the_window() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    app.find("tab", "Profile").click();
    app.until_it_says("Inventory");
    app.find("tab", "Preferences").click();
    app.until_it_says("Theme");
    // From the theme to the language, and there from the system's over English.
    app.tab_to("radio", "Like the system");
    ["Tab", "Down", "Down"].into_iter().for_each(|key| app.press(key));
    app.find("tab", "Profil").click();
    app.until_it_says("Inventar");
    app.until_it_says("Geräte mit Hardware, Softwareversion und Status ansehen");
}
