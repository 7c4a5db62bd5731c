//! The last list, when the NMS cannot be reached at the start.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use palpabl_nms_settings_tests::patience::until_true;
use palpabl_nms_settings_tests::{App, Desktop};
use serde_json::json;

#[test]
fn the_last_list_stays_readable_with_its_age_and_holds_no_secret() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    let secret = app.create_and_copy("poller-03", &["metrics:read"]);
    let file = desktop.cache_dir().join("last-list.json");
    let text = || fs::read_to_string(&file).unwrap_or_default();
    until_true("the list in its file", || text().contains("poller-03"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    crate::main_job::assert_no_secret(&text(), &secret);
    let listed = app.ask("list_tokens", &json!({"query": {}}));
    app.terminate();
    drop(app);

    // The built-in NMS does not start with this; whatever is remembered is all there is.
    for entry in
        fs::read_dir(desktop.data_dir()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
    {
        fs::write(entry, "this is no database, and it is longer than the header of one would be").unwrap();
    }
    let app = App::start(&desktop);
    let failure = app.begin("list_tokens", &json!({"query": {}})).failure();
    assert_eq!((&failure["kind"], &failure["reason"]["reason"]), (&json!("built_in_server"), &json!("damaged")));
    let remembered = app.ask("remembered_tokens", &json!({}));
    assert_eq!(remembered["tokens"], listed["tokens"]);
    assert_eq!(remembered["counts"], listed["counts"]);
    assert!(remembered["read_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{remembered}");

    app.until_it_says("You see the list as it was");
    app.until_it_says("poller-03");
    for name in ["Create token", "Edit poller-03", "Delete poller-03"] {
        assert!(!app.find_like("button", name).is_enabled(), "{name} changes nothing");
    }
    app.find("button", "Retry");
}

#[test]
fn nothing_is_remembered_before_anything_was_read() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    until_true("the empty list", || !app.ask("remembered_tokens", &json!({})).is_null());
    assert_eq!(app.ask("remembered_tokens", &json!({}))["tokens"], json!([]));
}
