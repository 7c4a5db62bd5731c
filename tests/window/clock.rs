//! A computer whose clock is wrong.

use palpabl_nms_settings_tests::{App, Desktop};

#[test]
fn a_clock_that_differs_by_more_than_a_minute_is_said_and_by_how_much() {
    let desktop = Desktop::new();
    let behind = desktop.folder().join("behind");
    let path = behind.display().to_string();
    std::fs::write(&behind, "7200").unwrap();
    let app = App::start_with(&desktop, &[("PALPABL_E2E_SERVER_BEHIND", &path)]);
    app.until_ready();
    app.until_it_says("The clock of this computer is 120 minutes ahead of the server’s.");
    app.until_it_says("Times here follow the server’s clock.");
    std::fs::write(&behind, "0").unwrap();
    app.look_away_and_back();
    app.until_it_no_longer_says("ahead of the server’s");
}
