//! Less for a token in use: who would be refused is said before it is saved, and it is they who are refused afterwards.

use palpabl_nms_settings_tests::page::Part;
use palpabl_nms_settings_tests::{App, Desktop};

/// Opens the edit dialog of the only token.
fn edit<'app>(app: &'app App<'_>) -> Part<'app> {
    app.find("button", "Edit poller-03").click();
    app.find("dialog", "Edit “poller-03”")
}

#[test]
fn addresses_and_an_earlier_end_name_whom_they_refuse_and_spare_whom_they_do_not() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let token = app.seed("poller-03", &["devices:read"]);
    let devices = format!("{}/api/v1/devices", app.server());
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    app.look_away_and_back();

    let dialog = edit(&app);
    dialog.find("button", "7 days").click();
    dialog.find("button", "Save").until_enabled().click();
    let question = app.find("alertdialog", "Give “poller-03” less power?");
    question.until_it_says("on:").until_it_says("1 caller of the last 30 days").until_it_says("curl/");
    app.until_focus_on("button", "Go back");
    app.press("Escape");
    app.until_gone("alertdialog", "Give “poller-03” less power?");
    app.until_focus_on("button", "Save");
    assert_eq!(desktop.curl(&devices, &token, None).status, 200, "nothing was saved");

    // From where it is used it goes on: nobody is refused, so nobody is asked.
    let accepted = dialog.find("textbox", "Accept only from (optional)");
    dialog.find("button", "As it is").click();
    accepted.replace_with("127.0.0.0/8");
    dialog.find("button", "Save").until_enabled().click();
    app.until_no_dialog();
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);

    let dialog = edit(&app);
    dialog.find("textbox", "Accept only from (optional)").replace_with("10.2.0.0/16");
    dialog.find("button", "Save").until_enabled().click();
    let question = app.find_like("alertdialog", "poller-03");
    question.until_it_says("127.0.0.1").until_it_says("devices:read");
    question.find("button", "Save all the same").click();
    app.until_no_dialog();
    let refused = desktop.curl(&devices, &token, None);
    assert_eq!((refused.status, refused.problem().as_str()), (403, "address-not-allowed"));
}
