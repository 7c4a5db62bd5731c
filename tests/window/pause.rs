//! A pause refuses a token for a while; its value stays, and works again afterwards.

use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn a_paused_token_is_refused_and_says_why_and_a_resumed_one_works() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let token = app.seed("poller-03", &["devices:read"]);
    let devices = format!("{}/api/v1/devices", app.server());
    assert_eq!(desktop.curl(&devices, &token, None).status, 200);
    app.look_away_and_back();

    app.find("button", "poller-03, details").click();
    let details = app.find("complementary", "poller-03");
    details.find("button", "Pause").click();
    let question = app.find("alertdialog", "Pause “poller-03”?");
    app.until_focus_on("button", "Keep it working");
    question.until_it_says("1 caller of the last 30 days:");
    question.find("button", "Pause token").click();
    app.until_no_dialog();
    details.until_it_says("Paused: its requests are refused until you resume it.");
    let refused = desktop.curl(&devices, &token, None);
    assert_eq!((refused.status, refused.problem().as_str()), (401, "token-paused"));

    details.find("button", "Resume").click();
    let question = app.find("alertdialog", "Resume “poller-03”?");
    question.until_it_says("Everything that holds its value can use it again.");
    question.find("button", "Resume 1 token").click();
    question.until_it_says("1 token done.").find("button", "Done").click();
    app.until_no_dialog();
    assert_eq!(desktop.curl(&devices, &token, None).status, 200, "the same value");
    details.until_it_says("1 call refused").until_it_says("while it was paused");
}
