//! The job that people come for: create, copy, use, edit, delete.

use std::time::Duration;

use palpabl_nms_settings_tests::patience::never;
use palpabl_nms_settings_tests::{App, Desktop};

const DEVICE: &str = r#"{"name":"sw-e2e-1","address":"192.0.2.10","site":"Berlin","status":"up"}"#;

#[test]
fn a_token_is_created_copied_used_edited_and_deleted() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["devices:write"]);
    let devices = format!("{}/api/v1/devices", app.server());

    assert_eq!(desktop.curl(&devices, &token, None).status, 200, "what was suggested is in the token");
    assert_eq!(desktop.curl(&devices, &token, Some(DEVICE)).status, 201);

    app.take_used_permission("poller-03", "devices:write");
    let refused = desktop.curl(&devices, &token, Some(DEVICE));
    assert_eq!((refused.status, refused.problem().as_str()), (403, "permission-missing"));
    assert_eq!(desktop.curl(&devices, &token, None).status, 200, "the value stayed the same");

    app.delete("poller-03");
    let refused = desktop.curl(&devices, &token, None);
    assert_eq!((refused.status, refused.problem().as_str()), (401, "token-deleted"));
    assert!(app.listed().is_empty());
}

#[test]
fn there_is_no_second_copy_and_reopening_shows_no_secret() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let once = app.create("poller-03", &["metrics:read"]);
    let while_held = app.everything();
    let token = app.copy();
    assert_eq!(token.len(), 55);

    let somebody = desktop.copy_as_somebody_else("somebody else's");
    let again = once.find("button", "Copied");
    assert!(!again.is_enabled());
    again.click();
    app.press("Return");
    never("a second copy", Duration::from_secs(1), || desktop.clipboard().as_deref() != Some("somebody else's"));
    drop(somebody);

    let after_copy = app.everything();
    app.done();
    app.find("button", "Edit poller-03").click();
    app.find_like("dialog", "Edit");
    let reopened = app.everything();
    for page in [while_held, after_copy, reopened] {
        assert_no_secret(&page, &token);
    }
    assert!(!app.shows("button", "Copy token"));
    assert!(!app.shows("button", "Reveal"));
}

/// Neither the whole nor any piece from which the rest could be guessed.
pub(crate) fn assert_no_secret(page: &str, token: &str) {
    // 17 characters of public name, 32 of secret, of which no 8 in a row may be seen.
    for start in 17..=49 - 8 {
        assert!(!page.contains(&token[start..start + 8]), "a piece of the secret stands in the page");
    }
}

#[test]
fn the_list_survives_a_restart() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let token = app.create_and_copy("poller-03", &["metrics:read"]);
    let (masked, size) = (format!("{}…{}", &token[..17], &token[51..]), app.place());
    app.until_it_says(&masked);
    app.terminate();
    drop(app);

    let app = App::start(&desktop);
    assert_eq!(app.listed(), ["poller-03"]);
    app.until_it_says(&masked);
    assert_no_secret(&app.everything(), &token);
    assert_eq!((app.place().width, app.place().height), (size.width, size.height), "its size is remembered");
    let itself = desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None);
    assert_eq!(itself.status, 200, "it goes on working");
}

#[test]
fn a_double_click_creates_one_token() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let dialog = app.open_create();
    dialog.find("textbox", "Name").enter("poller-03");
    dialog.find("button", "Read-only").click();
    let button = dialog.find("button", "Create token").middle();
    app.press_pointer_at(button, 2);
    app.copy();
    app.done();
    assert_eq!(app.listed(), ["poller-03"]);
}
