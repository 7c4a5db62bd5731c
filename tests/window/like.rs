//! One token like another: its permissions and description, and an expiry of its own.

use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

#[test]
fn one_like_this_may_do_the_same_and_is_another_token() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let first = app.seed_as(&json!({
        "name": "poller-03", "description": "Polls Berlin", "permissions": ["alerts:read", "devices:read"]
    }));
    app.look_away_and_back();
    app.find("button", "poller-03, details").click();
    app.find("complementary", "poller-03").find("button", "Create one like this").click();

    let dialog = app.find("dialog", "Create token");
    dialog.until_it_says("2 of 36 chosen");
    assert_eq!(dialog.find("textbox", "Description").value(), "Polls Berlin");
    dialog.find("textbox", "Name").replace_with("poller-04");
    dialog.find("button", "Create token").click();
    let second = app.copy();
    app.done();
    assert_eq!(app.listed(), ["poller-04", "poller-03"]);
    assert_eq!(["alerts:read", "devices:read", "metrics:read"].map(|one| app.use_token(&second, one)), [200, 200, 403]);
    app.delete("poller-04");
    assert_eq!([&first, &second].map(|token| app.use_token(token, "devices:read")), [200, 401]);
}
