//! A damaged store: the window says so, at the start or while the NMS runs, offers the last backup, and goes on with it. A
//! folder that cannot be used is said too, and nobody has to start the app again.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use palpabl_nms_settings_tests::patience::{until, until_true};
use palpabl_nms_settings_tests::{App, Desktop, axe};
use serde_json::json;

/// What is in the folder of data and begins so.
fn found(desktop: &Desktop, folder: &str, beginning: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(desktop.data_dir().join(folder)).into_iter().flatten().flatten();
    let mut entries = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(beginning));
    entries.next().map(|entry| entry.path())
}

/// Ends the app and starts it again, so that the backup has all that there is now.
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#[track_caller]
fn started_again(app: App<'_>) -> App<'_> {
    let desktop = app.desktop();
    until("the first start's backup", || found(desktop, "backups", "nms-"));
    app.terminate();
    drop(app);
    fs::remove_dir_all(desktop.data_dir().join("backups")).unwrap();
    let app = App::start(desktop);
    app.until_ready();
    until("the second start's backup", || found(desktop, "backups", "nms-"));
    app
}

/// Opens the question by the keyboard, reads it, and says yes.
#[track_caller]
fn restore(app: &App<'_>) {
    app.tab_to("button", "Restore the backup…");
    app.press("Return");
    let question = app.find("alertdialog", "Restore the last backup?");
    question.until_it_says("deleted, paused or given less power since then work again as they did.");
    question.until_it_says("made since then no longer work.");
    app.until_focus_on("button", "Leave it as it is");
    assert_eq!(axe::violations(app), Vec::<String>::new());
    app.press("Tab");
    app.until_focus_on("button", "Restore the backup");
    app.press("Return");
    app.until_no_dialog();
    app.until_it_says("The backup is in place, as it was made on");
    app.until_focus_on("heading", "API tokens");
    app.until_ready();
}

#[test]
fn the_last_backup_of_a_damaged_store_is_offered_and_taken_and_the_tokens_are_there_without_a_restart() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let [kept, deleted] = ["kept", "deleted"].map(|name| app.seed(name, &["devices:read"]));
    let app = started_again(app);
    app.delete("deleted");
    let since = app.seed("since", &["devices:read"]);
    assert_eq!([&kept, &deleted, &since].map(|token| app.use_token(token, "devices:read")), [200, 401, 200]);
    app.terminate();
    drop(app);
    let store = desktop.data_dir().join("nms.sqlite3");
    let mut file = OpenOptions::new().write(true).open(&store).unwrap();
    file.seek(SeekFrom::Start(3 * 4096)).unwrap();
    file.write_all(&[0xa5; 4096]).unwrap();
    let damaged = fs::read(&store).unwrap();

    let app = App::start(&desktop);
    app.until_it_says("The data of the built-in NMS cannot be read, so it did not start.");
    app.until_it_says("Last backup: ");
    assert!(fs::read(&store).unwrap() == damaged, "it is kept as it is");
    restore(&app);
    let is_as_it_was = || {
        let mut listed = app.listed();
        listed.sort();
        listed == ["deleted", "kept"]
    };
    until_true("the list of that time", is_as_it_was);
    // As was said before: one works again, and one does not any more.
    assert_eq!([&kept, &deleted, &since].map(|token| app.use_token(token, "devices:read")), [200, 200, 401]);
    let aside = found(&desktop, "", "damaged-").expect("the damaged store");
    assert!(fs::read(aside.join("nms.sqlite3")).unwrap() == damaged, "it is kept, byte for byte");
    app.until_it_says(&aside.display().to_string());
    app.create("life-goes-on", &["devices:read"]);
}

/// Damages the pages of the inventory, which neither the start nor the window has read.
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
fn damage_inventory(store: &Path) {
    let text = b"edge-rtr1.lisbon";
    let mut bytes = fs::read(store).unwrap();
    let hits = bytes.chunks_mut(4096).filter(|page| page.windows(text.len()).any(|part| part == text));
    assert!(hits.map(|page| page.fill(0xa5)).count() > 0, "its pages are in the file");
    // Written in place: the NMS has the file open.
    OpenOptions::new().write(true).open(store).unwrap().write_all(&bytes).unwrap();
}

#[test]
fn damage_that_a_service_meets_is_offered_for_at_once_and_the_backup_is_taken_without_a_restart() {
    let desktop = Desktop::new();
    let app = App::start(&desktop);
    app.until_ready();
    let kept = app.seed("kept", &["devices:read"]);
    let app = started_again(app);
    damage_inventory(&desktop.data_dir().join("nms.sqlite3"));
    // Nobody does anything in the window: a service gets the fault.
    assert_eq!(app.use_token(&kept, "devices:read"), 500);
    app.until_it_says("The built-in NMS has found damage in its data");
    app.until_it_says("The NMS stops for a moment while it is restored.");
    assert_eq!(app.listed(), ["kept"], "what can be read is still there");
    restore(&app);
    until_true("the list of that time", || app.listed() == ["kept"]);
    assert!(!app.text().contains("found damage"), "that is over");
    // It may listen elsewhere now.
    let server = app.ask("describe_session", &json!({}))["server"]["address"].as_str().unwrap().to_owned();
    assert_eq!(desktop.curl(&format!("{}/api/v1/devices", server.trim_end_matches('/')), &kept, None).status, 200);
    assert!(found(&desktop, "", "damaged-").expect("the damaged store").join("nms.sqlite3").exists());
}

#[test]
fn a_folder_that_cannot_be_used_is_said_and_once_it_can_retry_starts_the_nms() {
    let desktop = Desktop::new();
    let folder = desktop.data_dir();
    fs::create_dir_all(folder.parent().unwrap()).unwrap();
    // Whoever runs the tests may write into every folder; into this nobody can.
    fs::write(&folder, "no folder").unwrap();
    let app = App::start(&desktop);
    app.until_it_says("cannot be made or written, so the built-in NMS did not start.");
    app.until_it_says("The data is untouched.");
    assert_eq!(fs::read(&folder).unwrap(), b"no folder");
    fs::remove_file(&folder).unwrap();
    app.find("button", "Retry").click();
    app.until_ready();
    app.create_and_copy("poller-03", &["devices:read"]);
}
