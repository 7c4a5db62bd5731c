//! The connection is cut after the server made the token and before its value arrives: there is one token, and an offer.

use palpabl_nms_settings_tests::relay::Relay;
use palpabl_nms_settings_tests::{App, Desktop};

const LOST: &str = "The token was created, but its value was lost";

/// The app, with a token whose value was lost on the way.
#[track_caller]
fn with_a_lost_token<'desktop>(desktop: &'desktop Desktop, relay: &Relay) -> App<'desktop> {
    let app = App::start_with(desktop, &[("PALPABL_E2E_RELAY", &relay.address())]);
    relay.forward_to(app.server_port());
    let dialog = app.open_create();
    dialog.find("textbox", "Name").enter("poller-03");
    dialog.find("button", "Read-only").click();
    relay.lose_answers(1);
    dialog.find("button", "Create token").click();
    relay.until_lost(1);
    app.find("alertdialog", LOST);
    app.until_it_says("nobody holds its value");
    app
}

#[test]
fn a_lost_token_is_replaced_and_the_old_one_goes_after_the_copy() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = with_a_lost_token(&desktop, &relay);
    app.find("alertdialog", LOST).find("button", "Replace it").click();
    app.once();
    app.until_it_says("The old token is kept until this one was copied or saved.");
    let token = app.copy();
    app.done();
    assert_eq!(app.listed(), ["poller-03"], "one token, the new one");
    let itself = desktop.curl(&format!("{}/api/v1/token", app.server()), &token, None);
    assert_eq!(itself.status, 200);
}

#[test]
fn a_lost_token_is_deleted() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = with_a_lost_token(&desktop, &relay);
    app.find("alertdialog", LOST).find("button", "Delete it").click();
    app.until_no_dialog();
    app.until_it_says("No tokens yet");
}

#[test]
fn a_lost_token_stands_in_the_list_when_the_person_decides_later() {
    let desktop = Desktop::new();
    let relay = Relay::new();
    let app = with_a_lost_token(&desktop, &relay);
    app.find("alertdialog", LOST).find("button", "Decide later").click();
    app.until_no_dialog();
    assert_eq!(app.listed(), ["poller-03"], "one token, however often it was asked for");
}
